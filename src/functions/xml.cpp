// XML functions.
#include "functions/families.h"

namespace pyrite {
namespace {

constexpr FunctionDef rows[] = {
    {.name = "from_xml", .doc = "An XML text as a value of the given schema."},
    {.name = "to_xml", .doc = "A structure as XML text."},
    {.name = "schema_of_xml", .doc = "The schema of an XML text as DDL."},
};

}  // namespace

std::span<const FunctionDef> xml_functions() { return rows; }

}  // namespace pyrite
