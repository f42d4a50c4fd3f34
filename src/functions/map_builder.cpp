// Builds maps with Spark's rules for NULL and repeated keys.
#include "functions/map_builder.h"

#include "base/error.h"
#include "functions/row_key.h"

namespace pyrite {

bool last_key_wins(const KernelContext& context) {
  return context.call.session && context.call.session->conf("spark.sql.mapKeyDedupPolicy", "EXCEPTION") == "LAST_WIN";
}

std::string key_text(const ColumnView& keys, size_t row) {
  switch (keys.type.kind()) {
    case TypeKind::string:
    case TypeKind::char_n:
    case TypeKind::varchar_n:
    case TypeKind::binary:
      return std::string(keys.text(row));
    case TypeKind::boolean:
      return keys.get<bool>(row) ? "true" : "false";
    case TypeKind::decimal:
      return decimal_text(keys.decimal(row), keys.type.scale());
    case TypeKind::float32:
    case TypeKind::float64: {
      const double value = keys.type.is(TypeKind::float32) ? keys.get<float>(row) : keys.get<double>(row);
      std::string text = std::to_string(value);
      while (text.find('.') != std::string::npos && text.back() == '0' && text[text.size() - 2] != '.') {
        text.pop_back();
      }
      return text;
    }
    case TypeKind::array:
    case TypeKind::structure: {
      std::string text = "[";
      const bool array = keys.type.is(TypeKind::array);
      const ListSlot slot = array ? keys.list(row) : ListSlot{0, keys.children.size()};
      for (size_t i = 0; i < slot.length; ++i) {
        const ColumnView& child = keys.children[array ? 0 : i];
        const size_t at = array ? slot.offset + i : keys.position(row);
        text += (i ? "," : "") + (child.is_null(at) ? std::string("null") : key_text(child, at));
      }
      return text + "]";
    }
    default: {
      const Value value = read_value(keys, row);
      return std::holds_alternative<int64_t>(value.storage()) ? std::to_string(value.integer()) : "";
    }
  }
}

void throw_duplicate_key(std::string key) {
  throw SparkError("DUPLICATED_MAP_KEY",
                   {{"key", std::move(key)}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}});
}

MapBuilder::MapBuilder(const KernelContext& context) : last_wins_(last_key_wins(context)) {}

void MapBuilder::clear() {
  entries_.clear();
  places_.clear();
}

void MapBuilder::add(const ColumnView& keys, size_t key, const ColumnView& values, size_t value) {
  if (keys.type.is(TypeKind::null) || keys.is_null(key)) {
    throw SparkError("NULL_MAP_KEY");
  }
  size_t found = entries_.size();
  if (entries_.size() < 8) {
    for (size_t i = 0; i < entries_.size() && found == entries_.size(); ++i) {
      found = same_rows(*entries_[i].keys, entries_[i].key, keys, key) ? i : found;
    }
  } else {
    if (places_.empty()) {
      for (size_t i = 0; i < entries_.size(); ++i) {
        key_.clear();
        append_row_key(key_, *entries_[i].keys, entries_[i].key);
        places_.emplace(key_, i);
      }
    }
    key_.clear();
    append_row_key(key_, keys, key);
    found = places_.try_emplace(key_, entries_.size()).first->second;
  }
  if (found == entries_.size()) {
    entries_.push_back({&keys, key, &values, value});
    return;
  }
  if (!last_wins_) {
    throw_duplicate_key(key_text(keys, key));
  }
  entries_[found].values = &values;
  entries_[found].value = value;
}

void MapBuilder::write(ColumnWriter& out, size_t row) const {
  size_t at = out.start_list(row, entries_.size());
  for (const Entry& entry : entries_) {
    out.child(0).copy(at, *entry.keys, entry.key);
    entry.values->type.is(TypeKind::null) ? out.child(1).set_null(at)
                                          : out.child(1).copy(at, *entry.values, entry.value);
    ++at;
  }
}

}  // namespace pyrite
