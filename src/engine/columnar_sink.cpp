// Writing columnar formats by the host program.
#include "engine/columnar_sink.h"

#include "base/error.h"
#include "engine/arrow_export.h"
#include "nanoarrow/nanoarrow.hpp"
#include "sources/columnar_format.h"

namespace pyrite {
namespace {

constexpr size_t batch_rows = 65536;
/// A batch ends early when its strings grow beyond this.
constexpr size_t most_text_bytes = size_t{64} << 20;

class ColumnarSink final : public RowSink {
 public:
  ColumnarSink(const WriteSpec& spec, const std::string& path, ColumnarProvider& provider)
      : path_(path),
        columns_(spec.columns),
        options_{"UTC", false, get_time_zone(spec.session->time_zone)},
        batch_(columns_, options_) {
    writing(
        [&] { writer_ = provider.create(spec.format, path, orc_codec(spec.options, *spec.session), schema().get()); });
  }

  void write(std::span<const ColumnView> columns, size_t rows) override {
    batch_.append({columns.begin(), columns.end()}, rows);
    if (batch_.rows() >= batch_rows || batch_.text_bytes() >= most_text_bytes) {
      flush();
    }
  }

  void finish() override {
    if (batch_.rows() > 0) {
      flush();
    }
    writing([&] { writer_->finish(); });
  }

 private:
  nanoarrow::UniqueSchema schema() const {
    nanoarrow::UniqueSchema out;
    export_schema(columns_, options_, out.get());
    return out;
  }

  void flush() {
    nanoarrow::UniqueArray rows;
    batch_.finish(rows.get());
    writing([&] { writer_->write(schema().get(), rows.get()); });
  }

  template <class Work>
  void writing(const Work& work) const {
    try {
      work();
    } catch (const ColumnarFailure& failure) {
      if (failure.kind() == ColumnarFailure::Kind::unsupported) {
        throw_unsupported(failure.what());
      }
      throw SparkError(ErrorKind::spark, "TASK_WRITE_FAILED", {{"path", "file:" + path_}})
          .with_place(std::string("\nCaused by: ") + failure.what());
    }
  }

  std::string path_;
  const std::vector<resolved::Column> columns_;
  const ArrowOptions options_;
  ArrowBatch batch_;
  std::unique_ptr<ColumnarWriter> writer_;
};

}  // namespace

std::unique_ptr<RowSink> open_columnar_sink(const WriteSpec& spec, const std::string& path,
                                            const std::shared_ptr<ColumnarProvider>& provider) {
  return std::make_unique<ColumnarSink>(spec, path, *provider);
}

}  // namespace pyrite
