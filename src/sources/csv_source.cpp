// CSV files: schema inference and reading.
#include "sources/csv_source.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "functions/csv_format.h"
#include "sources/file_text.h"
#include "sources/scratch_row.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

CsvFormat format_of(const plan::Options& given, const SessionFacts& session) {
  const SourceOptions options(given);
  return CsvFormat::read([&](std::string_view name) { return options.find(name); }, session);
}

bool same_letters(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// Empty names become _c<i>; names that occur twice get their position behind.
std::vector<std::string> header_names(const std::vector<CsvCell>& cells) {
  std::vector<std::string> out;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string& name = cells[i].text;
    const auto same = [&](const CsvCell& other) { return same_letters(other.text, name); };
    if (!cells[i].present || name.empty()) {
      out.push_back("_c" + std::to_string(i));
    } else if (std::count_if(cells.begin(), cells.end(), same) > 1) {
      out.push_back(name + std::to_string(i));
    } else {
      out.push_back(name);
    }
  }
  return out;
}

class CsvReader final : public RowReader {
 public:
  CsvReader(const ReadSpec& spec, const FileSplit& split)
      : spec_(spec),
        format_(format_of(spec.options, *spec.session)),
        text_(format_.multi_line || is_compressed(split.path) ? read_whole(split.path) : read_lines_of(split)),
        tokens_(format_, std::string_view(text_).starts_with("\xEF\xBB\xBF") ? std::string_view(text_).substr(3)
                                                                             : std::string_view(text_)) {
    for (size_t i = 0; i < spec.columns.size(); ++i) {
      if (spec.columns[i].name == format_.corrupt_column && spec.columns[i].type.is_string()) {
        corrupt_ = static_cast<int>(i);
      }
      converters_.push_back(
          static_cast<int>(i) == corrupt_ ? nullptr : std::make_unique<CsvConverter>(format_, spec.columns[i].type));
    }
    if (spec.wanted.size() == 1 && spec.wanted[0] == corrupt_) {
      throw SparkError("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN");
    }
    if (format_.header && split.begin == 0) {
      std::string_view record;
      if (tokens_.next(cells_, record)) {
        check_header();
      }
    }
  }

  size_t read(std::span<ColumnWriter* const> columns, size_t capacity) override {
    size_t row = 0;
    std::string_view record;
    while (row < capacity && tokens_.next(cells_, record)) {
      if (format_.mode != ParseMode::drop_malformed) {
        write_row(columns, row++, record);
        continue;
      }
      const ScratchRow scratch(spec_.columns, spec_.wanted);
      if (write_row(scratch.columns(), 0, record)) {
        scratch.copy_to(columns, row++);
      }
    }
    return row;
  }

 private:
  /// Whether the header fits the schema; with enforceSchema=false it must.
  void check_header() const {
    const SourceOptions options(spec_.options);
    if (options.flag("enforceSchema", true)) {
      return;
    }
    const std::vector<std::string> names = header_names(cells_);
    for (size_t i = 0; i < spec_.columns.size() && i < names.size(); ++i) {
      if (!same_letters(names[i], spec_.columns[i].name)) {
        throw SparkError(
            ErrorKind::illegal_argument, "INTERNAL_ERROR",
            {{"message", "The CSV header has " + names[i] + " where the schema has " + spec_.columns[i].name}});
      }
    }
  }

  bool write_row(std::span<ColumnWriter* const> columns, size_t row, std::string_view record) {
    const size_t data_columns = spec_.columns.size() - (corrupt_ >= 0 ? 1 : 0);
    bool bad = cells_.size() != data_columns && !spec_.wanted.empty() && format_.mode != ParseMode::permissive;
    bad = bad || (cells_.size() != data_columns && corrupt_ >= 0);
    for (size_t w = 0; w < spec_.wanted.size(); ++w) {
      const int column = spec_.wanted[w];
      if (column == corrupt_) {
        continue;
      }
      const auto cell = static_cast<size_t>(column - (corrupt_ >= 0 && column > corrupt_ ? 1 : 0));
      if (cell >= cells_.size()) {
        columns[w]->set_null(row);
        continue;
      }
      if (!converters_[static_cast<size_t>(column)]->write(cells_[cell], *columns[w], row)) {
        columns[w]->set_null(row);
        bad = true;
      }
    }
    if (bad && format_.mode == ParseMode::fail_fast) {
      throw SparkError(ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                       {{"badRecord", std::string(record)}, {"failFastMode", "FAILFAST"}});
    }
    if (bad && format_.mode == ParseMode::drop_malformed) {
      return false;
    }
    for (size_t w = 0; w < spec_.wanted.size(); ++w) {
      if (spec_.wanted[w] == corrupt_) {
        if (bad) {
          columns[w]->set_text(row, record);
        } else {
          columns[w]->set_null(row);
        }
      }
    }
    return true;
  }

  const ReadSpec spec_;
  const CsvFormat format_;
  const std::string text_;
  CsvTokenizer tokens_;
  std::vector<CsvCell> cells_;
  std::vector<std::unique_ptr<CsvConverter>> converters_;
  int corrupt_ = -1;
};

}  // namespace

std::vector<StructField> infer_csv_schema(const std::vector<std::string>& files, const plan::Options& options,
                                          const SessionFacts& session) {
  const CsvFormat format = format_of(options, session);
  const bool infer = SourceOptions(options).flag("inferSchema", false);
  std::vector<std::string> names;
  std::vector<Type> types;
  const CsvTypeInference inference(format);
  for (const std::string& file : files) {
    const std::string text = infer ? read_whole(file) : read_head(file, size_t{4} << 20);
    std::string_view view = text;
    if (view.starts_with("\xEF\xBB\xBF")) {
      view.remove_prefix(3);
    }
    CsvTokenizer tokens(format, view);
    std::vector<CsvCell> cells;
    std::string_view record;
    bool first = true;
    while (tokens.next(cells, record)) {
      if (first && names.empty()) {
        names = format.header ? header_names(cells) : std::vector<std::string>();
        for (size_t i = 0; !format.header && i < cells.size(); ++i) {
          names.push_back("_c" + std::to_string(i));
        }
        types.assign(names.size(), Type::null());
      }
      if (first && format.header) {
        first = false;
        continue;
      }
      first = false;
      if (!infer) {
        break;
      }
      for (size_t i = 0; i < cells.size() && i < types.size(); ++i) {
        types[i] = inference.widen(types[i], cells[i]);
      }
    }
    if (!infer && !names.empty()) {
      break;
    }
  }
  std::vector<StructField> out;
  for (size_t i = 0; i < names.size(); ++i) {
    out.push_back({names[i], infer && !types[i].is(TypeKind::null) ? types[i] : Type::string(), true, {}});
  }
  return out;
}

std::unique_ptr<RowReader> open_csv_reader(const ReadSpec& spec, const FileSplit& split) {
  return std::make_unique<CsvReader>(spec, split);
}

}  // namespace pyrite
