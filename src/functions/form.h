// Call forms parsed: what "(array<T>, T) -> boolean" says, matched against argument types.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "functions/function_def.h"

namespace pyrite {

enum class FormShape : uint8_t {
  concrete,
  any,
  numeric,
  integral,
  fractional,
  atomic,
  orderable,
  datetime,
  decimal,
  array,
  map,
  structure,
  variable,
  lambda,
  rule
};

struct FormType {
  FormShape shape = FormShape::any;
  Type type;  ///< concrete
  char variable = 0;
  std::vector<FormType> children;  ///< array: element; map: key, value; lambda: parameters, then the result
};

struct FormArgument {
  std::vector<FormType> alternatives;
  bool optional = false;
  bool variadic = false;
  bool strict = false;  ///< no number of another kind is cast to fit
};

struct Form {
  std::vector<FormArgument> arguments;
  FormType result;

  size_t smallest() const;
  bool takes(size_t count) const;
  /// The description of an argument position; the last one stands for all variadic ones.
  const FormArgument& at(size_t position) const;
};

/// Parsed once, kept for good.
const Form& parsed_form(const FormText& text);

/// What the capital letters of a form stand for in one call.
struct FormVariables {
  struct Bound {
    std::optional<Type> type;
    bool contains_null = false;  ///< some container of this variable may hold NULL
  };
  std::array<Bound, 26> bound;
  Bound& operator[](char letter) { return bound[static_cast<size_t>(letter - 'A')]; }
  const Bound& operator[](char letter) const { return bound[static_cast<size_t>(letter - 'A')]; }
};

/// Finds the variables of a pattern in an argument's type; false: it cannot be.
bool unify(const FormType& pattern, const Type& actual, bool actual_nullable, bool ansi, FormVariables& variables);
/// Whether the type fits without a cast (variables count as fitting when they are of that very type).
bool accepts(const FormType& pattern, const Type& actual, const FormVariables& variables);
/// The type that an argument is cast to; nullopt: not even with a cast.
std::optional<Type> target_type(const FormType& pattern, const Type& actual, bool ansi, const FormVariables& variables);
std::optional<Type> target_type(const FormArgument& argument, const Type& actual, bool ansi,
                                const FormVariables& variables);
/// The result; shape rule gives the null type.
Type result_type(const FormType& pattern, const FormVariables& variables);

bool is_orderable(const Type& type);

/// The names of the alternatives as messages show them: "\"STRING\"".
std::vector<std::string> required_type_names(const FormArgument& argument, const FormVariables& variables);

}  // namespace pyrite
