// Working days: Monday to Friday without the bank holidays of a dated list. The list is data (TOML), never code.
// A day outside the years that the list covers counts by its weekday alone; covers() tells.
// Errors: kDefinition with file, line, key and what was expected. Thread: pure functions once read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"

namespace moot {

int weekday_of(Date date);  // Monday 0 … Sunday 6
std::string weekday_name(int weekday);
// "monday" to "sunday"; -1 for any other text.
int parse_weekday(std::string_view text);

class WorkingDays {
 public:
  WorkingDays() = default;  // of no list: weekdays
  static Result<WorkingDays> load(const std::filesystem::path& file);
  static Result<WorkingDays> parse(std::string_view toml, std::string_view name);

  bool covers(Date date) const { return !holidays_.empty() && from_ <= date && date < to_; }
  bool is_working_day(Date date) const;
  // The n-th working day after the date; before it where n is below 0; the date itself for 0.
  Date plus(Date date, int n) const;
  // Working days after `from`, up to and with `to`; below 0 where `to` is earlier.
  int between(Date from, Date to) const;
  // The date, or the first working day after (or before) it.
  Date on_or_after(Date date) const { return is_working_day(date) ? date : plus(date, 1); }
  Date on_or_before(Date date) const { return is_working_day(date) ? date : plus(date, -1); }
  const std::string& id() const { return id_; }
  const std::string& toml() const { return toml_; }

 private:
  static Result<WorkingDays> read(Definition definition);
  std::string id_, toml_;
  Date from_, to_;
  std::map<Date, std::string> holidays_;
};

}  // namespace moot
