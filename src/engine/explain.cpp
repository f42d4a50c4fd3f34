// The engine's own plan as text.
#include "engine/explain.h"

#include "duckdb/optimizer/optimizer.hpp"

namespace pyrite {

std::string explain_plan(duckdb::Connection& connection, DuckOperator plan, const QueryStatePtr& query) {
  std::string text;
  std::exception_ptr failure;
  connection.context->RunFunctionInTransaction([&] {
    try {
      const auto binder = duckdb::Binder::CreateBinder(*connection.context);
      // The binder must not hand out table indexes that the plan has.
      for (int i = 0; i < 100000 && binder->GenerateTableIndex().index < 100000; ++i) {
      }
      duckdb::Optimizer optimizer(*binder, *connection.context);
      plan = optimizer.Optimize(std::move(plan));
      text = plan->ToString();
    } catch (const std::exception& error) {
      failure = std::make_exception_ptr(translate_error(query->errors, duckdb::ErrorData(error)));
    }
  });
  if (failure) {
    std::rethrow_exception(failure);
  }
  return text;
}

}  // namespace pyrite
