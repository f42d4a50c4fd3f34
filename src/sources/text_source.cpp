// Text files: one string column, a line a row.
#include "sources/text_source.h"

#include "base/error.h"
#include "sources/buffered_file.h"
#include "sources/file_text.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

class TextReader final : public RowReader {
 public:
  TextReader(const ReadSpec& spec, const FileSplit& split) : wanted_(spec.wanted.size()) {
    const SourceOptions options(spec.options);
    whole_ = options.flag("wholetext", false);
    separator_ = options.find("lineSep");
    text_ = whole_ || separator_ || is_compressed(split.path) ? read_whole(split.path) : read_lines_of(split);
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    if (whole_) {
      if (done_) {
        return 0;
      }
      done_ = true;
      for (size_t i = 0; i < wanted_; ++i) {
        columns[i]->set_text(0, text_);
      }
      return 1;
    }
    size_t row = 0;
    while (row < capacity && at_ < text_.size()) {
      const std::string_view line = next_line();
      for (size_t i = 0; i < wanted_; ++i) {
        columns[i]->set_text(row, line);
      }
      ++row;
    }
    return row;
  }

 private:
  std::string_view next_line() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    size_t end;
    size_t skip;
    if (separator_) {
      end = rest.find(*separator_);
      skip = separator_->size();
    } else {
      end = rest.find_first_of("\n\r");
      skip =
          end != std::string_view::npos && rest[end] == '\r' && end + 1 < rest.size() && rest[end + 1] == '\n' ? 2 : 1;
    }
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return rest;
    }
    at_ += end + skip;
    return rest.substr(0, end);
  }

  size_t wanted_;
  bool whole_ = false;
  bool done_ = false;
  std::optional<std::string> separator_;
  std::string text_;
  size_t at_ = 0;
};

class TextSink final : public RowSink {
 public:
  TextSink(const WriteSpec& spec, const std::string& path)
      : file_(path, SourceOptions(spec.options).codec()),
        separator_(SourceOptions(spec.options).text("lineSep", "\n")) {
    if (spec.columns.size() != 1) {
      throw SparkError("_LEGACY_ERROR_TEMP_1290", {{"schemaSize", std::to_string(spec.columns.size())}});
    }
  }

  void write(std::span<const ColumnView> columns, size_t rows) override {
    for (size_t row = 0; row < rows; ++row) {
      if (!columns[0].is_null(row)) {
        file_.buffer() += columns[0].text(row);
      }
      file_.buffer() += separator_;
    }
    file_.maybe_flush();
  }

  void finish() override { file_.finish(); }

 private:
  BufferedFile file_;
  std::string separator_;
};

}  // namespace

std::unique_ptr<RowReader> open_text_reader(const ReadSpec& spec, const FileSplit& split) {
  return std::make_unique<TextReader>(spec, split);
}

std::unique_ptr<RowSink> open_text_sink(const WriteSpec& spec, const std::string& path) {
  return std::make_unique<TextSink>(spec, path);
}

}  // namespace pyrite
