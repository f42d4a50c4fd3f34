// AddArtifacts: whole artifacts in batches, large ones in chunks.
#pragma once

#include <string>
#include <vector>

#include "session/session.h"

namespace spark::connect {
class AddArtifactsRequest;
class AddArtifactsRequest_ArtifactChunk;
class AddArtifactsResponse;
}  // namespace spark::connect

namespace pyrite {

/// Takes the messages of one stream.
class ArtifactUpload {
 public:
  /// Errors: INTERNAL_ERROR when a chunk comes without its beginning.
  void add(Session& session, const spark::connect::AddArtifactsRequest& request);
  void summarize(spark::connect::AddArtifactsResponse& out) const;

 private:
  void take(const spark::connect::AddArtifactsRequest_ArtifactChunk& chunk);
  void finish_if_complete(Session& session);

  struct Summary {
    std::string name;
    bool intact;
  };
  std::vector<Summary> summaries_;
  std::string name_;
  std::string bytes_;
  int64_t chunks_left_ = 0;
  bool intact_ = true;
};

}  // namespace pyrite
