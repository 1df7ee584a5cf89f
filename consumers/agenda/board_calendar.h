// What a board has in its calendar: its meetings, the days of their papers, and the days by which agencies are to have
// done what it asked for. No personal data: boards, agencies, dates and the numbers of actions. Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
#include "consumers/casebook/case_set.h"
#include "consumers/document/icalendar.h"
#include "consumers/rules/working_days.h"

namespace moot {

struct CalendarQuery {
  Date from, to;      // entries on days of [from, to)
  std::string area;   // of a board that meets in each area apart
  std::string owner;  // only this agency's actions; empty = everybody's
};

// In the order of their days.
std::vector<CalendarEntry> board_calendar(const CaseSet& set, const Partnership& partnership, const Board& board,
                                          const WorkingDays& working_days, const CalendarQuery& query);

}  // namespace moot
