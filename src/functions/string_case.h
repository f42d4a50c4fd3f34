// Letter case of texts, by the rules of Unicode's root locale.
#pragma once

#include <string>
#include <string_view>

namespace pyrite {

std::string upper_text(std::string_view text);
std::string lower_text(std::string_view text);

}  // namespace pyrite
