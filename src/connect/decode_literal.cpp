// Literal messages to values and their types.
#include <spark/connect/expressions.pb.h>

#include <algorithm>
#include <cstdlib>

#include "connect/decode.h"

namespace pyrite::connect {
namespace {

namespace proto = spark::connect;
using Message = proto::Expression_Literal;

struct DecimalText {
  Int128 unscaled = 0;
  int precision = 0;
  int scale = 0;
};

/// Reads "-12.34" and "1.2E+5".
DecimalText read_decimal(const std::string& text) {
  DecimalText out;
  size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) {
    ++i;
  }
  int digits = 0;
  bool point = false, any = false;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      any = true;
      if (digits > 0 || c != '0') {
        ++digits;
      }
      if (digits > 38) {
        throw SparkError("NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
                         {{"roundedValue", text}, {"originalValue", text}, {"precision", "38"}, {"scale", "0"}});
      }
      out.unscaled = out.unscaled * 10 + (c - '0');
      out.scale += point ? 1 : 0;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E') && text.size() - i <= 8) {
    char* end = nullptr;
    const long exponent = std::strtol(text.c_str() + i + 1, &end, 10);
    any = any && end != text.c_str() + i + 1;
    i = end - text.c_str();
    out.scale -= static_cast<int>(std::clamp(exponent, -100000L, 100000L));
  }
  if (!any || i != text.size()) {
    throw_invalid_plan("the decimal literal '" + text + "'");
  }
  while (out.scale < 0 && digits <= 38) {
    out.unscaled *= 10;
    digits += out.unscaled == 0 ? 0 : 1;
    ++out.scale;
  }
  if (digits > 38 || out.scale > 38) {
    throw SparkError("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                     {{"precision", std::to_string(std::max(digits, out.scale))}, {"maxPrecision", "38"}});
  }
  out.precision = std::max({digits, out.scale, 1});
  out.unscaled = negative ? -out.unscaled : out.unscaled;
  return out;
}

/// The unscaled value at another scale, rounded half up.
Int128 rescale(Int128 unscaled, int from, int to) {
  for (; from < to; ++from) {
    unscaled *= 10;
  }
  if (from > to) {
    const Int128 divisor = power_of_ten(from - to);
    const Int128 half = divisor / 2;
    unscaled = (unscaled + (unscaled < 0 ? -half : half)) / divisor;
  }
  return unscaled;
}

template <class Values>
ValueList integers(const Values& values) {
  ValueList out;
  for (const auto value : values) {
    out.push_back(Value(static_cast<int64_t>(value)));
  }
  return out;
}

template <class Values>
ValueList plain(const Values& values) {
  ValueList out;
  for (const auto& value : values) {
    out.push_back(Value(value));
  }
  return out;
}

ValueList specialized(const Message::SpecializedArray& array) {
  switch (array.value_type_case()) {
    case Message::SpecializedArray::kBools:
      return plain(std::vector<bool>(array.bools().values().begin(), array.bools().values().end()));
    case Message::SpecializedArray::kInts:
      return integers(array.ints().values());
    case Message::SpecializedArray::kLongs:
      return integers(array.longs().values());
    case Message::SpecializedArray::kFloats:
      return plain(array.floats().values());
    case Message::SpecializedArray::kDoubles:
      return plain(array.doubles().values());
    case Message::SpecializedArray::kStrings:
      return plain(array.strings().values());
    case Message::SpecializedArray::VALUE_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.ARRAY_LITERAL_NOT_SET");
}

Type specialized_element(const Message::SpecializedArray& array) {
  switch (array.value_type_case()) {
    case Message::SpecializedArray::kBools:
      return Type::boolean();
    case Message::SpecializedArray::kInts:
      return Type::integer();
    case Message::SpecializedArray::kLongs:
      return Type::long_int();
    case Message::SpecializedArray::kFloats:
      return Type::float32();
    case Message::SpecializedArray::kDoubles:
      return Type::float64();
    case Message::SpecializedArray::kStrings:
      return Type::string();
    case Message::SpecializedArray::VALUE_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.ARRAY_LITERAL_NOT_SET");
}

/// Whether a message can hold a value of the type; values are read by their type later.
bool holds(const Message& message, const Type& type) {
  switch (message.literal_type_case()) {
    case Message::kNull:
      return true;
    case Message::kBinary:
      return type.is(TypeKind::binary);
    case Message::kBoolean:
      return type.is(TypeKind::boolean);
    case Message::kByte:
    case Message::kShort:
    case Message::kInteger:
    case Message::kLong:
      return type.is(TypeKind::byte) || type.is(TypeKind::short_int) || type.is(TypeKind::integer) ||
             type.is(TypeKind::long_int);
    case Message::kFloat:
      return type.is(TypeKind::float32);
    case Message::kDouble:
      return type.is(TypeKind::float64);
    case Message::kDecimal:
      return type.is(TypeKind::decimal);
    case Message::kString:
      return type.is_string() || type.is(TypeKind::char_n) || type.is(TypeKind::varchar_n);
    case Message::kDate:
      return type.is(TypeKind::date);
    case Message::kTimestamp:
      return type.is(TypeKind::timestamp);
    case Message::kTimestampNtz:
      return type.is(TypeKind::timestamp_ntz);
    case Message::kCalendarInterval:
      return type.is(TypeKind::calendar_interval);
    case Message::kYearMonthInterval:
      return type.is(TypeKind::year_month_interval);
    case Message::kDayTimeInterval:
      return type.is(TypeKind::day_time_interval);
    case Message::kTime:
      return type.is(TypeKind::time);
    case Message::kArray:
      return type.is(TypeKind::array);
    case Message::kSpecializedArray:
      return type.is(TypeKind::array) && type.element().is(specialized_element(message.specialized_array()).kind());
    case Message::kMap:
      return type.is(TypeKind::map);
    case Message::kStruct:
      return type.is(TypeKind::structure);
    case Message::LITERAL_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", "LITERALTYPE_NOT_SET(0)"}});
}

}  // namespace

Type Decoder::literal_type(const Message& message) {
  const Depth depth(*this);
  if (message.has_data_type()) {
    return type(message.data_type());
  }
  switch (message.literal_type_case()) {
    case Message::kNull:
      return type(message.null());
    case Message::kBinary:
      return Type::binary();
    case Message::kBoolean:
      return Type::boolean();
    case Message::kByte:
      return Type::byte();
    case Message::kShort:
      return Type::short_int();
    case Message::kInteger:
      return Type::integer();
    case Message::kLong:
      return Type::long_int();
    case Message::kFloat:
      return Type::float32();
    case Message::kDouble:
      return Type::float64();
    case Message::kDecimal: {
      const DecimalText read = read_decimal(message.decimal().value());
      // A precision or scale that the value does not fit grows.
      const int scale = std::max(message.decimal().scale(), read.scale);
      const int precision = std::max({message.decimal().precision(), read.precision - read.scale + scale, scale, 1});
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
        throw_invalid_plan("a decimal literal's precision and scale");
      }
      return Type::decimal(precision, scale);
    }
    case Message::kString:
      return Type::string();
    case Message::kDate:
      return Type::date();
    case Message::kTimestamp:
      return Type::timestamp();
    case Message::kTimestampNtz:
      return Type::timestamp_ntz();
    case Message::kCalendarInterval:
      return Type::calendar_interval();
    case Message::kYearMonthInterval:
      return Type::year_month_interval();
    case Message::kDayTimeInterval:
      return Type::day_time_interval();
    case Message::kTime:
      return Type::time(message.time().has_precision() ? message.time().precision() : 6);
    case Message::kArray: {
      const auto& array = message.array();
      if (!array.has_element_type() && array.elements_size() == 0) {
        throw SparkError("CONNECT_INVALID_PLAN.ARRAY_LITERAL_MISSING_DATA_TYPE");
      }
      return Type::array(array.has_element_type() ? type(array.element_type()) : literal_type(array.elements(0)), true);
    }
    case Message::kSpecializedArray:
      return Type::array(specialized_element(message.specialized_array()), false);
    case Message::kMap: {
      const auto& map = message.map();
      if ((!map.has_key_type() || !map.has_value_type()) && (map.keys_size() == 0 || map.values_size() == 0)) {
        throw SparkError("CONNECT_INVALID_PLAN.MAP_LITERAL_MISSING_DATA_TYPE");
      }
      Type key = map.has_key_type() ? type(map.key_type()) : literal_type(map.keys(0));
      Type value = map.has_value_type() ? type(map.value_type()) : literal_type(map.values(0));
      return Type::map(std::move(key), std::move(value), true);
    }
    case Message::kStruct: {
      if (message.struct_().has_struct_type()) {
        return type(message.struct_().struct_type());
      }
      throw SparkError("CONNECT_INVALID_PLAN.STRUCT_LITERAL_MISSING_DATA_TYPE");
    }
    case Message::LITERAL_TYPE_NOT_SET:
      break;
  }
  throw SparkError("CONNECT_INVALID_PLAN.UNSUPPORTED_LITERAL_TYPE", {{"typeInfo", "LITERALTYPE_NOT_SET(0)"}});
}

Value Decoder::literal_value(const Message& message, const Type& type) {
  const Depth depth(*this);
  if (!holds(message, type)) {
    throw_invalid_plan("a literal whose value is not of its type");
  }
  switch (message.literal_type_case()) {
    case Message::kNull:
      return Value();
    case Message::kBinary:
      return Value(message.binary());
    case Message::kBoolean:
      return Value(message.boolean());
    case Message::kByte:
      return Value(int64_t{static_cast<int8_t>(message.byte())});
    case Message::kShort:
      return Value(int64_t{static_cast<int16_t>(message.short_())});
    case Message::kInteger:
      return Value(int64_t{message.integer()});
    case Message::kLong:
      return Value(int64_t{message.long_()});
    case Message::kFloat:
      return Value(message.float_());
    case Message::kDouble:
      return Value(message.double_());
    case Message::kDecimal: {
      const DecimalText read = read_decimal(message.decimal().value());
      const int scale = type.is(TypeKind::decimal) ? type.scale() : read.scale;
      if (read.precision - read.scale + scale > 38) {
        throw_invalid_plan("a decimal literal that does not fit its type");
      }
      return Value(rescale(read.unscaled, read.scale, scale));
    }
    case Message::kString:
      return Value(message.string());
    case Message::kDate:
      return Value(int64_t{message.date()});
    case Message::kTimestamp:
      return Value(int64_t{message.timestamp()});
    case Message::kTimestampNtz:
      return Value(int64_t{message.timestamp_ntz()});
    case Message::kCalendarInterval: {
      const auto& interval = message.calendar_interval();
      return Value(CalendarInterval{interval.months(), interval.days(), interval.microseconds()});
    }
    case Message::kYearMonthInterval:
      return Value(int64_t{message.year_month_interval()});
    case Message::kDayTimeInterval:
      return Value(int64_t{message.day_time_interval()});
    case Message::kTime:
      return Value(int64_t{message.time().nano() / 1000});
    case Message::kArray: {
      const Type element = type.is(TypeKind::array) ? type.element() : Type::null();
      ValueList list;
      for (const auto& child : message.array().elements()) {
        list.push_back(literal_value(child, element));
      }
      return Value(std::move(list));
    }
    case Message::kSpecializedArray:
      return Value(specialized(message.specialized_array()));
    case Message::kMap: {
      const auto& map = message.map();
      if (map.keys_size() != map.values_size() || !type.is(TypeKind::map)) {
        throw SparkError("CONNECT_INVALID_PLAN.MAP_LITERAL_NOT_SET");
      }
      ValuePairs pairs;
      for (int i = 0; i < map.keys_size(); ++i) {
        pairs.emplace_back(literal_value(map.keys(i), type.key()), literal_value(map.values(i), type.value()));
      }
      return Value(std::move(pairs));
    }
    case Message::kStruct: {
      const auto& elements = message.struct_().elements();
      if (!type.is(TypeKind::structure) || type.fields().size() != static_cast<size_t>(elements.size())) {
        throw SparkError("CONNECT_INVALID_PLAN.STRUCT_LITERAL_NOT_SET");
      }
      ValueList list;
      for (int i = 0; i < elements.size(); ++i) {
        list.push_back(literal_value(elements[i], type.fields()[i].type));
      }
      return Value(std::move(list));
    }
    case Message::LITERAL_TYPE_NOT_SET:
      break;
  }
  return Value();
}

plan::Literal Decoder::literal(const Message& message) {
  Type type = literal_type(message);
  Value value = literal_value(message, type);
  return {std::move(value), std::move(type), {}};
}

plan::ExpressionPtr Decoder::literal_expression(const Message& message) {
  return plan::make_expression(literal(message));
}

}  // namespace pyrite::connect
