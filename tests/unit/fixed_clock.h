// A clock that a test sets.
#pragma once

#include "broker/core/instant.h"

namespace moot {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(const std::string& rfc3339) { set(rfc3339); }
  void set(const std::string& rfc3339) { now_ = *parse_rfc3339(rfc3339); }
  Instant now() const override { return now_; }

 private:
  Instant now_;
};

}  // namespace moot
