// Parses call forms and matches them against argument types.
#include "functions/form.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "base/error.h"
#include "types/coercion.h"

namespace pyrite {
namespace {

/// Reads the grammar written at FormText.
class FormReader {
 public:
  explicit FormReader(std::string_view text) : text_(text) {}

  Form read() {
    Form form;
    expect('(');
    bool closing_bracket = false;
    while (!next_is(')')) {
      if (next_is('[')) {
        take();
        closing_bracket = true;
      }
      form.arguments.push_back(argument());
      form.arguments.back().optional = closing_bracket;
      // "[a], [b]" and "[a, b]" mean the same: from here on everything may be left out.
      if (next_is(']')) {
        take();
        closing_bracket = false;
      }
      if (next_is(',')) {
        take();
      }
    }
    expect(')');
    expect('-');
    expect('>');
    form.result = type();
    check(at_end(), "a form has trailing text: " + std::string(text_));
    return form;
  }

 private:
  FormArgument argument() {
    FormArgument argument;
    argument.alternatives.push_back(type());
    while (next_is('|')) {
      take();
      argument.alternatives.push_back(type());
    }
    if (next_is('!')) {
      take();
      argument.strict = true;
    }
    if (next_is('.')) {
      expect('.');
      expect('.');
      expect('.');
      argument.variadic = true;
    }
    return argument;
  }

  FormType type() {
    const std::string name = word();
    if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') {
      return {.shape = FormShape::variable, .variable = name[0]};
    }
    if (name == "array" || name == "map") {
      FormType type{.shape = name == "array" ? FormShape::array : FormShape::map};
      expect('<');
      type.children.push_back(this->type());
      if (name == "map") {
        expect(',');
        type.children.push_back(this->type());
      }
      expect('>');
      return type;
    }
    if (name == "lambda") {
      FormType type{.shape = FormShape::lambda};
      expect('(');
      while (!next_is(')')) {
        type.children.push_back(this->type());
        if (next_is(',')) {
          take();
        }
      }
      expect(')');
      type.children.push_back(this->type());
      return type;
    }
    static const std::pair<std::string_view, FormShape> shapes[] = {
        {"any", FormShape::any},           {"numeric", FormShape::numeric},
        {"integral", FormShape::integral}, {"fractional", FormShape::fractional},
        {"atomic", FormShape::atomic},     {"orderable", FormShape::orderable},
        {"datetime", FormShape::datetime}, {"decimal", FormShape::decimal},
        {"struct", FormShape::structure},  {"rule", FormShape::rule},
    };
    for (const auto& [shape_name, shape] : shapes) {
      if (shape_name == name) {
        return {.shape = shape};
      }
    }
    static const std::pair<std::string_view, Type> types[] = {
        {"boolean", Type::boolean()},
        {"byte", Type::byte()},
        {"short", Type::short_int()},
        {"int", Type::integer()},
        {"long", Type::long_int()},
        {"float", Type::float32()},
        {"double", Type::float64()},
        {"string", Type::string()},
        {"binary", Type::binary()},
        {"date", Type::date()},
        {"time", Type::time()},
        {"timestamp", Type::timestamp()},
        {"timestamp_ntz", Type::timestamp_ntz()},
        {"ym_interval", Type::year_month_interval()},
        {"dt_interval", Type::day_time_interval()},
        {"interval", Type::calendar_interval()},
        {"variant", Type::variant()},
        {"null", Type::null()},
    };
    for (const auto& [type_name, known] : types) {
      if (type_name == name) {
        return {.shape = FormShape::concrete, .type = known};
      }
    }
    throw_internal("unknown type \"" + name + "\" in the form " + std::string(text_));
  }

  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
  }
  bool at_end() {
    skip();
    return at_ == text_.size();
  }
  bool next_is(char c) {
    skip();
    return at_ < text_.size() && text_[at_] == c;
  }
  void take() { ++at_; }
  void expect(char c) {
    check(next_is(c), std::string("expected ") + c + " in the form " + std::string(text_));
    take();
  }
  std::string word() {
    skip();
    const size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) {
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  std::string_view text_;
  size_t at_ = 0;
};

Type plain(const Type& type) { return type.is_string() && !type.is(TypeKind::string) ? Type::string() : type; }

bool accepts_concrete(const Type& wanted, const Type& actual) {
  // String, interval and time patterns stand for every collation, field range and precision.
  return (wanted.is_string() && actual.is_string()) || wanted.kind() == actual.kind();
}

bool is_atomic(const Type& type) {
  return !type.is_nested() && !type.is(TypeKind::null) && !type.is(TypeKind::calendar_interval) &&
         !type.is(TypeKind::variant);
}

std::string_view shape_name(FormShape shape) {
  switch (shape) {
    case FormShape::any:
      return "ANY";
    case FormShape::numeric:
      return "NUMERIC";
    case FormShape::integral:
      return "INTEGRAL";
    case FormShape::fractional:
      return "FRACTIONAL";
    case FormShape::atomic:
      return "ATOMIC";
    case FormShape::orderable:
      return "ORDERABLE";
    case FormShape::datetime:
      return "DATETIME";
    case FormShape::decimal:
      return "DECIMAL";
    case FormShape::array:
      return "ARRAY";
    case FormShape::map:
      return "MAP";
    case FormShape::structure:
      return "STRUCT";
    default:
      return "ANY";
  }
}

}  // namespace

