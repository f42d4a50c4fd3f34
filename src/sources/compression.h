// The codecs of text files, by Spark's names and Hadoop's file endings.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pyrite {

enum class Codec : uint8_t { none, bzip2, deflate, gzip, lz4, snappy, zstd };

/// By a name of the option `compression` (without case) or a class of Hadoop's.
/// Errors: CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION.
Codec find_codec(std::string_view name);
/// What the codec adds to file names: ".gz".
std::string_view codec_ending(Codec codec);
/// The codec that a file's name tells.
Codec codec_of_file(std::string_view path);

/// Compresses a stream piece by piece.
class Compressor {
 public:
  virtual ~Compressor() = default;
  /// Appends what is ready to `out`.
  virtual void write(std::string_view bytes, std::string& out) = 0;
  virtual void finish(std::string& out) = 0;
};

/// nullptr for Codec::none.
std::unique_ptr<Compressor> make_compressor(Codec codec);

/// Reads a compressed stream to its end, or until there are `limit` bytes or a few more; nullopt: damaged or cut short.
std::optional<std::string> decompress(Codec codec, std::istream& in, size_t limit);

}  // namespace pyrite
