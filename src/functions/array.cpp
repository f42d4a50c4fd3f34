// Array functions about elements and positions.
#include <algorithm>

#include "base/error.h"
#include "functions/array_concat.h"
#include "functions/families.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {

void check_array_length(int64_t length, std::string_view function) {
  if (length > array_limit) {
    throw SparkError("COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION", {{"numberOfElements", std::to_string(length)},
                                                                 {"maxRoundedArrayLength", std::to_string(array_limit)},
                                                                 {"functionName", "`" + std::string(function) + "`"}});
  }
}

void concat_arrays(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    int64_t length = 0;
    bool null = false;
    for (const ColumnView& argument : arguments) {
      null = null || argument.is_null(row);
      length += null ? 0 : static_cast<int64_t>(argument.list(row).length);
    }
    if (null) {
      out.set_null(row);
      continue;
    }
    check_array_length(length, "concat");
    size_t at = out.start_list(row, static_cast<size_t>(length));
    for (const ColumnView& argument : arguments) {
      const ListSlot slot = argument.list(row);
      for (size_t i = 0; i < slot.length; ++i) {
        out.child(0).copy(at++, argument.children[0], slot.offset + i);
      }
    }
  }
}

namespace {

using lowering::Own;
using Arguments = std::span<const ColumnView>;

/// Writes NULL for the rows in which one of the first `count` arguments is NULL; f(row) the others.
template <class F>
void each_row(Arguments arguments, size_t count, size_t rows, ColumnWriter& out, F f) {
  for (size_t row = 0; row < rows; ++row) {
    bool null = false;
    for (size_t i = 0; i < count; ++i) {
      null = null || arguments[i].type.is(TypeKind::null) || arguments[i].is_null(row);
    }
    null ? out.set_null(row) : f(row);
  }
}

void run_size(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const bool legacy = !context.ansi() && context.call.name != "array_size";
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].type.is(TypeKind::null) || arguments[0].is_null(row)) {
      legacy ? out.set<int32_t>(row, -1) : out.set_null(row);
    } else {
      out.set<int32_t>(row, static_cast<int32_t>(arguments[0].list(row).length));
    }
  }
}

template <class T>
int64_t find_fixed(const ColumnView& elements, ListSlot slot, T wanted, bool& saw_null) {
  for (size_t i = 0; i < slot.length; ++i) {
    if (elements.is_null(slot.offset + i)) {
      saw_null = true;
    } else if (elements.get<T>(slot.offset + i) == wanted) {
      return static_cast<int64_t>(i) + 1;
    }
  }
  return 0;
}

/// Position from 1 of a value in the row's array; 0: not in it.
int64_t find_element(const ColumnView& array, const ColumnView& value, size_t row, bool& saw_null) {
  const ListSlot slot = array.list(row);
  const ColumnView& elements = array.children[0];
  switch (elements.type.kind()) {
    case TypeKind::integer:
    case TypeKind::date:
      return find_fixed(elements, slot, value.get<int32_t>(row), saw_null);
    case TypeKind::long_int:
      return find_fixed(elements, slot, value.get<int64_t>(row), saw_null);
    default:
      break;
  }
  for (size_t i = 0; i < slot.length; ++i) {
    if (elements.is_null(slot.offset + i)) {
      saw_null = true;
    } else if (same_rows(elements, slot.offset + i, value, row)) {
      return static_cast<int64_t>(i) + 1;
    }
  }
  return 0;
}

void run_contains(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 2, rows, out, [&](size_t row) {
    bool saw_null = false;
    const bool found = find_element(arguments[0], arguments[1], row, saw_null) > 0;
    !found&& saw_null ? out.set_null(row) : out.set(row, found);
  });
}

void run_position(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 2, rows, out, [&](size_t row) {
    bool saw_null = false;
    out.set<int64_t>(row, find_element(arguments[0], arguments[1], row, saw_null));
  });
}

