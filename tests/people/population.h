// A made-up district: households and who lives in them, with what makes people hard to tell apart or hard to follow.
// Couples and families of one surname, twins, sons with their father's name, sharers, a hostel; people move, marry and
// change their telephone during the years that records are kept of.
//
// Days count from 1 April 2019. Thread: values and pure functions.
#pragma once

#include <string>
#include <vector>

#include "tests/people/names.h"

namespace people {

inline constexpr int kDays = 730;

struct Day {
  int year = 0, month = 0, day = 0;
};
Day day_of(int number);
std::string iso(const Day& day);

struct Home {
  std::string lines, postcode, uprn, landline;
};

// What holds from a day on.
template <typename T>
struct Since {
  int day = 0;
  T what;
};
template <typename T>
const T& on_day(const std::vector<Since<T>>& all, int day) {
  const T* found = &all.front().what;
  for (const Since<T>& one : all)
    if (one.day <= day) found = &one.what;
  return *found;
}

struct Someone {
  std::size_t household = 0;
  bool woman = false;
  std::string given, middle, email;
  Day born;
  std::vector<Since<std::string>> family, mobile;
  std::vector<Since<std::size_t>> home;
};

struct District {
  std::vector<Home> homes;
  std::vector<Someone> people;
};

District make_district(const Names& names, std::uint64_t seed, std::size_t people);

}  // namespace people
