// Errors that know where in the program they arose.
#include "plan/error_place.h"

#include <algorithm>

namespace pyrite::plan {

void add_place(SparkError& error, const OriginPtr& origin) {
  if (!origin || !error.contexts().empty()) {
    return;
  }
  QueryContext context;
  if (origin->sql_text && origin->start >= 0) {
    context.object_type = origin->object_type;
    context.object_name = origin->object_name;
    context.start = origin->start;
    context.stop = origin->stop;
    const std::string& text = *origin->sql_text;
    const auto start = std::min(static_cast<size_t>(origin->start), text.size());
    context.fragment = text.substr(start, static_cast<size_t>(std::max(origin->stop - origin->start + 1, 0)));
  } else if (!origin->fragment.empty()) {
    context.from_sql = false;
    context.fragment = origin->fragment;
    context.call_site = origin->call_site;
  } else {
    return;
  }
  error.with_context(std::move(context));
}

}  // namespace pyrite::plan
