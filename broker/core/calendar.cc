#include "broker/core/calendar.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

namespace moot {

bool is_real(int year, int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && year >= 1 && year <= 9999 &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
             .ok();
}

namespace {

// The number that all of `digits` write, or -1.
int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  const bool form = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const Date date = form ? Date{number_of(text.substr(0, 4)), number_of(text.substr(5, 2)), number_of(text.substr(8))}
                         : Date{0, 0, 0};
  if (!is_real(date.year, date.month, date.day)) return Status(Code::kUnreadable, "not a date of the form 2021-03-02");
  return date;
}

std::string to_iso(Date date) {
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
  return text;
}

std::string to_words(Date date) {
  static constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                            "July",    "August",   "September", "October", "November", "December"};
  MOOT_CHECK(date.month >= 1 && date.month <= 12);
  return std::to_string(date.day) + " " + kMonths[date.month - 1] + " " + std::to_string(date.year);
}

std::int64_t days_since_epoch(Date date) {
  const std::chrono::year_month_day ymd(std::chrono::year(date.year),
                                        std::chrono::month(static_cast<unsigned>(date.month)),
                                        std::chrono::day(static_cast<unsigned>(date.day)));
  return std::chrono::sys_days(ymd).time_since_epoch().count();
}

Date date_from_days(std::int64_t days) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
  return Date{static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
              static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

Date plus_days(Date date, std::int64_t days) { return date_from_days(days_since_epoch(date) + days); }

// Beyond the year 9999 too, and before the year 1: systems write 9999-12-31 for "never", and rules add months to it.
Date plus_months(Date date, int months) {
  using std::chrono::year_month;
  const year_month first{std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month))};
  const year_month month = first + std::chrono::months(months);
  const std::chrono::year_month_day_last last{month.year(), std::chrono::month_day_last(month.month())};
  const Date end{static_cast<int>(month.year()), static_cast<int>(static_cast<unsigned>(month.month())),
                 static_cast<int>(static_cast<unsigned>(last.day()))};
  return {end.year, end.month, std::min(date.day, end.day)};
}

namespace {

std::unique_ptr<icu::TimeZone> zone_of(const std::string& name) {
  return std::unique_ptr<icu::TimeZone>(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
}

// A time without a change of the offset, [from, to) in universal milliseconds.
struct Stretch {
  std::int64_t from_ms = 0;
  std::int64_t to_ms = 0;
  std::int64_t offset_ms = 0;  // east of UTC
};

// The offsets of one zone. Documents ask for those of every event, which took ICU a third of what an agenda cost: each
// stretch is asked for once.
class Offsets {
 public:
  explicit Offsets(const std::string& name) : name_(name), zone_(zone_of(name)) {}

  const std::string& name() const { return name_; }

  const Stretch& at(std::int64_t ms) {
    const auto next = std::upper_bound(stretches_.begin(), stretches_.end(), ms,
                                       [](std::int64_t at, const Stretch& stretch) { return at < stretch.from_ms; });
    if (next != stretches_.begin() && ms < std::prev(next)->to_ms) return *std::prev(next);
    return *stretches_.insert(next, asked(ms));
  }

  // The offset of a local time: that before the change for one that happens twice or not at all.
  std::int64_t of_local(std::int64_t wall_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;  // further from UTC than any place
    const Stretch before = at(wall_ms - kDayMs), after = at(wall_ms + kDayMs);
    if (before.from_ms == after.from_ms) return before.offset_ms;
    if (before.to_ms != after.from_ms) return asked_of_local(wall_ms);
    const std::int64_t changed = before.to_ms + std::max(before.offset_ms, after.offset_ms);
    return wall_ms < changed ? before.offset_ms : after.offset_ms;
  }

 private:
  Stretch asked(std::int64_t ms) const {
    std::int32_t raw = 0, saving = 0;
    UErrorCode error = U_ZERO_ERROR;
    zone_->getOffset(static_cast<UDate>(ms), false, raw, saving, error);
    MOOT_CHECK(U_SUCCESS(error));
    Stretch stretch{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), raw + saving};
    const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone_.get());
    if (basic == nullptr) return {ms, ms + 1, stretch.offset_ms};
    icu::TimeZoneTransition change;
    if (basic->getPreviousTransition(static_cast<UDate>(ms), true, change))
      stretch.from_ms = static_cast<std::int64_t>(change.getTime());
    if (basic->getNextTransition(static_cast<UDate>(ms), false, change))
      stretch.to_ms = static_cast<std::int64_t>(change.getTime());
    return stretch;
  }
  std::int64_t asked_of_local(std::int64_t wall_ms) const {
    std::int32_t raw = 0, saving = 0;
    UErrorCode error = U_ZERO_ERROR;
    if (const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone_.get()))
      basic->getOffsetFromLocal(static_cast<UDate>(wall_ms), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving,
                                error);
    else
      zone_->getOffset(static_cast<UDate>(wall_ms), true, raw, saving, error);
    MOOT_CHECK(U_SUCCESS(error));
    return raw + saving;
  }

  std::string name_;
  std::unique_ptr<icu::TimeZone> zone_;
  std::vector<Stretch> stretches_;  // by time; as many as the zone has, a few hundred
};