size_t Form::smallest() const {
  return static_cast<size_t>(std::count_if(arguments.begin(), arguments.end(), [](const FormArgument& argument) {
    return !argument.optional && !argument.variadic;
  }));
}

bool Form::takes(size_t count) const {
  const bool variadic = !arguments.empty() && arguments.back().variadic;
  return count >= smallest() && (variadic || count <= arguments.size());
}

const FormArgument& Form::at(size_t position) const { return arguments[std::min(position, arguments.size() - 1)]; }

const Form& parsed_form(const FormText& text) {
  static std::shared_mutex mutex;
  static std::unordered_map<const char*, std::unique_ptr<const Form>> forms;
  {
    std::shared_lock lock(mutex);
    if (const auto found = forms.find(text.text.data()); found != forms.end()) {
      return *found->second;
    }
  }
  auto form = std::make_unique<const Form>(FormReader(text.text).read());
  std::unique_lock lock(mutex);
  return *forms.try_emplace(text.text.data(), std::move(form)).first->second;
}

bool is_orderable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::map:
    case TypeKind::variant:
    case TypeKind::calendar_interval:
      return false;
    case TypeKind::array:
      return is_orderable(type.element());
    case TypeKind::structure:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const StructField& field) { return is_orderable(field.type); });
    default:
      return true;
  }
}

bool unify(const FormType& pattern, const Type& actual, bool actual_nullable, bool ansi, FormVariables& variables) {
  switch (pattern.shape) {
    case FormShape::variable: {
      auto& bound = variables[pattern.variable];
      bound.contains_null = bound.contains_null || actual_nullable;
      if (!bound.type) {
        bound.type = plain(actual);
        return true;
      }
      if (same_type(*bound.type, actual)) {
        return true;
      }
      bound.type = wider_type(*bound.type, actual, ansi);
      return bound.type.has_value();
    }
    case FormShape::array:
      return actual.is(TypeKind::null) ||
             (actual.is(TypeKind::array) &&
              unify(pattern.children[0], actual.element(), actual.contains_null(), ansi, variables));
    case FormShape::map:
      return actual.is(TypeKind::null) ||
             (actual.is(TypeKind::map) && unify(pattern.children[0], actual.key(), false, ansi, variables) &&
              unify(pattern.children[1], actual.value(), actual.contains_null(), ansi, variables));
    case FormShape::lambda:
      return unify(pattern.children.back(), actual, actual_nullable, ansi, variables);
    default:
      return true;
  }
}

bool accepts(const FormType& pattern, const Type& actual, const FormVariables& variables) {
  switch (pattern.shape) {
    case FormShape::concrete:
      return accepts_concrete(pattern.type, actual);
    case FormShape::any:
    case FormShape::rule:
    case FormShape::lambda:
      return true;
    case FormShape::numeric:
      return actual.is_numeric();
    case FormShape::integral:
      return actual.is_integral();
    case FormShape::fractional:
      return actual.is_fractional();
    case FormShape::atomic:
      return is_atomic(actual);
    case FormShape::orderable:
      return is_orderable(actual);
    case FormShape::datetime:
      return actual.is_datetime();
    case FormShape::decimal:
      return actual.is(TypeKind::decimal);
    case FormShape::structure:
      return actual.is(TypeKind::structure);
    case FormShape::array:
      return actual.is(TypeKind::array) && accepts(pattern.children[0], actual.element(), variables);
    case FormShape::map:
      return actual.is(TypeKind::map) && accepts(pattern.children[0], actual.key(), variables) &&
             accepts(pattern.children[1], actual.value(), variables);
    case FormShape::variable: {
      const auto& bound = variables[pattern.variable];
      return !bound.type || same_type(*bound.type, actual);
    }
  }
  return false;
}

