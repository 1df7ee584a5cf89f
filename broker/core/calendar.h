// Civil dates in Europe/London: the days, months and years that documents speak of (DESIGN: the three times).
// The rules of summer time come from ICU's tz data.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

// A day of the proleptic Gregorian calendar; always a real one once parsed.
struct Date {
  int year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  auto operator<=>(const Date&) const = default;
};

Result<Date> parse_date(std::string_view text);  // YYYY-MM-DD
std::string to_iso(Date date);                   // "2021-03-02"
std::string to_words(Date date);                 // "2 March 2021"
bool is_real(int year, int month, int day);

std::int64_t days_since_epoch(Date date);
Date date_from_days(std::int64_t days);
Date plus_days(Date date, std::int64_t days);
Date plus_months(Date date, int months);  // the same day of the month, or that month's last

struct LocalTime {
  Date date;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// A named zone of the tz database. Values are cheap to copy; thread-safe to use.
class Zone {
 public:
  static Result<Zone> named(std::string_view name);  // "Europe/London", "UTC"
  static const Zone& london();

  // The instant of a local time. A time that happens twice (autumn) is its first occurrence; one that does not exist
  // (spring) is read with the offset in force before the change.
  Instant instant(const LocalTime& local) const;
  LocalTime local(Instant instant) const;
  const std::string& name() const { return name_; }

 private:
  explicit Zone(std::string name) : name_(std::move(name)) {}
  std::string name_;
};

Instant local_midnight(Date date);      // the first instant of the day in London
Date local_date(Instant instant);       // the day it is in London
std::string to_local_rfc3339(Instant);  // "2021-06-02T00:00:00+01:00", London's offset
std::string to_local_words(Instant);    // "2 June 2021 at 9:05am"; midnight: "2 June 2021 at midnight"

// A bare date is its local midnight; otherwise RFC 3339.
Result<Instant> parse_date_or_instant(std::string_view text);

}  // namespace moot
