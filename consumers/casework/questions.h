// "Known to you?", as it stands: which questions to which agencies nobody has answered. Thread: pure functions.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/casebook/case_set.h"

namespace moot {

struct OpenQuestion {
  std::string item;        // "ask-…", what the inbox calls it; the same as long as the question is
  std::string agency;      // who is asked
  std::size_t record = 0;  // position in CaseSet::records()
  bool over = false;       // the meeting it was asked for was held, that the set knows of
};

// Those that name the meeting they are asked for, until the agency has answered of that person for that board. By
// meeting, then agency, then item. An agency's answer is taken as long as it has one of these: whether the meeting was
// held it often cannot read.
std::vector<OpenQuestion> unanswered_questions(const CaseSet& set);
// Of those the ones that wait: the meeting was not held.
std::vector<OpenQuestion> open_questions(const CaseSet& set);
// The board's questions whose meeting was held by `today`, taken back by the agency that asked them: no agency that was
// asked goes on having one for a meeting that is over.
std::vector<v1::Event> taking_back(const CaseSet& set, const std::string& board, const std::string& asker, Date today,
                                   Instant now);

// Who is silent on whom, before the board's meeting `on`: pairs of a position in CaseSet::persons() and an agency.
struct Silence {
  std::set<std::pair<std::size_t, std::string>> waits;  // a question waits for the answer, or was for this meeting
  std::set<std::pair<std::size_t, std::string>> over;   // one for an earlier meeting, held since, was never answered
};
Silence silence_of(const CaseSet& set, const std::string& board, Date on);

}  // namespace moot
