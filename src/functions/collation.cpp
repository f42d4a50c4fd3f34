// Collations on ICU: UTF8_BINARY, UTF8_LCASE, UNICODE and locales, with case, accent and trailing-space variants.
#include "functions/collation.h"

#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/stsearch.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <map>
#include <mutex>
#include <vector>

#include "base/error.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

bool take_suffix(std::string& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) {
    return false;
  }
  name.resize(name.size() - suffix.size());
  return true;
}

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

std::string_view without_trailing_spaces(std::string_view text) {
  const size_t end = text.find_last_not_of(' ');
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

[[noreturn]] void invalid_name(std::string_view name) {
  throw SparkError("COLLATION_INVALID_NAME",
                   {{"collationName", std::string(name)}, {"proposals", "UTF8_BINARY, UTF8_LCASE, UNICODE"}});
}

/// The locale as ICU spells it, or nullopt. Languages stand in lower case, scripts in title case, countries in
/// capitals.
std::optional<icu::Locale> locale_of(const std::string& upper_name) {
  int32_t count = 0;
  const icu::Locale* locales = icu::Collator::getAvailableLocales(count);
  for (int32_t i = 0; i < count; ++i) {
    const std::string known = locales[i].getName();
    if (upper(known) == upper_name) {
      return locales[i];
    }
  }
  return std::nullopt;
}

}  // namespace

struct Collation::Rules {
  std::unique_ptr<icu::RuleBasedCollator> collator;
};

Collation::Collation() = default;
Collation::~Collation() = default;

const Collation& Collation::named(std::string_view given) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<const Collation>, std::less<>> known;
  std::string wanted = upper(given);
  for (const std::string_view prefix : {"SYSTEM.BUILTIN.", "BUILTIN."}) {
    if (wanted.starts_with(prefix)) {
      wanted.erase(0, prefix.size());
      break;
    }
  }
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(wanted); found != known.end()) {
    return *found->second;
  }
  std::unique_ptr<Collation> made(new Collation());
  std::string base = wanted;
  made->trims_right_ = take_suffix(base, "_RTRIM");
  if (base == "UTF8_BINARY" || base == "UTF8_LCASE") {
    made->kind_ = base == "UTF8_LCASE" ? Kind::lower_case : Kind::binary;
    made->name_ = wanted;
  } else {
    bool any_case = false;
    bool any_accent = false;
    bool case_said = false;
    bool accent_said = false;
    while (true) {
      if (!case_said && (take_suffix(base, "_CI") ? (any_case = true) : take_suffix(base, "_CS"))) {
        case_said = true;
      } else if (!accent_said && (take_suffix(base, "_AI") ? (any_accent = true) : take_suffix(base, "_AS"))) {
        accent_said = true;
      } else {
        break;
      }
    }
    const auto locale = base == "UNICODE" ? std::optional(icu::Locale::getRoot()) : locale_of(base);
    if (!locale) {
      invalid_name(given);
    }
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(*locale, status));
    auto* rules = dynamic_cast<icu::RuleBasedCollator*>(collator.get());
    if (U_FAILURE(status) || !rules) {
      invalid_name(given);
    }
    collator.release();
    made->kind_ = Kind::locale;
    made->rules_ = std::make_unique<Rules>();
    made->rules_->collator.reset(rules);
    rules->setStrength(any_accent ? icu::Collator::PRIMARY
                       : any_case ? icu::Collator::SECONDARY
                                  : icu::Collator::TERTIARY);
    if (any_accent && !any_case) {
      rules->setAttribute(UCOL_CASE_LEVEL, UCOL_ON, status);
    }
    made->name_ = (base == "UNICODE" ? "UNICODE" : std::string(locale->getName())) + (any_case ? "_CI" : "") +
                  (any_accent ? "_AI" : "") + (made->trims_right_ ? "_RTRIM" : "");
  }
  return *known.emplace(wanted, std::move(made)).first->second;
}

const Collation* Collation::of(const Type& type) {
  if (!type.is(TypeKind::string) || type.collation().empty()) {
    return nullptr;
  }
  const Collation& collation = named(type.collation());
  return collation.kind_ == Kind::binary && !collation.trims_right_ ? nullptr : &collation;
}

std::u32string collated_lower(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const char32_t c = utf8::decode(text, i);
    if (c == 0x130) {
      out += U"i\u0307";
    } else if (c == 0x3C2) {
      out += U'\u03C3';
    } else {
      out += static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    }
  }
  return out;
}