std::optional<Type> target_type(const FormType& pattern, const Type& actual, bool ansi,
                                const FormVariables& variables) {
  if (pattern.shape != FormShape::variable && pattern.shape != FormShape::array && pattern.shape != FormShape::map &&
      accepts(pattern, actual, variables)) {
    return plain(actual);
  }
  const bool null = actual.is(TypeKind::null);
  switch (pattern.shape) {
    case FormShape::concrete:
      return can_implicitly_cast(actual, pattern.type, ansi) ? std::optional<Type>(pattern.type) : std::nullopt;
    case FormShape::numeric:
    case FormShape::fractional:
      return null || actual.is_string() || (pattern.shape == FormShape::fractional && actual.is_numeric())
                 ? std::optional<Type>(Type::float64())
                 : std::nullopt;
    case FormShape::integral:
      return null ? std::optional<Type>(Type::integer()) : std::nullopt;
    case FormShape::decimal:
      return actual.is_numeric()          ? std::optional<Type>(decimal_for(actual))
             : null || actual.is_string() ? std::optional<Type>(Type::decimal(38, 18))
                                          : std::nullopt;
    case FormShape::datetime:
      return null || actual.is_string() ? std::optional<Type>(Type::timestamp()) : std::nullopt;
    case FormShape::atomic:
    case FormShape::structure:
      return null ? std::optional<Type>(actual) : std::nullopt;
    case FormShape::variable: {
      const auto& bound = variables[pattern.variable];
      return bound.type ? *bound.type : actual;
    }
    case FormShape::array: {
      if (!null && !actual.is(TypeKind::array)) {
        return std::nullopt;
      }
      const auto element = target_type(pattern.children[0], null ? Type::null() : actual.element(), ansi, variables);
      return element ? std::optional<Type>(Type::array(*element, null || actual.contains_null())) : std::nullopt;
    }
    case FormShape::map: {
      if (!null && !actual.is(TypeKind::map)) {
        return std::nullopt;
      }
      const auto key = target_type(pattern.children[0], null ? Type::null() : actual.key(), ansi, variables);
      const auto value = target_type(pattern.children[1], null ? Type::null() : actual.value(), ansi, variables);
      return key && value ? std::optional<Type>(Type::map(*key, *value, null || actual.contains_null())) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<Type> target_type(const FormArgument& argument, const Type& actual, bool ansi,
                                const FormVariables& variables) {
  for (const FormType& pattern : argument.alternatives) {
    if (accepts(pattern, actual, variables)) {
      return target_type(pattern, actual, ansi, variables);
    }
  }
  if (argument.strict && actual.is_numeric()) {
    return std::nullopt;
  }
  for (const FormType& pattern : argument.alternatives) {
    if (auto type = target_type(pattern, actual, ansi, variables)) {
      return type;
    }
  }
  return std::nullopt;
}

Type result_type(const FormType& pattern, const FormVariables& variables) {
  const auto contains_null = [&](const FormType& child) {
    return child.shape == FormShape::variable ? variables[child.variable].contains_null : true;
  };
  switch (pattern.shape) {
    case FormShape::concrete:
      return pattern.type;
    case FormShape::variable:
      return variables[pattern.variable].type.value_or(Type::null());
    case FormShape::array:
      return Type::array(result_type(pattern.children[0], variables), contains_null(pattern.children[0]));
    case FormShape::map:
      return Type::map(result_type(pattern.children[0], variables), result_type(pattern.children[1], variables),
                       contains_null(pattern.children[1]));
    default:
      return Type::null();
  }
}

std::vector<std::string> required_type_names(const FormArgument& argument, const FormVariables& variables) {
  std::vector<std::string> names;
  for (const FormType& pattern : argument.alternatives) {
    std::string name(shape_name(pattern.shape));
    if (pattern.shape == FormShape::concrete) {
      name = pattern.type.is(TypeKind::time) ? "TIME" : sql_string(pattern.type);
    } else if (pattern.shape == FormShape::variable && variables[pattern.variable].type) {
      name = sql_string(*variables[pattern.variable].type);
    } else if ((pattern.shape == FormShape::array && pattern.children[0].shape == FormShape::concrete) ||
               (pattern.shape == FormShape::map && pattern.children[0].shape == FormShape::concrete)) {
      name = sql_string(result_type(pattern, variables));
    }
    names.push_back("\"" + name + "\"");
  }
  return names;
}

}  // namespace pyrite
