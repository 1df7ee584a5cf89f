// The instant from which an event counts in documents as at some date (README, D-03). Thread: pure function.
#pragma once

#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

// When it was known: recorded_time; for an event of a declared backfill known_time, or where that is not supplied the
// end of what `time` names: of its day or month by the event's precision, else `time` itself.
Instant known_from(const v1::Envelope& envelope);
// The same; but what is dated more than a day after it was known, which no clock and no time zone explains, decides
// nothing before its own time. That a meeting was scheduled is dated ahead by many calendars, and counts at once.
Instant counts_from(const v1::Envelope& envelope);
// When its agency says that it said so: the event's own time, but at the latest the instant from which it counts.
Instant when_said(const v1::Event& event);

}  // namespace moot
