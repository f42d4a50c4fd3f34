// Facts about the session and the row: version, users, current database, row numbers, plus what runs Java only.
#include "base/error.h"
#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace pyrite {
namespace {

using lowering::Own;

std::string_view version() { return "4.2.0 32f7299601108917fb01920a54e084595b7b3bf8"; }

const SessionFacts& facts(const KernelContext& context) {
  static const SessionFacts defaults;
  return context.call.session ? *context.call.session : defaults;
}

std::string current_user(const KernelContext& context) { return facts(context).user; }
std::string current_catalog(const KernelContext& context) { return facts(context).current_catalog; }
std::string current_database(const KernelContext& context) { return facts(context).current_database; }
std::string current_path(const KernelContext& context) {
  return "system.builtin,system.session," + facts(context).current_catalog + "." + facts(context).current_database;
}

/// The thread's number, drawn at its first row, and its rows so far.
struct RowNumber {
  explicit RowNumber(const CallInfo& call) : streams(call.streams) {}
  int64_t next() {
    if (stream < 0) {
      stream = streams ? streams->fetch_add(1) : 0;
    }
    return stream << 33 | count++;
  }
  std::shared_ptr<std::atomic<int32_t>> streams;
  int64_t stream = -1;
  int64_t count = 0;
};

void run_increasing(const KernelContext& context, std::span<const ColumnView>, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.set(row, context.as<RowNumber>().next());
  }
}

/// Everything is one partition to a program that asks.
int32_t spark_partition_id() { return 0; }

/// The argument is the file's path, where the analyzer found the files that the rows come from (file_metadata.h).
void run_input_file_name(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    const std::string_view path = in.empty() ? std::string_view() : in[0].text(row);
    constexpr std::string_view scheme = "file:";
    out.set_text(row, path.starts_with(scheme) ? "file://" + std::string(path.substr(scheme.size())) : "");
  }
}

/// The same for the start and length of the block; -1: unknown.
void run_input_file_block(const KernelContext&, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    out.set(row, in.empty() ? int64_t{-1} : in[0].get<int64_t>(row));
  }
}

std::string show_without_arguments(std::string_view name, const std::vector<std::string>&) {
  return std::string(name) + "()";
}

constexpr FunctionDef fact_row(std::string_view name, Kernel kernel, std::string_view doc, const char* since) {
  return {.name = name,
          .forms = {"() -> string"},
          .nullability = Nullability::never,
          .purity = Purity::per_query,
          .lower = Own{kernel},
          .doc = doc,
          .since = since,
          .group = "misc_funcs"};
}

constexpr FunctionDef rows[] = {
    {.name = "version",
     .forms = {"() -> string"},
     .nullability = Nullability::never,
     .lower = Own{kernel<version>},
     .doc = "The version of Spark that answers are given for.",
     .since = "3.0.0",
     .group = "misc_funcs"},
    {.name = "current_user",
     .aliases = {{"user"}, {"session_user"}},
     .forms = {"() -> string"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_user>},
     .doc = "The name of the user who runs the query.",
     .since = "3.2.0",
     .group = "misc_funcs"},
    fact_row("current_catalog", kernel<current_catalog>, "The catalog that unqualified names are looked up in.",
             "3.1.0"),
    {.name = "current_schema",
     .aliases = {{"current_database", "current_schema"}},
     .forms = {"() -> string"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .lower = Own{kernel<current_database>},
     .doc = "The database that unqualified names are looked up in.",
     .since = "3.4.0",
     .group = "misc_funcs"},
    fact_row("current_path", kernel<current_path>, "The places where unqualified functions are looked up, in order.",
             "4.2.0"),
    {.name = "monotonically_increasing_id",
     .forms = {"() -> long"},
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .lower = Own{{&run_increasing, &detail::make_state<RowNumber>}},
     .doc = "A number that is unique and grows from row to row, with gaps.",
     .since = "1.4.0",
     .group = "misc_funcs"},
    {.name = "spark_partition_id",
     .forms = {"() -> int"},
     .nullability = Nullability::never,
     .purity = Purity::per_query,
     .display = show_capitals,
     .lower = Own{kernel<spark_partition_id>},
     .doc = "The number of the partition that the row stands in.",
     .since = "1.4.0",
     .group = "misc_funcs"},
    {.name = "input_file_name",
     .forms = {"() -> string"},
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .display = show_without_arguments,
     .lower = Own{{run_input_file_name}},
     .doc = "The file that the row was read from.",
     .since = "1.5.0",
     .group = "misc_funcs"},
    {.name = "input_file_block_start",
     .forms = {"() -> long"},
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .display = show_without_arguments,
     .lower = Own{{run_input_file_block}},
     .doc = "Where the block that the row was read from starts in its file.",
     .since = "2.2.0",
     .group = "misc_funcs"},
    {.name = "input_file_block_length",
     .forms = {"() -> long"},
     .nullability = Nullability::never,
     .purity = Purity::per_row,
     .display = show_without_arguments,
     .lower = Own{{run_input_file_block}},
     .doc = "The length of the block that the row was read from.",
     .since = "2.2.0",
     .group = "misc_funcs"},
    {.name = "java_method",
     .aliases = {{"reflect"}},
     .forms = {"(string, string, any...) -> string"},
     .lower = lowering::Todo{},
     .doc = "Calls a static method of a Java class; there is no Java here.",
     .since = "2.0.0",
     .group = "misc_funcs"},
    {.name = "try_reflect",
     .forms = {"(string, string, any...) -> string"},
     .lower = lowering::Todo{},
     .doc = "As reflect, with NULL in place of an error.",
     .since = "4.0.0",
     .group = "misc_funcs"},
};

}  // namespace

std::span<const FunctionDef> misc_functions() { return rows; }

}  // namespace pyrite
