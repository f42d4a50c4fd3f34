// Builders of display rules: how calls of functions show in output names.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace pyrite {

/// A string usable as a template argument.
template <size_t n>
struct FixedText {
  char text[n]{};
  constexpr FixedText(const char (&from)[n]) { std::copy_n(from, n, text); }
  constexpr std::string_view view() const { return {text, n - 1}; }
};

inline std::string call_text(std::string_view name, const std::vector<std::string>& arguments) {
  std::string out(name);
  out += '(';
  for (size_t i = 0; i < arguments.size(); ++i) {
    out += (i ? ", " : "") + arguments[i];
  }
  return out + ")";
}

/// name(arguments…, defaults…): arguments that were left out show their default values. `arity` counts them all.
template <size_t arity, FixedText... defaults>
std::string show_defaults(std::string_view name, const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, sizeof...(defaults)> values{defaults.view()...};
  std::vector<std::string> shown = arguments;
  for (size_t i = shown.size(); i < arity; ++i) {
    shown.emplace_back(values[i + values.size() - arity]);
  }
  return call_text(name, shown);
}

/// Another name in place of the call's own.
template <FixedText shown>
std::string show_as(std::string_view, const std::vector<std::string>& arguments) {
  return call_text(shown.view(), arguments);
}

/// The call's name in capitals, as Spark shows its mathematical functions.
inline std::string show_capitals(std::string_view name, const std::vector<std::string>& arguments) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return call_text(capitals, arguments);
}

}  // namespace pyrite
