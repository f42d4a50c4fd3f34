// Writing CSV files.
#include "sources/csv_sink.h"

#include "base/error.h"
#include "functions/csv_writer.h"
#include "sources/buffered_file.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

OptionLookup lookup(const SourceOptions& options) {
  return [&options](std::string_view name) { return options.find(name); };
}

class CsvSink final : public RowSink {
 public:
  CsvSink(const WriteSpec& spec, const std::string& path)
      : options_(spec.options),
        writer_(lookup(options_), *spec.session),
        file_(path, options_.codec(), writer_.format().encoding),
        line_end_(writer_.format().line_separator.value_or("\n")) {
    if (writer_.format().header) {
      for (size_t i = 0; i < spec.columns.size(); ++i) {
        file_.buffer() += i > 0 ? std::string_view(writer_.format().separator) : std::string_view();
        writer_.append_text(file_.buffer(), i, spec.columns[i].name);
      }
      file_.buffer() += line_end_;
    }
  }

  void write(std::span<const ColumnView> columns, size_t rows) override {
    for (size_t row = 0; row < rows; ++row) {
      for (size_t i = 0; i < columns.size(); ++i) {
        file_.buffer() += i > 0 ? std::string_view(writer_.format().separator) : std::string_view();
        writer_.append_cell(file_.buffer(), i, columns[i], row);
      }
      file_.buffer() += line_end_;
      file_.maybe_flush();
    }
  }

  void finish() override { file_.finish(); }

 private:
  SourceOptions options_;
  CsvWriter writer_;
  BufferedFile file_;
  std::string line_end_;
};

}  // namespace

std::unique_ptr<RowSink> open_csv_sink(const WriteSpec& spec, const std::string& path) {
  return std::make_unique<CsvSink>(spec, path);
}

}  // namespace pyrite
