#include "consumers/runtime/counts_from.h"

#include <algorithm>
#include <string_view>

#include "broker/core/calendar.h"

namespace moot {
namespace {

constexpr std::int64_t kClockErrorUs = 24 * kHourUs;

// Does it decide nothing ahead, whatever its date? That a meeting was scheduled is dated with the meeting by many
// calendars; what is taken back is dated as the record was; and what is decided here, of who is who and of the data
// itself, is dated with the day on which it was decided, and holds from the date that it names.
bool counts_at_once(std::string_view type) {
  return type == "uk.csp.meeting.scheduled.v1" || type.ends_with(".withdrawn.v1") ||
         type.starts_with("uk.csp.identity.") || type.starts_with("uk.csp.governance.");
}

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
  const bool dated_ahead = time.us > known.us + kClockErrorUs && !counts_at_once(envelope.type());
  return dated_ahead ? time : known;
}

Instant when_said(const v1::Event& event) {
  return std::min(from_proto(event.envelope().time()), counts_from(event.envelope()));
}

}  // namespace moot
