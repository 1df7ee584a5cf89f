// How long the frequent-caller list was at each meeting of a board in a period: whoever is tied with the last place is
// listed too, so that it can be longer than its places. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/casebook.h"
#include "consumers/report/figure.h"
#include "consumers/report/period.h"
#include "consumers/report/record_set.h"

namespace moot {

// What caller lists are made of. All outlive it.
struct CallerLists {
  const Casebook& casebook;
  const Partnership& partnership;
  const CallerPolicy& policy;
  std::vector<const Board*> boards;  // every one of the partnership's
};

// The value is the places that the policy gives the list; the parts are the people on it, by the meeting's date. Each
// list is as at its own date, or the report's instant where that is earlier. That a meeting was held is for the board's
// secretary to say. Not supplied where none was.
Figure caller_places(const CallerLists& lists, const RecordSet& records, const std::string& board,
                     const Period& period);

}  // namespace moot
