// Functions of this family.
#include "functions/families.h"

namespace pyrite {
namespace {

constexpr FunctionDef rows[] = {
    {.name = "st_asbinary", .doc = "A geography or geometry as well-known binary."},
    {.name = "st_geogfromwkb", .doc = "A geography of well-known binary."},
    {.name = "st_geomfromwkb", .doc = "A geometry of well-known binary."},
    {.name = "st_setsrid", .doc = "A geography or geometry with another spatial reference."},
    {.name = "st_srid", .doc = "The spatial reference of a geography or geometry."},
};

}  // namespace

std::span<const FunctionDef> geospatial_functions() { return rows; }

}  // namespace pyrite
