// Hand-built resolved plans through the engine and back as Arrow.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "functions/kernel.h"
#include "nanoarrow/nanoarrow.h"

namespace pyrite {
namespace {

using resolved::Column;
using resolved::ExpressionPtr;
using resolved::NamedExpression;
using resolved::RelationPtr;

constexpr FunctionDef special(const char* name, SpecialForm form, Failure failure = Failure::never) {
  return {.name = name, .forms = {"(any...) -> any"}, .failure = failure, .lower = lowering::Special{form}};
}

int64_t divide_or_raise(int64_t left, int64_t right) {
  if (right == 0) {
    throw SparkError("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}});
  }
  return left / right;
}
std::string repeat_text(std::string_view text) { return std::string(text) + "-" + std::string(text); }

struct CountLongs {
  int64_t sum = 0;
  template <class At>
  static void update(const KernelContext&, std::span<const ColumnView> arguments, size_t rows, At at) {
    for (size_t row = 0; row < rows; ++row) {
      if (!arguments[0].is_null(row)) {
        at(row).sum += arguments[0].get<int64_t>(row);
      }
    }
  }
  void merge(const KernelContext&, const CountLongs& from) { sum += from.sum; }
  void finish(const KernelContext&, ColumnWriter& out, size_t row) const { out.set(row, sum); }
};

constexpr FunctionDef and_row = special("and", SpecialForm::and_);
constexpr FunctionDef equal_row = special("=", SpecialForm::equal);
constexpr FunctionDef greater_row = special(">", SpecialForm::greater);
constexpr FunctionDef divide_row = {.name = "divide",
                                    .forms = {"(long, long) -> long"},
                                    .failure = Failure::possible,
                                    .lower = lowering::Own{kernel<divide_or_raise>}};
constexpr FunctionDef repeat_row = {
    .name = "repeat_text", .forms = {"(string) -> string"}, .lower = lowering::Own{kernel<repeat_text>}};
constexpr FunctionDef total_row = {.name = "total",
                                   .kind = FunctionKind::aggregate,
                                   .forms = {"(long) -> long"},
                                   .lower = lowering::OwnAggregate{flat_aggregate<CountLongs>}};
constexpr FunctionDef count_row = {.name = "count",
                                   .kind = FunctionKind::aggregate,
                                   .forms = {"(any...) -> long"},
                                   .lower = lowering::Engine{"count"}};

ExpressionPtr call(const FunctionDef& function, std::vector<ExpressionPtr> arguments, Type type) {
  return resolved::make_expression(resolved::Call{&function, std::string(function.name), std::move(arguments)},
                                   std::move(type), true);
}
ExpressionPtr aggregate(const FunctionDef& function, std::vector<ExpressionPtr> arguments, Type type) {
  return resolved::make_expression(resolved::AggregateCall{&function, std::string(function.name), std::move(arguments)},
                                   std::move(type), true);
}
ExpressionPtr long_literal(int64_t value) { return resolved::literal(Value(value), Type::long_int()); }

class EngineTest : public ::testing::Test {
 protected:
  std::unique_ptr<Engine> engine = Engine::create({.threads = 2});
  int64_t next_id = 1;

  Column column(std::string name, Type type) {
    return {.id = next_id++, .name = std::move(name), .type = std::move(type)};
  }

  RelationPtr range(int64_t start, int64_t end) {
    return resolved::make_relation(resolved::RangeScan{start, end, 1}, {column("id", Type::long_int())});
  }
  RelationPtr project(const RelationPtr& input, std::vector<std::pair<std::string, ExpressionPtr>> expressions) {
    std::vector<NamedExpression> named;
    std::vector<Column> output;
    for (auto& [name, expression] : expressions) {
      const Column out = column(name, expression->type);
      named.push_back({out, expression});
      output.push_back(out);
    }
    return resolved::make_relation(resolved::Project{input, std::move(named)}, std::move(output));
  }

  /// Rows of the first column as numbers, NULL as -1.
  std::vector<int64_t> longs(const RelationPtr& plan, size_t index = 0) {
    std::vector<int64_t> out;
    each_batch(plan, [&](const ArrowArrayView& batch) {
      for (int64_t row = 0; row < batch.length; ++row) {
        out.push_back(ArrowArrayViewIsNull(batch.children[index], row)
                          ? -1
                          : ArrowArrayViewGetIntUnsafe(batch.children[index], row));
      }
    });
    return out;
  }
  std::vector<std::string> texts(const RelationPtr& plan) {
    std::vector<std::string> out;
    each_batch(plan, [&](const ArrowArrayView& batch) {
      for (int64_t row = 0; row < batch.length; ++row) {
        const ArrowStringView text = ArrowArrayViewGetStringUnsafe(batch.children[0], row);
        out.emplace_back(text.data, text.size_bytes);
      }
    });
    return out;
  }
  template <class F>
  void each_batch(const RelationPtr& plan, F&& visit) {
    const auto stream = engine->execute(plan, {});
    ArrowSchema schema;
    stream->schema(&schema);
    ArrowArrayView view;
    ASSERT_EQ(ArrowArrayViewInitFromSchema(&view, &schema, nullptr), NANOARROW_OK);
    ArrowArray array{};
    while (stream->next(&array)) {
      ASSERT_EQ(ArrowArrayViewSetArray(&view, &array, nullptr), NANOARROW_OK);
      visit(view);
      array.release(&array);
    }
    ArrowArrayViewReset(&view);
    schema.release(&schema);
  }
};

TEST_F(EngineTest, ranges_keep_their_order) {
  const auto rows = longs(range(0, 300000));
  ASSERT_EQ(rows.size(), 300000U);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i], static_cast<int64_t>(i));
  }
}

