// Streams of gzip (RFC 1952), zlib (RFC 1950), bzip2 and Zstandard by their libraries. LZ4 and Snappy are framed as
// Hadoop's BlockCompressorStream frames them: the length of a block's plain bytes, then chunks, each after its own
// length, until the block is full; lengths are 32 bits, big-endian.
#include "sources/compression.h"

#include <bzlib.h>
#include <lz4.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <istream>
#include <vector>

#include "base/error.h"

namespace pyrite {
namespace {

constexpr size_t piece_size = size_t{1} << 18;
/// Plain bytes of a block that stay below Hadoop's buffer of 256 KiB when they do not compress.
constexpr size_t block_size = (size_t{1} << 18) - (size_t{1} << 16);

struct CodecName {
  std::string_view name;
  std::string_view class_name;
  std::string_view ending;
  Codec codec;
};

constexpr std::string_view class_prefix = "org.apache.hadoop.io.compress.";
constexpr CodecName codecs[] = {
    {"none", "", "", Codec::none},
    {"uncompressed", "", "", Codec::none},
    {"bzip2", "BZip2Codec", ".bz2", Codec::bzip2},
    {"deflate", "DeflateCodec", ".deflate", Codec::deflate},
    {"gzip", "GzipCodec", ".gz", Codec::gzip},
    {"lz4", "Lz4Codec", ".lz4", Codec::lz4},
    {"snappy", "SnappyCodec", ".snappy", Codec::snappy},
    {"", "ZStandardCodec", ".zst", Codec::zstd},
    {"", "DefaultCodec", ".deflate", Codec::deflate},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

void append_length(std::string& out, size_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(length >> shift);
  }
}

/// gzip and zlib.
class Deflater final : public Compressor {
 public:
  explicit Deflater(Codec codec) {
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, codec == Codec::gzip ? 15 + 16 : 15, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw_internal("cannot start compression");
    }
  }
  ~Deflater() override { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void write(std::string_view bytes, std::string& out) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, piece_size);
      run(piece, Z_NO_FLUSH, out);
      bytes.remove_prefix(piece.size());
    }
  }
  void finish(std::string& out) override { run({}, Z_FINISH, out); }

 private:
  void run(std::string_view bytes, int flush, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      const size_t before = out.size();
      out.resize(before + piece_size);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream_.avail_out = piece_size;
      check(deflate(&stream_, flush) != Z_STREAM_ERROR, "compression failed");
      out.resize(before + piece_size - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }
  z_stream stream_{};
};

class BzipCompressor final : public Compressor {
 public:
  BzipCompressor() { check(BZ2_bzCompressInit(&stream_, 9, 0, 0) == BZ_OK, "cannot start compression"); }
  ~BzipCompressor() override { BZ2_bzCompressEnd(&stream_); }
  BzipCompressor(const BzipCompressor&) = delete;
  BzipCompressor& operator=(const BzipCompressor&) = delete;

  void write(std::string_view bytes, std::string& out) override {
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, piece_size);
      run(piece, BZ_RUN, out);
      bytes.remove_prefix(piece.size());
    }
  }
  void finish(std::string& out) override { run({}, BZ_FINISH, out); }

 private:
  void run(std::string_view bytes, int action, std::string& out) {
    stream_.next_in = const_cast<char*>(bytes.data());
    stream_.avail_in = static_cast<unsigned>(bytes.size());
    int status = BZ_OK;
    do {
      const size_t before = out.size();
      out.resize(before + piece_size);
      stream_.next_out = out.data() + before;
      stream_.avail_out = piece_size;
      status = BZ2_bzCompress(&stream_, action);
      check(status >= 0, "compression failed");
      out.resize(before + piece_size - stream_.avail_out);
    } while (action == BZ_FINISH ? status != BZ_STREAM_END : stream_.avail_in > 0);
  }
  bz_stream stream_{};
};

class ZstdCompressor final : public Compressor {
 public:
  ZstdCompressor() : stream_(ZSTD_createCStream()) { check(stream_ != nullptr, "cannot start compression"); }
  ~ZstdCompressor() override { ZSTD_freeCStream(stream_); }
  ZstdCompressor(const ZstdCompressor&) = delete;
  ZstdCompressor& operator=(const ZstdCompressor&) = delete;

  void write(std::string_view bytes, std::string& out) override { run(bytes, ZSTD_e_continue, out); }
  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view bytes, ZSTD_EndDirective end, std::string& out) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    size_t left = 0;
    do {
      const size_t before = out.size();
      out.resize(before + piece_size);
      ZSTD_outBuffer piece{out.data() + before, piece_size, 0};
      left = ZSTD_compressStream2(stream_, &piece, &in, end);
      check(!ZSTD_isError(left), "compression failed");
      out.resize(before + piece.pos);
    } while (end == ZSTD_e_end ? left > 0 : in.pos < in.size);
  }
  ZSTD_CStream* stream_;
};

