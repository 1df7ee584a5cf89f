#include "consumers/rules/working_days.h"

#include <algorithm>
#include <array>

namespace moot {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};
constexpr int kSaturday = 5;

}  // namespace

int weekday_of(Date date) {
  const std::int64_t days = days_since_epoch(date) + 3;  // 1 January 1970 was a Thursday
  return static_cast<int>(((days % 7) + 7) % 7);
}

std::string weekday_name(int weekday) { return std::string(kWeekdays[static_cast<std::size_t>(weekday)]); }

int parse_weekday(std::string_view text) {
  for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
    std::string name(kWeekdays[i]);
    name.front() = static_cast<char>(name.front() - 'A' + 'a');
    if (name == text) return static_cast<int>(i);
  }
  return -1;
}

Result<WorkingDays> WorkingDays::read(Definition definition) {
  WorkingDays days;
  days.id_ = definition.text("id");
  days.toml_ = definition.toml();
  definition.text_or("title", "");
  definition.text("source");
  const std::optional<Date> from = definition.date("from"), to = definition.date("to");
  if (!from) definition.mistake("from", "is required: the first day that the list covers, as 2020-01-01");
  if (!to) definition.mistake("to", "is required: the first day that it no longer covers");
  days.from_ = from.value_or(Date{});
  days.to_ = to.value_or(Date{});
  if (from && to && *to <= *from) definition.mistake("to", "expected a date after from");
  for (Definition& row : definition.tables("holiday")) {
    const std::optional<Date> on = row.date("on");
    const std::string name = row.text("name");
    if (!on) {
      row.mistake("on", "is required, a date such as 2021-12-27");
    } else if (*on < days.from_ || *on >= days.to_) {
      row.mistake("on", "expected a day that the list covers, from `from` on and before `to`");
    } else if (!days.holidays_.emplace(*on, name).second) {
      row.mistake("on", "stands twice");
    }
  }
  if (days.holidays_.empty()) definition.mistake("holiday", "is required: at least one [[holiday]]");
  MOOT_RETURN_IF_ERROR(definition.finish());
  return days;
}

Result<WorkingDays> WorkingDays::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

Result<WorkingDays> WorkingDays::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  if (!definition.ok()) return definition.status();
  return read(std::move(*definition));
}

bool WorkingDays::is_working_day(Date date) const { return weekday_of(date) < kSaturday && !holidays_.contains(date); }

Date WorkingDays::plus(Date date, int n) const {
  const int step = n < 0 ? -1 : 1;
  for (int left = n < 0 ? -n : n; left > 0;) {
    date = plus_days(date, step);
    left -= is_working_day(date) ? 1 : 0;
  }
  return date;
}

// Reckoned, not walked: what is due on 9999-12-31, which many systems write for "never", is two million days away.
int WorkingDays::between(Date from, Date to) const {
  if (to < from) return -between(to, from);
  const std::int64_t days = days_since_epoch(to) - days_since_epoch(from);
  std::int64_t count = days / 7 * kSaturday;
  for (std::int64_t day = days / 7 * 7 + 1; day <= days; ++day)
    count += weekday_of(plus_days(from, day)) < kSaturday ? 1 : 0;
  for (auto holiday = holidays_.upper_bound(from); holiday != holidays_.end() && holiday->first <= to; ++holiday)
    count -= weekday_of(holiday->first) < kSaturday ? 1 : 0;
  return static_cast<int>(count);
}

}  // namespace moot
