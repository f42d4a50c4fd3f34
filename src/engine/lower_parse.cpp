// CSV or JSON in a DataFrame's strings: a table function that turns batches of lines into batches of rows.
#include "duckdb/function/table_function.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "engine/forbid_copies.h"
#include "engine/lowering.h"
#include "engine/types.h"
#include "engine/vector_view.h"
#include "sources/line_reader.h"

namespace pyrite {
namespace {

struct ParseData final : duckdb::TableFunctionData {
  ReadSpec spec;
  std::optional<std::string> header;
  Type line_type;
  QueryStatePtr query;
};

struct ParseLocal final : duckdb::LocalTableFunctionState {
  std::unique_ptr<LineReader> reader;
  VectorViews views;
  bool in_batch = false;
};

duckdb::unique_ptr<duckdb::LocalTableFunctionState> start_thread(duckdb::ExecutionContext&,
                                                                 duckdb::TableFunctionInitInput& input,
                                                                 duckdb::GlobalTableFunctionState*) {
  const auto& data = input.bind_data->Cast<ParseData>();
  auto state = duckdb::make_uniq<ParseLocal>();
  guarded(data.query->errors, [&] { state->reader = open_line_reader(data.spec, data.header); });
  return state;
}

duckdb::OperatorResultType parse(duckdb::ExecutionContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& lines,
                                 duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<ParseData>();
  auto& local = input.local_state->Cast<ParseLocal>();
  size_t rows = 0;
  guarded(data.query->errors, [&] {
    if (!local.in_batch) {
      local.views.clear();
      local.reader->start(local.views.view(lines.data[0], data.line_type, lines.size()), lines.size());
    }
    std::vector<VectorWriter> writers;
    std::vector<ColumnWriter*> columns;
    writers.reserve(data.spec.columns.size());
    for (size_t i = 0; i < data.spec.columns.size(); ++i) {
      writers.emplace_back(output.data[i], data.spec.columns[i].type);
      columns.push_back(&writers.back());
    }
    rows = local.reader->read(columns, STANDARD_VECTOR_SIZE);
  });
  if (data.spec.columns.empty()) {
    output.data[0].Reference(duckdb::Value(output.data[0].GetType()), duckdb::count_t(rows));
  }
  output.SetChildCardinality(rows);
  local.in_batch = rows == STANDARD_VECTOR_SIZE;
  return local.in_batch ? duckdb::OperatorResultType::HAVE_MORE_OUTPUT : duckdb::OperatorResultType::NEED_MORE_INPUT;
}

}  // namespace

Lowered PlanLowering::lower(const resolved::ParseLines& node, const resolved::Relation& relation) {
  Lowered input = this->relation(node.input);
  const resolved::Column& line = node.input->output[0];
  DuckExpressions lines = expressions_of(column_ref(engine_type(line.type), input.columns[0]));
  Lowered lone = project(std::move(input.op), std::move(lines));
  auto data = duckdb::make_uniq<ParseData>();
  data->spec = {node.format, node.options, relation.output, {}, query_->session};
  for (size_t i = 0; i < relation.output.size(); ++i) {
    data->spec.wanted.push_back(static_cast<int>(i));
  }
  data->header = node.header;
  data->line_type = line.type;
  data->query = query_;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<duckdb::Identifier> names;
  for (const resolved::Column& column : relation.output) {
    types.push_back(engine_type(column.type));
    names.emplace_back(column.name);
  }
  if (types.empty()) {  // only the number of rows counts; a table function has at least one column
    types.emplace_back(duckdb::LogicalTypeId::BOOLEAN);
    names.emplace_back("none");
  }
  duckdb::TableFunction function(duckdb::Identifier(node.format + "_lines"), {}, nullptr, nullptr, nullptr,
                                 start_thread);
  function.in_out_function = parse;
  const duckdb::TableIndex index = new_index();
  const size_t width = types.size();
  auto get = duckdb::make_uniq<duckdb::LogicalGet>(index, duckdb::BoundTableFunction(forbid_copies(function)),
                                                   std::move(data), std::move(types), std::move(names));
  Lowered out;
  for (size_t i = 0; i < width; ++i) {
    get->AddColumnId(i);
  }
  for (size_t i = 0; i < relation.output.size(); ++i) {
    out.columns.emplace_back(index, duckdb::ProjectionIndex(i));
  }
  get->children.push_back(std::move(lone.op));
  out.op = std::move(get);
  return out;
}

}  // namespace pyrite