/// Writes the elements of the row's array for which keep(position) holds.
template <class F>
void write_kept(const ColumnView& array, size_t row, ColumnWriter& out, F keep) {
  const ListSlot slot = array.list(row);
  std::vector<uint64_t> kept;
  for (uint64_t i = 0; i < slot.length; ++i) {
    if (keep(slot.offset + i)) {
      kept.push_back(slot.offset + i);
    }
  }
  size_t at = out.start_list(row, kept.size());
  for (const uint64_t position : kept) {
    out.child(0).copy(at++, array.children[0], position);
  }
}

void run_remove(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& elements = arguments[0].children[0];
  each_row(arguments, 2, rows, out, [&](size_t row) {
    write_kept(arguments[0], row, out, [&](uint64_t position) {
      return elements.is_null(position) || !same_rows(elements, position, arguments[1], row);
    });
  });
}

void run_compact(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& elements = arguments[0].children[0];
  each_row(arguments, 1, rows, out, [&](size_t row) {
    write_kept(arguments[0], row, out, [&](uint64_t position) { return !elements.is_null(position); });
  });
}

void run_join(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& elements = arguments[0].children[0];
  std::string text;
  each_row(arguments, arguments.size(), rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    text.clear();
    bool first = true;
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      const bool null = elements.is_null(i);
      if (null && arguments.size() < 3) {
        continue;
      }
      if (!first) {
        text += arguments[1].text(row);
      }
      first = false;
      text += null ? arguments[2].text(row) : elements.text(i);
    }
    out.set_text(row, text);
  });
}

template <bool front>
void run_add(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 1, rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    check_array_length(static_cast<int64_t>(slot.length) + 1, context.call.name);
    size_t at = out.start_list(row, slot.length + 1);
    if (front) {
      out.child(0).copy(at++, arguments[1], row);
    }
    for (uint64_t i = 0; i < slot.length; ++i) {
      out.child(0).copy(at++, arguments[0].children[0], slot.offset + i);
    }
    if (!front) {
      out.child(0).copy(at, arguments[1], row);
    }
  });
}

void run_insert(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const bool legacy = context.call.session &&
                      context.call.session->conf("spark.sql.legacy.negativeIndexInArrayInsert", "false") == "true";
  each_row(arguments, 2, rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    const auto length = static_cast<int64_t>(slot.length);
    const int64_t position = arguments[1].get<int32_t>(row);
    if (position == 0) {
      throw SparkError("INVALID_INDEX_OF_ZERO");
    }
    // `place` counts from 0 in the result; NULL fills what lies between it and the old elements.
    const int64_t from_end = -position - (legacy ? 0 : 1);
    const bool before = position < 0 && from_end > length;
    const int64_t place = position > 0 ? position - 1 : std::max<int64_t>(length - from_end, 0);
    const int64_t result = before ? from_end + 1 : std::max(length, place) + 1;
    check_array_length(result, context.call.name);
    const size_t start = out.start_list(row, static_cast<size_t>(result));
    const int64_t shift = before ? result - length : 0;
    for (int64_t i = 0; i < result; ++i) {
      const size_t at = start + static_cast<size_t>(i);
      const int64_t source = before ? i - shift : i > place ? i - 1 : i;
      if (i == place) {
        out.child(0).copy(at, arguments[2], row);
      } else if (source < 0 || source >= length) {
        out.child(0).set_null(at);
      } else {
        out.child(0).copy(at, arguments[0].children[0], slot.offset + static_cast<uint64_t>(source));
      }
    }
  });
}

void run_repeat(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const int64_t count = std::max(arguments[1].get<int32_t>(row), 0);
    check_array_length(count, context.call.name);
    size_t at = out.start_list(row, static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) {
      out.child(0).copy(at++, arguments[0], row);
    }
  }
}

void run_slice(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 3, rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    const auto size = static_cast<int64_t>(slot.length);
    const int64_t start = arguments[1].get<int32_t>(row);
    const int64_t length = arguments[2].get<int32_t>(row);
    if (start == 0) {
      throw SparkError("INVALID_PARAMETER_VALUE.START", {{"parameter", "`start`"}, {"functionName", "`slice`"}});
    }
    if (length < 0) {
      throw SparkError("INVALID_PARAMETER_VALUE.LENGTH",
                       {{"parameter", "`length`"}, {"length", std::to_string(length)}, {"functionName", "`slice`"}});
    }
    const int64_t first = start > 0 ? start - 1 : size + start;
    const int64_t count = first < 0 || first >= size ? 0 : std::min(length, size - first);
    size_t at = out.start_list(row, static_cast<size_t>(count));
    for (int64_t i = 0; i < count; ++i) {
      out.child(0).copy(at++, arguments[0].children[0], slot.offset + static_cast<uint64_t>(first + i));
    }
  });
}

