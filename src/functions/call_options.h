// Options that a call gives as a constant map, and the session's facts with a fallback.
#pragma once

#include "base/error.h"
#include "functions/csv_format.h"

namespace pyrite {

/// Looks options up in the map argument at `index`, without case; nothing is found where there is no such argument.
inline OptionLookup call_options(const CallInfo& call, size_t index) {
  ValuePairs pairs;
  if (index < call.constants.size()) {
    if (!call.constants[index]) {
      throw SparkError("INVALID_OPTIONS.NON_MAP_FUNCTION");
    }
    if (!call.constants[index]->is_null()) {
      pairs = call.constants[index]->pairs();
    }
  }
  return [pairs = std::move(pairs)](std::string_view name) -> std::optional<std::string> {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (const auto& [key, value] : pairs) {
      const std::string& text = key.text();
      bool same = text.size() == name.size() && !value.is_null();
      for (size_t i = 0; i < text.size() && same; ++i) {
        same = lower(text[i]) == lower(name[i]);
      }
      if (same) {
        return value.text();
      }
    }
    return std::nullopt;
  };
}

/// The session's facts; at analysis only their defaults and the call's time zone are known.
inline SessionFacts call_session(const CallInfo& call) {
  if (call.session) {
    return *call.session;
  }
  SessionFacts facts;
  facts.time_zone = call.time_zone;
  return facts;
}

}  // namespace pyrite
