// Select lists: stars, names, lateral aliases, generators; SELECT and WHERE.
#include <algorithm>

#include "analyzer/analysis.h"
#include "analyzer/generator_columns.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/function_def.h"
#include "functions/java_regex.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

const Column* find_column(const Scope& scope, ColumnId id) {
  for (const Scope* each = &scope; each; each = each->below) {
    const std::vector<Column>* added = each->time_windows ? &each->time_windows->columns : nullptr;
    for (const std::vector<Column>* columns : {each->visible, each->hidden, added}) {
      if (!columns) {
        continue;
      }
      for (const Column& column : *columns) {
        if (column.id == id) {
          return &column;
        }
      }
    }
  }
  return nullptr;
}

/// The item of a select list without an alias: columns stay themselves, everything else gets Spark's name.
NamedExpression unnamed(const Scope& scope, const plan::ExpressionPtr& source, const ExpressionPtr& expression) {
  if (const auto* reference = std::get_if<resolved::ColumnRef>(&expression->node)) {
    if (const Column* column = reference->outer ? nullptr : find_column(scope, reference->id)) {
      return {*column, expression};
    }
    return {column_for(reference->name, expression), expression};
  }
  std::string name;
  if (const auto* attribute = std::get_if<plan::Attribute>(&source->node)) {
    const bool variable = std::holds_alternative<resolved::Literal>(expression->node);
    name = std::holds_alternative<resolved::GetField>(expression->node) || attribute->name_parts.size() > 1 || variable
               ? attribute->name_parts.back()
               : output_name(expression);
  } else if (const auto* cast = std::get_if<plan::Cast>(&source->node);
             cast && std::holds_alternative<plan::Alias>(cast->child->node)) {
    name = std::get<plan::Alias>(cast->child->node).names.front();
  } else {
    name = output_name(expression);
  }
  return {column_for(std::move(name), expression), expression};
}

NamedExpression aliased(const Scope& scope, const plan::Alias& alias, const ExpressionPtr& expression) {
  Column column = column_for(alias.names[0], expression);
  column.metadata = alias.metadata;
  if (alias.metadata.empty()) {
    if (const auto* reference = std::get_if<resolved::ColumnRef>(&expression->node)) {
      const Column* source = find_column(scope, reference->id);
      column.metadata = source ? source->metadata : "";
    }
  }
  return {std::move(column), expression};
}

/// A generator in a select list: its columns join the list.
void add_generator(Analysis& analysis, Select& select, const ExpressionPtr& generator,
                   const std::vector<std::string>& names, std::vector<NamedExpression>& out,
                   const plan::OriginPtr& origin) {
  Select::Generated generated;
  generated.outer = generator_is_outer(generator);
  generated.generator = generator;
  generated.columns = generator_columns(analysis, generator, generated.outer);
  if (!names.empty()) {
    if (names.size() != generated.columns.size()) {
      std::string list;
      for (const std::string& name : names) {
        list += (list.empty() ? "" : ",") + name;
      }
      throw_at(origin, SparkError("UDTF_ALIAS_NUMBER_MISMATCH",
                                  {{"aliasesSize", std::to_string(generated.columns.size())}, {"aliasesNames", list}}));
    }
    for (size_t i = 0; i < names.size(); ++i) {
      generated.columns[i].name = names[i];
    }
  }
  for (const Column& column : generated.columns) {
    out.push_back(pass(column));
  }
  select.generators.push_back(std::move(generated));
}

/// A generator anywhere but at the top.
bool has_nested_generator(const ExpressionPtr& expression) {
  if (!is_generator(expression)) {
    return contains_generator(expression);
  }
  const std::vector<ExpressionPtr> parts = resolved::children(expression);
  return std::any_of(parts.begin(), parts.end(), contains_generator);
}

/// Whether a generator uses an item of its list that is not a generated column.
bool refers_to_item(const ExpressionPtr& generator, const std::vector<NamedExpression>& aliases, const Select& select) {
  return resolved::any_node(generator, [&](const ExpressionPtr& node) {
    const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
    const auto has_id = [&](const Column& column) { return reference && column.id == reference->id; };
    return std::any_of(aliases.begin(), aliases.end(), [&](const auto& each) { return has_id(each.column); }) &&
           std::none_of(select.generators.begin(), select.generators.end(), [&](const auto& each) {
             return std::any_of(each.columns.begin(), each.columns.end(), has_id);
           });
  });
}