/// LZ4 and Snappy in Hadoop's frames.
class BlockCompressor final : public Compressor {
 public:
  explicit BlockCompressor(Codec codec) : codec_(codec) {}

  void write(std::string_view bytes, std::string& out) override {
    block_ += bytes;
    size_t at = 0;
    for (; block_.size() - at >= block_size; at += block_size) {
      append_block(std::string_view(block_).substr(at, block_size), out);
    }
    block_.erase(0, at);
  }
  void finish(std::string& out) override { append_block(block_, out); }

 private:
  void append_block(std::string_view plain, std::string& out) {
    append_length(out, plain.size());
    if (plain.empty()) {
      return;
    }
    std::string chunk;
    if (codec_ == Codec::snappy) {
      snappy::Compress(plain.data(), plain.size(), &chunk);
    } else {
      chunk.resize(static_cast<size_t>(LZ4_compressBound(static_cast<int>(plain.size()))));
      const int size = LZ4_compress_default(plain.data(), chunk.data(), static_cast<int>(plain.size()),
                                            static_cast<int>(chunk.size()));
      check(size > 0, "compression failed");
      chunk.resize(static_cast<size_t>(size));
    }
    append_length(out, chunk.size());
    out += chunk;
  }
  Codec codec_;
  std::string block_;
};

// ---- reading

using Plain = std::optional<std::string>;

std::string_view next_piece(std::istream& in, std::string& piece) {
  piece.resize(piece_size);
  in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  return std::string_view(piece).substr(0, static_cast<size_t>(in.gcount()));
}

/// Feeds pieces of the input to `step(input, out, ended)`, which takes what it can from the input's front, appends to
/// out, says whether a member of the stream ended with it, and returns false for damaged bytes. Members may follow each
/// other.
template <class Step>
Plain read_members(std::istream& in, size_t limit, Step step) {
  std::string piece;
  std::string out;
  std::string_view input;
  bool ended = true;  // an empty file is an empty stream
  while (out.size() < limit) {
    if (input.empty()) {
      input = next_piece(in, piece);
      if (input.empty()) {
        break;
      }
    }
    ended = false;
    if (!step(input, out, ended)) {
      return std::nullopt;
    }
  }
  return ended || out.size() >= limit ? Plain(std::move(out)) : std::nullopt;
}

Plain inflate_stream(std::istream& in, size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 32) != Z_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, inflateEnd);
  return read_members(in, limit, [&](std::string_view& input, std::string& out, bool& ended) {
    const size_t before = out.size();
    out.resize(before + piece_size);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = piece_size;
    const int status = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + piece_size - stream.avail_out);
    input.remove_prefix(input.size() - stream.avail_in);
    ended = status == Z_STREAM_END;
    if (ended) {
      inflateReset(&stream);
    }
    return ended || status == Z_OK || status == Z_BUF_ERROR;
  });
}

Plain bunzip_stream(std::istream& in, size_t limit) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<bz_stream, int (*)(bz_stream*)> guard(&stream, BZ2_bzDecompressEnd);
  return read_members(in, limit, [&](std::string_view& input, std::string& out, bool& ended) {
    const size_t before = out.size();
    out.resize(before + piece_size);
    stream.next_in = const_cast<char*>(input.data());
    stream.avail_in = static_cast<unsigned>(input.size());
    stream.next_out = out.data() + before;
    stream.avail_out = piece_size;
    const int status = BZ2_bzDecompress(&stream);
    out.resize(before + piece_size - stream.avail_out);
    input.remove_prefix(input.size() - stream.avail_in);
    ended = status == BZ_STREAM_END;
    if (ended) {
      BZ2_bzDecompressEnd(&stream);
      stream = {};
      return BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK;
    }
    return status == BZ_OK;
  });
}

Plain unzstd_stream(std::istream& in, size_t limit) {
  const std::unique_ptr<ZSTD_DStream, size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
  if (!stream) {
    return std::nullopt;
  }
  return read_members(in, limit, [&](std::string_view& input, std::string& out, bool& ended) {
    const size_t before = out.size();
    out.resize(before + piece_size);
    ZSTD_inBuffer from{input.data(), input.size(), 0};
    ZSTD_outBuffer to{out.data() + before, piece_size, 0};
    const size_t status = ZSTD_decompressStream(stream.get(), &to, &from);
    out.resize(before + to.pos);
    input.remove_prefix(from.pos);
    ended = status == 0;
    return !ZSTD_isError(status);
  });
}

