// When each mailing goes out: on the day of the papers, or so many working days after the meeting, at its hour in
// London. Thread: pure functions.
#pragma once

#include <optional>
#include <vector>

#include "broker/core/instant.h"
#include "consumers/agenda/meeting_days.h"
#include "consumers/delivery/mailings.h"

namespace moot {

struct MailingDay {
  Date meeting;
  Date on;              // the document's date: the meeting's, or the day that the actions are told
  Instant due;          // it goes out from then on
  bool missed = false;  // it was due, and is of no use any more
};

MailingDay mailing_day(const Mailing& mailing, const MeetingDay& meeting, const WorkingDays& working_days, Instant now);

// The meetings that have to be looked at for what is due now: [from, to).
struct DaysLookedAt {
  Date from, to;
};
DaysLookedAt days_looked_at(const Mailing& mailing, Instant now);

}  // namespace moot
