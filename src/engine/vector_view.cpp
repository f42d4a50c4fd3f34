// DuckDB vectors as the kernels' column views and writers.
#include "engine/vector_view.h"

#include <cstring>

#include "base/error.h"
#include "duckdb/common/vector/flat_vector.hpp"
#include "duckdb/common/vector/list_vector.hpp"
#include "duckdb/common/vector/map_vector.hpp"
#include "duckdb/common/vector/string_vector.hpp"
#include "duckdb/common/vector/struct_vector.hpp"
#include "engine/types.h"

namespace pyrite {
namespace {

static_assert(sizeof(ListSlot) == sizeof(duckdb::list_entry_t));
static_assert(sizeof(StringSlot) == sizeof(duckdb::string_t));
static_assert(sizeof(CalendarInterval) == sizeof(duckdb::interval_t));
static_assert(sizeof(duckdb::sel_t) == sizeof(uint32_t));

const Type& variant_part() {
  static const Type binary = Type::binary();
  return binary;
}

}  // namespace

size_t fixed_width(const Type& type) {
  switch (type.kind()) {
    case TypeKind::boolean:
    case TypeKind::byte:
      return 1;
    case TypeKind::short_int:
      return 2;
    case TypeKind::null:
    case TypeKind::integer:
    case TypeKind::float32:
    case TypeKind::date:
    case TypeKind::year_month_interval:
      return 4;
    case TypeKind::long_int:
    case TypeKind::float64:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
    case TypeKind::day_time_interval:
      return 8;
    case TypeKind::calendar_interval:
      return 16;
    case TypeKind::decimal:
      return static_cast<size_t>(decimal_width(type.precision()));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
    case TypeKind::array:
    case TypeKind::map:
    case TypeKind::structure:
    case TypeKind::variant:
      return 0;
  }
  return 0;
}

ColumnView VectorViews::view(const duckdb::Vector& vector, const Type& type, size_t rows) {
  duckdb::UnifiedVectorFormat& format = formats_.emplace_back();
  vector.ToUnifiedFormat(format);
  ColumnView view;
  view.type = type;
  view.data = format.data;
  view.selection = format.sel && format.sel->IsSet() ? format.sel->data() : nullptr;
  view.validity = format.validity.GetData();
  view.size = rows;
  view.constant = vector.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR;
  switch (type.kind()) {
    case TypeKind::array: {
      const duckdb::Vector& elements = duckdb::ListVector::GetChild(vector);
      view.children.push_back(this->view(elements, type.element(), elements.size()));
      break;
    }
    case TypeKind::map: {
      const duckdb::Vector& entries = duckdb::ListVector::GetChild(vector);
      const auto& parts = duckdb::StructVector::GetEntries(entries);
      view.children.push_back(this->view(parts[0], type.key(), entries.size()));
      view.children.push_back(this->view(parts[1], type.value(), entries.size()));
      break;
    }
    case TypeKind::structure: {
      const auto& parts = duckdb::StructVector::GetEntries(vector);
      for (size_t i = 0; i < type.fields().size(); ++i) {
        view.children.push_back(this->view(parts[i], type.fields()[i].type, rows));
      }
      break;
    }
    case TypeKind::variant: {
      const auto& parts = duckdb::StructVector::GetEntries(vector);
      view.children.push_back(this->view(parts[0], variant_part(), rows));
      view.children.push_back(this->view(parts[1], variant_part(), rows));
      break;
    }
    default:
      break;
  }
  return view;
}

VectorWriter::VectorWriter(duckdb::Vector& vector, const Type& type) : vector_(vector), type_(type) {}

void* VectorWriter::data() { return fixed_width(type_) ? duckdb::FlatVector::GetDataMutable(vector_) : nullptr; }

void VectorWriter::set_null(size_t row) {
  if (type_.is(TypeKind::array) || type_.is(TypeKind::map)) {
    duckdb::FlatVector::GetDataMutable<duckdb::list_entry_t>(vector_)[row] = duckdb::list_entry_t(0, 0);
  }
  duckdb::FlatVector::SetNull(vector_, row, true);
}

void VectorWriter::set_text(size_t row, std::string_view bytes) {
  auto* slots = duckdb::FlatVector::GetDataMutable<duckdb::string_t>(vector_);
  if (bytes.size() <= duckdb::string_t::INLINE_LENGTH) {
    slots[row] = duckdb::string_t(bytes.data(), static_cast<uint32_t>(bytes.size()));
    return;
  }
  if (bytes.size() > UINT32_MAX) {
    throw SparkError("COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION", {{"numberOfElements", std::to_string(bytes.size())},
                                                                 {"maxRoundedArrayLength", "2147483632"},
                                                                 {"functionName", "string"}});
  }
  slots[row] = duckdb::StringVector::AddStringOrBlob(vector_, bytes.data(), bytes.size());
}

size_t VectorWriter::start_list(size_t row, size_t length) {
  const size_t offset = duckdb::ListVector::GetListSize(vector_);
  duckdb::ListVector::Reserve(vector_, offset + length);
  duckdb::ListVector::SetListSize(vector_, offset + length);
  duckdb::FlatVector::GetDataMutable<duckdb::list_entry_t>(vector_)[row] = duckdb::list_entry_t(offset, length);
  return offset;
}

ColumnWriter& VectorWriter::child(size_t index) {
  while (children_.size() <= index) {
    const size_t next = children_.size();
    switch (type_.kind()) {
      case TypeKind::array:
        children_.push_back(
            std::make_unique<VectorWriter>(duckdb::ListVector::GetChildMutable(vector_), type_.element()));
        break;
      case TypeKind::map: {
        auto& parts = duckdb::StructVector::GetEntries(duckdb::ListVector::GetChildMutable(vector_));
        children_.push_back(std::make_unique<VectorWriter>(parts[next], next == 0 ? type_.key() : type_.value()));
        break;
      }
      case TypeKind::structure:
        children_.push_back(
            std::make_unique<VectorWriter>(duckdb::StructVector::GetEntries(vector_)[next], type_.fields()[next].type));
        break;
      case TypeKind::variant:
        children_.push_back(
            std::make_unique<VectorWriter>(duckdb::StructVector::GetEntries(vector_)[next], variant_part()));
        break;
      default:
        throw_internal("a child of a type without children");
    }
  }
  return *children_[index];
}

void VectorWriter::copy(size_t row, const ColumnView& source, size_t source_row) {
  if (source.is_null(source_row)) {
    set_null(row);
    return;
  }
  const size_t position = source.position(source_row);
  if (const size_t width = fixed_width(type_)) {
    std::memcpy(static_cast<char*>(data()) + row * width, static_cast<const char*>(source.data) + position * width,
                width);
    return;
  }
  switch (type_.kind()) {
    case TypeKind::array:
    case TypeKind::map: {
      const ListSlot list = source.list(source_row);
      const size_t start = start_list(row, list.length);
      for (size_t part = 0; part < source.children.size(); ++part) {
        ColumnWriter& out = child(part);
        for (size_t i = 0; i < list.length; ++i) {
          out.copy(start + i, source.children[part], list.offset + i);
        }
      }
      break;
    }
    case TypeKind::structure:
    case TypeKind::variant:
      for (size_t part = 0; part < source.children.size(); ++part) {
        child(part).copy(row, source.children[part], position);
      }
      break;
    default:
      set_text(row, source.text(source_row));
  }
}

}  // namespace pyrite
