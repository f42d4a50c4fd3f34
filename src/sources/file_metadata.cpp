#include "sources/file_metadata.h"

#include <sys/stat.h>

#include <filesystem>

#include "base/error.h"

namespace pyrite {

std::string file_uri(const std::string& path) {
  static constexpr std::string_view plain = "/-_.!~*'(),;:$&+=@";
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) || plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

ValueList file_metadata(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw SparkError(ErrorKind::spark, "FAILED_READ_FILE.FILE_NOT_EXIST", {{"path", "file:" + path}});
  }
  const int64_t millis = int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000;
  return {Value(file_uri(path)),          Value(std::filesystem::path(path).filename().string()),
          Value(int64_t{status.st_size}), Value(int64_t{0}),
          Value(int64_t{status.st_size}), Value(millis * 1000)};
}

}  // namespace pyrite
