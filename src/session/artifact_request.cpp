// Puts uploaded artifacts together and checks their sums.
#include "session/artifact_request.h"

#include <spark/connect/base.pb.h>

#include <array>

#include "base/error.h"

namespace pyrite {
namespace {

namespace proto = spark::connect;

/// CRC-32 as zip files have it.
uint32_t checksum(const std::string& bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> out{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) {
        value = value & 1 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
      }
      out[i] = value;
    }
    return out;
  }();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    crc = table[(crc ^ static_cast<uint8_t>(c)) & 0xFF] ^ (crc >> 8);
  }
  return crc ^ 0xFFFFFFFFU;
}

bool is_intact(const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
  return static_cast<int64_t>(checksum(chunk.data())) == chunk.crc();
}

/// Names are relative paths that stay inside the session's folder.
void check_name(const std::string& name) {
  if (name.empty() || name.front() == '/' || name == ".." || name.starts_with("../") || name.ends_with("/..") ||
      name.find("/../") != std::string::npos) {
    throw SparkError::plain(ErrorKind::illegal_argument, "Not a name of an artifact: " + name);
  }
}

}  // namespace

void ArtifactUpload::take(const proto::AddArtifactsRequest::ArtifactChunk& chunk) {
  intact_ = intact_ && is_intact(chunk);
  bytes_ += chunk.data();
  --chunks_left_;
}

void ArtifactUpload::finish_if_complete(Session& session) {
  if (chunks_left_ > 0) {
    return;
  }
  if (intact_) {
    session.put_artifact(name_, std::move(bytes_));
  }
  summaries_.push_back({name_, intact_});
  bytes_.clear();
  name_.clear();
}

void ArtifactUpload::add(Session& session, const proto::AddArtifactsRequest& request) {
  switch (request.payload_case()) {
    case proto::AddArtifactsRequest::kBatch:
      for (const auto& artifact : request.batch().artifacts()) {
        check_name(artifact.name());
        const bool intact = is_intact(artifact.data());
        if (intact) {
          session.put_artifact(artifact.name(), artifact.data().data());
        }
        summaries_.push_back({artifact.name(), intact});
      }
      return;
    case proto::AddArtifactsRequest::kBeginChunk:
      check_name(request.begin_chunk().name());
      name_ = request.begin_chunk().name();
      bytes_.clear();
      chunks_left_ = request.begin_chunk().num_chunks();
      intact_ = true;
      take(request.begin_chunk().initial_chunk());
      finish_if_complete(session);
      return;
    case proto::AddArtifactsRequest::kChunk:
      if (name_.empty()) {
        throw SparkError::plain(ErrorKind::unsupported_operation, "a chunk of an artifact came without its beginning");
      }
      take(request.chunk());
      finish_if_complete(session);
      return;
    case proto::AddArtifactsRequest::PAYLOAD_NOT_SET:
      return;
  }
}

void ArtifactUpload::summarize(proto::AddArtifactsResponse& out) const {
  for (const Summary& summary : summaries_) {
    proto::AddArtifactsResponse::ArtifactSummary& artifact = *out.add_artifacts();
    artifact.set_name(summary.name);
    artifact.set_is_crc_successful(summary.intact);
  }
}

}  // namespace pyrite
