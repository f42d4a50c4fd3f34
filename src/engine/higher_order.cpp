// Higher-order functions: lambda bodies run by DuckDB's executor over the elements of a whole batch.
#include <algorithm>
#include <numeric>

#include "duckdb/common/vector/flat_vector.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "engine/forbid_copies.h"
#include "engine/lowering.h"
#include "engine/vector_view.h"
#include "functions/map_builder.h"
#include "plan/resolved_transform.h"

namespace pyrite {
namespace {

constexpr uint32_t absent = UINT32_MAX;
using Rows = std::vector<uint32_t>;

struct Body {
  DuckExpression expression;
  std::vector<Type> parameters;
  Type result;
};

struct LambdaData final : duckdb::FunctionData {
  struct Fixed {
    SpecialForm form;
    CallInfo call;      ///< of the arguments that are values, captured ones included
    size_t values = 0;  ///< arguments before the captured ones
    std::vector<Body> bodies;
    QueryStatePtr query;
  };
  std::shared_ptr<const Fixed> fixed;
  explicit LambdaData(std::shared_ptr<const Fixed> fixed_p) : fixed(std::move(fixed_p)) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<LambdaData>(fixed); }
  bool Equals(const duckdb::FunctionData& other) const override { return other.Cast<LambdaData>().fixed == fixed; }
};

struct LambdaState final : duckdb::FunctionLocalState {
  std::vector<std::unique_ptr<duckdb::ExpressionExecutor>> executors;
};

duckdb::unique_ptr<duckdb::FunctionLocalState> init_lambda(duckdb::ExpressionState& state,
                                                           const duckdb::BoundFunctionExpression&,
                                                           duckdb::FunctionData* data) {
  auto out = duckdb::make_uniq<LambdaState>();
  for (const Body& body : data->Cast<LambdaData>().fixed->bodies) {
    out->executors.push_back(std::make_unique<duckdb::ExpressionExecutor>(state.GetContext(), *body.expression));
  }
  return out;
}

/// One column of a body's input: rows of a view, or positions counted up.
struct Input {
  const ColumnView* view = nullptr;
  Rows rows;
};

/// The result of a body over many elements, in pieces of one vector.
class Evaluated {
 public:
  Evaluated(const Type& type, size_t count) : type_(type), count_(count) {}
  void add(duckdb::unique_ptr<duckdb::Vector> piece, size_t rows) {
    pieces_.push_back(std::move(piece));
    views_.push_back(holder_.view(*pieces_.back(), type_, rows));
  }
  size_t count() const { return count_; }
  const ColumnView& view_of(size_t row) const { return views_[row / STANDARD_VECTOR_SIZE]; }
  static size_t row_in(size_t row) { return row % STANDARD_VECTOR_SIZE; }
  bool is_null(size_t row) const { return view_of(row).is_null(row_in(row)); }
  bool is_true(size_t row) const { return !is_null(row) && view_of(row).get<bool>(row_in(row)); }

 private:
  Type type_;
  size_t count_;
  VectorViews holder_;
  std::vector<duckdb::unique_ptr<duckdb::Vector>> pieces_;
  std::vector<ColumnView> views_;
};

class LambdaRun {
 public:
  LambdaRun(const LambdaData::Fixed& fixed, LambdaState& state, duckdb::ClientContext& context,
            const std::vector<ColumnView>& arguments, size_t rows)
      : fixed_(fixed), state_(state), context_(context), arguments_(arguments), rows_(rows) {}

  void run(ColumnWriter& out);

 private:
  /// `owners`: the batch row that each element belongs to, for the captured columns.
  Evaluated evaluate(size_t body, const std::vector<Input>& parameters, const Rows& owners);
  bool null_row(size_t row) const {
    for (size_t i = 0; i < fixed_.values; ++i) {
      if (arguments_[i].is_null(row)) {
        return true;
      }
    }
    return false;
  }

  /// All elements of the first argument's lists: their positions and owners, and per row where they start.
  void collect_elements();
  void transform(ColumnWriter& out);
  void filter(ColumnWriter& out);
  void quantify(ColumnWriter& out, bool any);
  void zip_with(ColumnWriter& out);
  void over_map(ColumnWriter& out);
  void map_zip_with(ColumnWriter& out);
  void fold(ColumnWriter& out);
  void sort(ColumnWriter& out);
  std::vector<Input> element_inputs(size_t parameters);

