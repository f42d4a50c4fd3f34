// The errors that binding a call reports, with Spark's parameters.
#include <algorithm>

#include "functions/bind_rule.h"
#include "functions/call_display.h"

namespace pyrite {

using resolved::ExpressionPtr;

std::string quoted_sql(const ExpressionPtr& expression) {
  return "\"" + display_sql(expression, DisplayMode::pretty) + "\"";
}

std::string quoted_type(const Type& type) { return "\"" + sql_string(type) + "\""; }

std::string quoted_call(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments,
                        const BindOptions& options) {
  return quoted_sql(make_call(function, arguments, options, Type::null()));
}

void throw_mismatch(std::string_view kind, const FunctionDef& function, const std::vector<ExpressionPtr>& arguments,
                    const BindOptions& options, MessageParameters parameters) {
  parameters.emplace_back("sqlExpr", quoted_call(function, arguments, options));
  throw SparkError("DATATYPE_MISMATCH." + std::string(kind), std::move(parameters));
}

void throw_unexpected_type(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments,
                           const BindOptions& options, size_t position, std::string required) {
  throw_mismatch("UNEXPECTED_INPUT_TYPE", function, arguments, options,
                 {{"paramIndex", ordinal_word(position)},
                  {"requiredType", std::move(required)},
                  {"inputSql", quoted_sql(arguments[position])},
                  {"inputType", quoted_type(arguments[position]->type)}});
}

void throw_different_types(const FunctionDef& function, const std::vector<ExpressionPtr>& arguments,
                           const BindOptions& options, std::string_view function_name, const std::vector<Type>& types,
                           bool as_alternatives) {
  std::string list;
  for (const Type& type : types) {
    list += (list.empty() ? "" : as_alternatives ? " or " : ", ") + quoted_type(type);
  }
  throw_mismatch("DATA_DIFF_TYPES", function, arguments, options,
                 {{"functionName", quote_name(function_name)},
                  {"dataType", as_alternatives ? "(" + list + ")" : "[" + list + "]"}});
}

void rethrow_completed(const SparkError& error, const FunctionDef& function,
                       const std::vector<ExpressionPtr>& arguments, const BindOptions& options) {
  if (!error.condition().starts_with("DATATYPE_MISMATCH.")) {
    throw error;
  }
  MessageParameters parameters = error.parameters();
  const auto has = [&](std::string_view name) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const auto& parameter) { return parameter.first == name; });
  };
  if (has("sqlExpr")) {
    throw error;
  }
  if (error.condition() == "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE" && !has("inputSql")) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const std::string word = ordinal_word(i);
      if (std::any_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
            return parameter.first == "paramIndex" && parameter.second == word;
          })) {
        parameters.emplace_back("inputSql", quoted_sql(arguments[i]));
      }
    }
  }
  if (error.condition() == "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT" && !has("inputExpr")) {
    const auto variable = std::find_if(arguments.rbegin(), arguments.rend(),
                                       [](const ExpressionPtr& argument) { return !constant_value(argument); });
    if (variable != arguments.rend()) {
      require_no_failure(*variable);
      parameters.emplace_back("inputExpr", quoted_sql(*variable));
    }
  }
  throw_mismatch(std::string_view(error.condition()).substr(18), function, arguments, options, std::move(parameters));
}

void throw_wrong_count(const FunctionDef& function, const BindOptions& options, std::string expected, size_t actual) {
  const std::string name = options.shown_name.empty() ? std::string(function.name) : options.shown_name;
  throw SparkError("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", quote_name(name)},
                                                         {"expectedNum", std::move(expected)},
                                                         {"actualNum", std::to_string(actual)},
                                                         {"docroot", "https://spark.apache.org/docs/latest"}});
}

void require_count(const FunctionDef& function, const BindOptions& options, size_t actual, size_t expected) {
  if (actual != expected) {
    throw_wrong_count(function, options, std::to_string(expected), actual);
  }
}

std::string ordinal_word(size_t position) {
  static constexpr const char* words[] = {"first", "second",  "third",  "fourth", "fifth",
                                          "sixth", "seventh", "eighth", "ninth",  "tenth"};
  return position < std::size(words) ? words[position] : std::to_string(position + 1) + "th";
}

std::string alternatives_text(const std::vector<std::string>& names) {
  if (names.size() == 1) {
    return names[0];
  }
  std::string text = "(";
  for (const std::string& name : names) {
    text += (text.size() == 1 ? "" : " or ") + name;
  }
  return text + ")";
}

}  // namespace pyrite
