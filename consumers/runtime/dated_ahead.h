// What agencies dated later than the instant a document is as at, though it was known by then. It counts from its own
// time on, and is no part of the document; but a reader is told. What was put right since is not among it.
// Thread: a value.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "broker/core/instant.h"

namespace moot {

struct DatedAhead {
  int events = 0;
  Instant last;  // the latest date

  void add(Instant time) {
    ++events;
    last = std::max(last, time);
  }
};

using DatedAheadBy = std::map<std::string, DatedAhead>;  // agencies

}  // namespace moot
