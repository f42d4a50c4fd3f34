// Checks of configuration values as Spark makes them.
#pragma once

#include <string>

#include "session/configuration_table.h"

namespace pyrite {

/// Errors: INVALID_CONF_VALUE.TYPE_MISMATCH, .OUT_OF_RANGE_OF_OPTIONS, .TIME_ZONE.
void check_configuration_value(const ConfigurationRow& row, const std::string& value);

/// "true" in any case, with blanks around it.
bool configuration_flag(const std::string& value);

/// The system's time zone by its region name.
std::string system_time_zone();

}  // namespace pyrite
