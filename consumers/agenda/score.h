// The points of a case, each with its sentence and its events. Additive, whole numbers; the score is their sum and
// nothing else. What is not looked at: ethnicity, religion, deprivation, any prediction.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "proto/document.pb.h"

namespace moot {

struct ScoredReason {
  std::string text;
  int points = 0;
  Events events;
};
using ScoredReasons = std::vector<ScoredReason>;
int total(const ScoredReasons& reasons);        // of the points
Events named_by(const ScoredReasons& reasons);  // by time, each once

// `caller`: the person's place on the frequent-caller list, or nullptr. `as`: what the people in the case are in its
// incidents, where it is not what the board takes everybody for: " as suspect". Reasons in the order of the points
// table.
ScoredReasons score_case(const AgendaInput& input, const CaseHistory& history, const v1::Caller* caller,
                         const std::string& as = "");

// Those that look at change: risk rising, reports growing, and quiet after something was done.
void add_rises(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons);
void add_escalation(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons);
void add_quiet(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons);

// Each with its sentence; the most urgent one has the points, so that a case is not lifted twice by one lateness.
void add_clocks(const AgendaInput& input, const std::vector<const ClockFinding*>& clocks, ScoredReasons& reasons);
// The points of the most urgent one that has any. `clocks`: most urgent first.
int points_of(const AgendaInput& input, const std::vector<const ClockFinding*>& clocks);
void put_in_order(std::vector<const ClockFinding*>& clocks);  // most urgent first
// Overdue before due soon, then the earlier day, then the clock's id.
bool is_more_urgent(const ClockFinding& a, const ClockFinding& b);

// Likewise of actions.
int points_of(const AgendaInput& input, const std::vector<const BoardAction*>& actions);

// Without events that are nullptr.
ScoredReason scored(std::string text, int points, Events events);

}  // namespace moot
