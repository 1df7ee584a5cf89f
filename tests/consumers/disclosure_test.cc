// Which numbers are withheld beside small ones, so that nobody works those out from the rest.
#include "consumers/report/disclosure.h"

#include <gtest/gtest.h>

#include <string>

namespace moot {
namespace {

using State = DisclosedNumber::State;

// Numbers over records 0 to 9 and so on, "0-2" are three of them.
DisclosedNumber number(std::size_t from, std::size_t to, State state = State::kPrinted, bool is_part = true) {
  DisclosedNumber number;
  for (std::size_t i = from; i <= to; ++i) number.records.push_back(i);
  number.state = state;
  number.is_part = is_part;
  return number;
}

std::string states(std::vector<DisclosedNumber> numbers) {
  protect_secrets(numbers);
  std::string text;
  for (const DisclosedNumber& one : numbers)
    text += one.state == State::kPrinted         ? 'p'
            : one.state == State::kPrintedAnyway ? 'a'
            : one.state == State::kSecret        ? 's'
                                                 : 'w';
  return text;
}

TEST(Disclosure, LeavesNumbersThatTellNothing) {
  EXPECT_EQ(states({}), "");
  EXPECT_EQ(states({number(0, 9), number(3, 4)}), "pp");
  EXPECT_EQ(states({number(0, 9), number(0, 2, State::kSecret)}), "ps") << "of ten nobody tells three";
  EXPECT_EQ(states({number(0, 9), number(10, 12, State::kSecret), number(20, 29)}), "psp");
}

TEST(Disclosure, WithholdsTheSmallestPartThatWithTheRestGivesASecretBack) {
  const DisclosedNumber whole = number(0, 29, State::kPrinted, false);
  EXPECT_EQ(states({whole, number(0, 2, State::kSecret), number(3, 9), number(10, 29)}), "pswp");
  EXPECT_EQ(states({whole, number(0, 2, State::kSecret), number(3, 9, State::kWithheld), number(10, 29)}), "pswp");
  EXPECT_EQ(states({whole, number(0, 2, State::kSecret), number(3, 29, State::kPrintedAnyway)}), "wsa")
      << "where the part cannot be, the whole is";
  EXPECT_EQ(states({number(0, 29, State::kPrintedAnyway), number(0, 2, State::kSecret),
                    number(3, 29, State::kPrintedAnyway)}),
            "asa")
      << "what others print nobody here keeps";
}

// The same number under another title, a sum of parts elsewhere, a difference of two wholes.
TEST(Disclosure, SeesThroughWhateverNumbersOverlap) {
  EXPECT_EQ(states({number(0, 2, State::kSecret), number(0, 2, State::kPrinted, false)}), "sw");
  EXPECT_EQ(states({number(0, 9, State::kPrinted, false), number(0, 12, State::kPrinted, false),
                    number(10, 12, State::kSecret)}),
            "wps");
  // 0-2 and 3-9 are withheld in one breakdown; another has 0-9 whole and 3-9 as a part of something else.
  EXPECT_EQ(states({number(0, 2, State::kSecret), number(3, 9, State::kWithheld), number(0, 9, State::kPrinted, false),
                    number(3, 19, State::kPrinted, false), number(10, 19)}),
            "swppw");
  // A record may count in several parts.
  DisclosedNumber twice = number(0, 9);
  twice.records.insert(twice.records.end(), {0, 1, 2});
  EXPECT_EQ(states({twice, number(0, 9, State::kPrinted, false), number(0, 2, State::kSecret)}), "wps");
}

}  // namespace
}  // namespace moot
