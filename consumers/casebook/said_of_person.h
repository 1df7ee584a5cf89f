// What the mentions of one person say: of their name and birth date what most of them say.
// Thread: a value, and pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "consumers/linkage/known_names.h"
#include "consumers/linkage/person_record.h"

namespace moot {

struct PersonCase;

// The most frequent first, whatever their capitals; of equals by text. `counts`: by text, how often it is said.
std::vector<std::string> by_frequency(const std::map<std::string, int>& counts);

struct SaidOfPerson {
  std::map<std::string, int> spellings;
  std::map<std::string, int> birth_dates;
  std::size_t gone = 0;  // mentions of which nothing but the role is left

  // Of the person, whose mentions are known already.
  void name(PersonCase& person) const;
};

// Does the event say anything that tells whom it names?
bool is_somebody(const v1::Person& person, KnownNames& names);
// All records that name somebody erased are one person, as a source's records with one reference are.
void be_one_with_all(const std::string& person, PersonRecord& record);

}  // namespace moot
