// URL functions: parse_url, url_encode, url_decode.
#include "base/error.h"
#include "functions/families.h"
#include "functions/java_regex.h"
#include "functions/kernel.h"
#include "functions/utf8.h"

namespace pyrite {
namespace {

using lowering::Own;

// ---- java.net.URI's grammar (RFC 2396 with IPv6 literals and other characters beyond ASCII)

struct Url {
  std::optional<std::string_view> scheme, authority, user, host, path, query, fragment;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Letters, digits, unreserved marks, `extra`, escapes, and characters beyond ASCII that are no controls or spaces.
bool legal(std::string_view text, std::string_view extra, bool percent = true) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c & 0x80) {
      size_t at = i;
      const char32_t point = utf8::decode(text, at);
      if (point < 0xA1 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
          point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000) {
        return false;
      }
      i = at - 1;
    } else if (c == '%' && percent) {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
        return false;
      }
      i += 2;
    } else if (!is_letter(c) && !is_digit(c) && std::string_view("_-!.~'()*").find(c) == std::string_view::npos &&
               extra.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

constexpr std::string_view uric = ";/?:@&=+$,[]";

bool is_ipv4(std::string_view host) {
  int parts = 0;
  for (size_t begin = 0; begin <= host.size(); ++parts) {
    const size_t end = std::min(host.find('.', begin), host.size());
    const std::string_view part = host.substr(begin, end - begin);
    int value = 0;
    for (const char c : part) {
      if (!is_digit(c) || part.size() > 3) {
        return false;
      }
      value = value * 10 + (c - '0');
    }
    if (part.empty() || value > 255) {
      return false;
    }
    begin = end + 1;
  }
  return parts == 4;
}

bool is_hostname(std::string_view host) {
  if (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  std::string_view last;
  for (size_t begin = 0; begin <= host.size();) {
    const size_t end = std::min(host.find('.', begin), host.size());
    last = host.substr(begin, end - begin);
    if (last.empty() || last.front() == '-' || last.back() == '-') {
      return false;
    }
    for (const char c : last) {
      if (!is_letter(c) && !is_digit(c) && c != '-') {
        return false;
      }
    }
    begin = end + 1;
  }
  return !last.empty() && is_letter(last.front());
}

bool is_ipv6(std::string_view text) {
  const size_t scope = text.find('%');
  if (scope != std::string_view::npos) {
    text = text.substr(0, scope);
  }
  int groups = 0;
  bool gap = false;
  size_t i = 0;
  if (text.starts_with("::")) {
    gap = true;
    i = 2;
  }
  while (i < text.size()) {
    const size_t end = std::min(text.find(':', i), text.size());
    const std::string_view part = text.substr(i, end - i);
    if (part.find('.') != std::string_view::npos) {
      if (end != text.size() || !is_ipv4(part)) {
        return false;
      }
      groups += 2;
      break;
    }
    if (part.empty() || part.size() > 4) {
      return false;
    }
    for (const char c : part) {
      if (!is_hex(c)) {
        return false;
      }
    }
    ++groups;
    i = end;
    if (i < text.size()) {
      ++i;
      if (i < text.size() && text[i] == ':') {
        if (gap) {
          return false;
        }
        gap = true;
        ++i;
      } else if (i == text.size()) {
        return false;
      }
    }
  }
  return gap ? groups < 8 : groups == 8;
}

/// [user@]host[:port]; false when the authority does not read so.
bool parse_server(std::string_view authority, Url& url) {
  std::string_view rest = authority;
  if (const size_t at = rest.find('@'); at != std::string_view::npos) {
    url.user = rest.substr(0, at);
    if (!legal(*url.user, ";:&=+$,")) {
      return false;
    }
    rest.remove_prefix(at + 1);
  }
  std::string_view host;
  if (rest.starts_with('[')) {
    const size_t close = rest.find(']');
    if (close == std::string_view::npos || !is_ipv6(rest.substr(1, close - 1))) {
      return false;
    }
    host = rest.substr(0, close + 1);
  } else {
    host = rest.substr(0, rest.find(':'));
    if (!is_ipv4(host) && !is_hostname(host)) {
      return false;
    }
  }
  rest.remove_prefix(host.size());
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    int64_t port = 0;
    for (const char c : rest) {
      if (!is_digit(c) || (port = port * 10 + (c - '0')) > 2147483647) {
        return false;
      }
    }
  } else if (!rest.empty()) {
    return false;
  }
  url.host = host;
  return true;
}

bool parse_authority(std::string_view authority, Url& url) {
  const bool registry = legal(authority, "$,;:@&=+");
  Url server;
  if (legal(authority, ";:&=+$,@[]%", false) && parse_server(authority, server)) {
    url.user = server.user;
    url.host = server.host;
  } else if (!registry) {
    return false;
  }
  url.authority = authority;
  return true;
}

std::optional<Url> parse(std::string_view text) {
  Url url;
  std::string_view rest = text;
  if (const size_t hash = rest.find('#'); hash != std::string_view::npos) {
    url.fragment = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
    if (!legal(*url.fragment, uric)) {
      return std::nullopt;
    }
  }
  const size_t mark = rest.find_first_of("/?:");
  if (mark != std::string_view::npos && rest[mark] == ':') {
    url.scheme = rest.substr(0, mark);
    if (mark == 0 || !is_letter(rest[0])) {
      return std::nullopt;
    }
    for (const char c : *url.scheme) {
      if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') {
        return std::nullopt;
      }
    }
    rest.remove_prefix(mark + 1);
    if (!rest.starts_with('/')) {
      // An opaque part: nothing else can be asked of it.
      return !rest.empty() && legal(rest, uric) ? std::optional(url) : std::nullopt;
    }
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::string_view authority = rest.substr(0, std::min(rest.find_first_of("/?"), rest.size()));
    if (authority.empty() && rest.empty() && !url.fragment) {
      return std::nullopt;
    }
    if (!authority.empty() && !parse_authority(authority, url)) {
      return std::nullopt;
    }
    rest.remove_prefix(authority.size());
  }
  const size_t question = rest.find('?');
  url.path = rest.substr(0, question);
  if (question != std::string_view::npos) {
    url.query = rest.substr(question + 1);
  }
  if (!legal(*url.path, ";/:@&=+$,") || (url.query && !legal(*url.query, uric))) {
    return std::nullopt;
  }
  return url;
}

/// Keys of a query are looked up as Java patterns, as Spark does.
struct QueryKey {
  explicit QueryKey(const CallInfo&) {}
  RegexCache cache;
};

std::optional<std::string> parse_url(const KernelContext& context, std::string_view text, std::string_view part,
                                     Given<std::string_view> key) {
  const auto copy = [](const std::optional<std::string_view>& piece) {
    return piece ? std::optional(std::string(*piece)) : std::nullopt;
  };
  const std::optional<Url> url = parse(text);
  if (!url) {
    if (context.ansi() && !context.call.function->name.starts_with("try_")) {
      throw SparkError("INVALID_URL", {{"url", std::string(text)}});
    }
    return std::nullopt;
  }
  if (key.value) {
    if (part != "QUERY" || !url->query) {
      return std::nullopt;
    }
    JavaRegex* regex = context.as<QueryKey>().cache.get("(&|^|\\?)" + std::string(*key.value) + "=([^&]*)");
    return regex && regex->find(*url->query, 0) ? std::optional(std::string(regex->group(*url->query, 2)))
                                                : std::nullopt;
  }
  if (part == "HOST") {
    return copy(url->host);
  }
  if (part == "PATH") {
    return copy(url->path);
  }
  if (part == "QUERY") {
    return copy(url->query);
  }
  if (part == "REF") {
    return copy(url->fragment);
  }
  if (part == "PROTOCOL") {
    return copy(url->scheme);
  }
  if (part == "FILE") {
    return url->query ? std::optional(std::string(*url->path) + "?" + std::string(*url->query)) : copy(url->path);
  }
  if (part == "AUTHORITY") {
    return copy(url->authority);
  }
  if (part == "USERINFO") {
    return copy(url->user);
  }
  return std::nullopt;
}

std::string url_encode(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '*' || c == '_') {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::optional<std::string> url_decode(const KernelContext& context, std::string_view text) {
  const auto value = [](char c) { return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10; };
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else if (i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += static_cast<char>(value(text[i + 1]) * 16 + value(text[i + 2]));
      i += 2;
    } else if (context.try_null() || context.call.function->name.starts_with("try_")) {
      return std::nullopt;
    } else {
      throw SparkError("CANNOT_DECODE_URL", {{"url", std::string(text)}});
    }
  }
  return utf8::make_valid(out);
}

constexpr FunctionDef rows[] = {
    {.name = "parse_url",
     .forms = {"(string, string, [string]) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel_with<parse_url, QueryKey>},
     .errors = {"INVALID_URL"},
     .doc = "A part of a URL: HOST, PATH, QUERY, REF, PROTOCOL, FILE, AUTHORITY, USERINFO, or one key of the query.",
     .examples = {"parse_url('http://spark.apache.org/path?query=1', 'HOST') = 'spark.apache.org'"},
     .since = "2.0.0",
     .group = "url_funcs"},
    {.name = "try_parse_url",
     .forms = {"(string, string, [string]) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel_with<parse_url, QueryKey>},
     .doc = "As parse_url, with NULL for texts that are no URL.",
     .examples = {"try_parse_url('http://spark.apache.org/path?query=1', 'QUERY') = 'query=1'"},
     .since = "4.0.0",
     .group = "url_funcs"},
    {.name = "url_encode",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<url_encode>},
     .doc = "The text as a value in a URL's query.",
     .examples = {"url_encode('https://spark.apache.org') = 'https%3A%2F%2Fspark.apache.org'"},
     .since = "3.4.0",
     .group = "url_funcs"},
    {.name = "url_decode",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = Own{kernel<url_decode>},
     .errors = {"CANNOT_DECODE_URL"},
     .doc = "The text that a value in a URL's query stands for.",
     .examples = {"url_decode('https%3A%2F%2Fspark.apache.org') = 'https://spark.apache.org'"},
     .since = "3.4.0",
     .group = "url_funcs"},
    {.name = "try_url_decode",
     .forms = {"(string) -> string"},
     .nullability = Nullability::always,
     .lower = Own{kernel<url_decode>},
     .doc = "As url_decode, with NULL in place of an error.",
     .examples = {"try_url_decode('https%3A%2F%2Fspark.apache.org') = 'https://spark.apache.org'"},
     .since = "4.0.0",
     .group = "url_funcs"},
};

}  // namespace

std::span<const FunctionDef> url_functions() { return rows; }

}  // namespace pyrite
