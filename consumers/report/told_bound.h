// What a check of bounds tells of numbers that are withheld: that "at most 1" holds of a number from 1 to 4 says that
// it is 1. Thread: pure functions.
#pragma once

#include <optional>
#include <vector>

namespace moot {

// A number of a sum that is compared with a bound, added or taken away.
struct BoundTerm {
  bool added = true;
  std::optional<double> printed;  // nothing: it is withheld, and everybody knows that it is from 1 to `most`
  int most = 0;
};

// Whether the answer to "is the sum at most the bound?" would leave one value for a number that is withheld. Yes or no:
// what is not told must not depend on which it is.
bool answer_tells(const std::vector<BoundTerm>& terms, double bound);

}  // namespace moot
