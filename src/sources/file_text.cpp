// Whole files or pieces of them in memory.
#include "sources/file_text.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "sources/compression.h"

namespace pyrite {
namespace {

constexpr size_t plain_limit = size_t{8} << 30;

[[noreturn]] void fail(const std::string& path, const char* condition = "FAILED_READ_FILE.NO_HINT") {
  throw SparkError(ErrorKind::spark, condition, {{"path", "file:" + path}});
}

std::ifstream open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    fail(path, errno == ENOENT ? "FAILED_READ_FILE.FILE_NOT_EXIST" : "FAILED_READ_FILE.NO_HINT");
  }
  return in;
}

std::string read_decompressed(const std::string& path, Codec codec, size_t limit) {
  std::ifstream in = open(path);
  std::optional<std::string> text = decompress(codec, in, limit);
  if (!text || text->size() > plain_limit) {
    fail(path);
  }
  return std::move(*text);
}

}  // namespace

bool is_compressed(const std::string& path) { return codec_of_file(path) != Codec::none; }

std::string read_whole(const std::string& path) {
  if (const Codec codec = codec_of_file(path); codec != Codec::none) {
    return read_decompressed(path, codec, plain_limit);
  }
  std::ifstream in = open(path);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) {
    fail(path);
  }
  std::string out(size, '\0');
  in.read(out.data(), static_cast<std::streamsize>(size));
  if (in.bad()) {
    fail(path);
  }
  out.resize(static_cast<size_t>(in.gcount()));
  return out;
}

std::string read_head(const std::string& path, size_t limit) {
  std::string out;
  if (const Codec codec = codec_of_file(path); codec != Codec::none) {
    out = read_decompressed(path, codec, limit);
  } else {
    std::ifstream in = open(path);
    out.resize(limit);
    in.read(out.data(), static_cast<std::streamsize>(limit));
    out.resize(static_cast<size_t>(in.gcount()));
  }
  if (out.size() >= limit) {
    const size_t last = out.rfind('\n');
    out.resize(last == std::string::npos ? out.size() : last + 1);
  }
  return out;
}

std::string read_lines_of(const FileSplit& split) {
  std::ifstream in = open(split.path);
  int64_t from = split.begin;
  if (from > 0) {
    // The line that holds the byte before belongs to the split before.
    in.seekg(from - 1);
    std::string rest;
    std::getline(in, rest);
    from += static_cast<int64_t>(rest.size());
  }
  if (from >= split.end) {
    return {};
  }
  in.clear();
  in.seekg(from);
  std::string out(static_cast<size_t>(split.end - from), '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<size_t>(in.gcount()));
  if (in.bad()) {
    fail(split.path);
  }
  if (in && !out.ends_with('\n')) {
    std::string rest;
    std::getline(in, rest);
    out += rest;
    out += '\n';
  }
  return out;
}

}  // namespace pyrite
