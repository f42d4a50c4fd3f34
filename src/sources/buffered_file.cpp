// A file being written.
#include "sources/buffered_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace pyrite {
namespace {

constexpr size_t flush_size = size_t{4} << 20;

[[noreturn]] void fail(const std::string& path) {
  throw SparkError(ErrorKind::spark, "TASK_WRITE_FAILED",
                   {{"path", "file:" + path + " (" + std::strerror(errno) + ")"}});
}

}  // namespace

BufferedFile::BufferedFile(std::string path, Codec codec, Charset charset)
    : path_(std::move(path)), charset_(charset), compressor_(make_compressor(codec)) {
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

void BufferedFile::write_out(std::string_view bytes) {
  if (!bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    fail(path_);
  }
}

void BufferedFile::flush() {
  std::string encoded;
  std::string_view bytes = buffer_;
  if (charset_ != Charset::utf8) {
    bool unmappable = false;
    encoded = encode_charset(charset_, bytes, at_start_, unmappable);
    bytes = encoded;
  }
  at_start_ = at_start_ && buffer_.empty();
  if (compressor_) {
    std::string packed;
    compressor_->write(bytes, packed);
    write_out(packed);
  } else {
    write_out(bytes);
  }
  buffer_.clear();
}

void BufferedFile::maybe_flush() {
  if (buffer_.size() >= flush_size) {
    flush();
  }
}

void BufferedFile::finish() {
  flush();
  if (compressor_) {
    std::string packed;
    compressor_->finish(packed);
    write_out(packed);
  }
  std::FILE* const file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) {
    fail(path_);
  }
  finished_ = true;
}

}  // namespace pyrite
