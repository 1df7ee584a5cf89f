// Which agencies know a person. An agency knows them when it holds a record of them — an incident, a contact, a
// referral, a closure, a risk assessment, an order, a review or an entry in a register of its own — or answered "yes"
// when asked. What a meeting said of them tells nothing of that, and that an agency gave a notice which the law asks
// for (of modern slavery, of Prevent) is told to nobody in this way. Thread: pure functions.
#pragma once

#include <map>
#include <set>
#include <string>

#include "consumers/casebook/case_set.h"

namespace moot {

// Does an event show that its agency holds a record of the people it names?
bool is_record_of_own(const v1::Facts& facts);
// What one agency says of a person, and since when.
struct KnownAnswer {
  std::string answer;  // "yes", "no", "declined", "not answered"
  Instant at;
  bool from_records = false;  // it holds a record, rather than having answered
};
// By agency: the newest of its own records of the person and its answers to `board`'s question. A question that is not
// answered says nothing against a record.
std::map<std::string, KnownAnswer> known_answers(const CaseSet& set, const PersonCase& person,
                                                 const std::string& board);
// Whose answer is yes: agency ids, sorted. An empty `board` takes the answers to every board.
std::set<std::string> agencies_that_know(const CaseSet& set, const PersonCase& person, const std::string& board);

}  // namespace moot
