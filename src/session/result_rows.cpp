// Reads Arrow batches into values, and makes relations of a command's rows.
#include "session/result_rows.h"

#include "analyzer/analyzer.h"
#include "base/error.h"
#include "nanoarrow/nanoarrow.hpp"

namespace pyrite {
namespace {

Value read_value(const ArrowArrayView& view, int64_t row, const Type& type) {
  if (ArrowArrayViewIsNull(&view, row)) {
    return Value();
  }
  switch (type.kind()) {
    case TypeKind::null:
      return Value();
    case TypeKind::boolean:
      return Value(ArrowArrayViewGetIntUnsafe(&view, row) != 0);
    case TypeKind::byte:
    case TypeKind::short_int:
    case TypeKind::integer:
    case TypeKind::long_int:
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
      return Value(ArrowArrayViewGetIntUnsafe(&view, row));
    case TypeKind::time:
      return Value(ArrowArrayViewGetIntUnsafe(&view, row) / 1000);
    case TypeKind::float32:
      return Value(static_cast<float>(ArrowArrayViewGetDoubleUnsafe(&view, row)));
    case TypeKind::float64:
      return Value(ArrowArrayViewGetDoubleUnsafe(&view, row));
    case TypeKind::decimal: {
      ArrowDecimal decimal;
      ArrowDecimalInit(&decimal, 128, type.precision(), type.scale());
      ArrowArrayViewGetDecimalUnsafe(&view, row, &decimal);
      const auto high = static_cast<Int128>(static_cast<int64_t>(decimal.words[decimal.high_word_index]));
      return Value((high << 64) | static_cast<Int128>(decimal.words[decimal.low_word_index]));
    }
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary: {
      const ArrowBufferView bytes = ArrowArrayViewGetBytesUnsafe(&view, row);
      return Value(std::string(bytes.data.as_char, static_cast<size_t>(bytes.size_bytes)));
    }
    case TypeKind::year_month_interval:
    case TypeKind::day_time_interval:
      if (view.storage_type == NANOARROW_TYPE_INTERVAL_MONTHS) {
        ArrowInterval interval;
        ArrowIntervalInit(&interval, NANOARROW_TYPE_INTERVAL_MONTHS);
        ArrowArrayViewGetIntervalUnsafe(&view, row, &interval);
        return Value(int64_t{interval.months});
      }
      return Value(ArrowArrayViewGetIntUnsafe(&view, row));
    case TypeKind::calendar_interval: {
      ArrowInterval interval;
      ArrowIntervalInit(&interval, NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO);
      ArrowArrayViewGetIntervalUnsafe(&view, row, &interval);
      return Value(CalendarInterval{interval.months, interval.days, interval.ns / 1000});
    }
    case TypeKind::array: {
      ValueList list;
      const int64_t end = ArrowArrayViewListChildOffset(&view, row + 1);
      for (int64_t i = ArrowArrayViewListChildOffset(&view, row); i < end; ++i) {
        list.push_back(read_value(*view.children[0], i, type.element()));
      }
      return Value(std::move(list));
    }
    case TypeKind::map: {
      ValuePairs pairs;
      const ArrowArrayView& entries = *view.children[0];
      const int64_t end = ArrowArrayViewListChildOffset(&view, row + 1);
      for (int64_t i = ArrowArrayViewListChildOffset(&view, row); i < end; ++i) {
        pairs.emplace_back(read_value(*entries.children[0], entries.offset + i, type.key()),
                           read_value(*entries.children[1], entries.offset + i, type.value()));
      }
      return Value(std::move(pairs));
    }
    case TypeKind::structure: {
      ValueList list;
      for (size_t i = 0; i < type.fields().size(); ++i) {
        list.push_back(read_value(*view.children[i], view.offset + row, type.fields()[i].type));
      }
      return Value(std::move(list));
    }
    case TypeKind::variant: {
      ValueList list;
      for (int i = 0; i < 2; ++i) {
        list.push_back(read_value(*view.children[i], view.offset + row, Type::binary()));
      }
      return Value(std::move(list));
    }
  }
  throw_internal("a value of an unknown type in a result");
}

}  // namespace

resolved::RelationPtr rows_relation(const std::vector<StructField>& columns, std::vector<ValueList> rows) {
  std::vector<resolved::Column> output;
  for (const StructField& column : columns) {
    output.push_back({next_column_id(), column.name, column.type, column.nullable, column.metadata, {}});
  }
  resolved::InlineRows inline_rows;
  for (ValueList& row : rows) {
    std::vector<resolved::ExpressionPtr> expressions;
    for (size_t i = 0; i < columns.size(); ++i) {
      expressions.push_back(resolved::literal(std::move(row[i]), columns[i].type));
    }
    inline_rows.rows.push_back(std::move(expressions));
  }
  return resolved::make_relation(std::move(inline_rows), std::move(output));
}

resolved::RelationPtr no_rows() { return resolved::make_relation(resolved::InlineRows{}, {}); }

StructField text_column(std::string name, bool nullable) { return {std::move(name), Type::string(), nullable, {}}; }

StructField flag_column(std::string name, bool nullable) { return {std::move(name), Type::boolean(), nullable, {}}; }

std::vector<ValueList> collect_rows(ResultStream& stream) {
  nanoarrow::UniqueSchema schema;
  stream.schema(schema.get());
  nanoarrow::UniqueArrayView view;
  ArrowError error{};
  check(ArrowArrayViewInitFromSchema(view.get(), schema.get(), &error) == NANOARROW_OK, error.message);
  const std::vector<resolved::Column>& columns = stream.columns();
  std::vector<ValueList> rows;
  for (;;) {
    nanoarrow::UniqueArray batch;
    if (!stream.next(batch.get())) {
      return rows;
    }
    check(ArrowArrayViewSetArray(view.get(), batch.get(), &error) == NANOARROW_OK, error.message);
    for (int64_t row = 0; row < batch->length; ++row) {
      ValueList values;
      values.reserve(columns.size());
      for (size_t i = 0; i < columns.size(); ++i) {
        values.push_back(read_value(*view->children[i], view->offset + row, columns[i].type));
      }
      rows.push_back(std::move(values));
    }
  }
}

}  // namespace pyrite
