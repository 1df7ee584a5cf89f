#include "consumers/agenda/cadence.h"

#include <algorithm>
#include <string>

namespace moot {
namespace {

constexpr int kLast = -1;
constexpr int kDaysLooked = 800;  // a board that meets once a year meets within two
constexpr int kMovedDaysMost = 14;

bool is_meeting_month(const Cadence& cadence, Date day) {
  return cadence.months.empty() ||
         std::find(cadence.months.begin(), cadence.months.end(), day.month) != cadence.months.end();
}

// Before it is moved.
bool is_planned(const Cadence& cadence, Date day) {
  if (weekday_of(day) != cadence.weekday) return false;
  if (cadence.weekly) return true;
  if (!is_meeting_month(cadence, day)) return false;
  if (cadence.which == kLast) return plus_days(day, 7).month != day.month;
  return (day.day - 1) / 7 + 1 == cadence.which;
}

Date moved(const Cadence& cadence, const WorkingDays& working_days, Date planned) {
  return cadence.moved_on ? working_days.on_or_after(planned) : working_days.on_or_before(planned);
}

}  // namespace

Cadence read_cadence(Definition& table) {
  Cadence cadence;
  const std::string every = table.text("every");
  cadence.weekly = every == "week";
  if (every == "quarter") cadence.months = {1, 4, 7, 10};
  if (every != "week" && every != "month" && every != "quarter")
    table.mistake("every", "expected \"week\", \"month\" or \"quarter\"");
  cadence.weekday = parse_weekday(table.text("weekday"));
  if (cadence.weekday < 0) table.mistake("weekday", "expected \"monday\" to \"sunday\"");
  if (!cadence.weekly) cadence.which = static_cast<int>(table.integer_or("which", 1, -1, 5));
  if (cadence.which == 0) table.mistake("which", "expected 1 to 5, or -1 for the last of the month");
  if (every == "quarter") {
    const int first = static_cast<int>(table.integer_or("first_month", 1, 1, 3));
    for (int& month : cadence.months) month += first - 1;
  }
  const std::string moved = table.text_or("if_closed", "next");
  cadence.moved_on = moved == "next";
  if (moved != "next" && moved != "previous") table.mistake("if_closed", "expected \"next\" or \"previous\"");
  cadence.papers_days = static_cast<int>(table.integer_or("papers_working_days", 0, 0, 60));
  cadence.starts = read_time_of_day(table, "starts");
  return cadence;
}

std::optional<int> read_time_of_day(Definition& table, std::string_view key) {
  if (!table.has(key)) return std::nullopt;
  const std::string text = table.text(key);
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = 10 * digit(0) + digit(1), minute = 10 * digit(3) + digit(4);
    if (hour < 24 && minute < 60) return 60 * hour + minute;
  }
  table.mistake(key, "expected a time of day from \"00:00\" to \"23:59\"");
  return std::nullopt;
}

Date next_meeting(const Cadence& cadence, const WorkingDays& working_days, Date after) {
  // A meeting planned before the day may have been moved beyond it.
  for (int days = -kMovedDaysMost; days < kDaysLooked; ++days) {
    const Date planned = plus_days(after, days);
    if (!is_planned(cadence, planned)) continue;
    if (const Date meeting = moved(cadence, working_days, planned); meeting > after) return meeting;
  }
  return after;  // a fifth weekday of certain months only: there is one within two years in any case
}

std::optional<Date> moved_from(const Cadence& cadence, const WorkingDays& working_days, Date meeting) {
  if (is_planned(cadence, meeting)) return std::nullopt;
  for (int days = 1; days <= kMovedDaysMost; ++days) {
    const Date planned = plus_days(meeting, cadence.moved_on ? -days : days);
    if (is_planned(cadence, planned) && moved(cadence, working_days, planned) == meeting) return planned;
  }
  return std::nullopt;
}

std::optional<Date> closed_day_near(const Cadence& cadence, const WorkingDays& working_days, Date meeting) {
  constexpr int kDaysNear = 6;
  if (is_planned(cadence, meeting)) return std::nullopt;
  for (const int direction : {cadence.moved_on ? -1 : 1, cadence.moved_on ? 1 : -1})
    for (int days = 1; days <= kDaysNear; ++days) {
      const Date planned = plus_days(meeting, direction * days);
      if (is_planned(cadence, planned) && moved(cadence, working_days, planned) != planned) return planned;
    }
  return std::nullopt;
}

std::optional<Date> papers_by(const Cadence& cadence, const WorkingDays& working_days, Date meeting) {
  if (cadence.papers_days == 0) return std::nullopt;
  return working_days.plus(meeting, -cadence.papers_days);
}

}  // namespace moot
