// Expressions: dispatch over the unresolved nodes, casts, conditions, sort orders, select lists.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/properties.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/call_display.h"
#include "functions/literal_text.h"
#include "functions/registry.h"
#include "functions/shown_value.h"
#include "plan/resolved_transform.h"
#include "types/coercion.h"
#include "types/datetime_text.h"

namespace pyrite {

std::string output_name(const resolved::ExpressionPtr& expression) {
  // A cast column keeps its name.
  if (const auto* cast = std::get_if<resolved::Cast>(&expression->node)) {
    if (const auto* column = std::get_if<resolved::ColumnRef>(&cast->child->node); column && !column->outer) {
      return column->name;
    }
  }
  return display_sql(expression, DisplayMode::pretty);
}

std::string expression_sql(const resolved::ExpressionPtr& expression) {
  // Spark's messages show expressions as output names do.
  return display_sql(expression, DisplayMode::pretty);
}

namespace analysis {
namespace {

using resolved::ExpressionPtr;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// What "now", "today" and the like stand for in a cast of a constant.
std::optional<Value> special_datetime(const std::string& text, const Type& type, const AnalyzerHost& host) {
  if (!type.is_datetime()) {
    return std::nullopt;
  }
  const TimeZonePtr zone = get_time_zone(host.facts->time_zone);
  if (type.is(TypeKind::date)) {
    const auto days = special_date(text, *zone);
    return days ? std::optional<Value>(Value(*days)) : std::nullopt;
  }
  const auto micros =
      type.is(TypeKind::timestamp) ? special_timestamp(text, *zone) : special_timestamp_ntz(text, *zone);
  return micros ? std::optional<Value>(Value(*micros)) : std::nullopt;
}

/// The function that does what an ANSI cast refuses.
std::string_view function_instead_of_cast(const Type& from, const Type& to) {
  if (from.is(TypeKind::date) && to.is_numeric()) {
    return "UNIX_DATE";
  }
  return from.is_numeric() && to.is(TypeKind::date) ? "DATE_FROM_UNIX_DATE" : "";
}

ExpressionPtr resolve_cast(Analysis& analysis, const plan::Cast& cast, const Scope& scope,
                           const plan::OriginPtr& origin) {
  const resolved::EvalMode mode = cast.mode == plan::CastMode::session  ? analysis.mode()
                                  : cast.mode == plan::CastMode::ansi   ? resolved::EvalMode::ansi
                                  : cast.mode == plan::CastMode::legacy ? resolved::EvalMode::legacy
                                                                        : resolved::EvalMode::try_null;
  return analysis.checked_cast(analysis.resolve(cast.child, scope), without_lengths(cast.type), mode, true, origin);
}

constexpr std::string_view update_fields_name = "update_fields";

/// The fields of a value that resolve_update made.
std::vector<std::pair<std::string, ExpressionPtr>> made_fields(const ExpressionPtr& made) {
  const auto* call = std::get_if<resolved::Call>(&made->node);
  if (call && call->function->name == "if") {
    call = std::get_if<resolved::Call>(&call->arguments[2]->node);
  }
  check(call && call->function->name == "named_struct", "updated fields are no structure");
  std::vector<std::pair<std::string, ExpressionPtr>> out;
  for (size_t i = 0; i + 1 < call->arguments.size(); i += 2) {
    out.emplace_back(resolved::as_literal(call->arguments[i])->value.text(), call->arguments[i + 1]);
  }
  return out;
}

plan::NameParts identifier_of(Analysis& analysis, const plan::ExpressionPtr& name, const Scope& scope,
                              const plan::OriginPtr& origin) {
  const ExpressionPtr expression = analysis.resolve(name, scope);
  if (!is_foldable(expression) || !expression->type.is_string()) {
    throw_at(origin, SparkError("NOT_A_CONSTANT_STRING.WRONG_TYPE", {{"name", "IDENTIFIER"},
                                                                     {"expr", expression_sql(expression)},
                                                                     {"dataType", type_name(expression->type)}}));
  }
  const Value value = analysis.host.evaluate(expression);
  if (value.is_null()) {
    throw_at(origin,
             SparkError("NOT_A_CONSTANT_STRING.NULL", {{"name", "IDENTIFIER"}, {"expr", expression_sql(expression)}}));
  }
  const plan::ExpressionPtr parsed = analysis.host.parse_expression(value.text());
  if (const auto* attribute = std::get_if<plan::Attribute>(&parsed->node)) {
    return attribute->name_parts;
  }
  throw_at(origin, SparkError("INVALID_IDENTIFIER", {{"ident", value.text()}}));
}

ExpressionPtr unexpected(std::string_view what) {
  throw SparkError("INVALID_SQL_SYNTAX.UNSUPPORTED_SQL_STATEMENT", {{"sqlText", std::string(what)}});
}

}  // namespace

ExpressionPtr Analysis::checked_cast(ExpressionPtr child, const Type& type, resolved::EvalMode mode, bool written,
                                     const plan::OriginPtr& origin) {
  if (!written && same_type(child->type, type)) {
    return child;
  }
  if (!can_cast(child->type, type, mode)) {
    const bool legacy_can = mode == resolved::EvalMode::ansi && can_cast(child->type, type, resolved::EvalMode::legacy);
    MessageParameters parameters = {
        {"sqlExpr",
         "\"" + expression_sql(resolved::make_expression(resolved::Cast{child, mode, written}, type, true)) + "\""},
        {"srcType", "\"" + sql_string(child->type) + "\""},
        {"targetType", "\"" + sql_string(type) + "\""}};
    const std::string_view instead = function_instead_of_cast(child->type, type);
    if (mode == resolved::EvalMode::ansi && !instead.empty()) {
      parameters.emplace_back("functionNames", "`" + std::string(instead) + "`");
      throw_at(origin, SparkError("DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", std::move(parameters)));
    }
    if (legacy_can) {
      parameters.emplace_back("config", "\"spark.sql.ansi.enabled\"");
      parameters.emplace_back("configVal", "'false'");
    }
    throw_at(origin, SparkError(legacy_can ? "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"
                                           : "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                                std::move(parameters)));
  }
  if (const resolved::Literal* text = resolved::as_literal(child);
      text && child->type.is_string() && !text->value.is_null()) {
    if (const auto special = special_datetime(text->value.text(), type, host)) {
      child = resolved::make_expression(resolved::Literal{*special, text->value.text()}, type, false, origin);
    }
  }
  if (child->type.is(TypeKind::null) && type.is_nested() && resolved::as_literal(child)) {
    return resolved::make_expression(resolved::Literal{}, type, true, origin);
  }
  const bool nullable = child->nullable || cast_can_make_null(child->type, type, mode);
  return resolved::make_expression(resolved::Cast{std::move(child), mode, written}, type, nullable, origin);
}

ExpressionPtr Analysis::resolve(const plan::ExpressionPtr& expression, const Scope& scope) {
  DepthGuard guard(depth);
  const plan::OriginPtr& origin = expression->origin;
  return std::visit(
      Overloaded{
          [&](const plan::Literal& node) -> ExpressionPtr {
            std::string written = node.written;
            if (written.empty() && node.type.is(TypeKind::timestamp) && !node.value.is_null()) {
              written = literal_sql(node.value, node.type, host.facts->time_zone);  // shown in the session's zone
            }
            return resolved::make_expression(resolved::Literal{node.value, std::move(written)}, node.type,
                                             node.value.is_null(), origin);
          },
          [&](const plan::Attribute& node) -> ExpressionPtr {
            if (ExpressionPtr found = find_attribute(node, scope, origin)) {
              return found;
            }
            throw_unresolved(node.name_parts, scope, origin);
          },
          [&](const plan::Star&) -> ExpressionPtr {
            throw_at(origin,
                     SparkError("INVALID_USAGE_OF_STAR_OR_REGEX", {{"elem", "'*'"}, {"prettyName", "expression"}}));
          },
          [&](const plan::RegexColumn& node) -> ExpressionPtr {
            throw_at(origin,
                     SparkError("INVALID_USAGE_OF_STAR_OR_REGEX",
                                {{"elem", "regular expression '" + node.pattern + "'"}, {"prettyName", "expression"}}));
          },
          [&](const plan::Call& node) -> ExpressionPtr { return resolve_call(node, scope, origin); },
          [&](const plan::Cast& node) -> ExpressionPtr { return resolve_cast(*this, node, scope, origin); },
          [&](const plan::Alias& node) -> ExpressionPtr { return resolve(node.child, scope); },
          [&](const plan::SortOrder& node) -> ExpressionPtr { return resolve(node.child, scope); },
          [&](const plan::Lambda&) -> ExpressionPtr {
            throw_at(origin, SparkError("INVALID_LAMBDA_FUNCTION_CALL.PARAMETER_DOES_NOT_ACCEPT_LAMBDA_FUNCTION"));
          },
          [&](const plan::LambdaVariable& node) -> ExpressionPtr {
            if (ExpressionPtr found = find_attribute(plan::Attribute{node.name_parts, {}, false}, scope, origin)) {
              return found;
            }
            throw_unresolved(node.name_parts, scope, origin);
          },
          [&](const plan::Window& node) -> ExpressionPtr { return resolve_window(node, scope, origin); },
          [&](const plan::ExtractValue& node) -> ExpressionPtr {
            ExpressionPtr child = resolve(node.child, scope);
            return extract(child, resolve(node.extraction, scope), origin);
          },
          [&](const plan::UpdateFields& node) -> ExpressionPtr { return resolve_update(node, scope, origin); },
          [&](const plan::NamedArgument& node) -> ExpressionPtr {
            throw_at(origin, SparkError("UNEXPECTED_POSITIONAL_ARGUMENT",
                                        {{"routineName", ""}, {"parameterName", "`" + node.key + "`"}}));
          },
          [&](const plan::Subquery& node) -> ExpressionPtr { return resolve_subquery(node, scope, origin); },
          [&](const plan::ExpressionText& node) -> ExpressionPtr {
            return resolve(host.parse_expression(node.text), scope);
          },
          [&](const plan::Parameter& node) -> ExpressionPtr {
            const std::string name = node.name.empty() ? "_" + std::to_string(node.position) : node.name;
            throw_at(origin, SparkError("UNBOUND_SQL_PARAMETER", {{"name", name}}));
          },
          [&](const plan::IdentifierClause& node) -> ExpressionPtr {
            plan::NameParts name = identifier_of(*this, node.name, scope, origin);
            if (node.is_call) {
              return resolve_call(plan::Call{std::move(name), node.arguments}, scope, origin);
            }
            return resolve(plan::make_expression(plan::Attribute{std::move(name), {}, false}, origin), scope);
          },
          [&](const plan::PythonFunction& node) -> ExpressionPtr {
            throw_unsupported("Python user-defined functions (" + node.name + ")");
            return unexpected(node.name);
          },
      },
      expression->node);
}

ExpressionPtr Analysis::bind(std::string_view function, std::vector<ExpressionPtr> arguments,
                             const plan::OriginPtr& origin, std::string_view shown) {
  const FoundFunction found = find_function(function);
  check(found.function != nullptr, "no function " + std::string(function));
  return bind_call(*found.function, std::move(arguments),
                   bind_options(shown.empty() ? found.shown_name : shown, origin));
}

BindOptions Analysis::bind_options(std::string_view shown, const plan::OriginPtr& origin) const {
  BindOptions options{mode(), std::string(shown), origin};
  options.decimal_precision_loss =
      host.facts->conf("spark.sql.decimalOperations.allowPrecisionLoss", "true") != "false";
  options.timestamp_is_ntz = host.facts->conf("spark.sql.timestampType", "TIMESTAMP_LTZ") == "TIMESTAMP_NTZ";
  return options;
}

ExpressionPtr Analysis::aggregate_call(std::string_view name, std::vector<ExpressionPtr> arguments, bool distinct) {
  const FoundFunction found = find_function(name);
  check(found.function != nullptr, "no aggregate function " + std::string(name));
  resolved::AggregateCall call;
  call.function = found.function;
  call.name = found.shown_name;
  call.arguments = std::move(arguments);
  call.distinct = distinct;
  call.mode = mode();
  return bind_aggregate(*found.function, std::move(call), BindOptions{mode(), std::string(found.shown_name), nullptr});
}

ExpressionPtr Analysis::resolve_condition(const plan::ExpressionPtr& expression, const Scope& scope,
                                          std::string_view clause) {
  ExpressionPtr condition = resolve(expression, scope);
  if (condition->type.is(TypeKind::null) && clause != "WHERE") {
    return cast_to(condition, Type::boolean(), mode());
  }
  if (!condition->type.is(TypeKind::boolean)) {
    if (clause == "HAVING") {
      return checked_cast(std::move(condition), Type::boolean(), mode(), true, expression->origin);
    }
    if (clause == "QUALIFY" && condition->type.is_string() &&
        can_implicitly_cast(condition->type, Type::boolean(), ansi())) {
      return cast_to(condition, Type::boolean(), mode());
    }
    if (clause == "JOIN") {
      throw_at(expression->origin, SparkError("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                                              {{"joinCondition", "\"" + expression_sql(condition) + "\""},
                                               {"conditionType", "\"" + sql_string(condition->type) + "\""}}));
    }
    throw_at(expression->origin,
             SparkError("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", {{"sqlExpr", "\"" + expression_sql(condition) + "\""},
                                                                 {"filter", "\"" + expression_sql(condition) + "\""},
                                                                 {"type", "\"" + sql_string(condition->type) + "\""}}));
  }
  return condition;
}

resolved::SortOrder Analysis::sort_order(const plan::SortOrder& order, ExpressionPtr expression) {
  bool nulls_first = order.ascending;
  if (order.nulls != plan::NullOrdering::unspecified) {
    nulls_first = order.nulls == plan::NullOrdering::first;
  }
  const auto orderable = [](const auto& self, const Type& type) -> bool {
    switch (type.kind()) {
      case TypeKind::map:
      case TypeKind::variant:
      case TypeKind::calendar_interval:
        return false;
      case TypeKind::array:
        return self(self, type.element());
      case TypeKind::structure:
        return std::all_of(type.fields().begin(), type.fields().end(),
                           [&](const StructField& field) { return self(self, field.type); });
      default:
        return true;
    }
  };
  if (!orderable(orderable, expression->type)) {
    const std::string text = expression_sql(expression) + (order.ascending ? " ASC" : " DESC") +
                             (nulls_first ? " NULLS FIRST" : " NULLS LAST");
    throw_at(expression->origin, SparkError("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                                            {{"sqlExpr", "\"" + text + "\""},
                                             {"functionName", "`sortorder`"},
                                             {"dataType", "\"" + sql_string(expression->type) + "\""}}));
  }
  return {std::move(expression), order.ascending, nulls_first};
}

