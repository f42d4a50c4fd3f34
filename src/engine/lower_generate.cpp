// Generators: a row in, some rows out.
#include "duckdb/planner/expression/bound_unnest_expression.hpp"
#include "duckdb/planner/operator/logical_unnest.hpp"
#include "engine/lowering.h"

namespace pyrite {
namespace {

/// The rows of each input row as an array of structures; one NULL row stands for none where the generator is outer.
void run_generator(const KernelContext& context, std::span<const ColumnView> arguments, size_t rows,
                   ColumnWriter& out) {
  const auto* generator = std::get_if<lowering::Generator>(&context.call.function->lower);
  const bool outer = context.call.constants.back()->boolean();
  const Type& row_type = context.call.result_type.element();
  std::vector<ValueList> generated;
  for (size_t row = 0; row < rows; ++row) {
    generated.clear();
    generator->kernel.run(context, arguments, row, generated);
    if (generated.empty() && outer) {
      generated.emplace_back(row_type.fields().size());
    }
    const size_t start = out.start_list(row, generated.size());
    ColumnWriter& structures = out.child(0);
    for (size_t i = 0; i < generated.size(); ++i) {
      for (size_t field = 0; field < row_type.fields().size(); ++field) {
        write_value(structures.child(field), start + i, generated[i][field]);
      }
    }
  }
}

}  // namespace

Lowered PlanLowering::unnest(DuckOperator input, DuckExpression list, duckdb::LogicalType element,
                             duckdb::TableIndex& index) {
  index = new_index();
  auto out = duckdb::make_uniq<duckdb::LogicalUnnest>(index);
  auto expression = duckdb::make_uniq<duckdb::BoundUnnestExpression>(std::move(element));
  expression->ChildMutable() = std::move(list);
  out->expressions.push_back(std::move(expression));
  out->AddChild(std::move(input));
  return {std::move(out), {duckdb::ColumnBinding(index, duckdb::ProjectionIndex(0))}};
}

Lowered PlanLowering::lower(const resolved::Generate& node, const resolved::Relation&) {
  const auto* call = std::get_if<resolved::Call>(&node.generator->node);
  check(call && call->function, "a generator that is not a call");
  if (std::holds_alternative<lowering::Todo>(call->function->lower)) {
    throw_unsupported("function " + call->name);
  }
  check(std::holds_alternative<lowering::Generator>(call->function->lower), "a generator without rows");
  Lowered input = relation(node.input);
  const Scope scope(node.input->output, input.columns);
  const bool outer = node.outer || call->name.ends_with("_outer");

  // The input's columns below the unnest: DuckDB wants references there.
  DuckExpressions below;
  for (size_t i = 0; i < node.input->output.size(); ++i) {
    below.push_back(column_ref(engine_type(node.input->output[i].type), input.columns[i]));
  }
  const bool plain_array = call->function->name.starts_with("explode") && !outer && call->arguments.size() == 1 &&
                           call->arguments[0]->type.is(TypeKind::array);
  duckdb::LogicalType element;
  std::vector<StructField> fields;
  for (const resolved::Column& column : node.generated) {
    fields.push_back({column.name, column.type});
  }
  if (plain_array) {
    below.push_back(expression(call->arguments[0], scope));
    element = engine_type(call->arguments[0]->type.element());
  } else {
    DuckExpressions arguments = this->arguments(*call, scope);
    HostedKernel hosted{.kernel = Kernel{&run_generator}, .call = call_info_of(*call, *node.generator)};
    fold_constants(hosted.call, arguments);
    // The last constant tells run_generator whether it is outer.
    hosted.call.constants.emplace_back(Value(outer));
    const Type row_type = Type::structure(fields);
    hosted.call.result_type = Type::array(row_type);
    hosted.failure = call->function->failure;
    element = engine_type(row_type);
    below.push_back(host_kernel(std::move(hosted), std::move(arguments), query_));
  }
  const duckdb::LogicalType list_type = below.back()->GetReturnType();
  Lowered prepared = project(std::move(input.op), std::move(below));
  const std::vector<duckdb::ColumnBinding> kept(prepared.columns.begin(), prepared.columns.end() - 1);
  duckdb::TableIndex index;
  Lowered rows = unnest(std::move(prepared.op), column_ref(list_type, prepared.columns.back()), element, index);

  DuckExpressions outputs;
  for (size_t i = 0; i < kept.size(); ++i) {
    outputs.push_back(column_ref(engine_type(node.input->output[i].type), kept[i]));
  }
  for (size_t i = 0; i < node.generated.size(); ++i) {
    DuckExpression value = column_ref(element, rows.columns[0]);
    if (!plain_array) {
      value =
          engine_call(context_, "struct_extract_at",
                      expressions_of(std::move(value), constant(duckdb::Value::BIGINT(static_cast<int64_t>(i + 1)))));
    }
    outputs.push_back(duckdb_cast(std::move(value), engine_type(node.generated[i].type)));
  }
  if (outputs.empty()) {
    return {std::move(rows.op), {}};
  }
  return project(std::move(rows.op), std::move(outputs));
}

}  // namespace pyrite
