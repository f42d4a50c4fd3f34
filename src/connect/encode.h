// Writes types and values as messages of the Spark Connect protocol.
#pragma once

#include "types/type.h"
#include "types/value.h"

namespace spark::connect {
class DataType;
class Expression_Literal;
}  // namespace spark::connect

namespace pyrite::connect {

void encode_type(const Type& type, spark::connect::DataType& out);
void encode_literal(const Value& value, const Type& type, spark::connect::Expression_Literal& out);

}  // namespace pyrite::connect
