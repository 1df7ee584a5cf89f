// A stretch of time, [from, to). Thread: a value.
#pragma once

#include "broker/core/instant.h"

namespace moot {

struct Window {
  Instant from;
  Instant to;
  bool holds(Instant instant) const { return from <= instant && instant < to; }
};

}  // namespace moot
