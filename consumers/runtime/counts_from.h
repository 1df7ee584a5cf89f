// The instant from which an event counts in documents as at some date (README, D-03). Thread: pure function.
#pragma once

#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot {

// recorded_time; for an event of a declared backfill known_time, or where that is not supplied the end of what `time`
// names: of its day or month by the event's precision, else `time` itself.
Instant counts_from(const v1::Envelope& envelope);

}  // namespace moot