  const LambdaData::Fixed& fixed_;
  LambdaState& state_;
  duckdb::ClientContext& context_;
  const std::vector<ColumnView>& arguments_;
  size_t rows_;
  Rows elements_;
  Rows owners_;
  std::vector<size_t> starts_;
};

Evaluated LambdaRun::evaluate(size_t body_index, const std::vector<Input>& parameters, const Rows& owners) {
  const Body& body = fixed_.bodies[body_index];
  duckdb::ExpressionExecutor& executor = *state_.executors[body_index];
  Evaluated out(body.result, owners.size());
  duckdb::vector<duckdb::LogicalType> types;
  for (const Type& type : body.parameters) {
    types.push_back(engine_type(type));
  }
  const size_t captured = arguments_.size() - fixed_.values;
  for (size_t i = 0; i < captured; ++i) {
    types.push_back(engine_type(arguments_[fixed_.values + i].type));
  }
  for (size_t first = 0; first < owners.size(); first += STANDARD_VECTOR_SIZE) {
    const size_t count = std::min<size_t>(STANDARD_VECTOR_SIZE, owners.size() - first);
    duckdb::DataChunk chunk;
    chunk.Initialize(context_, types);
    for (size_t i = 0; i < parameters.size(); ++i) {
      VectorWriter writer(chunk.data[i], body.parameters[i]);
      const Input& input = parameters[i];
      for (size_t k = 0; k < count; ++k) {
        if (!input.view) {
          writer.set(k, static_cast<int32_t>(input.rows[first + k]));
        } else if (input.rows[first + k] == absent) {
          writer.set_null(k);
        } else {
          writer.copy(k, *input.view, input.rows[first + k]);
        }
      }
    }
    for (size_t i = 0; i < captured; ++i) {
      const ColumnView& view = arguments_[fixed_.values + i];
      VectorWriter writer(chunk.data[parameters.size() + i], view.type);
      for (size_t k = 0; k < count; ++k) {
        writer.copy(k, view, owners[first + k]);
      }
    }
    if (types.empty()) {
      chunk.SetCardinalityUnsafe(count);
    } else {
      chunk.SetChildCardinality(count);
    }
    auto result = duckdb::make_uniq<duckdb::Vector>(engine_type(body.result));
    executor.ExecuteExpression(chunk, *result);
    result->Flatten();
    // The executor reuses its buffers for the next piece.
    auto kept = duckdb::make_uniq<duckdb::Vector>(engine_type(body.result));
    {
      VectorViews views;
      const ColumnView view = views.view(*result, body.result, count);
      VectorWriter writer(*kept, body.result);
      for (size_t k = 0; k < count; ++k) {
        writer.copy(k, view, k);
      }
    }
    duckdb::FlatVector::SetSize(*kept, duckdb::count_t(count));
    out.add(std::move(kept), count);
  }
  return out;
}

void LambdaRun::collect_elements() {
  starts_.assign(rows_ + 1, 0);
  for (size_t row = 0; row < rows_; ++row) {
    if (!null_row(row)) {
      const ListSlot list = arguments_[0].list(row);
      for (uint64_t i = 0; i < list.length; ++i) {
        elements_.push_back(static_cast<uint32_t>(list.offset + i));
        owners_.push_back(static_cast<uint32_t>(row));
      }
    }
    starts_[row + 1] = elements_.size();
  }
}

std::vector<Input> LambdaRun::element_inputs(size_t parameters) {
  std::vector<Input> inputs{{&arguments_[0].children[0], elements_}};
  if (parameters > 1) {
    Input positions;
    for (size_t row = 0; row < rows_; ++row) {
      for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
        positions.rows.push_back(static_cast<uint32_t>(i - starts_[row]));
      }
    }
    inputs.push_back(std::move(positions));
  }
  return inputs;
}

void LambdaRun::transform(ColumnWriter& out) {
  collect_elements();
  const Evaluated results = evaluate(0, element_inputs(fixed_.bodies[0].parameters.size()), owners_);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    const size_t start = out.start_list(row, starts_[row + 1] - starts_[row]);
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      out.child(0).copy(start + i - starts_[row], results.view_of(i), Evaluated::row_in(i));
    }
  }
}

