// The points of a case, each with its sentence and its events. Additive, whole numbers; the score is their sum and
// nothing else. What is not looked at: ethnicity, religion, deprivation, any prediction.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "proto/document.pb.h"

namespace moot {

using ScoredReasons = std::vector<v1::ScoredReason>;

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
// Overdue before due soon, then the earlier day, then the clock's id.
bool is_more_urgent(const ClockFinding& a, const ClockFinding& b);

v1::ScoredReason scored(std::string text, int points, const Events& events);

}  // namespace moot
