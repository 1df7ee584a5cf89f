// The points of a case, each with its sentence and its events. Additive, whole numbers; the score is their sum and
// nothing else. What is not looked at: ethnicity, religion, deprivation, any prediction.
// Thread: pure functions.
#pragma once

#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
#include "consumers/agenda/case_history.h"
#include "proto/document.pb.h"

namespace moot {

// `caller`: the person's place on the frequent-caller list, or nullptr. Reasons in the order of the points table.
std::vector<v1::ScoredReason> score_case(const CaseSet& set, const Partnership& partnership, const Points& points,
                                         const CaseHistory& history, const v1::Caller* caller, Date on);

v1::ScoredReason scored(std::string text, int points, const std::vector<const v1::Event*>& events);

}  // namespace moot