void LambdaRun::filter(ColumnWriter& out) {
  collect_elements();
  const Evaluated results = evaluate(0, element_inputs(fixed_.bodies[0].parameters.size()), owners_);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    Rows kept;
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      if (results.is_true(i)) {
        kept.push_back(elements_[i]);
      }
    }
    const size_t start = out.start_list(row, kept.size());
    for (size_t i = 0; i < kept.size(); ++i) {
      out.child(0).copy(start + i, arguments_[0].children[0], kept[i]);
    }
  }
}

void LambdaRun::quantify(ColumnWriter& out, bool any) {
  collect_elements();
  const Evaluated results = evaluate(0, element_inputs(1), owners_);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    bool unknown = false;
    bool decided = false;
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      if (results.is_null(i)) {
        unknown = true;
      } else if (results.is_true(i) == any) {
        decided = true;
      }
    }
    if (!decided && unknown) {
      out.set_null(row);
    } else {
      out.set<bool>(row, decided == any);
    }
  }
}

void LambdaRun::zip_with(ColumnWriter& out) {
  Input left{&arguments_[0].children[0], {}};
  Input right{&arguments_[1].children[0], {}};
  starts_.assign(rows_ + 1, 0);
  for (size_t row = 0; row < rows_; ++row) {
    if (!null_row(row)) {
      const ListSlot a = arguments_[0].list(row);
      const ListSlot b = arguments_[1].list(row);
      for (uint64_t i = 0; i < std::max(a.length, b.length); ++i) {
        left.rows.push_back(i < a.length ? static_cast<uint32_t>(a.offset + i) : absent);
        right.rows.push_back(i < b.length ? static_cast<uint32_t>(b.offset + i) : absent);
        owners_.push_back(static_cast<uint32_t>(row));
      }
    }
    starts_[row + 1] = owners_.size();
  }
  const Evaluated results = evaluate(0, {left, right}, owners_);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    const size_t start = out.start_list(row, starts_[row + 1] - starts_[row]);
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      out.child(0).copy(start + i - starts_[row], results.view_of(i), Evaluated::row_in(i));
    }
  }
}

void LambdaRun::over_map(ColumnWriter& out) {
  collect_elements();
  const ColumnView& keys = arguments_[0].children[0];
  const ColumnView& values = arguments_[0].children[1];
  const Evaluated results = evaluate(0, {{&keys, elements_}, {&values, elements_}}, owners_);
  const KernelContext context{fixed_.call};
  MapBuilder builder(context);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    builder.clear();
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      const ColumnView& result = results.view_of(i);
      const size_t at = Evaluated::row_in(i);
      switch (fixed_.form) {
        case SpecialForm::transform_keys:
          builder.add(result, at, values, elements_[i]);
          break;
        case SpecialForm::transform_values:
          builder.add(keys, elements_[i], result, at);
          break;
        default:
          if (results.is_true(i)) {
            builder.add(keys, elements_[i], values, elements_[i]);
          }
      }
    }
    builder.write(out, row);
  }
}

