// Functions between text and dates or timestamps by patterns, and between time zones.
#include "functions/bind_rule.h"
#include "functions/call_names.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/families.h"
#include "functions/java_date_pattern.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::EvalMode;
using resolved::ExpressionPtr;
using Use = JavaDatePattern::Use;

constexpr std::string_view default_pattern = "yyyy-MM-dd HH:mm:ss";

/// The session's zone and the pattern used last.
template <Use use>
struct PatternState {
  explicit PatternState(const CallInfo& call) : zone(call) {}
  const JavaDatePattern& pattern(std::string_view text) {
    if (!compiled || text != last) {
      compiled = JavaDatePattern::compile(text, use);
      last = text;
    }
    return *compiled;
  }
  ZoneState zone;
  std::shared_ptr<const JavaDatePattern> compiled;
  std::string last;
};
using Formatting = PatternState<Use::format>;
using Parsing = PatternState<Use::parse_timestamp>;

std::string format_moment(Formatting& state, int64_t micros, std::string_view pattern) {
  const TimeZone& zone = *state.zone.zone;
  const int64_t seconds = floor_div(micros, micros_per_second);
  const int32_t offset = zone.offset_at(seconds);
  const int64_t local = seconds + offset;
  const int64_t days = floor_div(local, seconds_per_day);
  std::string out;
  state.pattern(pattern).format(
      {days, (local - days * seconds_per_day) * micros_per_second + (micros - seconds * micros_per_second), offset,
       &zone},
      out);
  return out;
}

std::string date_format(const KernelContext& context, int64_t micros, std::string_view pattern) {
  return format_moment(context.as<Formatting>(), micros, pattern);
}

std::string from_unixtime(const KernelContext& context, int64_t seconds, Given<std::string_view> pattern) {
  const auto micros = static_cast<int64_t>(static_cast<uint64_t>(seconds) * static_cast<uint64_t>(micros_per_second));
  return format_moment(context.as<Formatting>(), micros, pattern.value_or(default_pattern));
}

// ---- parsing

/// Microseconds of a text; nullopt: it does not match and the mode forgives that. `local`: without any zone.
std::optional<int64_t> parse_moment(const KernelContext& context, std::string_view text, std::string_view pattern,
                                    bool local, std::string_view forgiving) {
  Parsing& state = context.as<Parsing>();
  std::string message;
  const auto moment = state.pattern(pattern).parse(text, context.ansi() ? &message : nullptr);
  if (!moment) {
    if (context.ansi()) {
      throw SparkError("CANNOT_PARSE_TIMESTAMP", {{"message", message}, {"func", "`" + std::string(forgiving) + "`"}});
    }
    return std::nullopt;
  }
  const TimeZone& zone = moment->zone ? *moment->zone : *state.zone.zone;
  const int64_t local_seconds = moment->days * seconds_per_day + moment->micros_of_day / micros_per_second;
  const int64_t seconds = local ? local_seconds : local_seconds - zone.offset_of_local(local_seconds);
  const Int128 micros = static_cast<Int128>(seconds) * micros_per_second + moment->micros_of_day % micros_per_second;
  if (micros != static_cast<int64_t>(micros)) {
    if (context.try_null()) {
      return std::nullopt;
    }
    throw_long_overflow();
  }
  return static_cast<int64_t>(micros);
}

/// Microseconds of a text, date or timestamp; dates and timestamps have no need of the pattern.
std::optional<int64_t> read_moment(const KernelContext& context, const ColumnView& column, size_t row,
                                   std::string_view pattern, bool local, std::string_view forgiving) {
  switch (column.type.kind()) {
    case TypeKind::date:
      return local ? multiply_exact(column.get<int32_t>(row), micros_per_day)
                   : timestamp_of_date(column.get<int32_t>(row), *context.as<Parsing>().zone.zone);
    case TypeKind::timestamp:
    case TypeKind::timestamp_ntz:
      return column.get<int64_t>(row);
    default:
      return parse_moment(context, column.text(row), pattern, local, forgiving);
  }
}

enum class Target { date, timestamp, seconds };