std::vector<resolved::SortOrder> Analysis::resolve_order(const std::vector<plan::SortOrder>& order,
                                                         const Scope& scope) {
  std::vector<resolved::SortOrder> out;
  for (const plan::SortOrder& each : order) {
    out.push_back(sort_order(each, resolve(each.child, scope)));
  }
  return out;
}

Value Analysis::constant_value(const ExpressionPtr& expression) {
  if (const resolved::Literal* literal = resolved::as_literal(expression)) {
    return literal->value;
  }
  return host.evaluate(expression);
}

ExpressionPtr Analysis::resolve_update(const plan::UpdateFields& update, const Scope& scope,
                                       const plan::OriginPtr& origin) {
  const ExpressionPtr structure = resolve(update.structure, scope);
  if (!structure->type.is(TypeKind::structure)) {
    throw_at(origin, SparkError("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                                {{"sqlExpr", "\"update_fields(" + expression_sql(structure) + ")\""},
                                 {"paramIndex", "first"},
                                 {"requiredType", "\"STRUCT\""},
                                 {"inputSql", "\"" + expression_sql(structure) + "\""},
                                 {"inputType", "\"" + sql_string(structure->type) + "\""}}));
  }
  const size_t dot = update.field_name.find('.');
  const std::string first = update.field_name.substr(0, dot);
  ExpressionPtr value;
  if (dot != std::string::npos) {
    // a.b: updates field b of the structure in field a.
    const plan::ExpressionPtr inner = plan::make_expression(
        plan::ExtractValue{update.structure, plan::make_expression(plan::Literal{Value(first), Type::string(), {}})},
        origin);
    value = resolve_update({inner, update.field_name.substr(dot + 1), update.value}, scope, origin);
  } else if (update.value) {
    value = resolve(update.value, scope);
  }
  // Updates of updates work on the fields that are left, so that a chain of them stays small.
  ExpressionPtr base = structure;
  std::vector<ExpressionPtr> shown;
  std::vector<std::pair<std::string, ExpressionPtr>> fields;
  if (const auto* before = std::get_if<resolved::Call>(&structure->node);
      before && before->function == &shown_value && before->name == update_fields_name) {
    base = before->arguments[0];
    shown.assign(before->arguments.begin() + 1, before->arguments.end() - 1);
    fields = made_fields(before->arguments.back());
  } else {
    for (size_t i = 0; i < structure->type.fields().size(); ++i) {
      const StructField& field = structure->type.fields()[i];
      fields.emplace_back(field.name,
                          resolved::make_expression(resolved::GetField{structure, static_cast<int>(i), field.name},
                                                    field.type, structure->nullable || field.nullable));
    }
  }
  shown.push_back(value ? shown_as("WithField", {value}, value, origin)
                        : shown_as("dropfield", {}, resolved::boolean_literal(true), origin));
  const auto is_hit = [&](const auto& field) { return same_name(field.first, first); };
  if (!value) {
    std::erase_if(fields, is_hit);
  } else if (std::none_of(fields.begin(), fields.end(), is_hit)) {
    fields.emplace_back(first, value);
  } else {
    const auto last = std::find_if(fields.rbegin(), fields.rend(), is_hit);
    last->second = value;
    for (auto& field : fields) {
      field.first = is_hit(field) ? first : field.first;
    }
  }
  shown.insert(shown.begin(), base);
  if (fields.empty()) {
    throw_at(
        origin,
        SparkError("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS",
                   {{"sqlExpr",
                     "\"" + expression_sql(shown_as(std::string(update_fields_name), shown, base, origin)) + "\""}}));
  }
  std::vector<ExpressionPtr> parts;
  for (auto& [name, field] : fields) {
    parts.push_back(resolved::string_literal(name));
    parts.push_back(std::move(field));
  }
  ExpressionPtr rebuilt = bind("named_struct", std::move(parts), origin);
  if (base->nullable) {
    ExpressionPtr empty = resolved::null_literal(rebuilt->type);
    rebuilt = bind("if", {bind("isnull", {base}), std::move(empty), std::move(rebuilt)}, origin);
  }
  return shown_as(std::string(update_fields_name), std::move(shown), std::move(rebuilt), origin);
}

}  // namespace analysis
}  // namespace pyrite
