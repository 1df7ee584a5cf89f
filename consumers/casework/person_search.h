// Finding people by what is known of them: words of a name, however it is spelt, or an agency's reference.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/status.h"
#include "consumers/casebook/case_set.h"

namespace moot {

struct PersonQuery {
  std::string words;  // a name or a reference, or a person's id
  std::string born;   // a date, a month or a year; empty = whenever
};
// kUsage where nothing could be found by it.
Status check(const PersonQuery& query);

struct FoundPerson {
  std::size_t person = 0;             // in CaseSet::persons()
  std::vector<std::string> names;     // every spelling, capitals apart, the most frequent first
  std::vector<std::string> agencies;  // who hold the records, sorted
};

// Those whose own words match before those that are alike; of equals by id.
std::vector<FoundPerson> find_people(const CaseSet& cases, const PersonQuery& query);

}  // namespace moot
