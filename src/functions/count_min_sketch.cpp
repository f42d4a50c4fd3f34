// Functions of this family.
#include "functions/families.h"

namespace pyrite {
namespace {

constexpr FunctionDef rows[] = {
    {.name = "count_min_sketch",
     .kind = FunctionKind::aggregate,
     .doc = "A count-min sketch of the values of a group."},
};

}  // namespace

std::span<const FunctionDef> count_min_sketch_functions() { return rows; }

}  // namespace pyrite
