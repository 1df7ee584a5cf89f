// The sections of an agenda: one function per kind, each in a file of its own. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/board.h"

namespace moot {

// What a section says of a person.
struct Verdict {
  bool claims = false;
  // Claimed: why, with its events. Considered and not claimed: why not. Not considered: empty.
  std::string reason;
  std::vector<const v1::Event*> events;
};

Verdict judge_frequent_caller(const AgendaInput& input, const Section& section, std::size_t person);
Verdict judge_high_risk(const AgendaInput& input, const Section& section, std::size_t person);
Verdict judge_repeat_victim(const AgendaInput& input, const Section& section, std::size_t person);
// The judgement of any section that claims people; previous actions claim nobody.
Verdict judge(const AgendaInput& input, const Section& section, std::size_t person);

// Actions that earlier meetings set, grouped by case, red first.
std::vector<v1::AgendaItem> previous_actions(const AgendaInput& input);

}  // namespace moot
