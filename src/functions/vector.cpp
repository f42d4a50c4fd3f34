// Vectors, that is arrays of floats: distances, norms, and sums over groups.
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "functions/call_names.h"
#include "functions/families.h"
#include "functions/java_format.h"
#include "functions/kernel.h"
#include "functions/sketch_arguments.h"

namespace pyrite {
namespace {

/// The elements of one row; nothing when one of them is NULL.
std::optional<std::vector<float>> read_vector(const ColumnView& column, size_t row) {
  const ListSlot list = column.list(row);
  const ColumnView& elements = column.children[0];
  std::vector<float> values(list.length);
  for (size_t i = 0; i < list.length; ++i) {
    if (elements.is_null(list.offset + i)) {
      return std::nullopt;
    }
    values[i] = elements.get<float>(list.offset + i);
  }
  return values;
}

void write_vector(ColumnWriter& out, size_t row, const std::vector<float>& values) {
  const size_t start = out.start_list(row, values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    out.child(0).set(start + i, values[i]);
  }
}

[[noreturn]] void throw_dimensions(const CallInfo& call, size_t left, size_t right) {
  throw SparkError("VECTOR_DIMENSION_MISMATCH", {{"functionName", quoted_function(call)},
                                                 {"leftDim", std::to_string(left)},
                                                 {"rightDim", std::to_string(right)}});
}

using Vector = std::vector<float>;
constexpr size_t block = 8;

/// Sums term(i) in the order that gives Spark's float: in blocks of eight first, the rest one by one.
template <class Term>
float sum_terms(size_t size, Term term) {
  float sum = 0;
  size_t i = 0;
  for (; i + block <= size; i += block) {
    float part = term(i);
    for (size_t j = 1; j < block; ++j) {
      part += term(i + j);
    }
    sum += part;
  }
  for (; i < size; ++i) {
    sum += term(i);
  }
  return sum;
}

float inner(const Vector& left, const Vector& right) {
  return sum_terms(left.size(), [&](size_t i) { return left[i] * right[i]; });
}

std::optional<float> inner_product(const Vector& left, const Vector& right) { return inner(left, right); }

std::optional<float> l2_distance(const Vector& left, const Vector& right) {
  const float squares = sum_terms(left.size(), [&](size_t i) {
    const float difference = left[i] - right[i];
    return difference * difference;
  });
  return static_cast<float>(std::sqrt(static_cast<double>(squares)));
}

std::optional<float> cosine_similarity(const Vector& left, const Vector& right) {
  const float scale = static_cast<float>(std::sqrt(static_cast<double>(inner(left, left) * inner(right, right))));
  return scale == 0 ? std::nullopt : std::optional(inner(left, right) / scale);
}

template <auto f>
void run_pair(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || arguments[1].is_null(row)) {
      out.set_null(row);
      continue;
    }
    const size_t left_size = arguments[0].list(row).length;
    const size_t right_size = arguments[1].list(row).length;
    if (left_size != right_size) {
      throw_dimensions(context.call, left_size, right_size);
    }
    const auto left = read_vector(arguments[0], row);
    const auto right = read_vector(arguments[1], row);
    const std::optional<float> result = left && right ? f(*left, *right) : std::nullopt;
    if (result) {
      out.set(row, *result);
    } else {
      out.set_null(row);
    }
  }
}

float norm_of(const CallInfo& call, const Vector& vector, float degree) {
  if (degree == 2) {
    return static_cast<float>(std::sqrt(static_cast<double>(inner(vector, vector))));
  }
  if (degree == 1) {
    return sum_terms(vector.size(), [&](size_t i) { return std::fabs(vector[i]); });
  }
  if (degree == std::numeric_limits<float>::infinity()) {
    float greatest = 0;
    for (const float value : vector) {
      greatest = std::fabs(value) > greatest || std::isnan(value) ? std::fabs(value) : greatest;
    }
    return greatest;
  }
  throw SparkError("INVALID_VECTOR_NORM_DEGREE",
                   {{"functionName", quoted_function(call)}, {"degree", java_text(degree)}});
}

template <bool normalize>
void run_norm(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows, ColumnWriter& out) {
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].is_null(row) || (arguments.size() > 1 && arguments[1].is_null(row))) {
      out.set_null(row);
      continue;
    }
    std::optional<Vector> vector = read_vector(arguments[0], row);
    const float norm =
        norm_of(context.call, vector ? *vector : Vector(), arguments.size() > 1 ? arguments[1].get<float>(row) : 2.0F);
    if (!vector || (normalize && norm == 0 && !vector->empty())) {
      out.set_null(row);
    } else if constexpr (normalize) {
      for (float& value : *vector) {
        value /= norm;
      }
      write_vector(out, row, *vector);
    } else {
      out.set(row, norm);
    }
  }
}

