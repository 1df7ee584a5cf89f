// Instants and the clock. An Instant is microseconds since 1970-01-01T00:00:00Z; arithmetic is on its value.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

struct Instant {
  std::int64_t us = 0;
  auto operator<=>(const Instant&) const = default;
};

inline constexpr std::int64_t kSecondUs = 1'000'000;
inline constexpr std::int64_t kHourUs = 3600 * kSecondUs;

Instant from_proto(const google::protobuf::Timestamp& timestamp);  // nanoseconds below one microsecond are cut off
google::protobuf::Timestamp to_proto(Instant instant);

// RFC 3339, UTC: "2021-03-02T09:05:00Z", or "2021-03-02T09:05:00.120000Z" where there is a part of a second: always six
// digits, so that times sort as texts.
std::string to_rfc3339(Instant instant);
// RFC 3339 with any offset. Refuses a time without an offset, and years outside 1 to 9999.
Result<Instant> parse_rfc3339(std::string_view text);

// The seam for time. Production has one SystemClock; tests have a clock they set.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

}  // namespace moot
