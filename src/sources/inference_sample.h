// The part of the input that a schema is inferred from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "functions/xorshift_random.h"

namespace pyrite {

/// Draws once a line (or a file, where records have several lines), as Spark's sample with its fixed seed does.
class InferenceSample {
 public:
  explicit InferenceSample(double ratio) : ratio_(ratio) {}
  bool takes_all() const { return ratio_ > 0.99; }
  bool takes_next() { return takes_all() || random_.next_double() < ratio_; }
  /// The lines drawn, with their ends.
  std::string lines_of(std::string_view text, const std::optional<std::string>& separator);

 private:
  static constexpr int64_t seed = 1;
  double ratio_;
  XorShiftRandom random_{seed};
};

/// The first line of the text, without its end; what follows it is left in `text`.
std::string_view take_line(std::string_view& text, const std::optional<std::string>& separator);

}  // namespace pyrite