void LambdaRun::map_zip_with(ColumnWriter& out) {
  const ColumnView& left = arguments_[0];
  const ColumnView& right = arguments_[1];
  Input left_values{&left.children[1], {}};
  Input right_values{&right.children[1], {}};
  // A key comes from the left map, or from the right one where the left lacks it.
  std::vector<std::pair<const ColumnView*, uint32_t>> keys;
  starts_.assign(rows_ + 1, 0);
  for (size_t row = 0; row < rows_; ++row) {
    if (!null_row(row)) {
      const ListSlot a = left.list(row);
      const ListSlot b = right.list(row);
      std::vector<bool> met(b.length, false);
      const auto add = [&](const ColumnView* view, uint64_t key, uint32_t left_value, uint32_t right_value) {
        keys.emplace_back(view, static_cast<uint32_t>(key));
        left_values.rows.push_back(left_value);
        right_values.rows.push_back(right_value);
        owners_.push_back(static_cast<uint32_t>(row));
      };
      for (uint64_t i = 0; i < a.length; ++i) {
        uint32_t match = absent;
        for (uint64_t k = 0; k < b.length && match == absent; ++k) {
          if (!met[k] && same_rows(left.children[0], a.offset + i, right.children[0], b.offset + k)) {
            met[k] = true;
            match = static_cast<uint32_t>(b.offset + k);
          }
        }
        add(&left.children[0], a.offset + i, static_cast<uint32_t>(a.offset + i), match);
      }
      for (uint64_t k = 0; k < b.length; ++k) {
        if (!met[k]) {
          add(&right.children[0], b.offset + k, absent, static_cast<uint32_t>(b.offset + k));
        }
      }
    }
    starts_[row + 1] = owners_.size();
  }
  duckdb::Vector key_vector(engine_type(left.type.key()), std::max<size_t>(1, keys.size()));
  VectorWriter key_writer(key_vector, left.type.key());
  for (size_t i = 0; i < keys.size(); ++i) {
    key_writer.copy(i, *keys[i].first, keys[i].second);
  }
  duckdb::FlatVector::SetSize(key_vector, duckdb::count_t(keys.size()));
  VectorViews views;
  const ColumnView key_view = views.view(key_vector, left.type.key(), keys.size());
  Rows all(keys.size());
  std::iota(all.begin(), all.end(), 0U);
  const Evaluated results = evaluate(0, {{&key_view, all}, left_values, right_values}, owners_);
  const KernelContext context{fixed_.call};
  MapBuilder builder(context);
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    builder.clear();
    for (size_t i = starts_[row]; i < starts_[row + 1]; ++i) {
      builder.add(key_view, i, results.view_of(i), Evaluated::row_in(i));
    }
    builder.write(out, row);
  }
}

void LambdaRun::fold(ColumnWriter& out) {
  const Type& type = fixed_.bodies[0].parameters[0];
  auto states = duckdb::make_uniq<duckdb::Vector>(engine_type(type), std::max<size_t>(1, rows_));
  size_t longest = 0;
  {
    VectorWriter writer(*states, type);
    for (size_t row = 0; row < rows_; ++row) {
      writer.copy(row, arguments_[1], row);
      longest = std::max<size_t>(longest, arguments_[0].is_null(row) ? 0 : arguments_[0].list(row).length);
    }
  }
  const ColumnView& elements = arguments_[0].children[0];
  for (size_t step = 0; step < longest; ++step) {
    Rows positions;
    Rows owners;
    for (size_t row = 0; row < rows_; ++row) {
      if (!arguments_[0].is_null(row) && arguments_[0].list(row).length > step) {
        owners.push_back(static_cast<uint32_t>(row));
        positions.push_back(static_cast<uint32_t>(arguments_[0].list(row).offset + step));
      }
    }
    duckdb::FlatVector::SetSize(*states, duckdb::count_t(rows_));
    VectorViews views;
    const ColumnView current = views.view(*states, type, rows_);
    const Evaluated results = evaluate(0, {{&current, owners}, {&elements, positions}}, owners);
    auto next = duckdb::make_uniq<duckdb::Vector>(engine_type(type), std::max<size_t>(1, rows_));
    VectorWriter writer(*next, type);
    size_t done = 0;
    for (size_t row = 0; row < rows_; ++row) {
      if (done < owners.size() && owners[done] == row) {
        writer.copy(row, results.view_of(done), Evaluated::row_in(done));
        ++done;
      } else {
        writer.copy(row, current, row);
      }
    }
    states = std::move(next);
  }
  duckdb::FlatVector::SetSize(*states, duckdb::count_t(rows_));
  VectorViews views;
  const ColumnView last = views.view(*states, type, rows_);
  const auto is_null = [&](size_t row) { return arguments_[0].is_null(row); };
  if (fixed_.bodies.size() < 2) {
    for (size_t row = 0; row < rows_; ++row) {
      is_null(row) ? out.set_null(row) : out.copy(row, last, row);
    }
    return;
  }
  Rows all(rows_);
  std::iota(all.begin(), all.end(), 0U);
  const Evaluated results = evaluate(1, {{&last, all}}, all);
  for (size_t row = 0; row < rows_; ++row) {
    is_null(row) ? out.set_null(row) : out.copy(row, results.view_of(row), Evaluated::row_in(row));
  }
}

