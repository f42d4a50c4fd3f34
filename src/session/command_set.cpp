// SET, RESET, SET TIME ZONE.
#include "base/error.h"
#include "session/command_runner.h"
#include "session/configuration_value.h"
#include "session/result_rows.h"
#include "types/time_zone.h"

namespace pyrite {
namespace {

const std::string time_zone_key = "spark.sql.session.timeZone";

resolved::RelationPtr pairs(const std::vector<std::pair<std::string, std::string>>& values) {
  std::vector<ValueList> rows;
  for (const auto& [key, value] : values) {
    rows.push_back({Value(key), Value(value)});
  }
  return rows_relation({text_column("key"), text_column("value")}, std::move(rows));
}

/// An offset of whole minutes as a zone: "+03:00".
std::string offset_text(int64_t microseconds) {
  const int64_t minutes = microseconds / 60'000'000;
  const int64_t size = minutes < 0 ? -minutes : minutes;
  const auto two = [](int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return (minutes < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60);
}

constexpr int64_t longest_offset = int64_t{18} * 3600 * 1'000'000;

}  // namespace

resolved::RelationPtr CommandRunner::operator()(const plan::SetConfiguration& command) {
  Configuration& configuration = session_.configuration();
  if (command.key && command.value) {
    configuration.set(*command.key, *command.value);
    return pairs({{*command.key, *command.value}});
  }
  if (command.key) {
    return pairs({{*command.key, configuration.find(*command.key).value_or("<undefined>")}});
  }
  if (!command.verbose) {
    return pairs(configuration.all_set());
  }
  std::vector<ValueList> rows;
  for (const Configuration::Row& row : configuration.all_known()) {
    rows.push_back({Value(row.key), Value(row.value), Value(row.meaning), Value(row.since)});
  }
  return rows_relation({text_column("key"), text_column("value"), text_column("meaning"), text_column("Since version")},
                       std::move(rows));
}

resolved::RelationPtr CommandRunner::operator()(const plan::ResetConfiguration& command) {
  if (command.key) {
    session_.configuration().reset(*command.key);
  } else {
    session_.configuration().reset();
  }
  return no_rows();
}

resolved::RelationPtr CommandRunner::operator()(const plan::SetTimeZone& command) {
  std::string zone = system_time_zone();
  if (command.zone) {
    const auto* literal = std::get_if<plan::Literal>(&command.zone->node);
    check(literal != nullptr, "SET TIME ZONE with something else than a literal");
    if (literal->type.is_string()) {
      zone = literal->value.text();
    } else {
      const int64_t offset = literal->type.is(TypeKind::calendar_interval) ? literal->value.interval().microseconds
                                                                           : literal->value.integer();
      if (literal->type.is(TypeKind::year_month_interval) || offset > longest_offset || offset < -longest_offset ||
          offset % 1'000'000 != 0) {
        throw SparkError(ErrorKind::parse, "INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE",
                         {{"input", std::to_string(offset / 1'000'000) + " seconds"}});
      }
      zone = offset_text(offset);
    }
  }
  session_.configuration().set(time_zone_key, zone);
  return pairs({{time_zone_key, zone}});
}

}  // namespace pyrite
