// Parsing and decompression of plans.
#include "session/plan_request.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <spark/connect/base.pb.h>
#include <zstd.h>

#include <climits>
#include <memory>

#include "base/error.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;

/// Two levels a relation: programs that chain thousands of DataFrame methods pass.
constexpr int deepest_message = 20000;
constexpr size_t largest_plan = size_t{1} << 30;

[[noreturn]] void refuse(const std::string& why) {
  throw SparkError("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", why}});
}

std::string decompressed(const std::string& data) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  std::string out;
  std::string chunk(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer input{data.data(), data.size(), 0};
  size_t left = 1;
  while (input.pos < input.size) {
    ZSTD_outBuffer output{chunk.data(), chunk.size(), 0};
    left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left)) {
      refuse(ZSTD_getErrorName(left));
    }
    out.append(chunk.data(), output.pos);
    if (out.size() > largest_plan) {
      throw SparkError("CONNECT_INVALID_PLAN.PLAN_SIZE_LARGER_THAN_MAX",
                       {{"planSize", "unknown"}, {"maxPlanSize", std::to_string(largest_plan)}});
    }
  }
  if (left != 0) {
    refuse("the compressed plan is cut off");
  }
  return out;
}

}  // namespace

bool parse_shallow_message(const std::string& bytes, google::protobuf::MessageLite& out) {
  return bytes.size() <= INT_MAX && out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void parse_message(const std::string& bytes, google::protobuf::MessageLite& out) {
  if (bytes.size() > INT_MAX) {
    refuse("the message is larger than 2 GiB");
  }
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  input.SetRecursionLimit(deepest_message);
  if (!out.ParseFromCodedStream(&input) || !input.ConsumedEntireMessage()) {
    refuse("the bytes are not a message of type " + out.GetTypeName());
  }
}

connect::Decoder decoder_for(Session& session) {
  return connect::Decoder(
      {[&session](const std::string& text) { return sql::parse_type(text, session.parser_options()); },
       [](const std::string& text) { return sql::parse_identifier(text); }});
}

void decompress(proto::Plan& plan) {
  if (!plan.has_compressed_operation()) {
    return;
  }
  const proto::Plan::CompressedOperation compressed = plan.compressed_operation();
  if (compressed.compression_codec() != proto::COMPRESSION_CODEC_ZSTD) {
    refuse("unknown compression codec " + std::to_string(compressed.compression_codec()));
  }
  const std::string bytes = decompressed(compressed.data());
  switch (compressed.op_type()) {
    case proto::Plan::CompressedOperation::OP_TYPE_RELATION:
      parse_message(bytes, *plan.mutable_root());
      return;
    case proto::Plan::CompressedOperation::OP_TYPE_COMMAND:
      parse_message(bytes, *plan.mutable_command());
      return;
    default:
      refuse("unknown kind of compressed operation " + std::to_string(compressed.op_type()));
  }
}

}  // namespace pyrite