/// Element by element; vectors with a NULL in them do not count. The mean runs along, as Spark's does.
template <bool mean>
struct VectorSum : AggregateState {
  explicit VectorSum(const CallInfo&) {}
  std::optional<Vector> total;
  int64_t count = 0;

  void add(const CallInfo& call, const Vector& vector, int64_t rows) {
    if (!total) {
      total = vector;
      count = rows;
      return;
    }
    if (total->size() != vector.size()) {
      throw_dimensions(call, total->size(), vector.size());
    }
    count += rows;
    for (size_t i = 0; i < vector.size(); ++i) {
      float& value = (*total)[i];
      if constexpr (mean) {
        value += (vector[i] - value) * (static_cast<float>(rows) / static_cast<float>(count));
      } else {
        value += vector[i];
      }
    }
  }
  void update(const KernelContext& context, std::span<const ColumnView> arguments, size_t row) override {
    if (arguments[0].is_null(row)) {
      return;
    }
    if (const auto vector = read_vector(arguments[0], row)) {
      add(context.call, *vector, 1);
    }
  }
  void merge(const KernelContext& context, const AggregateState& other) override {
    if (const auto& from = static_cast<const VectorSum&>(other); from.total) {
      add(context.call, *from.total, from.count);
    }
  }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const override {
    if (total) {
      write_vector(out, row, *total);
    } else {
      out.set_null(row);
    }
  }
};

void check_pair(const CallInfo& call) {
  require_argument(call, 0, {Type::array(Type::float32())}, NullLiteral::refused);
  require_argument(call, 1, {Type::array(Type::float32())}, NullLiteral::refused);
}

void check_norm(const CallInfo& call) {
  require_argument(call, 0, {Type::array(Type::float32())}, NullLiteral::refused);
  require_argument(call, 1, {Type::float32()}, NullLiteral::refused);
}

constexpr FunctionDef rows[] = {
    {.name = "vector_sum",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> array<float>"},
     .check = check_pair,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<VectorSum<false>>},
     .errors = {"VECTOR_DIMENSION_MISMATCH"},
     .doc = "The sum of a group of vectors, element by element."},
    {.name = "vector_avg",
     .kind = FunctionKind::aggregate,
     .forms = {"(any) -> array<float>"},
     .check = check_pair,
     .nulls = NullHandling::custom,
     .nullability = Nullability::always,
     .lower = lowering::OwnAggregate{aggregate_kernel<VectorSum<true>>},
     .errors = {"VECTOR_DIMENSION_MISMATCH"},
     .doc = "The mean of a group of vectors, element by element."},
    {.name = "vector_cosine_similarity",
     .forms = {"(any, any) -> float"},
     .check = check_pair,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_pair<cosine_similarity>, nullptr}},
     .errors = {"VECTOR_DIMENSION_MISMATCH"},
     .doc = "The cosine of the angle between two vectors."},
    {.name = "vector_inner_product",
     .forms = {"(any, any) -> float"},
     .check = check_pair,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_pair<inner_product>, nullptr}},
     .errors = {"VECTOR_DIMENSION_MISMATCH"},
     .doc = "The inner product of two vectors."},
    {.name = "vector_l2_distance",
     .forms = {"(any, any) -> float"},
     .check = check_pair,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .lower = lowering::Own{{&run_pair<l2_distance>, nullptr}},
     .errors = {"VECTOR_DIMENSION_MISMATCH"},
     .doc = "The Euclidean distance of two vectors."},
    {.name = "vector_norm",
     .forms = {"(any, [any]) -> float"},
     .check = check_norm,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<2, "2.0">,
     .lower = lowering::Own{{&run_norm<false>, nullptr}},
     .errors = {"INVALID_VECTOR_NORM_DEGREE"},
     .doc = "The length of a vector under a norm."},
    {.name = "vector_normalize",
     .forms = {"(any, [any]) -> array<float>"},
     .check = check_norm,
     .nullability = Nullability::always,
     .failure = Failure::possible,
     .display = show_defaults<2, "2.0">,
     .lower = lowering::Own{{&run_norm<true>, nullptr}},
     .errors = {"INVALID_VECTOR_NORM_DEGREE"},
     .doc = "A vector brought to length 1 under a norm."},
};

}  // namespace

std::span<const FunctionDef> vector_functions() { return rows; }

}  // namespace pyrite
