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
  bool is_part = false;  // of a breakdown: withheld before a whole is
};

// Withholds printed numbers until no secret is a combination of those that are left: of those it is made of a part
// before a whole, and then the smallest.
void protect_secrets(std::vector<DisclosedNumber>& numbers);

}  // namespace moot
