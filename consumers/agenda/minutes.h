// The minutes of a meeting: who came, what was decided of whom, and what was asked of which agency, as the events of
// the meeting say it; and how its actions stand. A pure function of the set of events, the board and the date. Errors:
// kUsage for an area that is none of the board's; kNotFound where nothing of such a meeting is on record.
#pragma once

#include <optional>
#include <string>

#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "consumers/agenda/board.h"
#include "consumers/casebook/casebook.h"
#include "consumers/rules/working_days.h"
#include "proto/document.pb.h"

namespace moot {

struct MinutesQuery {
  Date on;
  Instant as_at;
  std::string area;  // of a board that meets in each area apart, by its code
};

Result<v1::Minutes> make_minutes(const Casebook& casebook, const Partnership& partnership, const Board& board,
                                 const WorkingDays& working_days, const MinutesQuery& query);

}  // namespace moot
