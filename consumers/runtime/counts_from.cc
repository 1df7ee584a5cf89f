#include "consumers/runtime/counts_from.h"

#include <algorithm>

#include "broker/core/calendar.h"

namespace moot {
namespace {

constexpr std::int64_t kClockErrorUs = 24 * kHourUs;
constexpr std::string_view kScheduled = "uk.csp.meeting.scheduled.v1";

// The earliest instant at which anybody can have known the event: a time that names a whole day or month is the first
// instant of it, and what is said of a month is not known before the month is over.
Instant over(const v1::Envelope& envelope) {
  const Instant time = from_proto(envelope.time());
  const Date day = local_date(time);
  switch (envelope.time_precision()) {
    case v1::DAY:
      return local_midnight(plus_days(day, 1));
    case v1::MONTH:
      return local_midnight(plus_months(Date{day.year, day.month, 1}, 1));
    default:
      return time;
  }
}

}  // namespace

Instant known_from(const v1::Envelope& envelope) {
  if (!envelope.backfill()) return from_proto(envelope.recorded_time());
  return envelope.has_known_time() ? from_proto(envelope.known_time()) : over(envelope);
}

Instant counts_from(const v1::Envelope& envelope) {
  const Instant known = known_from(envelope), time = from_proto(envelope.time());
  const bool dated_ahead = time.us > known.us + kClockErrorUs && envelope.type() != kScheduled;
  return dated_ahead ? time : known;
}

Instant when_said(const v1::Event& event) {
  return std::min(from_proto(event.envelope().time()), counts_from(event.envelope()));
}

}  // namespace moot
