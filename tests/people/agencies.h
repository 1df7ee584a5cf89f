// What agencies write down of a district in two years: each asks for other things, leaves gaps and slips at rates of
// its own, and calls people by references of its own, or by none. Who each record truly speaks of is kept apart.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "tests/people/population.h"

namespace people {

struct Said {
  std::string agency, id, role, reference;  // empty = not supplied, likewise below
  int day = 0, minute = 0;
  bool is_call = false;
  std::string given, middle, family, whole, born, sex, lines, postcode, uprn, phone, email;
};

struct AllSaid {
  std::vector<Said> records;
  std::vector<std::size_t> who;  // by record: its place in District::people
};

// About one in three of the people come to the notice of somebody.
AllSaid what_agencies_say(const District& district, const Names& names, std::uint64_t seed);

}  // namespace people
