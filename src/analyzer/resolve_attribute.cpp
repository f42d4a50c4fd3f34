// Names: columns, nested fields, lambda variables, lateral aliases, outer columns, variables, keyword functions.
#include <algorithm>
#include <set>

#include "analyzer/analysis.h"
#include "analyzer/file_metadata.h"
#include "analyzer/properties.h"
#include "analyzer/time_window.h"
#include "base/error.h"
#include "functions/bind_call.h"
#include "functions/literal_text.h"
#include "functions/registry.h"
#include "plan/resolved_transform.h"

namespace pyrite::analysis {
namespace {

using resolved::ExpressionPtr;

struct Match {
  const Column* column;
  size_t used;  ///< name parts that name the column; the rest are nested fields
};

bool has_qualifier(const Analysis& analysis, const Column& column, const plan::NameParts& name, size_t parts) {
  if (column.qualifier.size() < parts) {
    return false;
  }
  const size_t skip = column.qualifier.size() - parts;
  for (size_t i = 0; i < parts; ++i) {
    if (!analysis.same_name(column.qualifier[skip + i], name[i])) {
      return false;
    }
  }
  return true;
}

/// Columns that a name can mean: the longest qualifier that fits decides.
std::vector<Match> find_matches(const Analysis& analysis, const std::vector<Column>& columns,
                                const plan::NameParts& name) {
  std::vector<Match> found;
  for (size_t parts = std::min<size_t>(3, name.size() - 1) + 1; parts-- > 0;) {
    for (const Column& column : columns) {
      if (analysis.same_name(column.name, name[parts]) && has_qualifier(analysis, column, name, parts)) {
        const bool seen =
            std::any_of(found.begin(), found.end(), [&](const Match& match) { return match.column->id == column.id; });
        if (!seen) {
          found.push_back({&column, parts + 1});
        }
      }
    }
    if (!found.empty()) {
      break;
    }
  }
  return found;
}

std::string reference_names(const std::vector<Match>& matches) {
  std::vector<std::string> names;
  for (const Match& match : matches) {
    plan::NameParts name = match.column->qualifier;
    name.push_back(match.column->name);
    names.push_back(quoted(name));
  }
  std::sort(names.begin(), names.end());
  std::string out = "[";
  for (const std::string& name : names) {
    out += (out.size() > 1 ? ", " : "") + name;
  }
  return out + "]";
}

ExpressionPtr reference_at(const Column& column, const plan::OriginPtr& origin, bool outer) {
  resolved::ColumnRef node{column.id, column.name, column.qualifier, outer};
  return resolved::make_expression(std::move(node), column.type, column.nullable, origin);
}

ExpressionPtr fields_of(Analysis& analysis, ExpressionPtr expression, const plan::NameParts& name, size_t used,
                        const plan::OriginPtr& origin) {
  for (size_t i = used; i < name.size(); ++i) {
    expression = analysis.extract(expression, resolved::string_literal(name[i]), origin);
  }
  return expression;
}

ExpressionPtr find_in(Analysis& analysis, const std::vector<Column>& columns, const plan::NameParts& name,
                      const plan::OriginPtr& origin) {
  const std::vector<Match> matches = find_matches(analysis, columns, name);
  if (matches.empty()) {
    return nullptr;
  }
  if (matches.size() > 1) {
    throw_at(origin,
             SparkError("AMBIGUOUS_REFERENCE", {{"name", quoted(name)}, {"referenceNames", reference_names(matches)}}));
  }
  return fields_of(analysis, reference_at(*matches[0].column, origin, false), name, matches[0].used, origin);
}

ExpressionPtr find_visible(Analysis& analysis, const Scope& scope, const plan::NameParts& name,
                           const plan::OriginPtr& origin) {
  if (!scope.lenient) {
    return find_in(analysis, *scope.visible, name, origin);
  }
  const std::vector<Match> matches = find_matches(analysis, *scope.visible, name);
  if (matches.size() != 1) {
    return nullptr;
  }
  try {
    return fields_of(analysis, reference_at(*matches[0].column, origin, false), name, matches[0].used, origin);
  } catch (const SparkError&) {
    return nullptr;  // the name fits a column without such a field: it means another one, or is unresolved
  }
}

std::string joined(const plan::NameParts& name) {
  std::string out;
  for (const std::string& part : name) {
    out += (out.empty() ? "" : ".") + part;
  }
  return out;
}

/// df["x"]: a column of that DataFrame, wherever it still stands in this scope.
ExpressionPtr find_by_plan_id(Analysis& analysis, const plan::Attribute& attribute, const Scope& scope,
                              const plan::OriginPtr& origin) {
  std::vector<Match> found;
  const auto entry = scope.plan_columns ? scope.plan_columns->find(*attribute.plan_id) : PlanColumns::const_iterator{};
  if (scope.plan_columns && entry != scope.plan_columns->end()) {
    for (const std::vector<Column>& columns : entry->second) {
      for (const Match& match : find_matches(analysis, columns, attribute.name_parts)) {
        if (attribute.is_metadata_column && !is_file_metadata(*match.column)) {
          continue;
        }
        const auto in = [&](const std::vector<Column>& reach) -> const Column* {
          const auto at =
              std::find_if(reach.begin(), reach.end(), [&](const Column& each) { return each.id == match.column->id; });
          return at == reach.end() ? nullptr : &*at;
        };
        const Column* here = in(*scope.visible);
        here = here ? here : in(*scope.hidden);
        const bool seen = here && std::any_of(found.begin(), found.end(),
                                              [&](const Match& each) { return each.column->id == here->id; });
        if (here && !seen) {
          found.push_back({here, match.used});
        }
      }
    }
  }
  if (found.size() > 1) {
    std::string joined;
    for (const std::string& part : attribute.name_parts) {
      joined += (joined.empty() ? "" : ".") + part;
    }
    throw_at(origin, SparkError("AMBIGUOUS_COLUMN_REFERENCE", {{"name", "\"" + joined + "\""}}));
  }
  if (found.empty()) {
    return nullptr;
  }
  return fields_of(analysis, reference_at(*found[0].column, origin, false), attribute.name_parts, found[0].used,
                   origin);
}

ExpressionPtr find_lambda_parameter(Analysis& analysis, const plan::NameParts& name, const Scope& scope,
                                    const plan::OriginPtr& origin) {
  for (auto it = scope.lambda_parameters.rbegin(); it != scope.lambda_parameters.rend(); ++it) {
    if (analysis.same_name(it->name, name[0])) {
      ExpressionPtr variable =
          resolved::make_expression(resolved::LambdaRef{it->id, it->name}, it->type, it->nullable, origin);
      return fields_of(analysis, std::move(variable), name, 1, origin);
    }
  }
  return nullptr;
}

ExpressionPtr find_named(Analysis& analysis, const std::vector<NamedExpression>& list, const plan::NameParts& name,
                         const plan::OriginPtr& origin) {
  const NamedExpression* found = nullptr;
  for (const NamedExpression& each : list) {
    if (analysis.same_name(each.column.name, name[0])) {
      if (found && found->column.id != each.column.id) {
        throw_at(origin, SparkError("AMBIGUOUS_LATERAL_COLUMN_ALIAS", {{"name", quoted({name[0]})}, {"n", "2"}}));
      }
      found = &each;
    }
  }
  return found ? fields_of(analysis, reference_at(found->column, origin, false), name, 1, origin) : nullptr;
}

/// current_date and its like may be written without parentheses.
ExpressionPtr keyword_function(Analysis& analysis, const plan::NameParts& name, const plan::OriginPtr& origin) {
  static const std::set<std::string> names = {"current_date", "current_timestamp", "current_time", "current_path",
                                              "current_user", "session_user",      "user"};
  const std::string lower = name.size() == 1 ? lower_case(name[0]) : "";
  if (!names.contains(lower)) {
    return nullptr;
  }
  return analysis.bind(lower.ends_with("user") ? "current_user" : lower, {}, origin);
}

void note_outer(const Scope& scope, const resolved::ColumnRef& reference, const ExpressionPtr& expression) {
  if (!scope.outer_used) {
    return;
  }
  for (const Column& column : *scope.outer_used) {
    if (column.id == reference.id) {
      return;
    }
  }
  scope.outer_used->push_back(
      Column{reference.id, reference.name, expression->type, expression->nullable, {}, reference.qualifier});
}

/// Marks the columns of an expression found in the query around as outer.
ExpressionPtr as_outer(const Scope& scope, const ExpressionPtr& expression) {
  return resolved::transform(expression, [&](const ExpressionPtr& each) -> ExpressionPtr {
    const auto* reference = std::get_if<resolved::ColumnRef>(&each->node);
    if (!reference) {
      return nullptr;
    }
    resolved::ColumnRef outer = *reference;
    outer.outer = true;
    note_outer(scope, outer, each);
    return resolved::make_expression(std::move(outer), each->type, each->nullable, each->origin);
  });
}

}  // namespace

ExpressionPtr Analysis::find_attribute(const plan::Attribute& attribute, const Scope& scope,
                                       const plan::OriginPtr& origin) {
  const plan::NameParts& name = attribute.name_parts;
  check(!name.empty(), "an attribute has a name");
  if (attribute.plan_id) {
    if (ExpressionPtr found = find_by_plan_id(*this, attribute, scope, origin)) {
      return found;
    }
    if (scope.below) {
      return find_attribute(attribute, *scope.below, origin);
    }
    for (const Scope* around = scope.outer; around; around = around->outer) {
      if (ExpressionPtr found = find_by_plan_id(*this, attribute, *around, origin)) {
        return as_outer(scope, found);
      }
    }
    if (!file_metadata && (attribute.is_metadata_column || names_file_metadata(*this, name))) {
      throw FileMetadataWanted();
    }
    const std::string written = joined(name);
    throw_at(origin, SparkError("CANNOT_RESOLVE_DATAFRAME_COLUMN", {{"name", "\"" + written + "\""}}));
  }
  if (ExpressionPtr found = find_lambda_parameter(*this, name, scope, origin)) {
    return found;
  }
  if (ExpressionPtr found = find_visible(*this, scope, name, origin)) {
    return found;
  }
  if (scope.hidden) {
    if (ExpressionPtr found = find_in(*this, *scope.hidden, name, origin)) {
      return found;
    }
  }
  if (scope.lateral_aliases) {
    if (ExpressionPtr found = find_named(*this, *scope.lateral_aliases, name, origin)) {
      *scope.lateral_alias_used = true;
      return found;
    }
  }
  if (scope.time_windows) {
    if (ExpressionPtr found = find_in(*this, scope.time_windows->columns, name, origin)) {
      return found;
    }
  }
  if (scope.below) {
    return find_attribute(attribute, *scope.below, origin);
  }
  if (scope.function_parameters) {
    plan::NameParts bare = name;
    if (bare.size() > 1 && same_name(bare[0], scope.function_name)) {
      bare.erase(bare.begin());
    }
    for (const NamedExpression& each : *scope.function_parameters) {
      if (same_name(each.column.name, bare[0])) {
        return fields_of(*this, each.expression, bare, 1, origin);
      }
    }
  }
  if (scope.outer) {
    if (ExpressionPtr found = find_attribute(attribute, *scope.outer, origin)) {
      return as_outer(scope, found);
    }
    return nullptr;
  }
  if (ExpressionPtr found = keyword_function(*this, name, origin)) {
    return found;
  }
  if (host.catalog) {
    if (const Variable* variable = host.catalog->find_variable(name)) {
      if (host.temporary_uses) {
        host.temporary_uses->variables.push_back(name);
      }
      std::string shown = "variablereference(system.session." + variable->name + "=" +
                          literal_sql(variable->value, variable->type, host.facts ? host.facts->time_zone : "UTC") +
                          ")";
      return resolved::make_expression(resolved::Literal{variable->value, std::move(shown)}, variable->type,
                                       variable->value.is_null(), origin);
    }
  }
  return nullptr;
}

void Analysis::throw_unresolved(const plan::NameParts& name, const Scope& scope, const plan::OriginPtr& origin) {
  if (!file_metadata && names_file_metadata(*this, name)) {
    throw FileMetadataWanted();
  }
  std::vector<plan::NameParts> candidates;
  for (const Scope* each = &scope; each; each = each->below) {
    const std::vector<Column>* columns = each->suggested ? each->suggested : each->visible;
    if (columns && candidates.empty()) {
      for (const Column& column : *columns) {
        plan::NameParts candidate = column.qualifier;
        candidate.push_back(column.name);
        candidates.push_back(std::move(candidate));
      }
    }
  }
  const std::string object_name = quoted(name);
  if (candidates.empty()) {
    throw_at(origin, SparkError("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", {{"objectName", object_name}}));
  }
  const auto share_prefix = [&](size_t kept) {
    std::set<plan::NameParts> prefixes;
    for (const plan::NameParts& each : candidates) {
      const size_t length = each.size() > kept ? each.size() - kept : 0;
      prefixes.insert(plan::NameParts(each.begin(), each.begin() + static_cast<ptrdiff_t>(length)));
    }
    return prefixes.size() == 1;
  };
  size_t keep = SIZE_MAX;
  if (name.size() == 1 && share_prefix(1)) {
    keep = 1;
  } else if (name.size() <= 2 && share_prefix(2)) {
    keep = 2;
  }
  // The nearest first; among equals, by the column's own name.
  std::stable_sort(candidates.begin(), candidates.end(), [](const plan::NameParts& left, const plan::NameParts& right) {
    return left.back() < right.back();
  });
  const std::string base = joined(name);
  std::vector<std::pair<int, std::string>> ranked;
  for (const plan::NameParts& each : candidates) {
    const size_t skip = each.size() > keep ? each.size() - keep : 0;
    const std::string text = quoted(plan::NameParts(each.begin() + static_cast<ptrdiff_t>(skip), each.end()));
    ranked.emplace_back(edit_distance(text, base), text);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::string proposal;
  for (size_t i = 0; i < ranked.size() && i < 5; ++i) {
    proposal += (i ? ", " : "") + ranked[i].second;
  }
  throw_at(origin,
           SparkError("UNRESOLVED_COLUMN.WITH_SUGGESTION", {{"objectName", object_name}, {"proposal", proposal}}));
}

ExpressionPtr Analysis::get_field(const ExpressionPtr& child, const std::string& name, const plan::OriginPtr& origin) {
  const std::vector<StructField>& fields = child->type.fields();
  int found = -1;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (same_name(fields[i].name, name)) {
      if (found >= 0) {
        throw_at(origin, SparkError("AMBIGUOUS_REFERENCE_TO_FIELDS", {{"field", quoted({name})}, {"count", "2"}}));
      }
      found = static_cast<int>(i);
    }
  }
  if (found < 0) {
    std::string list;
    for (const StructField& field : fields) {
      list += (list.empty() ? "" : ", ") + quoted({field.name});
    }
    throw_at(origin, SparkError("FIELD_NOT_FOUND", {{"fieldName", quoted({name})}, {"fields", list}}));
  }
  const StructField& field = fields[static_cast<size_t>(found)];
  return resolved::make_expression(resolved::GetField{child, found, field.name}, field.type,
                                   child->nullable || field.nullable, origin);
}

ExpressionPtr Analysis::extract(const ExpressionPtr& child, const ExpressionPtr& extraction,
                                const plan::OriginPtr& origin) {
  const resolved::Literal* key = resolved::as_literal(extraction);
  const bool text_key = key && extraction->type.is_string() && !key->value.is_null();
  if (child->type.is(TypeKind::structure)) {
    if (!text_key) {
      throw_at(origin,
               SparkError("INVALID_EXTRACT_FIELD_TYPE", {{"extraction", "\"" + expression_sql(extraction) + "\""}}));
    }
    return get_field(child, key->value.text(), origin);
  }
  if (child->type.is(TypeKind::array) && child->type.element().is(TypeKind::structure) && text_key) {
    // A field of an array of structures: the array of that field's values.
    const auto parameter =
        resolved::LambdaParameter{next_column_id(), "x", child->type.element(), child->type.contains_null()};
    ExpressionPtr item =
        resolved::make_expression(resolved::LambdaRef{parameter.id, "x"}, parameter.type, parameter.nullable);
    ExpressionPtr body = get_field(item, key->value.text(), origin);
    ExpressionPtr lambda = resolved::make_expression(resolved::Lambda{{parameter}, body}, body->type, body->nullable);
    const FoundFunction function = find_function("transform");
    check(function.function != nullptr, "transform is a function");
    BindOptions options{mode(), "get_array_struct_fields", origin};
    return bind_call(*function.function, {child, lambda}, options);
  }
  if (child->type.is(TypeKind::array) || child->type.is(TypeKind::map)) {
    return bind("getitem", {child, extraction}, origin);
  }
  throw_at(origin, SparkError("INVALID_EXTRACT_BASE_FIELD_TYPE", {{"base", "\"" + expression_sql(child) + "\""},
                                                                  {"other", "\"" + sql_string(child->type) + "\""}}));
}

}  // namespace pyrite::analysis
