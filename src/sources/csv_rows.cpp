// CSV records as rows of a schema.
#include "sources/csv_rows.h"

#include <algorithm>

#include "base/error.h"
#include "sources/record_text.h"
#include "sources/scratch_row.h"
#include "sources/source_options.h"

namespace pyrite {
namespace {

bool same_letters(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

}  // namespace

CsvFormat csv_format_of(const plan::Options& given, const SessionFacts& session) {
  const SourceOptions options(given);
  return CsvFormat::read([&](std::string_view name) { return options.find(name); }, session);
}

CsvFormat csv_line_format_of(const plan::Options& options, const SessionFacts& session) {
  CsvFormat format = csv_format_of(options, session);
  format.multi_line = true;
  format.line_separator = format.line_separator.value_or("\n");
  return format;
}

bool is_csv_record(const CsvFormat& format, std::string_view line) {
  const bool blank = line.find_first_not_of(' ') == std::string_view::npos;
  return !blank && !(format.comment && line.starts_with(*format.comment));
}

std::vector<std::string> csv_header_names(const std::vector<CsvCell>& cells) {
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

CsvRows::CsvRows(const ReadSpec& spec, CsvFormat format) : spec_(spec), format_(std::move(format)) {
  for (size_t i = 0; i < spec.columns.size(); ++i) {
    if (spec.columns[i].name == format_.corrupt_column && spec.columns[i].type.is_string()) {
      corrupt_ = static_cast<int>(i);
    }
    converters_.push_back(
        static_cast<int>(i) == corrupt_ ? nullptr : std::make_unique<CsvConverter>(format_, spec.columns[i].type));
  }
}

void CsvRows::check_header(const std::vector<CsvCell>& cells, const std::string& source) const {
  if (SourceOptions(spec_.options).flag("enforceSchema", true)) {
    return;
  }
  const std::vector<std::string> found = csv_header_names(cells);
  std::vector<std::string> expected;
  for (size_t i = 0; i < spec_.columns.size(); ++i) {
    if (static_cast<int>(i) != corrupt_) {
      expected.push_back(spec_.columns[i].name);
    }
  }
  if (!std::equal(found.begin(), found.end(), expected.begin(), expected.end(), same_letters)) {
    throw SparkError("_LEGACY_ERROR_TEMP_3241",
                     {{"msg", "The CSV header (" + joined(found) + ") does not fit the schema (" + joined(expected) +
                                  "): " + source}});
  }
}

bool CsvRows::put(const std::vector<CsvCell>& cells, std::string_view record, std::span<ColumnWriter* const> columns,
                  size_t row) const {
  if (format_.mode == ParseMode::drop_malformed) {
    const ScratchRow scratch(spec_.columns, spec_.wanted);
    const bool good = fill(cells, record, scratch.columns(), 0);
    if (good) {
      scratch.copy_to(columns, row);
    }
    return good;
  }
  if (!fill(cells, record, columns, row) && format_.mode == ParseMode::fail_fast) {
    const ScratchRow shown(spec_.columns, spec_.wanted);
    fill(cells, record, shown.columns(), 0);
    throw SparkError(
        ErrorKind::spark, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
        {{"badRecord", record_text(spec_.columns, spec_.wanted, shown.values())}, {"failFastMode", "FAILFAST"}});
  }
  return true;
}

/// Whether the record fits the schema. What does not fit is NULL, and the record goes to the corrupt ones' column.
bool CsvRows::fill(const std::vector<CsvCell>& cells, std::string_view record, std::span<ColumnWriter* const> columns,
                   size_t row) const {
  const size_t data_columns = spec_.columns.size() - (corrupt_ >= 0 ? 1 : 0);
  bool bad = cells.size() != data_columns && !spec_.wanted.empty() && format_.mode != ParseMode::permissive;
  bad = bad || (cells.size() != data_columns && corrupt_ >= 0);
  for (size_t w = 0; w < spec_.wanted.size(); ++w) {
    const int column = spec_.wanted[w];
    if (column == corrupt_) {
      continue;
    }
    const auto cell = static_cast<size_t>(column - (corrupt_ >= 0 && column > corrupt_ ? 1 : 0));
    if (cell >= cells.size()) {
      columns[w]->set_null(row);
    } else if (!converters_[static_cast<size_t>(column)]->write(cells[cell], *columns[w], row)) {
      columns[w]->set_null(row);
      bad = true;
    }
  }
  for (size_t w = 0; w < spec_.wanted.size(); ++w) {
    if (spec_.wanted[w] == corrupt_) {
      bad ? columns[w]->set_text(row, record) : columns[w]->set_null(row);
    }
  }
  return !bad;
}

}  // namespace pyrite