void LambdaRun::sort(ColumnWriter& out) {
  const ColumnView& elements = arguments_[0].children[0];
  for (size_t row = 0; row < rows_; ++row) {
    if (null_row(row)) {
      out.set_null(row);
      continue;
    }
    const ListSlot list = arguments_[0].list(row);
    Rows order(list.length);
    std::iota(order.begin(), order.end(), static_cast<uint32_t>(list.offset));
    // A merge sort of our own: std::stable_sort may run astray with a comparator that contradicts itself.
    const Rows owner{static_cast<uint32_t>(row)};
    const auto less = [&](uint32_t left, uint32_t right) {
      const Evaluated result = evaluate(0, {{&elements, {left}}, {&elements, {right}}}, owner);
      if (result.is_null(0)) {
        throw SparkError("COMPARATOR_RETURNS_NULL",
                         {{"firstValue", key_text(elements, left)}, {"secondValue", key_text(elements, right)}});
      }
      return result.view_of(0).get<int32_t>(0) < 0;
    };
    for (size_t width = 1; width < order.size(); width *= 2) {
      Rows merged;
      for (size_t begin = 0; begin < order.size(); begin += 2 * width) {
        size_t a = begin;
        const size_t middle = std::min(begin + width, order.size());
        size_t b = middle;
        const size_t end = std::min(begin + 2 * width, order.size());
        while (a < middle && b < end) {
          merged.push_back(less(order[b], order[a]) ? order[b++] : order[a++]);
        }
        merged.insert(merged.end(), order.begin() + static_cast<ptrdiff_t>(a),
                      order.begin() + static_cast<ptrdiff_t>(middle));
        merged.insert(merged.end(), order.begin() + static_cast<ptrdiff_t>(b),
                      order.begin() + static_cast<ptrdiff_t>(end));
      }
      order = std::move(merged);
    }
    const size_t start = out.start_list(row, order.size());
    for (size_t i = 0; i < order.size(); ++i) {
      out.child(0).copy(start + i, elements, order[i]);
    }
  }
}

void LambdaRun::run(ColumnWriter& out) {
  switch (fixed_.form) {
    case SpecialForm::transform:
      return transform(out);
    case SpecialForm::filter:
      return filter(out);
    case SpecialForm::exists:
      return quantify(out, true);
    case SpecialForm::forall:
      return quantify(out, false);
    case SpecialForm::zip_with:
      return zip_with(out);
    case SpecialForm::transform_keys:
    case SpecialForm::transform_values:
    case SpecialForm::map_filter:
      return over_map(out);
    case SpecialForm::map_zip_with:
      return map_zip_with(out);
    case SpecialForm::aggregate:
      return fold(out);
    case SpecialForm::array_sort:
      return sort(out);
    default:
      throw_internal("not a function of lambdas");
  }
}

void run_lambda(duckdb::DataChunk& arguments, duckdb::ExpressionState& state, duckdb::Vector& result) {
  const auto& fixed = *state.expr.Cast<duckdb::BoundFunctionExpression>().BindInfo()->Cast<LambdaData>().fixed;
  const size_t rows = arguments.size();
  VectorViews views;
  std::vector<ColumnView> columns;
  for (size_t i = 0; i < arguments.ColumnCount(); ++i) {
    columns.push_back(views.view(arguments.data[i], fixed.call.argument_types[i], rows));
  }
  auto& local = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<LambdaState>();
  VectorWriter out(result, fixed.call.result_type);
  guarded(fixed.query->errors, [&] { LambdaRun(fixed, local, state.GetContext(), columns, rows).run(out); });
}

