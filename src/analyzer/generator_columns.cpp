// The columns that a generator gives.
#include "analyzer/generator_columns.h"

#include "base/error.h"
#include "functions/bind_call.h"

namespace pyrite::analysis {

bool generator_is_outer(const resolved::ExpressionPtr& generator) {
  const auto& call = std::get<resolved::Call>(generator->node);
  return call.function->name.ends_with("_outer");
}

std::vector<Column> generator_columns(Analysis& analysis, const resolved::ExpressionPtr& generator, bool outer) {
  const auto& call = std::get<resolved::Call>(generator->node);
  const auto* lower = std::get_if<lowering::Generator>(&call.function->lower);
  if (!lower) {
    throw_unsupported("generator " + std::string(call.function->name));
  }
  CallInfo info = call_info(*call.function, call.arguments, generator->type, call.mode);
  info.session = analysis.host.facts;
  std::vector<Column> out;
  for (const StructField& field : lower->kernel.columns(info)) {
    out.push_back(new_column(field.name, field.type, field.nullable || outer));
  }
  return out;
}

}  // namespace pyrite::analysis
