// Functions of this family.
#include "functions/families.h"

namespace pyrite {
namespace {

constexpr FunctionDef rows[] = {
    {.name = "approx_top_k",
     .kind = FunctionKind::aggregate,
     .doc = "Nearly the most frequent values of a group and how often they occur."},
    {.name = "approx_top_k_accumulate",
     .kind = FunctionKind::aggregate,
     .doc = "A sketch of the most frequent values of a group."},
    {.name = "approx_top_k_combine",
     .kind = FunctionKind::aggregate,
     .doc = "One sketch of most frequent values out of many."},
    {.name = "approx_top_k_estimate", .doc = "The most frequent values that a sketch has seen."},
};

}  // namespace

std::span<const FunctionDef> sketch_frequency_functions() { return rows; }

}  // namespace pyrite
