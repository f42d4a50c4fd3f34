// Windows over time in grouping, time buckets, and the transforms of partitioned tables.
#include "functions/families.h"

namespace pyrite {
namespace {

constexpr FunctionDef rows[] = {
    {.name = "window", .doc = "The window of time that a timestamp falls in.", .since = "2.0.0", .group = "datetime_funcs"},
    {.name = "session_window",
     .doc = "The session that a timestamp belongs to: rows with no longer gap between them.",
     .since = "3.2.0",
     .group = "datetime_funcs"},
    {.name = "window_time",
     .doc = "The last moment of a window, for windows over windows.",
     .since = "3.4.0",
     .group = "datetime_funcs"},
    {.name = "time_bucket",
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