template <Target target>
void run_parse(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  const bool local = context.call.result_type.is(TypeKind::timestamp_ntz);
  const std::string_view forgiving = target == Target::date ? "try_to_date" : "try_to_timestamp";
  const bool with_pattern = in.size() > 1;
  for (size_t row = 0; row < rows; ++row) {
    const bool missing = in[0].is_null(row) || (with_pattern && in[1].is_null(row));
    const auto micros =
        missing ? std::nullopt
                : read_moment(context, in[0], row, with_pattern ? in[1].text(row) : default_pattern, local, forgiving);
    if (!micros) {
      out.set_null(row);
    } else if constexpr (target == Target::date) {
      out.set<int32_t>(row, static_cast<int32_t>(context.as<Parsing>().zone.local_days(*micros)));
    } else if constexpr (target == Target::seconds) {
      out.set<int64_t>(row, floor_div(*micros, micros_per_second));
    } else {
      out.set<int64_t>(row, *micros);
    }
  }
}

bool is_try(const FunctionDef& function) { return function.name.starts_with("try_"); }

void require_moment(const FunctionDef& function, std::vector<ExpressionPtr>& arguments, const BindOptions& options,
                    bool numbers) {
  const Type& type = arguments[0]->type;
  const bool fits = type.is_string() || type.is_datetime() || (numbers && type.is_numeric());
  const EvalMode mode = options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi;
  if (!fits && !can_implicitly_cast(type, Type::string(), options.mode != EvalMode::legacy)) {
    throw_unexpected_type(function, arguments, options, 0,
                          numbers ? "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"NUMERIC\")"
                                  : "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")");
  }
  if (arguments.size() > 1) {
    if (!can_implicitly_cast(arguments[1]->type, Type::string(), options.mode != EvalMode::legacy)) {
      throw_unexpected_type(function, arguments, options, 1, "\"STRING\"");
    }
    arguments[1] = cast_to(arguments[1], Type::string());
  }
  if (!fits) {
    arguments[0] = cast_to(arguments[0], Type::string(), mode);
  }
}

/// Parsing by a pattern can give NULL unless errors are raised; without one it is a cast.
ExpressionPtr with_nullability(ExpressionPtr call, bool parses, const FunctionDef& function,
                               const BindOptions& options) {
  const auto& arguments = std::get<resolved::Call>(call->node).arguments;
  const bool can_be_null = parses ? options.mode != EvalMode::ansi || is_try(function)
                                  : cast_can_make_null(arguments[0]->type, call->type, options.mode);
  if (call->nullable || !can_be_null) {
    return call;
  }
  resolved::Expression copy = *call;
  copy.nullable = true;
  return std::make_shared<const resolved::Expression>(std::move(copy));
}

/// to_date, to_timestamp and relatives: a pattern or none.
template <TypeKind result>
ExpressionPtr bind_parse(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                         const BindOptions& options) {
  if (arguments.empty() || arguments.size() > 2) {
    throw_wrong_count(function, options, "[1, 2]", arguments.size());
  }
  const bool local = options.timestamp_is_ntz && (function.name == "to_timestamp" || is_try(function));
  const TypeKind kind = result == TypeKind::timestamp && local ? TypeKind::timestamp_ntz : result;
  require_moment(function, arguments, options, kind == TypeKind::timestamp && arguments.size() == 1);
  const bool parses = arguments.size() > 1;
  return with_nullability(make_call(function, std::move(arguments), options, Type(kind)), parses, function, options);
}

/// Without a pattern these are casts.
ExpressionPtr lower_parse(const CallInfo& call, const std::vector<ExpressionPtr>& arguments) {
  if (arguments.size() == 1) {
    return cast_to(arguments[0], call.result_type, call.mode);
  }
  static constexpr FunctionDef rows[] = {
      {.name = "parse_date",
       .nulls = NullHandling::custom,
       .failure = Failure::possible,
       .lower = Own{Kernel{run_parse<Target::date>, &detail::make_state<Parsing>}}},
      {.name = "parse_timestamp",
       .nulls = NullHandling::custom,
       .failure = Failure::possible,
       .lower = Own{Kernel{run_parse<Target::timestamp>, &detail::make_state<Parsing>}}},
  };
  resolved::Call made{&rows[call.result_type.is(TypeKind::date) ? 0 : 1], call.name, arguments, call.mode};
  return resolved::make_expression(std::move(made), call.result_type, true, call.origin);
}

