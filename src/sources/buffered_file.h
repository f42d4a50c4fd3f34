// A file being written: bytes gathered in memory, compressed at the end where asked for, removed when unfinished.
#pragma once

#include <cstdio>
#include <string>

namespace pyrite {

class BufferedFile {
 public:
  /// Errors: TASK_WRITE_FAILED naming the path.
  BufferedFile(std::string path, std::string codec);
  ~BufferedFile();
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;

  std::string& buffer() { return buffer_; }
  /// Writes the buffer out when it has grown large and needs no compression.
  void maybe_flush();
  void finish();

 private:
  void write_out(const std::string& bytes);
  std::string path_;
  std::string codec_;
  std::string buffer_;
  std::FILE* file_ = nullptr;
  bool finished_ = false;
};

}  // namespace pyrite
