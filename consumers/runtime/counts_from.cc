#include "consumers/runtime/counts_from.h"

#include "broker/core/calendar.h"

namespace moot {
namespace {

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

Instant counts_from(const v1::Envelope& envelope) {
  if (!envelope.backfill()) return from_proto(envelope.recorded_time());
  return envelope.has_known_time() ? from_proto(envelope.known_time()) : over(envelope);
}

}  // namespace moot