resolved::Substitution aliased_values(const std::vector<NamedExpression>& aliases) {
  resolved::Substitution out;
  for (const NamedExpression& each : aliases) {
    out[each.column.id] = each.expression;
  }
  return out;
}

std::vector<Column> regex_columns(const Analysis& analysis, const plan::RegexColumn& node, const Scope& scope) {
  std::vector<Column> out;
  const std::string pattern = (analysis.host.case_sensitive ? "" : "(?i)") + node.pattern;
  const auto alone = JavaRegex::compile(pattern);  // an unbalanced pattern must not close the group below
  const auto whole = alone ? JavaRegex::compile("(?:" + pattern + ")\\z") : nullptr;
  if (!whole) {
    throw SparkError::plain(ErrorKind::illegal_argument, "Not a regular expression: " + node.pattern);
  }
  for (const Column& column : *scope.visible) {
    const bool qualified =
        node.qualifier.empty() ||
        (!column.qualifier.empty() && analysis.same_name(column.qualifier.back(), node.qualifier.back()));
    if (qualified && whole->find(column.name, 0) && whole->begin() == 0) {
      out.push_back(column);
    }
  }
  return out;
}

ExpressionPtr where_condition(Analysis& analysis, const plan::ExpressionPtr& written, const Scope& around) {
  Scope scope = around;
  scope.generators_checked = true;
  ExpressionPtr condition = analysis.resolve_condition(written, scope, "WHERE");
  if (contains_window(condition)) {
    throw_at(written->origin, SparkError("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE", {{"clauseName", "WHERE"}}));
  }
  if (contains_generator(condition)) {
    throw_at(written->origin,
             SparkError("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {{"plan", "'Filter " + expression_sql(condition)}}));
  }
  if (contains_aggregate(condition)) {
    std::string refused;
    resolved::any_node(condition, [&](const ExpressionPtr& node) {
      if (std::holds_alternative<resolved::AggregateCall>(node->node)) {
        refused += (refused.empty() ? "" : ", ") + expression_sql(node);
      }
      return false;
    });
    throw_at(written->origin,
             SparkError("INVALID_WHERE_CONDITION",
                        {{"condition", "\"" + expression_sql(condition) + "\""}, {"expressionList", refused}}));
  }
  return condition;
}

}  // namespace

std::vector<Column> Analysis::expand_star(const plan::Star& star, const Scope& scope,
                                          const plan::Expression& expression) {
  std::vector<Column> found;
  const Scope* source = &scope;
  while (source->visible->empty() && source->below) {
    source = source->below;
  }
  if (star.plan_id && source->plan_columns) {
    const auto entry = source->plan_columns->find(*star.plan_id);
    if (entry != source->plan_columns->end()) {
      for (const Column& column : entry->second.back()) {
        const bool here = std::any_of(source->visible->begin(), source->visible->end(),
                                      [&](const Column& each) { return each.id == column.id; });
        if (here) {
          found.push_back(column);
        }
      }
    }
  } else if (star.target.empty()) {
    found = *source->visible;
  } else {
    const auto matches = [&](const Column& column) {
      if (column.qualifier.size() < star.target.size()) {
        return false;
      }
      const size_t skip = column.qualifier.size() - star.target.size();
      for (size_t i = 0; i < star.target.size(); ++i) {
        if (!same_name(column.qualifier[skip + i], star.target[i])) {
          return false;
        }
      }
      return true;
    };
    for (const std::vector<Column>* columns : {source->visible, source->hidden}) {
      for (const Column& column : *columns) {
        const bool seen =
            std::any_of(found.begin(), found.end(), [&](const Column& each) { return each.id == column.id; });
        if (matches(column) && !seen) {
          found.push_back(column);
        }
      }
    }
    if (found.empty()) {
      std::string columns;
      for (const Column& column : *source->visible) {
        columns += (columns.empty() ? "" : ", ") + quoted({column.name});
      }
      throw_at(expression.origin,
               SparkError("CANNOT_RESOLVE_STAR_EXPAND", {{"targetString", quoted(star.target)}, {"columns", columns}}));
    }
  }
  for (const plan::NameParts& except : star.except) {
    const size_t before = found.size();
    std::erase_if(found, [&](const Column& column) { return same_name(column.name, except.back()); });
    if (found.size() == before) {
      Scope only = *source;
      throw_unresolved(except, only, expression.origin);
    }
  }
  if (!star.except.empty() && found.empty()) {
    throw_at(expression.origin, SparkError("EXCEPT_OVERLAPPING_COLUMNS", {{"columns", ""}}));
  }
  return found;
}

std::vector<NamedExpression> Analysis::resolve_list(const std::vector<plan::ExpressionPtr>& expressions, Scope scope,
                                                    Select* select) {
  std::vector<NamedExpression> out;
  std::vector<NamedExpression> aliases;
  bool alias_used = false;
  scope.lateral_aliases = &aliases;
  scope.lateral_alias_used = &alias_used;
  scope.generators_checked = select != nullptr;
  plan::ExpressionPtr lateral_generator;
  for (const plan::ExpressionPtr& given : expressions) {
    plan::ExpressionPtr source = given;
    while (const auto* text = std::get_if<plan::ExpressionText>(&source->node)) {
      source = host.parse_expression(text->text);
    }
    if (const auto* star = std::get_if<plan::Star>(&source->node)) {
      // t.* of a structure column: its fields.
      const bool names_table =
          star->target.empty() || star->plan_id ||
          std::any_of(scope.visible->begin(), scope.visible->end(), [&](const Column& column) {
            return !column.qualifier.empty() && same_name(column.qualifier.back(), star->target.back());
          });
      const ExpressionPtr structure =
          names_table ? nullptr : find_attribute(plan::Attribute{star->target, {}, false}, scope, source->origin);
      if (structure && structure->type.is(TypeKind::structure)) {
        const std::vector<StructField>& fields = structure->type.fields();
        for (size_t i = 0; i < fields.size(); ++i) {
          ExpressionPtr field =
              resolved::make_expression(resolved::GetField{structure, static_cast<int>(i), fields[i].name},
                                        fields[i].type, structure->nullable || fields[i].nullable, source->origin);
          out.push_back({column_for(fields[i].name, field), field});
        }
        continue;
      }
      for (const Column& column : expand_star(*star, scope, *source)) {
        out.push_back(pass(column));
      }
      continue;
    }
    if (const auto* regex = std::get_if<plan::RegexColumn>(&source->node)) {
      for (const Column& column : regex_columns(*this, *regex, scope)) {
        out.push_back(pass(column));
      }
      continue;
    }
    const auto* alias = std::get_if<plan::Alias>(&source->node);
    const auto* inner_alias = alias ? std::get_if<plan::Alias>(&alias->child->node) : nullptr;
    const plan::ExpressionPtr& body = inner_alias ? inner_alias->child : alias ? alias->child : source;
    scope.generators_allowed = select != nullptr;
    alias_used = false;
    ExpressionPtr expression = resolve(body, scope);
    scope.generators_allowed = false;
    if (has_nested_generator(expression)) {
      throw_at(source->origin, SparkError("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS",
                                          {{"expression", "\"" + expression_sql(expression) + "\""}}));
    }
    if (is_generator(expression)) {
      if (alias_used) {
        if (refers_to_item(expression, aliases, *select)) {
          lateral_generator = source;
        }
        expression = resolved::substitute(expression, aliased_values(aliases));
      }
      add_generator(*this, *select, expression, alias ? alias->names : std::vector<std::string>{}, out, source->origin);
      for (const Column& column : select->generators.back().columns) {
        aliases.push_back(pass(column));
      }
      continue;
    }
    if (alias && alias->names.size() != 1) {
      std::string names;
      for (const std::string& name : alias->names) {
        names += (names.empty() ? "" : ", ") + name;
      }
      throw_at(source->origin, SparkError("MULTI_ALIAS_WITHOUT_GENERATOR",
                                          {{"expr", "\"" + expression_sql(expression) + "\""}, {"names", names}}));
    }
    NamedExpression item = alias ? aliased(scope, *alias, expression) : unnamed(scope, body, expression);
    if (alias_used) {
      item.expression = resolved::substitute(item.expression, aliased_values(aliases));
      item.column.nullable = item.expression->nullable;
    }
    if (alias) {
      aliases.push_back(item);
    }
    out.push_back(std::move(item));
  }
  if (lateral_generator && !select->aggregated &&
      std::none_of(out.begin(), out.end(), [](const auto& each) { return contains_aggregate(each.expression); })) {
    // Spark's own failure: only over groups does it resolve such names.
    throw_at(lateral_generator->origin,
             SparkError("INTERNAL_ERROR",
                        {{"message", "Resolved plan should not contain any LateralColumnAliasReference."}}));
  }
  return out;
}

void check_generators_of_groups(Analysis& analysis, const Select& select, const std::vector<NamedExpression>& items,
                                const Scope& scope) {
  if (select.generators.size() > 1) {
    std::string shown;
    for (const Select::Generated& each : select.generators) {
      shown += (shown.empty() ? "\"" : ", \"") + expression_sql(each.generator) + "\"";
    }
    throw SparkError("UNSUPPORTED_GENERATOR.MULTI_GENERATOR",
                     {{"num", std::to_string(select.generators.size())}, {"generators", shown}});
  }
  for (const Select::Generated& each : select.generators) {
    const auto is_generated = [&](ColumnId id) {
      return std::any_of(each.columns.begin(), each.columns.end(),
                         [&](const Column& column) { return column.id == id; });
    };
    for (const NamedExpression& item : items) {
      if (is_generated(item.column.id)) {
        continue;
      }
      resolved::any_node(item.expression, [&](const ExpressionPtr& node) {
        if (const auto* reference = std::get_if<resolved::ColumnRef>(&node->node);
            reference && is_generated(reference->id)) {
          analysis.throw_unresolved({reference->name}, scope, node->origin);
        }
        return false;
      });
    }
  }
}

Resolved Analysis::resolve_node(const plan::Project& node) {
  auto select = std::make_shared<Select>();
  select->base = resolve(node.input);
  add_time_windows(*this, select->base, node.expressions);
  select->projection = resolve_list(node.expressions, scope_of(*this, select->base), select.get());
  select->aggregated = std::any_of(select->projection.begin(), select->projection.end(),
                                   [](const NamedExpression& each) { return contains_aggregate(each.expression); });
  for (Select::Generated& each : select->generators) {
    select->aggregated = select->aggregated || contains_aggregate(each.generator);
  }
  if (select->aggregated) {
    check_generators_of_groups(*this, *select, select->projection, scope_of(*this, select->base));
  }
  std::vector<ColumnId> generated;
  for (const Select::Generated& each : select->generators) {
    for (const Column& column : each.columns) {
      generated.push_back(column.id);
    }
  }
  for (NamedExpression& each : select->projection) {
    if (std::find(generated.begin(), generated.end(), each.column.id) == generated.end()) {
      each.expression = lift(*select, each.expression);
    }
  }
  for (Select::Generated& each : select->generators) {
    each.generator = lift(*select, each.generator);
  }
  return build(select);
}

Resolved Analysis::resolve_node(const plan::Filter& node) {
  Resolved input = resolve(node.input);
  if (calls_time_window(*this, {node.condition})) {
    const WindowedInput windowed(*this, input, {node.condition});
    ExpressionPtr condition = where_condition(*this, node.condition, windowed.scope());
    const std::vector<Column> columns = windowed.plan()->output;
    return windowed.result(resolved::make_relation(resolved::Filter{windowed.plan(), condition}, columns), {condition});
  }
  const Scope scope = scope_of(*this, input);
  Scope wide = scope;
  Scope below;
  if (input.select && !input.select->aggregated) {
    below = scope_of(*this, input.select->base);
    wide.below = &below;
  }
  ExpressionPtr condition = where_condition(*this, node.condition, wide);
  const bool only_visible = !resolved::any_node(condition, [&](const ExpressionPtr& each) {
    const auto* reference = std::get_if<resolved::ColumnRef>(&each->node);
    return reference && !reference->outer &&
           std::none_of(input.plan->output.begin(), input.plan->output.end(),
                        [&](const Column& column) { return column.id == reference->id; });
  });
  if (!only_visible) {
    // df.select("a").filter(df.b > 1): the missing columns pass through the projection for the condition.
    auto select = std::make_shared<Select>(*input.select);
    for (const Column& column : select->base.plan->output) {
      select->projection.push_back(pass(column));
    }
    const Resolved wider = build(select);
    Resolved out = input;
    const std::vector<Column> output = wider.plan->output;
    out.plan = resolved::make_relation(resolved::Filter{wider.plan, condition}, output);
    out.plan = trimmed(out);
    out.select = nullptr;
    return out;
  }
  const std::vector<Column> output = input.plan->output;
  input.plan = resolved::make_relation(resolved::Filter{input.plan, std::move(condition)}, output);
  input.select = nullptr;
  return input;
}

}  // namespace pyrite::analysis
