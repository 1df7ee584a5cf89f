// The days on which a board meets: as events scheduled them, else by its cadence. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "consumers/agenda/board.h"
#include "consumers/casebook/case_set.h"
#include "consumers/rules/working_days.h"

namespace moot {

struct MeetingDay {
  Date on;
  std::optional<Date> papers_by;
  bool scheduled = false;          // by an event, rather than by the cadence
  bool held = false;               // somebody who may say so has said that it was held
  std::optional<int> starts;       // minutes after midnight in London; absent = not known
  int minutes = 0;                 // how long it lasts; 0 = not known
  std::optional<Date> moved_from;  // the cadence's day, where that is no working day
};

// Of [from, to), in order. A scheduled meeting stands in the place of the cadence's of the same week, month or quarter.
// `area`: of a board that meets in each area apart; empty = any. Days on which no version of the board holds have none.
std::vector<MeetingDay> meeting_days(const CaseSet& set, const Board& board, const std::string& area,
                                     const WorkingDays& working_days, Date from, Date to);

// Whether who may say so has said that the board's meeting of that day was held.
bool said_to_be_held(const CaseSet& set, const Board& board, const std::string& area, Date on);

}  // namespace moot
