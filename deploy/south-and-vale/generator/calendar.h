// Local wall-clock time in England, to the minute, and the ways in which agencies write it.
// Pure functions; no time zone data of the machine, no locale, no clock.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace south_and_vale {

// Minutes since 1 January 1970, 00:00, as the clock on the wall shows them.
struct Moment {
  std::int64_t minutes = 0;
  auto operator<=>(const Moment&) const = default;
};

struct Civil {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
};

Moment at(int year, int month, int day, int hour = 0, int minute = 0);
Moment moment(std::string_view text);  // "2020-12-02" or "2020-12-02 08:05"
Civil civil(Moment moment);
Moment plus_days(Moment moment, int days);
Moment plus_months(Moment moment, int months);  // the last day of the month where that has no such day
Moment plus_minutes(Moment moment, int minutes);
Moment at_hour(Moment day, int hour, int minute = 0);  // the same day at that time
int days_in_month(int year, int month);
int weekday(Moment moment);  // 0 = Monday

// The demonstration's months: 0 = April 2019 … 23 = March 2021; 24 = April 2021.
inline constexpr int kMonths = 24;
Moment month_start(int index);
int month_index(Moment moment);
Moment second_tuesday(int index);
int financial_year(Moment moment);     // the year in which it began: 2020 for 1 April 2020 to 31 March 2021
int financial_quarter(Moment moment);  // 1 = April to June … 4

std::string slashed_day(Moment moment);  // 02/12/2020
std::string slashed(Moment moment);      // 02/12/2020 08:05
std::string named_day(Moment moment);    // 02-Dec-2020
std::string named(Moment moment);        // 02-Dec-2020 08:05
std::string dotted_day(Moment moment);   // 02.12.2020
std::string dotted(Moment moment);       // 02.12.2020 08:05
std::string iso_day(Moment moment);      // 2020-12-02
std::string iso(Moment moment);          // 2020-12-02 08:05
std::string compact_day(Moment moment);  // 20201202
std::string year_month(Moment moment);   // 2020-12
std::string rfc3339(Moment moment);      // 2020-12-02T08:05:00+00:00, with the offset of British Summer Time

// 7 with 4 digits: "0007".
std::string padded(std::int64_t number, int digits);

}  // namespace south_and_vale