/// References in a lambda's body to what stands around it, each once.
void collect_captured(const resolved::ExpressionPtr& expression, std::vector<resolved::ColumnId>& bound,
                      std::vector<resolved::ExpressionPtr>& captured) {
  resolved::ColumnId id = 0;
  if (const auto* column = std::get_if<resolved::ColumnRef>(&expression->node)) {
    id = column->id;
  } else if (const auto* variable = std::get_if<resolved::LambdaRef>(&expression->node)) {
    id = variable->id;
    if (std::find(bound.begin(), bound.end(), id) != bound.end()) {
      return;
    }
  } else if (const auto* lambda = std::get_if<resolved::Lambda>(&expression->node)) {
    const size_t before = bound.size();
    for (const resolved::LambdaParameter& parameter : lambda->parameters) {
      bound.push_back(parameter.id);
    }
    collect_captured(lambda->body, bound, captured);
    bound.resize(before);
    return;
  } else {
    if (std::holds_alternative<resolved::Subquery>(expression->node)) {
      throw_unsupported("a subquery inside a lambda");
    }
    for (const resolved::ExpressionPtr& child : resolved::children(expression)) {
      collect_captured(child, bound, captured);
    }
    return;
  }
  for (const resolved::ExpressionPtr& known : captured) {
    const auto* column = std::get_if<resolved::ColumnRef>(&known->node);
    const auto* variable = std::get_if<resolved::LambdaRef>(&known->node);
    if ((column && column->id == id) || (variable && variable->id == id)) {
      return;
    }
  }
  captured.push_back(expression);
}

resolved::ColumnId id_of(const resolved::ExpressionPtr& reference) {
  const auto* column = std::get_if<resolved::ColumnRef>(&reference->node);
  return column ? column->id : std::get<resolved::LambdaRef>(reference->node).id;
}

}  // namespace

DuckExpression PlanLowering::higher_order(SpecialForm form, const resolved::Call& call,
                                          const resolved::Expression& expression, const Scope& scope) {
  auto fixed = std::make_shared<LambdaData::Fixed>();
  fixed->form = form;
  fixed->call = call_info_of(call, expression);
  fixed->call.argument_types.clear();
  fixed->query = query_;
  std::vector<const resolved::Lambda*> lambdas;
  std::vector<resolved::ExpressionPtr> captured;
  std::vector<resolved::ColumnId> bound;
  DuckExpressions arguments;
  for (const resolved::ExpressionPtr& argument : call.arguments) {
    if (const auto* lambda = std::get_if<resolved::Lambda>(&argument->node)) {
      lambdas.push_back(lambda);
      collect_captured(argument, bound, captured);
      continue;
    }
    arguments.push_back(this->expression(argument, scope));
    fixed->call.argument_types.push_back(argument->type);
  }
  check(!lambdas.empty(), "a function of lambdas without a lambda");
  fixed->values = arguments.size();
  for (const resolved::ExpressionPtr& reference : captured) {
    arguments.push_back(this->expression(reference, scope));
    fixed->call.argument_types.push_back(reference->type);
  }
  bool can_fail = form == SpecialForm::transform_keys || form == SpecialForm::array_sort;
  bool is_volatile = false;
  for (const resolved::Lambda* lambda : lambdas) {
    Scope inner;
    Body& body = fixed->bodies.emplace_back();
    for (const resolved::LambdaParameter& parameter : lambda->parameters) {
      inner.add_position(parameter.id, engine_type(parameter.type), body.parameters.size());
      body.parameters.push_back(parameter.type);
    }
    for (size_t i = 0; i < captured.size(); ++i) {
      inner.add_position(id_of(captured[i]), engine_type(captured[i]->type), body.parameters.size() + i);
    }
    body.result = lambda->body->type;
    body.expression = this->expression(lambda->body, inner);
    can_fail = can_fail || body.expression->CanThrow();
    is_volatile = is_volatile || body.expression->IsVolatile();
  }
  duckdb::vector<duckdb::LogicalType> types;
  for (const DuckExpression& argument : arguments) {
    types.push_back(argument->GetReturnType());
  }
  duckdb::ScalarFunction function(
      duckdb::Identifier("spark_" + std::string(call.function->name)), std::move(types), engine_type(expression.type),
      run_lambda, nullptr, nullptr, init_lambda, duckdb::LogicalType(duckdb::LogicalTypeId::INVALID),
      is_volatile ? duckdb::FunctionStability::VOLATILE : duckdb::FunctionStability::CONSISTENT,
      duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  if (can_fail) {
    function.SetFallible();
  }
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(duckdb::BoundScalarFunction(forbid_copies(function)),
                                                            std::move(arguments),
                                                            duckdb::make_uniq<LambdaData>(std::move(fixed)));
}

}  // namespace pyrite