void run_flatten(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& inner = arguments[0].children[0];
  each_row(arguments, 1, rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    int64_t length = 0;
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      if (inner.is_null(i)) {
        return out.set_null(row);
      }
      length += static_cast<int64_t>(inner.list(i).length);
    }
    check_array_length(length, context.call.name);
    size_t at = out.start_list(row, static_cast<size_t>(length));
    for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
      const ListSlot part = inner.list(i);
      for (uint64_t j = part.offset; j < part.offset + part.length; ++j) {
        out.child(0).copy(at++, inner.children[0], j);
      }
    }
  });
}

void run_zip(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, arguments.size(), rows, out, [&](size_t row) {
    size_t length = 0;
    for (const ColumnView& argument : arguments) {
      length = std::max<size_t>(length, argument.list(row).length);
    }
    const size_t start = out.start_list(row, length);
    for (size_t field = 0; field < arguments.size(); ++field) {
      const ListSlot slot = arguments[field].list(row);
      for (size_t i = 0; i < length; ++i) {
        ColumnWriter& writer = out.child(0).child(field);
        i < slot.length ? writer.copy(start + i, arguments[field].children[0], slot.offset + i)
                        : writer.set_null(start + i);
      }
    }
  });
}

void run_element_at(const KernelContext& context, Arguments arguments, size_t rows, ColumnWriter& out) {
  const ColumnView& container = arguments[0];
  each_row(arguments, 2, rows, out, [&](size_t row) {
    const ListSlot slot = container.list(row);
    if (container.type.is(TypeKind::map)) {
      for (uint64_t i = slot.offset; i < slot.offset + slot.length; ++i) {
        if (same_rows(container.children[0], i, arguments[1], row)) {
          return out.copy(row, container.children[1], i);
        }
      }
      return out.set_null(row);
    }
    const int64_t index = arguments[1].get<int32_t>(row);
    const auto size = static_cast<int64_t>(slot.length);
    if (index == 0) {
      throw SparkError("INVALID_INDEX_OF_ZERO");
    }
    if (index > size || index < -size) {
      if (context.ansi()) {
        throw SparkError("INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                         {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(size)}});
      }
      return out.set_null(row);
    }
    out.copy(row, container.children[0], slot.offset + static_cast<uint64_t>(index > 0 ? index - 1 : size + index));
  });
}

void run_get(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 2, rows, out, [&](size_t row) {
    const ListSlot slot = arguments[0].list(row);
    const int64_t index =
        arguments[1].type.is(TypeKind::long_int) ? arguments[1].get<int64_t>(row) : arguments[1].get<int32_t>(row);
    if (index < 0 || index >= static_cast<int64_t>(slot.length)) {
      return out.set_null(row);
    }
    out.copy(row, arguments[0].children[0], slot.offset + static_cast<uint64_t>(index));
  });
}

std::string reversed_text(std::string_view text) {
  std::string reversed(text.size(), '\0');
  size_t end = text.size();
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    utf8::decode(text, i);
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(start), text.begin() + static_cast<std::ptrdiff_t>(i),
              reversed.begin() + static_cast<std::ptrdiff_t>(end - (i - start)));
    end -= i - start;
  }
  return reversed;
}

void run_reverse(const KernelContext&, Arguments arguments, size_t rows, ColumnWriter& out) {
  each_row(arguments, 1, rows, out, [&](size_t row) {
    if (arguments[0].type.is_string()) {
      return out.set_text(row, reversed_text(arguments[0].text(row)));
    }
    if (arguments[0].type.is(TypeKind::binary)) {
      const std::string_view bytes = arguments[0].text(row);
      return out.set_text(row, std::string(bytes.rbegin(), bytes.rend()));
    }
    const ListSlot slot = arguments[0].list(row);
    size_t at = out.start_list(row, slot.length);
    for (uint64_t i = slot.length; i-- > 0;) {
      out.child(0).copy(at++, arguments[0].children[0], slot.offset + i);
    }
  });
}

