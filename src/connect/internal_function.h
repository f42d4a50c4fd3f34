// Functions that only the client of pandas-on-Spark names, in terms of those of SQL.
#pragma once

#include "connect/decode.h"

namespace pyrite::connect {

/// What an internal function of the client stands for; nullptr: it is none of these.
plan::ExpressionPtr internal_function(const plan::Call& given);

}  // namespace pyrite::connect
