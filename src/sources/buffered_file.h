// A text file being written: gathered in memory as UTF-8, put into its encoding and compressed on the way out, removed
// when unfinished.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "functions/charset.h"
#include "sources/compression.h"

namespace pyrite {

class BufferedFile {
 public:
  /// Errors: TASK_WRITE_FAILED naming the path.
  explicit BufferedFile(std::string path, Codec codec = Codec::none, Charset charset = Charset::utf8);
  ~BufferedFile();
  BufferedFile(const BufferedFile&) = delete;
  BufferedFile& operator=(const BufferedFile&) = delete;

  std::string& buffer() { return buffer_; }
  /// Writes the buffer out when it has grown large.
  void maybe_flush();
  void finish();

 private:
  void write_out(std::string_view bytes);
  void flush();
  std::string path_;
  Charset charset_;
  bool at_start_ = true;
  std::unique_ptr<Compressor> compressor_;
  std::string buffer_;
  std::FILE* file_ = nullptr;
  bool finished_ = false;
};

}  // namespace pyrite
