// A period of a report: whole local days (Europe/London), [from, to). A financial year is 1 April to 31 March.
// Errors: kUsage, saying which forms there are. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/calendar.h"
#include "broker/core/status.h"
#include "consumers/runtime/window.h"

namespace moot {

struct Period {
  Date from;
  Date to;  // the first day after it
  auto operator<=>(const Period&) const = default;

  Window window() const { return {local_midnight(from), local_midnight(to)}; }  // once, for many
  bool holds(Instant instant) const { return window().holds(instant); }
  bool holds(Date date) const { return from <= date && date < to; }
};

// "2020-21" a financial year; "2020-21-q1" (or "2020-21 Q1") its quarters, from April; "2020-09" a month; "2020" a
// calendar year; "2020-07-01..2021-04-01" any days, the second not included. Where "2011-12" could be either, it is the
// financial year; "2011-m12" is the month in every case.
Result<Period> parse_period(std::string_view text);

bool is_financial_year(const Period& period);
// Of the financial year, which are those of the calendar year too.
bool is_of_whole_quarters(const Period& period);  // one, or several one after the other
bool is_within_a_quarter(const Period& period);   // one, or days of one
bool is_longer_than_a_quarter(const Period& period);
std::string name_of(const Period& period);   // "2020-21", "2020-21 Q1", "2020-m09", "2020", or FROM..TO
std::string in_words(const Period& period);  // likewise, but "September 2020" of a month, and other days as to_words()
std::string to_words(const Period& period);  // "1 April 2020 to 31 March 2021", or "1 April 2020" of one day
// The same days so many years later, or earlier where below 0.
Period plus_years(const Period& period, int years);
// The period of the same length in whole months just before; of the same number of days where it is not whole months.
Period before(const Period& period);

}  // namespace moot