ExpressionPtr bind_unix_timestamp(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                  const BindOptions& options) {
  const bool may_be_empty = function.name == "unix_timestamp";
  if (arguments.size() > 2 || (arguments.empty() && !may_be_empty)) {
    throw_wrong_count(function, options, may_be_empty ? "[0, 1, 2]" : "[1, 2]", arguments.size());
  }
  if (arguments.empty()) {
    arguments.push_back(call("current_timestamp", {}));
  }
  require_moment(function, arguments, options, false);
  return with_nullability(make_call(function, std::move(arguments), options, Type::long_int()), true, function,
                          options);
}

// ---- zones

/// The zone named last.
struct NamedZone {
  explicit NamedZone(const CallInfo&) {}
  const TimeZone& get(std::string_view name) {
    if (!zone || name != last) {
      zone = get_time_zone(name);
      last = name;
    }
    return *zone;
  }
  TimeZonePtr zone;
  std::string last;
};
struct ZonePair {
  explicit ZonePair(const CallInfo& call) : from(call), to(call) {}
  NamedZone from, to;
};

int64_t from_utc_timestamp(const KernelContext& context, int64_t micros, std::string_view zone) {
  return context.as<NamedZone>().get(zone).to_local(micros);
}
int64_t to_utc_timestamp(const KernelContext& context, int64_t micros, std::string_view zone) {
  return context.as<NamedZone>().get(zone).to_utc(micros);
}
int64_t convert_timezone(const KernelContext& context, std::string_view from, std::string_view to, int64_t local) {
  ZonePair& zones = context.as<ZonePair>();
  return zones.to.get(to).to_local(zones.from.get(from).to_utc(local));
}

ExpressionPtr bind_convert_timezone(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                                    const BindOptions& options) {
  if (arguments.size() == 2) {
    arguments.insert(arguments.begin(), call("current_timezone", {}));
  }
  if (arguments.size() != 3) {
    throw_wrong_count(function, options, "[2, 3]", arguments.size());
  }
  const Type wanted[] = {Type::string(), Type::string(), Type::timestamp_ntz()};
  for (size_t i = 0; i < 3; ++i) {
    if (!can_implicitly_cast(arguments[i]->type, wanted[i], options.mode != EvalMode::legacy)) {
      throw_unexpected_type(function, arguments, options, i, quoted_type(wanted[i]));
    }
    arguments[i] =
        cast_to(arguments[i], wanted[i], options.mode == EvalMode::legacy ? EvalMode::legacy : EvalMode::ansi);
  }
  return make_call(function, std::move(arguments), options, Type::timestamp_ntz());
}

constexpr FunctionDef parser_row(std::string_view name, BindRule bind, std::string_view since, std::string_view doc) {
  FunctionDef def{.name = name, .bind = bind, .nulls = NullHandling::custom, .failure = Failure::possible};
  def.lower = lowering::Compose{lower_parse};
  def.errors = {"CANNOT_PARSE_TIMESTAMP", "CAST_INVALID_INPUT"};
  def.doc = doc;
  def.since = since;
  def.group = "datetime_funcs";
  return def;
}

