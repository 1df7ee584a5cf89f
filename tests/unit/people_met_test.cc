// The people whose keys' numbers are known by heart.
#include "broker/log/people_met.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "broker/core/seal.h"

namespace moot {
namespace {

EventKey token(std::uint64_t person) { return keyed_digest(Key{}, std::to_string(person)); }

TEST(PeopleMet, KnowsTheNumbersThatItWasToldAndNoOther) {
  PeopleMet people;
  for (std::uint64_t person = 0; person < 100'000; ++person) people.remember(token(person), person * 7);
  for (std::uint64_t person = 0; person < 100'000; ++person) ASSERT_EQ(people.key_number_of(token(person)), person * 7);
  for (std::uint64_t person = 100'000; person < 200'000; ++person)
    ASSERT_FALSE(people.key_number_of(token(person)).has_value()) << person;
}

TEST(PeopleMet, LeavesToTheIndexWhatIsTooLargeAndIsEmptiedWhenItIsFull) {
  PeopleMet people;
  people.remember(token(1), (1ULL << 32) - 1);
  people.remember(token(2), 1ULL << 32);
  EXPECT_EQ(people.key_number_of(token(1)), (1ULL << 32) - 1);
  EXPECT_FALSE(people.key_number_of(token(2)).has_value());
  std::mt19937_64 random(1);
  for (EventKey many{}; people.size() < PeopleMet::kMost;) {
    const std::uint64_t drawn = random();
    std::memcpy(many.data(), &drawn, sizeof drawn);
    people.remember(many, 1);
  }
  people.remember(token(3), 3);
  EXPECT_EQ(people.size(), 1u);
  EXPECT_EQ(people.key_number_of(token(3)), 3u);
}

TEST(PeopleMet, KnowsNobodyOnceItIsToForget) {
  PeopleMet people;
  people.remember(token(1), 7);
  people.forget();
  EXPECT_FALSE(people.key_number_of(token(1)).has_value());
  people.remember(token(1), 8);
  EXPECT_EQ(people.key_number_of(token(1)), 8u);
}

}  // namespace
}  // namespace moot
