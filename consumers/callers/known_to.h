// Which agencies know a person. An agency knows them when it holds a record of them — an incident, a contact, a
// referral, a closure or a risk assessment of its own — or answered "yes" when asked. Thread: pure functions.
#pragma once

#include <map>
#include <set>
#include <string>

#include "consumers/casebook/case_set.h"

namespace moot {

// Does an event show that its agency holds a record of the people it names?
bool is_record_of_own(const v1::Facts& facts);
// Agency ids, sorted.
std::set<std::string> agencies_with_records(const CaseSet& set, const PersonCase& person);
// By agency: "yes", "no", "declined" or "not answered", the latest answer to `board`'s question; an answer stands over
// a question asked again before it. An empty `board` takes the answers to every board.
std::map<std::string, std::string> latest_answers(const CaseSet& set, const PersonCase& person,
                                                  const std::string& board);
std::set<std::string> agencies_that_know(const CaseSet& set, const PersonCase& person, const std::string& board);

}  // namespace moot