// Of this thread: the zone asked for last.
Offsets& offsets_of(const std::string& name) {
  thread_local std::unique_ptr<Offsets> last;
  if (last == nullptr || last->name() != name) last = std::make_unique<Offsets>(name);
  return *last;
}

}  // namespace

Result<Zone> Zone::named(std::string_view name) {
  const std::string copy(name);
  const std::unique_ptr<icu::TimeZone> zone = zone_of(copy);
  if (!zone || *zone == icu::TimeZone::getUnknown())
    return Status(Code::kInvalid, "no time zone has the name \"" + copy + "\"");
  return Zone(copy);
}

const Zone& Zone::london() {
  static const Zone zone("Europe/London");
  return zone;
}

Instant Zone::instant(const LocalTime& local) const {
  const std::int64_t wall_ms =
      (days_since_epoch(local.date) * 86'400 + local.hour * 3600 + local.minute * 60 + local.second) * 1000;
  return Instant{(wall_ms - offsets_of(name_).of_local(wall_ms)) * 1000};
}

LocalTime Zone::local(Instant instant) const {
  const std::int64_t ms = instant.us / 1000 - (instant.us % 1000 < 0 ? 1 : 0);
  const std::int64_t wall_ms = ms + offsets_of(name_).at(ms).offset_ms;
  const std::int64_t wall_s = wall_ms / 1000 - (wall_ms % 1000 < 0 ? 1 : 0);
  const std::int64_t days = wall_s / 86'400 - (wall_s % 86'400 < 0 ? 1 : 0);
  const int second = static_cast<int>(wall_s - days * 86'400);
  return LocalTime{date_from_days(days), second / 3600, second / 60 % 60, second % 60};
}

Instant local_midnight(Date date) { return Zone::london().instant(LocalTime{date, 0, 0, 0}); }

Date local_date(Instant instant) { return Zone::london().local(instant).date; }

std::string to_local_rfc3339(Instant instant) {
  const LocalTime local = Zone::london().local(instant);
  const std::int64_t wall_s =
      days_since_epoch(local.date) * 86'400 + local.hour * 3600 + local.minute * 60 + local.second;
  const std::int64_t whole_s = instant.us / kSecondUs - (instant.us % kSecondUs < 0 ? 1 : 0);
  const std::int64_t offset_min = (wall_s - whole_s) / 60;
  const std::string utc = to_rfc3339(Instant{wall_s * kSecondUs + (instant.us - whole_s * kSecondUs)});
  char offset[16];
  std::snprintf(offset, sizeof offset, "%c%02d:%02d", offset_min < 0 ? '-' : '+',
                static_cast<int>(std::abs(offset_min) / 60 % 100), static_cast<int>(std::abs(offset_min) % 60));
  return utc.substr(0, utc.size() - 1) + offset;
}

std::string to_local_words(Instant instant) {
  const LocalTime local = Zone::london().local(instant);
  std::string time;
  if (local.hour == 0 && local.minute == 0) {
    time = "midnight";
  } else if (local.hour == 12 && local.minute == 0) {
    time = "midday";
  } else {
    char text[24];
    const int hour = local.hour % 12 == 0 ? 12 : local.hour % 12;
    std::snprintf(text, sizeof text, "%d:%02d%s", hour, local.minute, local.hour < 12 ? "am" : "pm");
    time = text;
  }
  // Where the clocks go back, an hour comes twice.
  const auto is_same = [&](std::int64_t hours) {
    const LocalTime other = Zone::london().local(Instant{instant.us + hours * 3600 * kSecondUs});
    return other.date == local.date && other.hour == local.hour && other.minute == local.minute;
  };
  const char* which = is_same(1) ? " before the clocks went back" : is_same(-1) ? " after the clocks went back" : "";
  return to_words(local.date) + " at " + time + which;
}

Result<Instant> parse_date_or_instant(std::string_view text) {
  if (text.size() == 10) {
    Result<Date> date = parse_date(text);
    if (!date.ok()) return date.status();
    return local_midnight(*date);
  }
  Result<Instant> instant = parse_rfc3339(text);
  if (!instant.ok())
    return Status(Code::kUnreadable, "\"" + std::string(text) +
                                         "\" is neither a date (2021-03-02) nor a time with its offset "
                                         "(2021-03-02T09:05:00+00:00)");
  return instant;
}

}  // namespace moot
