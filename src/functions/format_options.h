// Options of text formats read as Spark reads them, with its errors.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "functions/charset.h"

namespace pyrite {

/// Finds an option's value by its name without case.
using OptionLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// true or false; anything else is an IllegalArgumentException.
bool flag_option(const OptionLookup& option, std::string_view name, bool otherwise);
/// As flag_option, with the condition that the CSV format has for it.
bool csv_flag_option(const OptionLookup& option, std::string_view name, bool otherwise);
/// A whole number of 32 bits.
int32_t integer_option(const OptionLookup& option, std::string_view name, int32_t otherwise);
/// The part of the rows to infer a schema from. Errors: no number, not positive.
double sampling_ratio_option(const OptionLookup& option);
/// Refuses a locale other than English where dates or times have a pattern: their words would be English all the same.
void check_locale_option(const OptionLookup& option);
/// The option `encoding` or `charset`; `reader` stands in the error for an unknown one.
std::optional<Charset> encoding_option(const OptionLookup& option, std::string_view reader);

}  // namespace pyrite
