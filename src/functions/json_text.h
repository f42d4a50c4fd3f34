// JSON as text: strings with escapes, and parsed values written back as Spark's generator does.
#pragma once

#include <string>

#include "functions/json_document.h"

namespace pyrite {

/// Appends a quoted string.
void append_json_string(std::string& out, std::string_view text);
/// Appends a parsed value in compact form; fractions take the shortest form of the double.
void append_json(std::string& out, const JsonDocument& document, const JsonNode& node);
/// The double that a number token stands for, NaN and infinities included.
double json_double(std::string_view text);

}  // namespace pyrite
