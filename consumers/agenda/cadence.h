// When a board meets: every week, month or quarter, on a weekday, moved where that is no working day. Dated data of the
// board, never code. Errors: recorded in the definition. Thread: pure functions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "consumers/rules/working_days.h"

namespace moot {

struct Cadence {
  bool weekly = false;
  int weekday = 0;            // Monday 0
  int which = 1;              // of the month: 1 the first … 5 the fifth, where there is one; -1 the last
  std::vector<int> months;    // in which of the year's; none = every month
  bool moved_on = true;       // to the next working day, else to the one before
  int papers_days = 0;        // working days before; 0 = no day is set
  std::optional<int> starts;  // minutes after midnight in London; absent = not known
};

Cadence read_cadence(Definition& table);
// A time of day, "14:00", as minutes after midnight; nothing where the key is not there.
std::optional<int> read_time_of_day(Definition& table, std::string_view key);
// The first meeting after the day.
Date next_meeting(const Cadence& cadence, const WorkingDays& working_days, Date after);
// The day of the cadence from which the meeting was moved, since that is no working day; nothing where it was not.
std::optional<Date> moved_from(const Cadence& cadence, const WorkingDays& working_days, Date meeting);
// The cadence's day within a week of the meeting on which nobody works: what a meeting that was arranged by hand stands
// for, if it is none of the cadence's own.
std::optional<Date> closed_day_near(const Cadence& cadence, const WorkingDays& working_days, Date meeting);
// The last day for the papers of a meeting; nothing where no day is set.
std::optional<Date> papers_by(const Cadence& cadence, const WorkingDays& working_days, Date meeting);

}  // namespace moot
