// A column in plain memory.
#include "functions/memory_column.h"

namespace pyrite {
namespace {

size_t value_width(const Type& type) {
  switch (type.kind()) {
    case TypeKind::boolean:
    case TypeKind::byte:
      return 1;
    case TypeKind::short_int:
      return 2;
    case TypeKind::integer:
    case TypeKind::date:
    case TypeKind::year_month_interval:
    case TypeKind::float32:
      return 4;
    case TypeKind::decimal:
      return static_cast<size_t>(decimal_width(type.precision()));
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return sizeof(StringSlot);
    case TypeKind::array:
    case TypeKind::map:
      return sizeof(ListSlot);
    case TypeKind::calendar_interval:
      return sizeof(CalendarInterval);
    case TypeKind::structure:
    case TypeKind::variant:
    case TypeKind::null:
      return 0;
    default:
      return 8;
  }
}

std::vector<Type> child_types(const Type& type) {
  switch (type.kind()) {
    case TypeKind::array:
      return {type.element()};
    case TypeKind::map:
      return {type.key(), type.value()};
    case TypeKind::variant:
      return {Type::binary(), Type::binary()};
    case TypeKind::structure: {
      std::vector<Type> types;
      for (const StructField& field : type.fields()) {
        types.push_back(field.type);
      }
      return types;
    }
    default:
      return {};
  }
}

bool has_rows_of_its_own(const Type& type) { return type.is(TypeKind::array) || type.is(TypeKind::map); }

}  // namespace

MemoryColumn::MemoryColumn(Type type, size_t rows) : type_(std::move(type)), width_(value_width(type_)) {
  for (Type& child : child_types(type_)) {
    children_.push_back(std::make_unique<MemoryColumn>(std::move(child)));
  }
  resize(rows);
}

MemoryColumn::MemoryColumn(Type type, const ValueList& values) : MemoryColumn(std::move(type), values.size()) {
  for (size_t i = 0; i < values.size(); ++i) {
    write_value(*this, i, values[i]);
  }
}

void MemoryColumn::resize(size_t rows) {
  rows_ = rows;
  // One spare value keeps the buffer's address usable when there is no row.
  bytes_.resize((rows + 1) * width_ + 1);
  validity_.resize(rows / 64 + 1, ~uint64_t{0});
  if (!has_rows_of_its_own(type_)) {
    for (const auto& child : children_) {
      child->resize(rows);
    }
  }
}

void MemoryColumn::set_null(size_t row) {
  validity_[row / 64] &= ~(uint64_t{1} << (row % 64));
  if (!has_rows_of_its_own(type_)) {
    for (const auto& child : children_) {
      child->set_null(row);
    }
  }
}

void MemoryColumn::set_text(size_t row, std::string_view bytes) {
  StringSlot slot{};
  slot.pointer.length = static_cast<uint32_t>(bytes.size());
  if (bytes.size() <= sizeof slot.inlined.bytes) {
    std::memcpy(slot.inlined.bytes, bytes.data(), bytes.size());
  } else {
    texts_.emplace_back(bytes);
    std::memcpy(slot.pointer.prefix, bytes.data(), sizeof slot.pointer.prefix);
    slot.pointer.bytes = texts_.back().data();
  }
  reinterpret_cast<StringSlot*>(bytes_.data())[row] = slot;
}

size_t MemoryColumn::start_list(size_t row, size_t length) {
  const size_t start = children_[0]->size();
  for (const auto& child : children_) {
    child->resize(start + length);
  }
  reinterpret_cast<ListSlot*>(bytes_.data())[row] = {start, length};
  return start;
}

void MemoryColumn::copy(size_t row, const ColumnView& source, size_t source_row) {
  write_value(*this, row, read_value(source, source_row));
}

ColumnView MemoryColumn::view() const {
  ColumnView view;
  view.type = type_;
  view.data = bytes_.data();
  view.validity = validity_.data();
  view.size = rows_;
  for (const auto& child : children_) {
    view.children.push_back(child->view());
  }
  return view;
}

ValueList run_kernel(const Kernel& kernel, const CallInfo& call, const std::vector<ValueList>& arguments, size_t rows) {
  std::vector<std::unique_ptr<MemoryColumn>> columns;
  std::vector<ColumnView> views;
  for (size_t i = 0; i < arguments.size(); ++i) {
    columns.push_back(std::make_unique<MemoryColumn>(call.argument_types[i], arguments[i]));
    views.push_back(columns.back()->view());
  }
  const std::shared_ptr<void> state = kernel.prepare ? kernel.prepare(call) : nullptr;
  MemoryColumn out(call.result_type, rows);
  const KernelContext context{call, state.get()};
  kernel.run(context, views, rows, out);
  ValueList results;
  for (size_t row = 0; row < rows; ++row) {
    results.push_back(out.value(row));
  }
  return results;
}

}  // namespace pyrite