/// A length of a frame; nullopt: the end, with `cut` where bytes are missing.
std::optional<size_t> read_length(std::istream& in, bool& cut) {
  unsigned char bytes[4];
  in.read(reinterpret_cast<char*>(bytes), 4);
  if (in.gcount() != 4) {
    cut = cut || in.gcount() != 0;
    return std::nullopt;
  }
  return size_t{bytes[0]} << 24 | size_t{bytes[1]} << 16 | size_t{bytes[2]} << 8 | bytes[3];
}

/// Appends a chunk's plain bytes, at most `room` of them; false: damaged.
bool append_chunk(Codec codec, const std::string& chunk, size_t room, std::string& out) {
  const size_t before = out.size();
  if (codec == Codec::snappy) {
    size_t size = 0;
    if (!snappy::GetUncompressedLength(chunk.data(), chunk.size(), &size) || size == 0 || size > room) {
      return false;
    }
    out.resize(before + size);
    return snappy::RawUncompress(chunk.data(), chunk.size(), out.data() + before);
  }
  // A byte of LZ4 stands for at most 255, so a huge length in a damaged file reserves no more than that.
  const size_t most = std::min(room, chunk.size() * 255 + 16);
  out.resize(before + most);
  const int size = LZ4_decompress_safe(chunk.data(), out.data() + before, static_cast<int>(chunk.size()),
                                       static_cast<int>(std::min<size_t>(most, LZ4_MAX_INPUT_SIZE)));
  out.resize(before + static_cast<size_t>(std::max(size, 0)));
  return size > 0;
}

Plain read_blocks(Codec codec, std::istream& in, size_t limit) {
  constexpr size_t largest = size_t{1} << 30;
  std::string out;
  std::string chunk;
  bool cut = false;
  while (out.size() < limit) {
    const std::optional<size_t> plain = read_length(in, cut);
    if (!plain) {
      return cut ? std::nullopt : Plain(std::move(out));
    }
    const size_t end = out.size() + *plain;
    while (out.size() < end) {
      const std::optional<size_t> size = read_length(in, cut);
      if (!size || *size > largest || *plain > largest) {
        return std::nullopt;
      }
      chunk.clear();
      while (chunk.size() < *size) {  // grown as bytes come, whatever a damaged length says
        const size_t before = chunk.size();
        chunk.resize(std::min(*size, before + piece_size));
        in.read(chunk.data() + before, static_cast<std::streamsize>(chunk.size() - before));
        if (static_cast<size_t>(in.gcount()) != chunk.size() - before) {
          return std::nullopt;
        }
      }
      if (!append_chunk(codec, chunk, end - out.size(), out)) {
        return std::nullopt;
      }
    }
  }
  return out;
}

}  // namespace

Codec find_codec(std::string_view name) {
  const std::string wanted = lower(name);
  for (const CodecName& codec : codecs) {
    const bool is_class = !codec.class_name.empty() && name.starts_with(class_prefix) &&
                          name.substr(class_prefix.size()) == codec.class_name;
    if (is_class || (!codec.name.empty() && codec.name == wanted)) {
      return codec.codec;
    }
  }
  throw SparkError(
      ErrorKind::illegal_argument, "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
      {{"codecName", std::string(name)}, {"availableCodecs", "bzip2, deflate, uncompressed, snappy, none, lz4, gzip"}});
}

std::string_view codec_ending(Codec codec) {
  for (const CodecName& each : codecs) {
    if (each.codec == codec) {
      return each.ending;
    }
  }
  return {};
}

Codec codec_of_file(std::string_view path) {
  for (const CodecName& each : codecs) {
    if (!each.ending.empty() && path.ends_with(each.ending)) {
      return each.codec;
    }
  }
  return Codec::none;
}

std::unique_ptr<Compressor> make_compressor(Codec codec) {
  switch (codec) {
    case Codec::none:
      return nullptr;
    case Codec::bzip2:
      return std::make_unique<BzipCompressor>();
    case Codec::deflate:
    case Codec::gzip:
      return std::make_unique<Deflater>(codec);
    case Codec::lz4:
    case Codec::snappy:
      return std::make_unique<BlockCompressor>(codec);
    case Codec::zstd:
      return std::make_unique<ZstdCompressor>();
  }
  return nullptr;
}

std::optional<std::string> decompress(Codec codec, std::istream& in, size_t limit) {
  switch (codec) {
    case Codec::bzip2:
      return bunzip_stream(in, limit);
    case Codec::deflate:
    case Codec::gzip:
      return inflate_stream(in, limit);
    case Codec::lz4:
    case Codec::snappy:
      return read_blocks(codec, in, limit);
    case Codec::zstd:
      return unzstd_stream(in, limit);
    case Codec::none:
      break;
  }
  throw_internal("no codec to read with");
}

}  // namespace pyrite
