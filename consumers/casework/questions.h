// "Known to you?", as it stands: which questions to which agencies nobody has answered. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/casebook/case_set.h"

namespace moot {

struct OpenQuestion {
  std::string item;        // "ask-…", what the inbox calls it; the same as long as the question is
  std::string agency;      // who is asked
  std::size_t record = 0;  // position in CaseSet::records()
};

// Those that name the meeting they are asked for, until the agency has answered of that person for that board, or the
// meeting was held. By meeting, then agency, then item.
std::vector<OpenQuestion> open_questions(const CaseSet& set);

}  // namespace moot
