// Argument checks that functions without implicit casts share, and what sketches hash.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "functions/function_def.h"

namespace pyrite {

/// Whether a plain NULL stands for a NULL of the type that is wanted.
enum class NullLiteral : uint8_t { accepted, refused };

/// Refuses an argument of any other type; NULL-ness inside arrays does not matter. Does nothing when the call has no
/// such argument.
void require_argument(const CallInfo& call, size_t index, std::initializer_list<Type> types,
                      NullLiteral null = NullLiteral::accepted);

/// An argument that must be known before the query runs; NULL included.
/// Errors: DATATYPE_MISMATCH.NON_FOLDABLE_INPUT, and UNEXPECTED_NULL unless it may be NULL.
const Value& constant_argument(const CallInfo& call, size_t index, std::string_view name);

/// The integer argument when it is there and not NULL.
int64_t integer_argument(const CallInfo& call, size_t index, int64_t otherwise);

/// An error as an analysis error about the call's arguments: its text becomes the message of a type check.
[[noreturn]] void throw_type_check(const SparkError& error);

/// A function's name as messages show it: in backticks.
std::string quoted_function(const CallInfo& call);

/// The bytes of a text that stand for it in its collation.
std::string_view collated_bytes(const Type& type, std::string_view text, std::string& storage);

/// Feeds a value to a sketch as Spark does: integers widened to long, float to double, texts by their collation's key,
/// arrays as the bytes of their elements. Empty texts and arrays do not count.
template <class Update>
void with_hashed_value(const ColumnView& column, size_t row, Update update) {
  switch (column.type.kind()) {
    case TypeKind::integer:
      return update(static_cast<int64_t>(column.get<int32_t>(row)));
    case TypeKind::long_int:
      return update(column.get<int64_t>(row));
    case TypeKind::float32:
      return update(static_cast<double>(column.get<float>(row)));
    case TypeKind::float64:
      return update(column.get<double>(row));
    case TypeKind::string:
    case TypeKind::binary: {
      std::string storage;
      const std::string_view bytes = collated_bytes(column.type, column.text(row), storage);
      return bytes.empty() ? void() : update(bytes);
    }
    case TypeKind::array: {
      const ListSlot list = column.list(row);
      const ColumnView& elements = column.children[0];
      std::string bytes;
      for (uint64_t i = 0; i < list.length; ++i) {
        const bool null = elements.is_null(list.offset + i);
        if (elements.type.is(TypeKind::integer)) {
          const int32_t value = null ? 0 : elements.get<int32_t>(list.offset + i);
          bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
        } else {
          const int64_t value = null ? 0 : elements.get<int64_t>(list.offset + i);
          bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
        }
      }
      return bytes.empty() ? void() : update(std::string_view(bytes));
    }
    default:
      throw_internal("no sketch hashes " + simple_string(column.type));
  }
}

}  // namespace pyrite
