// A file being written.
#include "sources/buffered_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "sources/file_text.h"

namespace pyrite {
namespace {

constexpr size_t flush_size = size_t{4} << 20;

[[noreturn]] void fail(const std::string& path) {
  throw SparkError(ErrorKind::spark, "TASK_WRITE_FAILED",
                   {{"path", "file:" + path + " (" + std::strerror(errno) + ")"}});
}

}  // namespace

BufferedFile::BufferedFile(std::string path, std::string codec) : path_(std::move(path)), codec_(std::move(codec)) {
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_) {
    fail(path_);
  }
}

BufferedFile::~BufferedFile() {
  if (file_) {
    std::fclose(file_);
  }
  if (!finished_) {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
}

void BufferedFile::write_out(const std::string& bytes) {
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    fail(path_);
  }
}

void BufferedFile::maybe_flush() {
  const bool plain = codec_.empty() || codec_ == "none" || codec_ == "uncompressed";
  if (plain && buffer_.size() >= flush_size) {
    write_out(buffer_);
    buffer_.clear();
  }
}

void BufferedFile::finish() {
  write_out(compressed(std::move(buffer_), codec_));
  std::FILE* const file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) {
    fail(path_);
  }
  finished_ = true;
}

}  // namespace pyrite
