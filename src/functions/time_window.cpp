// Windows over time in grouping, time buckets, and the transforms of partitioned tables.
#include "functions/bind_rule.h"
#include "functions/datetime_kernel.h"
#include "functions/datetime_shift.h"
#include "functions/families.h"
#include "functions/literal_text.h"

namespace pyrite {
namespace {

using lowering::Own;
using resolved::ExpressionPtr;

struct BucketState {
  explicit BucketState(const CallInfo& call)
      : zone(get_time_zone(call.argument_types[1].is(TypeKind::timestamp) ? call.time_zone : "UTC")) {}
  TimeZonePtr zone;
};

/// The greatest origin + n × bucket that is not after the moment; `start(n)` computes it, `guess` is near n.
template <class F>
int64_t last_start(int64_t moment, int64_t guess, F start) {
  while (start(guess) > moment) {
    --guess;
  }
  while (start(guess + 1) <= moment) {
    ++guess;
  }
  return start(guess);
}

/// Whole days and months are counted on the wall clock, shorter buckets in elapsed time.
int64_t bucket_by_micros(const KernelContext& context, int64_t size, int64_t moment, int64_t origin) {
  const TimeZone& zone = *context.as<BucketState>().zone;
  if (size < micros_per_day) {
    int64_t distance = 0;
    if (__builtin_sub_overflow(moment, origin, &distance)) {
      throw_long_overflow();
    }
    return moment - floor_mod(distance, size);
  }
  const Int128 distance = static_cast<Int128>(zone.to_local(moment)) - zone.to_local(origin);
  return last_start(moment, static_cast<int64_t>(distance / size),
                    [&](int64_t n) { return shift_timestamp_by_day_time(origin, multiply_exact(n, size), zone); });
}

int64_t bucket_by_months(const KernelContext& context, int32_t size, int64_t moment, int64_t origin) {
  const TimeZone& zone = *context.as<BucketState>().zone;
  const int64_t months = months_between_local(zone.to_local(origin), zone.to_local(moment));
  return last_start(moment, months / size, [&](int64_t n) { return shift_timestamp(origin, n * size, 0, 0, zone); });
}

void run_time_bucket(const KernelContext& context, std::span<const ColumnView> in, size_t rows, ColumnWriter& out) {
  if (in[0].type.is(TypeKind::year_month_interval)) {
    detail::run_plain<bucket_by_months>(context, in, rows, out);
  } else {
    detail::run_plain<bucket_by_micros>(context, in, rows, out);
  }
}

ExpressionPtr bind_time_bucket(const FunctionDef& function, std::vector<ExpressionPtr> arguments,
                               const BindOptions& options) {
  if (arguments.size() != 2 && arguments.size() != 3) {
    throw_wrong_count(function, options, "[2, 3]", arguments.size());
  }
  const bool local = arguments[1]->type.is(TypeKind::timestamp_ntz);
  const Type type = local ? Type::timestamp_ntz() : Type::timestamp();
  if (arguments.size() == 2) {
    // Midnight of the epoch on the wall clock, whatever the zone.
    const std::string shown = (local ? "TIMESTAMP_NTZ" : "TIMESTAMP") + std::string(" '1970-01-01 00:00:00'");
    arguments.push_back(cast_to(
        resolved::make_expression(resolved::Literal{Value(int64_t{0}), shown}, Type::timestamp_ntz(), false), type));
  }
  if (!arguments[0]->type.is_ansi_interval()) {
    throw_unexpected_type(function, arguments, options, 0,
                          "(\"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")");
  }
  for (size_t i = 1; i < 3; ++i) {
    if (arguments[i]->type.is(TypeKind::null)) {
      arguments[i] = cast_to(arguments[i], type);
    } else if (!same_type(arguments[i]->type, type)) {
      throw_unexpected_type(function, arguments, options, i,
                            i == 2 ? quoted_type(type) : "\"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)\"");
    }
  }
  for (const auto& [position, name] : {std::pair(0, "`bucketSize`"), std::pair(2, "`origin`")}) {
    const ExpressionPtr& argument = arguments[static_cast<size_t>(position)];
    if (!constant_value(argument)) {
      throw_mismatch(
          "NON_FOLDABLE_INPUT", function, arguments, options,
          {{"inputName", name}, {"inputType", quoted_type(argument->type)}, {"inputExpr", quoted_sql(argument)}});
    }
  }
  const auto size = constant_value(arguments[0]);
  if (!size->is_null() && size->integer() <= 0) {
    throw_mismatch("VALUE_OUT_OF_RANGE", function, arguments, options,
                   {{"exprName", "`bucketSize`"},
                    {"valueRange", "(0, inf)"},
                    {"currentValue", literal_sql(*size, arguments[0]->type, "UTC")}});
  }
  return make_call(function, std::move(arguments), options, type);
}

constexpr FunctionDef rows[] = {
    {.name = "window",
     .doc = "The window of time that a timestamp falls in.",
     .since = "2.0.0",
     .group = "datetime_funcs"},
    {.name = "session_window",
     .doc = "The session that a timestamp belongs to: rows with no longer gap between them.",
     .since = "3.2.0",
     .group = "datetime_funcs"},
    {.name = "window_time",
     .doc = "The last moment of a window, for windows over windows.",
     .since = "3.4.0",
     .group = "datetime_funcs"},
    {.name = "time_bucket",
     .bind = bind_time_bucket,
     .failure = Failure::possible,
     .lower = Own{Kernel{run_time_bucket, &detail::make_state<BucketState>}},
     .doc = "The start of the bucket of this size that a timestamp falls in.",
     .since = "4.2.0",
     .group = "datetime_funcs"},
    {.name = "years", .doc = "Partitions a table by years.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "months", .doc = "Partitions a table by months.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "days", .doc = "Partitions a table by days.", .since = "3.1.0", .group = "partition_transforms"},
    {.name = "hours", .doc = "Partitions a table by hours.", .since = "3.1.0", .group = "partition_transforms"},
};

}  // namespace

std::span<const FunctionDef> time_window_functions() { return rows; }

}  // namespace pyrite
