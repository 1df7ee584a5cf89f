#include "broker/core/instant.h"

#include <chrono>
#include <cstdio>
#include <optional>

#include "broker/core/calendar.h"

namespace moot {

Instant from_proto(const google::protobuf::Timestamp& timestamp) {
  return Instant{timestamp.seconds() * kSecondUs + timestamp.nanos() / 1000};
}

google::protobuf::Timestamp to_proto(Instant instant) {
  std::int64_t seconds = instant.us / kSecondUs;
  std::int64_t rest = instant.us % kSecondUs;
  if (rest < 0) {  // nanos count forward from the second
    rest += kSecondUs;
    --seconds;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<std::int32_t>(rest * 1000));
  return timestamp;
}

std::string to_rfc3339(Instant instant) {
  const google::protobuf::Timestamp timestamp = to_proto(instant);
  constexpr std::int64_t kDay = 86'400;
  std::int64_t days = timestamp.seconds() / kDay;
  std::int64_t second = timestamp.seconds() % kDay;
  if (second < 0) {
    second += kDay;
    --days;
  }
  const Date date = date_from_days(days);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month, date.day,
                static_cast<int>(second / 3600), static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  std::string out = text;
  if (timestamp.nanos() != 0) {
    std::snprintf(text, sizeof text, ".%06d", timestamp.nanos() / 1000);
    out += text;
  }
  return out + "Z";
}

namespace {

// Reads `count` digits at `at`; -1 when they are not digits.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool at_is(std::string_view text, std::size_t at, char wanted) { return at < text.size() && text[at] == wanted; }

// The offset at the end of an RFC 3339 time in seconds, or nothing when it is not one.
std::optional<std::int64_t> offset_seconds(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const int hours = digits(text, 1, 2);
  const int minutes = digits(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text) {
  const Status wrong(Code::kUnreadable, "not a time of the form 2021-03-02T09:05:00Z or 2021-03-02T09:05:00+00:00");
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  const bool marks = at_is(text, 4, '-') && at_is(text, 7, '-') && at_is(text, 13, ':') && at_is(text, 16, ':') &&
                     (at_is(text, 10, 'T') || at_is(text, 10, 't') || at_is(text, 10, ' '));
  if (!marks || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return wrong;
  if (year < 1 || !is_real(year, month, day)) return wrong;
  std::size_t at = 19;
  std::int64_t fraction_us = 0;
  if (at_is(text, at, '.')) {
    std::int64_t unit = 100'000;
    std::size_t start = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      fraction_us += (text[at] - '0') * unit;
    if (at == start) return wrong;
  }
  const std::optional<std::int64_t> offset = offset_seconds(text.substr(at));
  if (!offset) return wrong;
  const std::int64_t seconds =
      days_since_epoch(Date{year, month, day}) * 86'400 + hour * 3600 + minute * 60 + second - *offset;
  return Instant{seconds * kSecondUs + fraction_us};
}

Instant SystemClock::now() const {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  return Instant{duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
}

}  // namespace moot
