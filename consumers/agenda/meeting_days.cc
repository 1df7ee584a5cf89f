#include "consumers/agenda/meeting_days.h"

#include <algorithm>
#include <set>

#include "consumers/casework/meeting_events.h"

namespace moot {
namespace {

// Which week, month or quarter a meeting is of: that of the day it was moved from, by the cadence or by hand.
std::int64_t turn_of(const Cadence& cadence, const WorkingDays& working_days, Date meeting) {
  std::optional<Date> from = moved_from(cadence, working_days, meeting);
  if (!from) from = closed_day_near(cadence, working_days, meeting);
  const Date day = from.value_or(meeting);
  if (cadence.weekly) return days_since_epoch(day) - weekday_of(day);
  const int months_a_turn = cadence.months.empty() ? 1 : 12 / static_cast<int>(cadence.months.size());
  return day.year * 12 + (day.month - 1) / months_a_turn * months_a_turn;
}

// Of meetings that were scheduled, or held, by who may say it, and not withdrawn.
std::set<Date> days_said(const CaseSet& set, const Board& board, const std::string& area, v1::Meeting::Stage stage) {
  std::set<Date> days;
  for (const std::uint32_t i : set.records().of_body(v1::Facts::kMeeting)) {
    const v1::Event* event = set.records()[i];
    const v1::Meeting& meeting = event->facts().meeting();
    if (meeting.stage() != stage || meeting.board() != board.known_as) continue;
    if (!board.goes_by(*event)) continue;
    const std::string& of = event->envelope().area();
    if (!area.empty() && !of.empty() && of != area) continue;
    if (const Result<Date> day = parse_date(meeting_day(*event)); day.ok()) days.insert(*day);
  }
  return days;
}

MeetingDay day_of(const Board& board, const WorkingDays& working_days, Date on, bool scheduled) {
  MeetingDay day;
  day.on = on;
  day.scheduled = scheduled;
  const Result<BoardVersion> version = board.version_on(on);
  if (!version.ok()) return day;
  day.minutes = version->minutes;
  if (!version->cadence) return day;
  day.starts = version->cadence->starts;
  day.papers_by = papers_by(*version->cadence, working_days, on);
  day.moved_from = moved_from(*version->cadence, working_days, on);
  return day;
}

}  // namespace

std::vector<MeetingDay> meeting_days(const CaseSet& set, const Board& board, const std::string& area,
                                     const WorkingDays& working_days, Date from, Date to) {
  const std::set<Date> scheduled = days_said(set, board, area, v1::Meeting::SCHEDULED);
  std::vector<MeetingDay> days;
  for (const Date on : scheduled)
    if (on >= from && on < to) days.push_back(day_of(board, working_days, on, true));
  for (const BoardVersion& version : board.versions) {
    if (!version.cadence) continue;
    std::set<std::int64_t> taken;
    for (const Date on : scheduled) taken.insert(turn_of(*version.cadence, working_days, on));
    Date last = plus_days(from, -1);
    for (;;) {
      const Date on = next_meeting(*version.cadence, working_days, last);
      if (on <= last || on >= to) break;
      last = on;
      if (version.validity.holds_on(on) && !taken.contains(turn_of(*version.cadence, working_days, on)))
        days.push_back(day_of(board, working_days, on, false));
    }
  }
  const std::set<Date> held = days_said(set, board, area, v1::Meeting::HELD);
  for (MeetingDay& day : days) day.held = held.contains(day.on);
  std::sort(days.begin(), days.end(), [](const MeetingDay& a, const MeetingDay& b) { return a.on < b.on; });
  return days;
}

bool said_to_be_held(const CaseSet& set, const Board& board, const std::string& area, Date on) {
  return days_said(set, board, area, v1::Meeting::HELD).contains(on);
}

}  // namespace moot