Type first_type(const CallInfo& call) { return call.argument_types[0]; }

Type without_null(const CallInfo& call) {
  return call.argument_types[0].is(TypeKind::array) ? Type::array(call.argument_types[0].element(), false)
                                                    : call.argument_types[0];
}

Type repeated(const CallInfo& call) { return Type::array(call.argument_types[0], call.argument_nullable[0]); }

Type flattened(const CallInfo& call) { return call.argument_types[0].element(); }

void check_flatten(const CallInfo& call) {
  const Type& type = call.argument_types[0];
  if (!type.is(TypeKind::array) || !type.element().is(TypeKind::array)) {
    throw SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"paramIndex", "first"},
                                                                 {"requiredType", "\"ARRAY\" of \"ARRAY\""},
                                                                 {"inputType", "\"" + sql_string(type) + "\""}});
  }
}

Type zipped(const CallInfo& call) {
  std::vector<StructField> fields;
  for (size_t i = 0; i < call.argument_types.size(); ++i) {
    fields.push_back({std::to_string(i), call.argument_types[i].element(), true, {}});
  }
  return Type::array(Type::structure(std::move(fields)), false);
}

void check_null_type(const CallInfo& call) {
  for (const Type& type : call.argument_types) {
    if (type.is(TypeKind::null)) {
      throw SparkError("DATATYPE_MISMATCH.NULL_TYPE", {{"functionName", "`" + call.name + "`"}});
    }
  }
}

std::string show_join(std::string_view name, const std::vector<std::string>& arguments) {
  std::string text = std::string(name) + "(";
  for (size_t i = 0; i < arguments.size(); ++i) {
    text += (i ? ", " : "") + arguments[i];
  }
  return text + ")";
}

