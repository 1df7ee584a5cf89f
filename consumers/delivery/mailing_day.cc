#include "consumers/delivery/mailing_day.h"

#include <algorithm>

namespace moot {
namespace {

constexpr int kLookBackDays = 62;
constexpr int kLookAheadDays = 100;  // papers go out at most 60 working days before
constexpr int kActionsUsefulDays = 31;

Instant at_local(Date day, int minutes) { return Zone::london().instant({day, minutes / 60, minutes % 60, 0}); }

}  // namespace

MailingDay mailing_day(const Mailing& mailing, const MeetingDay& meeting, const WorkingDays& working_days,
                       Instant now) {
  MailingDay day;
  day.meeting = meeting.on;
  const Date today = local_date(now);
  if (mailing.what == Mailing::What::kPapers) {
    day.on = meeting.on;
    day.due = at_local(meeting.papers_by.value_or(meeting.on), mailing.at);
    day.missed = today > meeting.on;
    return day;
  }
  day.on = working_days.plus(meeting.on, mailing.working_days_after);
  day.due = at_local(day.on, mailing.at);
  day.missed = today > plus_days(day.on, kActionsUsefulDays);
  return day;
}

DaysLookedAt days_looked_at(const Mailing& mailing, Instant now) {
  const Date today = local_date(now);
  return {std::max(mailing.starts, plus_days(today, -kLookBackDays)), plus_days(today, kLookAheadDays)};
}

}  // namespace moot