TEST_F(EngineTest, filters_and_own_kernels) {
  const auto input = range(0, 10);
  const auto id = resolved::reference(input->output[0]);
  const auto filter = resolved::make_relation(
      resolved::Filter{input, call(greater_row, {id, long_literal(6)}, Type::boolean())}, input->output);
  const auto plan = project(filter, {{"x", call(divide_row, {id, long_literal(2)}, Type::long_int())}});
  EXPECT_EQ(longs(plan), (std::vector<int64_t>{3, 4, 4}));
}

TEST_F(EngineTest, errors_keep_their_condition) {
  const auto input = range(0, 10);
  const auto plan = project(
      input, {{"x", call(divide_row, {long_literal(1), resolved::reference(input->output[0])}, Type::long_int())}});
  try {
    longs(plan);
    FAIL() << "no error";
  } catch (const SparkError& error) {
    EXPECT_EQ(error.condition(), "DIVIDE_BY_ZERO");
    EXPECT_EQ(error.parameters()[0].second, "\"spark.sql.ansi.enabled\"");
  }
}

TEST_F(EngineTest, conjunctions_are_lazy) {
  const auto input = range(0, 4);
  const auto id = resolved::reference(input->output[0]);
  const auto safe = call(greater_row, {id, long_literal(0)}, Type::boolean());
  const auto risky =
      call(greater_row, {call(divide_row, {long_literal(6), id}, Type::long_int()), long_literal(2)}, Type::boolean());
  EXPECT_EQ(longs(project(input, {{"x", call(and_row, {safe, risky}, Type::boolean())}})),
            (std::vector<int64_t>{0, 1, 1, 0}));
}

TEST_F(EngineTest, strings_survive_inline_and_long) {
  const auto input = range(0, 2);
  const auto one = resolved::string_literal("a");
  const auto two = resolved::string_literal("a text longer than twelve bytes");
  EXPECT_EQ(texts(project(input, {{"x", call(repeat_row, {one}, Type::string())}})),
            (std::vector<std::string>{"a-a", "a-a"}));
  EXPECT_EQ(texts(project(input, {{"x", call(repeat_row, {two}, Type::string())}}))[1],
            "a text longer than twelve bytes-a text longer than twelve bytes");
  const auto broken = resolved::string_literal("\xff\xfe");
  EXPECT_EQ(texts(project(input, {{"x", call(repeat_row, {broken}, Type::string())}}))[0], "\xff\xfe-\xff\xfe");
}

TEST_F(EngineTest, aggregates_own_and_native) {
  const auto input = range(0, 100000);
  const auto id = resolved::reference(input->output[0]);
  const Column total = column("total", Type::long_int());
  const Column count = column("count", Type::long_int());
  const auto plan = resolved::make_relation(
      resolved::Aggregate{.input = input,
                          .aggregates = {{total, aggregate(total_row, {id}, Type::long_int())},
                                         {count, aggregate(count_row, {id}, Type::long_int())}}},
      {total, count});
  EXPECT_EQ(longs(plan, 0), (std::vector<int64_t>{4999950000}));
  EXPECT_EQ(longs(plan, 1), (std::vector<int64_t>{100000}));
}

