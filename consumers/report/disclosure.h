// What a reader can work out from all that is printed: numbers are sums over the same records, so that one that is
// withheld may be the sum and difference of others. Thread: pure functions.
#pragma once

#include <cstddef>
#include <vector>

namespace moot {

// A number of a document.
struct DisclosedNumber {
  enum class State {
    kPrinted,
    kPrintedAnyway,  // it cannot be withheld: another document has it
    kSecret,         // withheld, and nobody may work it out
    kWithheld,       // withheld beside a secret
  };

  std::vector<std::size_t> records;  // that it counts, each as often as it does
  std::vector<std::size_t> less;     // and that are taken from it: of a sum that is known to equal another
  State state = State::kPrinted;
  bool is_part = false;         // of a breakdown: withheld before a whole is
  std::size_t small_below = 0;  // of a secret: everybody knows that it is less; 0 = nobody knows
};

// Secrets that can be worked out all the same, one alone or several from their sum: from numbers that cannot be
// withheld. By their places.
struct GivenAway {
  std::vector<std::size_t> secrets, from;
};

struct Protection {
  std::vector<GivenAway> given_away;
  bool too_many = false;  // to be looked at together: then all parts were withheld, or all that could be
};

// Withholds printed numbers until no secret is a combination of those that are left, and no sum of secrets that tells
// each of them is one, as far as numbers can be withheld; the answer says of which secrets they cannot. Of the numbers
// that give one away a part is withheld before a whole, and then the smallest.
Protection protect_secrets(std::vector<DisclosedNumber>& numbers);

}  // namespace moot
