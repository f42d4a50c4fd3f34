// Keeps DuckDB's optimizer from copying plans with functions of ours.
#pragma once

#include "duckdb/common/exception.hpp"
#include "duckdb/function/function.hpp"

namespace pyrite {

/// Some optimizers copy parts of a plan by writing and reading it. Our functions are in no catalog, where reading looks
/// for them, so writing one fails in the way that these optimizers take for "leave the plan as it is".
/// `Function`: duckdb::ScalarFunction, AggregateFunction or TableFunction.
template <class Function>
Function& forbid_copies(Function& function) {
  function.SetSerializeCallback([](duckdb::Serializer&, auto, const auto& bound) {
    throw duckdb::NotImplementedException("%s is not written", bound.GetName());
  });
  function.SetDeserializeCallback([](duckdb::Deserializer&, auto& bound) -> duckdb::unique_ptr<duckdb::FunctionData> {
    throw duckdb::NotImplementedException("%s is not read", bound.GetName());
  });
  return function;
}

}  // namespace pyrite
