// Which numbers are withheld beside small ones, so that nobody works those out from the rest.
#include "consumers/report/disclosure.h"

#include <gtest/gtest.h>

#include <string>

#include "consumers/report/told_bound.h"

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

DisclosedNumber secret(std::size_t from, std::size_t to) {
  DisclosedNumber one = number(from, to, State::kSecret);
  one.small_below = 5;
  return one;
}

// Two that come to 2 are 1 and 1, two that come to 8 are 4 and 4 where 5 is not small.
TEST(Disclosure, WithholdsWhatGivesASumBackThatTellsEachOfItsSecrets) {
  EXPECT_EQ(states({number(0, 20), number(0, 22, State::kPrinted, false), secret(21, 21), secret(22, 22)}), "wpss");
  EXPECT_EQ(states({number(0, 20), number(0, 28, State::kPrinted, false), secret(21, 24), secret(25, 28)}), "wpss");
  EXPECT_EQ(states({number(0, 20), number(0, 27, State::kPrinted, false), secret(21, 24), secret(25, 27)}), "ppss")
      << "7 is 4 and 3, or 3 and 4";
  EXPECT_EQ(
      states({number(0, 20), number(0, 23, State::kPrinted, false), secret(21, 21), secret(22, 22), secret(23, 23)}),
      "wpsss");
  EXPECT_EQ(
      states({number(0, 20), number(0, 24, State::kPrinted, false), secret(21, 21), secret(22, 22), secret(23, 24)}),
      "ppsss");
}

TEST(Disclosure, SaysWhichSecretsItCannotKeep) {
  std::vector<DisclosedNumber> numbers = {number(40, 49), number(0, 29, State::kPrintedAnyway), secret(0, 2),
                                          number(3, 29, State::kPrintedAnyway)};
  const Protection protection = protect_secrets(numbers);
  ASSERT_EQ(protection.given_away.size(), 1u);
  EXPECT_EQ(protection.given_away[0].secrets, std::vector<std::size_t>{2});
  EXPECT_EQ(protection.given_away[0].from, (std::vector<std::size_t>{1, 3}));
  EXPECT_FALSE(protection.too_many);
  numbers.pop_back();
  EXPECT_TRUE(protect_secrets(numbers).given_away.empty());
}

// Thousands of numbers over the same records, with and without a secret among them.
TEST(Disclosure, LooksAtNoMoreNumbersThanItCanAndSaysSo) {
  std::vector<DisclosedNumber> numbers;
  for (std::size_t i = 0; i < 6000; ++i) numbers.push_back(number(i * 10, i * 10 + 14));
  EXPECT_FALSE(protect_secrets(numbers).too_many) << "nothing is secret";
  numbers.push_back(secret(100'000, 100'002));
  numbers.push_back(number(100'000, 100'010));
  EXPECT_FALSE(protect_secrets(numbers).too_many) << "nothing but one number has to do with it";
  EXPECT_EQ(numbers[0].state, State::kPrinted);
  numbers.push_back(secret(0, 2));
  numbers.push_back(number(0, 20, State::kPrinted, false));
  EXPECT_TRUE(protect_secrets(numbers).too_many);
  EXPECT_EQ(numbers[0].state, State::kWithheld);
  EXPECT_EQ(numbers[5999].state, State::kWithheld);
  EXPECT_EQ(numbers[6001].state, State::kPrinted) << "of another chain";
  EXPECT_EQ(numbers[6003].state, State::kPrinted) << "a whole, which alone tells nothing";
}

// A withheld number of 1 to 4 beside a bound.
TEST(ToldBound, TellsWhereOneValueIsLeftWhateverTheAnswer) {
  const BoundTerm secret{true, std::nullopt, 4}, taken{false, std::nullopt, 4};
  EXPECT_TRUE(answer_tells({secret}, 1)) << "yes: it is 1";
  EXPECT_FALSE(answer_tells({secret}, 2)) << "1 or 2, 3 or 4";
  EXPECT_TRUE(answer_tells({secret}, 3)) << "no: it is 4";
  EXPECT_FALSE(answer_tells({secret}, 4)) << "it is so whatever it is";
  EXPECT_FALSE(answer_tells({secret}, 0));
  EXPECT_TRUE(answer_tells({secret, {true, 7.0, 4}}, 8));
  EXPECT_TRUE(answer_tells({{true, 12.0, 4}, {false, 8.0, 4}, taken}, 0)) << "12 are at most 8 and it: it is 4";
  EXPECT_TRUE(answer_tells({secret, secret}, 2)) << "1 and 1";
  EXPECT_FALSE(answer_tells({secret, secret}, 4));
  EXPECT_FALSE(answer_tells({{true, 3.0, 4}}, 3)) << "nothing is withheld";
  EXPECT_FALSE(answer_tells({{true, std::nullopt, 1}}, 1)) << "of 1 to 1 it is known anyway";
}

}  // namespace
}  // namespace moot