TEST_F(EngineTest, groups_with_own_states) {
  const auto input = range(0, 50000);
  const auto id = resolved::reference(input->output[0]);
  const Column key = column("key", Type::long_int());
  const Column total = column("total", Type::long_int());
  const auto grouped = resolved::make_relation(
      resolved::Aggregate{.input = input,
                          .grouping = {{key, call(divide_row, {id, long_literal(2)}, Type::long_int())}},
                          .aggregates = {{total, aggregate(total_row, {id}, Type::long_int())}}},
      {key, total});
  const auto sorted =
      resolved::make_relation(resolved::Sort{grouped, {{resolved::reference(key), false, true}}}, grouped->output);
  const auto plan = resolved::make_relation(resolved::Limit{sorted, 2, 1}, sorted->output);
  EXPECT_EQ(longs(plan, 0), (std::vector<int64_t>{24998, 24997}));
  EXPECT_EQ(longs(plan, 1), (std::vector<int64_t>{99993, 99989}));
}

TEST_F(EngineTest, joins_and_semi_joins) {
  const auto left = range(0, 5);
  const auto right = range(3, 8);
  const auto on =
      call(equal_row, {resolved::reference(left->output[0]), resolved::reference(right->output[0])}, Type::boolean());
  const auto inner = resolved::make_relation(resolved::Join{.left = left, .right = right, .condition = on},
                                             {left->output[0], right->output[0]});
  auto rows = longs(inner);
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (std::vector<int64_t>{3, 4}));
  const auto anti = resolved::make_relation(
      resolved::Join{.left = left, .right = right, .type = plan::JoinType::left_anti, .condition = on}, left->output);
  rows = longs(anti);
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (std::vector<int64_t>{0, 1, 2}));
  const auto outer = resolved::make_relation(
      resolved::Join{.left = left, .right = right, .type = plan::JoinType::right_outer, .condition = on},
      {left->output[0], right->output[0]});
  rows = longs(outer);
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (std::vector<int64_t>{-1, -1, -1, 3, 4}));
}

TEST_F(EngineTest, correlated_subqueries) {
  const auto outer = range(0, 4);
  const auto inner = range(2, 6);
  const Column outer_id = outer->output[0];
  const auto outer_ref =
      resolved::make_expression(resolved::ColumnRef{outer_id.id, "id", {}, true}, Type::long_int(), false);
  const auto filtered = resolved::make_relation(
      resolved::Filter{inner, call(equal_row, {resolved::reference(inner->output[0]), outer_ref}, Type::boolean())},
      inner->output);
  const auto scalar = resolved::make_expression(
      resolved::Subquery{plan::SubqueryKind::scalar, filtered, {}, {outer_id}}, Type::long_int(), true);
  EXPECT_EQ(longs(project(outer, {{"x", scalar}})), (std::vector<int64_t>{-1, -1, 2, 3}));
  const auto many =
      resolved::make_expression(resolved::Subquery{plan::SubqueryKind::scalar, range(0, 2)}, Type::long_int(), true);
  try {
    longs(project(outer, {{"x", many}}));
    FAIL() << "no error";
  } catch (const SparkError& error) {
    EXPECT_EQ(error.condition(), "SCALAR_SUBQUERY_TOO_MANY_ROWS");
  }
}

TEST_F(EngineTest, tables_in_memory) {
  const Column stored = column("a", Type::long_int());
  const auto handle = engine->create_storage({stored});
  EXPECT_EQ(engine->insert(handle, range(0, 3), false, {}), 3);
  EXPECT_EQ(engine->insert(handle, range(10, 12), false, {}), 2);
  const auto scan = resolved::make_relation(resolved::TableScan{handle, {0}, {"t"}}, {stored});
  EXPECT_EQ(longs(scan), (std::vector<int64_t>{0, 1, 2, 10, 11}));
  EXPECT_EQ(engine->insert(handle, scan, true, {}), 5);
  EXPECT_EQ(longs(scan), (std::vector<int64_t>{0, 1, 2, 10, 11}));
}

TEST_F(EngineTest, evaluates_constants) {
  EXPECT_EQ(engine->evaluate(call(divide_row, {long_literal(7), long_literal(2)}, Type::long_int()), {}).integer(), 3);
  EXPECT_TRUE(engine->evaluate(resolved::null_literal(Type::string()), {}).is_null());
}

}  // namespace
}  // namespace pyrite
