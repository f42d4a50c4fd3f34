// Map functions.
#include "base/error.h"
#include "functions/families.h"
#include "functions/java_regex.h"
#include "functions/kernel.h"
#include "functions/map_builder.h"

namespace pyrite {
namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

bool null_row(Arguments arguments, size_t row) {
  for (const ColumnView& argument : arguments) {
    if (argument.type.is(TypeKind::null) || argument.is_null(row)) {
      return true;
    }
  }
  return false;
}

/// The keys (0) or values (1) of each map.
template <size_t part>
void run_part(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = arguments[0].list(row);
    size_t at = out.start_list(row, slot.length);
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      out.child(0).copy(at++, arguments[0].children[part], i);
    }
  }
}

void run_entries(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = arguments[0].list(row);
    size_t at = out.start_list(row, slot.length);
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i, ++at) {
      out.child(0).child(0).copy(at, arguments[0].children[0], i);
      out.child(0).child(1).copy(at, arguments[0].children[1], i);
    }
  }
}

void run_from_arrays(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  MapBuilder builder(context);
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot keys = arguments[0].list(row);
    const ListSlot values = arguments[1].list(row);
    if (keys.length != values.length) {
      throw SparkError(ErrorKind::runtime, "_LEGACY_ERROR_TEMP_2128", {});
    }
    builder.clear();
    for (uint64_t i = 0; i < keys.length; ++i) {
      builder.add(arguments[0].children[0], keys.offset + i, arguments[1].children[0], values.offset + i);
    }
    builder.write(out, row);
  }
}

void run_from_entries(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  MapBuilder builder(context);
  const ColumnView& entries = arguments[0].children[0];
  for (size_t row = 0; row < rows; ++row) {
    bool null = null_row(arguments, row);
    const ListSlot slot = null ? ListSlot{} : arguments[0].list(row);
    for (uint64_t i = slot.offset; i < slot.offset + slot.length && !null; ++i) {
      null = entries.is_null(i);
    }
    if (null) {
      out.set_null(row);
      continue;
    }
    builder.clear();
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      const size_t at = entries.position(i);
      builder.add(entries.children[0], at, entries.children[1], at);
    }
    builder.write(out, row);
  }
}

void run_concat(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  MapBuilder builder(context);
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    builder.clear();
    for (const ColumnView& map : arguments) {
      const ListSlot slot = map.list(row);
      for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
        builder.add(map.children[0], i, map.children[1], i);
      }
    }
    builder.write(out, row);
  }
}

void run_contains_key(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot slot = arguments[0].list(row);
    bool found = false;
    for (uint64_t i = slot.offset; i < slot.offset + slot.length && !found; ++i) {
      found = same_rows(arguments[0].children[0], i, arguments[1], row);
    }
    out.set(row, found);
  }
}

struct Delimiters {
  explicit Delimiters(const CallInfo&) {}
  RegexCache pairs;
  RegexCache values;
};

std::shared_ptr<void> make_delimiters(const CallInfo& call) { return std::make_shared<Delimiters>(call); }

JavaRegex& delimiter(RegexCache& cache, std::string_view pattern) {
  JavaRegex* regex = cache.get(pattern);
  if (!regex) {
    throw SparkError(
        ErrorKind::illegal_argument, "INVALID_PARAMETER_VALUE.PATTERN",
        {{"parameter", "`delimiter`"}, {"functionName", "`str_to_map`"}, {"value", "'" + std::string(pattern) + "'"}});
  }
  return *regex;
}

void run_from_text(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  auto& delimiters = context.as<Delimiters>();
  const bool last_wins = last_key_wins(context);
  for (size_t row = 0; row < rows; ++row) {
    if (null_row(arguments, row)) {
      out.set_null(row);
      continue;
    }
    JavaRegex& pairs = delimiter(delimiters.pairs, arguments.size() > 1 ? arguments[1].text(row) : ",");
    JavaRegex& values = delimiter(delimiters.values, arguments.size() > 2 ? arguments[2].text(row) : ":");
    struct Entry {
      std::string_view key;
      std::optional<std::string_view> value;
    };
    std::vector<Entry> entries;
    std::unordered_map<std::string_view, size_t> places;
    for (const std::string_view pair : split_text(pairs, arguments[0].text(row), -1)) {
      const auto parts = split_text(values, pair, 2);
      const Entry entry{parts[0], parts.size() > 1 ? std::optional(parts[1]) : std::nullopt};
      const auto [place, is_new] = places.try_emplace(entry.key, entries.size());
      if (is_new) {
        entries.push_back(entry);
      } else if (last_wins) {
        entries[place->second] = entry;
      } else {
        throw_duplicate_key(std::string(entry.key));
      }
    }
    size_t at = out.start_list(row, entries.size());
    for (const Entry& entry : entries) {
      out.child(0).set_text(at, entry.key);
      entry.value ? out.child(1).set_text(at, *entry.value) : out.child(1).set_null(at);
      ++at;
    }
  }
}