constexpr FunctionDef rows[] = {
    {.name = "size",
     .aliases = {{"cardinality"}},
     .forms = {"(array<any>|map<any, any>) -> int"},
     .nulls = NullHandling::custom,
     .lower = Own{{run_size}},
     .doc = "How many elements an array has, or entries a map.",
     .examples = {"size(array('b', 'd', 'c', 'a')) = 4"}},
    {.name = "array_size",
     .forms = {"(array<any>) -> int"},
     .nulls = NullHandling::custom,
     .lower = Own{{run_size}},
     .doc = "How many elements an array has.",
     .examples = {"array_size(array(1, 2)) = 2"}},
    {.name = "array_contains",
     .forms = {"(array<T>, T) -> boolean"},
     .check = check_null_type,
     .nullability = Nullability::always,
     .lower = Own{{run_contains}},
     .doc = "Whether a value is in the array; NULL when it is not found and the array holds NULL.",
     .examples = {"array_contains(array(1, 2, 3), 2) = true"}},
    {.name = "array_position",
     .forms = {"(array<T>, T) -> long"},
     .lower = Own{{run_position}},
     .doc = "The position from 1 where a value first stands in the array, 0 where it does not.",
     .examples = {"array_position(array(312, 773, 708, 708), 708) = 3"}},
    {.name = "array_remove",
     .forms = {"(array<T>, T) -> array<T>"},
     .lower = Own{{run_remove}},
     .doc = "The array without the elements that equal a value.",
     .examples = {"array_remove(array(1, 2, 3, null, 3), 3) = [1,2,null]"}},
    {.name = "array_compact",
     .forms = {"(array<any>) -> rule"},
     .result = without_null,
     .lower = Own{{run_compact}},
     .doc = "The array without its NULL elements.",
     .examples = {"array_compact(array(1, 2, 3, null)) = [1,2,3]"}},
    {.name = "array_join",
     .forms = {"(array<string>, string) -> string", "(array<string>, string, string) -> string"},
     .display = show_join,
     .lower = Own{{run_join}},
     .doc = "Joins the elements as text with a delimiter, leaving NULL out or putting a text in its place.",
     .examples = {"array_join(array('hello', 'world'), ' ') = 'hello world'"}},
    {.name = "array_append",
     .forms = {"(array<T>, T) -> array<T>"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = Own{{run_add<false>}},
     .doc = "The array with one more element at its end.",
     .examples = {"array_append(array('b', 'd', 'c', 'a'), 'd') = ['b','d','c','a','d']"}},
    {.name = "array_prepend",
     .forms = {"(array<T>, T) -> array<T>"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = Own{{run_add<true>}},
     .doc = "The array with one more element before its first.",
     .examples = {"array_prepend(array('b', 'd', 'c', 'a'), 'd') = ['d','b','d','c','a']"}},
    {.name = "array_insert",
     .forms = {"(array<T>, int, T) -> array<T>"},
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{{run_insert}},
     .errors = {"INVALID_INDEX_OF_ZERO", "COLLECTION_SIZE_LIMIT_EXCEEDED"},
     .doc =
         "The array with an element put in at a position from 1, or from the end when negative; gaps fill with NULL.",
     .examples = {"array_insert(array(1, 2, 3, 4), 5, 5) = [1,2,3,4,5]"}},
    {.name = "array_repeat",
     .forms = {"(any, int) -> rule"},
     .result = repeated,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .lower = Own{{run_repeat}},
     .errors = {"COLLECTION_SIZE_LIMIT_EXCEEDED"},
     .doc = "An array that holds one value a number of times.",
     .examples = {"array_repeat('123', 2) = ['123','123']"}},
    {.name = "slice",
     .forms = {"(array<any>, int, int) -> rule"},
     .result = first_type,
     .failure = Failure::possible,
     .lower = Own{{run_slice}},
     .errors = {"INVALID_PARAMETER_VALUE.START", "INVALID_PARAMETER_VALUE.LENGTH"},
     .doc = "A stretch of the array: its start from 1, or from the end when negative, and its length.",
     .examples = {"slice(array(1, 2, 3, 4), 2, 2) = [2,3]"}},
    {.name = "flatten",
     .forms = {"(array<any>) -> rule"},
     .result = flattened,
     .check = check_flatten,
     .nullability = Nullability::always,
     .lower = Own{{run_flatten}},
     .doc = "One array of the elements of an array's arrays.",
     .examples = {"flatten(array(array(1, 2), array(3, 4))) = [1,2,3,4]"}},
    {.name = "arrays_zip",
     .forms = {"(array<any>...) -> rule"},
     .result = zipped,
     .lower = Own{{run_zip}},
     .doc = "An array of structures whose n-th holds the n-th element of each array.",
     .examples = {"arrays_zip(array(1, 2), array(3)) = [{\"0\":1,\"1\":3},{\"0\":2,\"1\":null}]"}},
    {.name = "element_at",
     .forms = {"(array<T>, int) -> T", "(map<K, V>, K) -> V"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{{run_element_at}},
     .errors = {"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "INVALID_INDEX_OF_ZERO"},
     .doc =
         "The element of an array at a position from 1, or from the end when negative; of a map, the value of a key.",
     .examples = {"element_at(array(1, 2, 3), 2) = 2"}},
    {.name = "try_element_at",
     .forms = {"(array<T>, int) -> T", "(map<K, V>, K) -> V"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{{run_element_at}},
     .errors = {"INVALID_INDEX_OF_ZERO"},
     .doc = "As element_at, but NULL for a position outside the array.",
     .examples = {"try_element_at(array(1, 2, 3), 5) = NULL"}},
    {.name = "get",
     .forms = {"(array<T>, int|long) -> T"},
     .nullability = Nullability::always,
     .lower = Own{{run_get}},
     .doc = "The element of an array at a position from 0, NULL outside of it.",
     .examples = {"get(array(1, 2, 3), 0) = 1"}},
    {.name = "reverse",
     .forms = {"(string) -> string", "(binary) -> binary", "(array<any>) -> rule"},
     .result = first_type,
     .lower = Own{{run_reverse}},
     .doc = "A text or an array back to front.",
     .examples = {"reverse('Spark SQL') = 'LQS krapS'"}},
};

}  // namespace

std::span<const FunctionDef> array_functions() { return rows; }

}  // namespace pyrite