std::string Collation::key(std::string_view text) const {
  if (trims_right_) {
    text = without_trailing_spaces(text);
  }
  switch (kind_) {
    case Kind::binary:
      return std::string(text);
    case Kind::lower_case: {
      std::string out;
      for (const char32_t c : collated_lower(text)) {
        utf8::append(out, c);
      }
      return out;
    }
    case Kind::locale: {
      const icu::UnicodeString source = utf16(text);
      std::string out(text.size() * 4 + 16, '\0');
      int32_t size = rules_->collator->getSortKey(source, reinterpret_cast<uint8_t*>(out.data()),
                                                  static_cast<int32_t>(out.size()));
      if (static_cast<size_t>(size) > out.size()) {
        out.resize(static_cast<size_t>(size));
        size = rules_->collator->getSortKey(source, reinterpret_cast<uint8_t*>(out.data()), size);
      }
      out.resize(static_cast<size_t>(size));
      return out;
    }
  }
  return {};
}

bool Collation::same(std::string_view left, std::string_view right) const { return key(left) == key(right); }

namespace {

/// End of a match of the lowered part at the byte `at`, or nullopt; matches end between characters.
std::optional<size_t> lowered_match(std::string_view text, size_t at, std::u32string_view part) {
  size_t matched = 0;
  while (matched < part.size()) {
    if (at >= text.size()) {
      return std::nullopt;
    }
    const size_t next = utf8::advance(text, at, 1);
    for (const char32_t c : collated_lower(text.substr(at, next - at))) {
      if (matched >= part.size() || part[matched] != c) {
        return std::nullopt;
      }
      ++matched;
    }
    at = next;
  }
  return at;
}

/// Byte offsets of the UTF-16 positions of a text.
std::vector<size_t> offsets_of(std::string_view text) {
  std::vector<size_t> offsets;
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const char32_t c = utf8::decode(text, i);
    offsets.push_back(start);
    if (c > 0xFFFF) {
      offsets.push_back(start);
    }
  }
  offsets.push_back(text.size());
  return offsets;
}

}  // namespace

std::optional<std::pair<size_t, size_t>> Collation::find(std::string_view text, std::string_view part,
                                                         size_t from) const {
  if (part.empty()) {
    return std::pair{from, from};
  }
  if (kind_ == Kind::binary) {
    const size_t at = text.find(part, from);
    return at == std::string_view::npos ? std::nullopt : std::optional(std::pair{at, at + part.size()});
  }
  if (kind_ == Kind::lower_case) {
    const std::u32string lowered = collated_lower(part);
    for (size_t at = from; at < text.size(); at = utf8::advance(text, at, 1)) {
      if (const auto end = lowered_match(text, at, lowered)) {
        return std::pair{at, *end};
      }
    }
    return std::nullopt;
  }
  const std::string_view rest = text.substr(std::min(from, text.size()));
  if (rest.empty()) {
    return std::nullopt;
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::StringSearch search(utf16(part), utf16(rest), rules_->collator.get(), nullptr, status);
  if (U_FAILURE(status)) {
    return std::nullopt;
  }
  const int32_t at = search.first(status);
  if (U_FAILURE(status) || at == USEARCH_DONE) {
    return std::nullopt;
  }
  const std::vector<size_t> offsets = offsets_of(rest);
  return std::pair{from + offsets[static_cast<size_t>(at)],
                   from + offsets[static_cast<size_t>(at + search.getMatchedLength())]};
}

std::optional<std::pair<size_t, size_t>> Collation::find_last(std::string_view text, std::string_view part,
                                                              size_t before) const {
  std::optional<std::pair<size_t, size_t>> last;
  for (auto found = find(text.substr(0, before), part); found && found->second > found->first;
       found = find(text.substr(0, before), part, utf8::advance(text, found->first, 1))) {
    last = found;
  }
  return last;
}

bool Collation::starts_with(std::string_view text, std::string_view part) const {
  if (kind_ == Kind::lower_case) {
    return lowered_match(text, 0, collated_lower(part)).has_value();
  }
  const auto found = find(text, part);
  return found && found->first == 0;
}

bool Collation::ends_with(std::string_view text, std::string_view part) const {
  if (part.empty()) {
    return true;
  }
  for (size_t at = 0; at < text.size(); at = utf8::advance(text, at, 1)) {
    const auto found = find(text, part, at);
    if (!found) {
      return false;
    }
    if (found->second == text.size()) {
      return true;
    }
    at = found->first;
  }
  return false;
}

}  // namespace pyrite