Type keys_type(const CallInfo& call) {
  return call.argument_types[0].is(TypeKind::map) ? Type::array(call.argument_types[0].key(), false)
                                                  : Type::array(Type::null());
}
Type values_type(const CallInfo& call) {
  const Type& map = call.argument_types[0];
  return map.is(TypeKind::map) ? Type::array(map.value(), map.contains_null()) : Type::array(Type::null());
}
Type entries_type(const CallInfo& call) {
  const Type& map = call.argument_types[0];
  return Type::array(Type::structure({{"key", map.key(), false, {}}, {"value", map.value(), map.contains_null(), {}}}),
                     false);
}
Type from_arrays_type(const CallInfo& call) {
  const Type& values = call.argument_types[1];
  return Type::map(call.argument_types[0].element(), values.element(), values.contains_null());
}
Type from_entries_type(const CallInfo& call) {
  const auto& fields = call.argument_types[0].element().fields();
  return Type::map(fields[0].type, fields[1].type, fields[1].nullable);
}

void check_entries(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (!type.is(TypeKind::array) || !type.element().is(TypeKind::structure) || type.element().fields().size() != 2) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"paramIndex", "first"},
                                                                 {"requiredType", "\"ARRAY\" of pair \"STRUCT\""},
                                                                 {"inputType", "\"" + sql_string(type) + "\""}});
  }
}

void check_key(const CallInfo& call) {
  if (call.argument_types[0].is(TypeKind::null) || call.argument_types[1].is(TypeKind::null)) {
    throw SparkError("DATATYPE_MISMATCH.NULL_TYPE", {{"functionName", "`" + call.name + "`"}});
  }
}

Type concat_type(const CallInfo& call) {
  return call.argument_types.empty() ? Type::map(Type::string(), Type::string(), false) : call.argument_types[0];
}

std::string show_delimiters(std::string_view name, const std::vector<std::string>& arguments) {
  return std::string(name) + "(" + arguments[0] + ", " + (arguments.size() > 1 ? arguments[1] : ",") + ", " +
         (arguments.size() > 2 ? arguments[2] : ":") + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "map_keys",
     .forms = {"(map<any, any>) -> rule"},
     .result = keys_type,
     .lower = Own{{run_part<0>}},
     .doc = "The keys of a map in an array.",
     .examples = {"map_keys(map(1, 'a', 2, 'b')) = [1,2]"}},
    {.name = "map_values",
     .forms = {"(map<any, any>) -> rule"},
     .result = values_type,
     .lower = Own{{run_part<1>}},
     .doc = "The values of a map in an array.",
     .examples = {"map_values(map(1, 'a', 2, 'b')) = ['a','b']"}},
    {.name = "map_entries",
     .forms = {"(map<any, any>) -> rule"},
     .result = entries_type,
     .lower = Own{{run_entries}},
     .doc = "The entries of a map as an array of structures of key and value.",
     .examples = {"map_entries(map(1, 'a')) = [{\"key\":1,\"value\":\"a\"}]"}},
    {.name = "map_from_arrays",
     .forms = {"(array<any>, array<any>) -> rule"},
     .result = from_arrays_type,
     .failure = Failure::possible,
     .lower = Own{{run_from_arrays}},
     .errors = {"NULL_MAP_KEY", "DUPLICATED_MAP_KEY"},
     .doc = "A map of an array of keys and an array of values.",
     .examples = {"map_from_arrays(array(1.0, 3.0), array('2', '4')) = {1.0:\"2\",3.0:\"4\"}"}},
    {.name = "map_from_entries",
     .forms = {"(array<any>) -> rule"},
     .result = from_entries_type,
     .check = check_entries,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{{run_from_entries}},
     .errors = {"NULL_MAP_KEY", "DUPLICATED_MAP_KEY"},
     .doc = "A map of an array of pairs; NULL when a pair is NULL.",
     .examples = {"map_from_entries(array(struct(1, 'a'))) = {1:\"a\"}"}},
    {.name = "map_concat",
     .forms = {"(map<K, V>...) -> map<K, V>"},
     .result = concat_type,
     .failure = Failure::possible,
     .lower = Own{{run_concat}},
     .errors = {"DUPLICATED_MAP_KEY"},
     .doc = "One map with the entries of all.",
     .examples = {"map_concat(map(1, 'a'), map(3, 'd')) = {1:\"a\",3:\"d\"}"}},
    {.name = "map_contains_key",
     .forms = {"(map<K, any>, K) -> boolean"},
     .check = check_key,
     .lower = Own{{run_contains_key}},
     .doc = "Whether a map has a key.",
     .examples = {"map_contains_key(map(1, 'a'), 2) = false"}},
    {.name = "str_to_map",
     .forms = {"(string) -> map<string, string>", "(string, string) -> map<string, string>",
               "(string, string, string) -> map<string, string>"},
     .failure = Failure::possible,
     .display = show_delimiters,
     .lower = Own{{run_from_text, make_delimiters}},
     .errors = {"DUPLICATED_MAP_KEY"},
     .doc = "A map of a text's pairs, cut at one pattern, each cut into key and value at another.",
     .examples = {"str_to_map('a:1,b:2') = {\"a\":\"1\",\"b\":\"2\"}"}},
};

}  // namespace

std::span<const FunctionDef> map_functions() { return rows; }

}  // namespace pyrite
