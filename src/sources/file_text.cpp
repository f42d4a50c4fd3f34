// Whole files or pieces of them in memory.
#include "sources/file_text.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace pyrite {
namespace {

constexpr size_t block_size = size_t{1} << 20;
constexpr size_t inflated_limit = size_t{8} << 30;

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

/// gzip (also several members in a row) and zlib streams.
std::string inflate_file(const std::string& path, size_t limit) {
  std::ifstream in = open(path);
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) {
    fail(path);
  }
  std::string input(block_size, '\0');
  std::string out;
  int status = Z_OK;
  while (out.size() < limit) {
    if (stream.avail_in == 0) {
      in.read(input.data(), static_cast<std::streamsize>(input.size()));
      stream.next_in = reinterpret_cast<Bytef*>(input.data());
      stream.avail_in = static_cast<uInt>(in.gcount());
      if (stream.avail_in == 0) {
        break;
      }
    }
    if (status == Z_STREAM_END) {
      inflateReset(&stream);
    }
    const size_t before = out.size();
    out.resize(before + block_size);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = static_cast<uInt>(block_size);
    status = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + block_size - stream.avail_out);
    if ((status != Z_OK && status != Z_STREAM_END) || out.size() > inflated_limit) {
      inflateEnd(&stream);
      fail(path);
    }
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END && out.size() < limit) {
    fail(path);
  }
  return out;
}

}  // namespace

bool is_compressed(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  for (const char* other : {".bz2", ".zst", ".zstd", ".lz4", ".snappy"}) {
    if (ending == other) {
      throw_unsupported("text files compressed as " + ending);
    }
  }
  return ending == ".gz" || ending == ".deflate" || ending == ".gzip";
}

std::string read_whole(const std::string& path) {
  if (is_compressed(path)) {
    return inflate_file(path, inflated_limit);
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
  if (is_compressed(path)) {
    out = inflate_file(path, limit);
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

std::string compressed(std::string bytes, const std::string& codec) {
  if (codec.empty() || codec == "none" || codec == "uncompressed") {
    return bytes;
  }
  if (codec != "gzip" && codec != "deflate") {
    throw_unsupported("writing text compressed as " + codec);
  }
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, codec == "gzip" ? 15 + 16 : 15, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw_internal("cannot start compression");
  }
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  check(status == Z_STREAM_END, "compression ended early");
  return out;
}

std::string codec_ending(const std::string& codec) {
  return codec == "gzip" ? ".gz" : codec == "deflate" ? ".deflate" : "";
}

}  // namespace pyrite