constexpr FunctionDef rows[] = {
    {.name = "date_format",
     .forms = {"(timestamp, string) -> string"},
     .failure = Failure::possible,
     .lower = Own{kernel_with<date_format, Formatting>},
     .errors = {"INVALID_DATETIME_PATTERN", "INCONSISTENT_BEHAVIOR_CROSS_VERSION"},
     .doc = "The timestamp as text, by a pattern.",
     .examples = {"date_format('2016-04-08', 'y') = '2016'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "from_unixtime",
     .forms = {"(long, [string]) -> string"},
     .failure = Failure::possible,
     .display = show_defaults<2, "yyyy-MM-dd HH:mm:ss">,
     .lower = Own{kernel_with<from_unixtime, Formatting>},
     .errors = {"INVALID_DATETIME_PATTERN", "INCONSISTENT_BEHAVIOR_CROSS_VERSION"},
     .doc = "The moment so many seconds after 1970-01-01 00:00:00 UTC as text, by a pattern.",
     .since = "1.5.0",
     .group = "datetime_funcs"},
    parser_row("to_date", bind_parse<TypeKind::date>, "1.5.0",
               "The date that a text says, by a pattern or in the form of casts."),
    parser_row("try_to_date", bind_parse<TypeKind::date>, "4.0.0",
               "As to_date, with NULL where the text says no date."),
    parser_row("to_timestamp", bind_parse<TypeKind::timestamp>, "2.2.0",
               "The timestamp that a text says, by a pattern or in the form of casts."),
    parser_row("try_to_timestamp", bind_parse<TypeKind::timestamp>, "3.4.0",
               "As to_timestamp, with NULL where the text says no timestamp."),
    parser_row("to_timestamp_ltz", bind_parse<TypeKind::timestamp>, "3.4.0",
               "The timestamp that a text says, read in the session's zone."),
    parser_row("to_timestamp_ntz", bind_parse<TypeKind::timestamp_ntz>, "3.4.0",
               "The timestamp without zone that a text says."),
    {.name = "unix_timestamp",
     .bind = bind_unix_timestamp,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_defaults<2, "yyyy-MM-dd HH:mm:ss">,
     .lower = Own{Kernel{run_parse<Target::seconds>, &detail::make_state<Parsing>}},
     .errors = {"CANNOT_PARSE_TIMESTAMP"},
     .doc = "Seconds since 1970-01-01 00:00:00 UTC of now, of a timestamp, or of a text read by a pattern.",
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "to_unix_timestamp",
     .bind = bind_unix_timestamp,
     .nulls = NullHandling::custom,
     .failure = Failure::possible,
     .display = show_defaults<2, "yyyy-MM-dd HH:mm:ss">,
     .lower = Own{Kernel{run_parse<Target::seconds>, &detail::make_state<Parsing>}},
     .errors = {"CANNOT_PARSE_TIMESTAMP"},
     .doc = "Seconds since 1970-01-01 00:00:00 UTC of a timestamp, or of a text read by a pattern.",
     .since = "1.6.0",
     .group = "datetime_funcs"},
    {.name = "from_utc_timestamp",
     .forms = {"(timestamp, string) -> timestamp"},
     .failure = Failure::possible,
     .lower = Own{kernel_with<from_utc_timestamp, NamedZone>},
     .errors = {"INVALID_TIMEZONE"},
     .doc = "Takes the timestamp for one of UTC and shifts it to show the zone's wall clock.",
     .examples = {"from_utc_timestamp('2016-08-31', 'Asia/Seoul') = TIMESTAMP'2016-08-31 09:00:00'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "to_utc_timestamp",
     .forms = {"(timestamp, string) -> timestamp"},
     .failure = Failure::possible,
     .lower = Own{kernel_with<to_utc_timestamp, NamedZone>},
     .errors = {"INVALID_TIMEZONE"},
     .doc = "Takes the timestamp for the zone's wall clock and shifts it to show UTC.",
     .examples = {"to_utc_timestamp('2016-08-31', 'Asia/Seoul') = TIMESTAMP'2016-08-30 15:00:00'"},
     .since = "1.5.0",
     .group = "datetime_funcs"},
    {.name = "convert_timezone",
     .bind = bind_convert_timezone,
     .failure = Failure::possible,
     .lower = Own{kernel_with<convert_timezone, ZonePair>},
     .errors = {"INVALID_TIMEZONE"},
     .doc = "The wall clock of one zone as that of another; the session's zone is the first unless given.",
     .since = "3.4.0",
     .group = "datetime_funcs"},
};

}  // namespace

std::span<const FunctionDef> datetime_convert_functions() { return rows; }

}  // namespace pyrite
