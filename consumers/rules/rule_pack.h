// A rule pack: the clocks that a partnership goes by, each in dated versions with its source. Data (TOML), never code;
// what kinds of clock there are is code (consumers/rules/clock_kind.h). The README describes the file.
// Errors: kDefinition with file, line, key and what was expected, also where versions overlap or leave days without
// one. Thread: a value, read from anywhere once loaded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/definition.h"
#include "broker/core/status.h"
#include "consumers/report/predicate.h"
#include "consumers/rules/working_days.h"
#include "consumers/validity.h"

namespace moot {

struct ClockKind;  // consumers/rules/clock_kind.h

// A length of time, of the units that are not 0: months and days of the calendar, then working days, then hours.
struct TimeSpan {
  int months = 0;
  int days = 0;
  int working_days = 0;
  int hours = 0;

  bool empty() const { return months == 0 && days == 0 && working_days == 0 && hours == 0; }
};
std::string to_words(const TimeSpan& span);  // "3 months", "48 hours", "15 working days"
Date after(Date from, const TimeSpan& span, const WorkingDays& working_days);  // whole days of the hours alone
// The day after the last of so many months that begin with the day: the same day of the month, or the first of the next
// where that month has none. "One month beginning with 31 January" is over with 28 February.
Date end_of_months(Date first, int months);
// Likewise of a span of months, days or hours that begins with the day.
Date end_of(Date first, const TimeSpan& span, const WorkingDays& working_days);

// When reports of one person or place are one incident, whoever was told: near in time and in place. No link is needed.
struct SameIncident {
  int hours = 0;   // apart at most; 0 = reports are one where a link says so, and never else
  int metres = 0;  // between their points; 0 = only the same property or postcode is near
};

// A rung of an escalation.
struct EscalationStep {
  std::string title;  // "community protection notice"
  Predicate where;
  std::string next;     // the next lawful step; empty = the rung above
  bool needed = false;  // it must come before the rung above
};

// A band of a score: from so many points on.
struct ScoreBand {
  std::string band;
  int from = 0;
};

// One version of a clock. Which of these it has is said by its kind's read(); a key of another kind refuses the file.
struct ClockVersion {
  Validity validity;
  std::string source;
  std::string text;  // what it asks for, printed with it; may be empty

  Predicate where;                 // the events that start it, or that are counted
  std::optional<Predicate> done;   // what ends it
  std::optional<Predicate> after;  // repeat: what it must follow
  std::string joined_by;           // how `done` belongs to what started it: "record", "link", "person"
  std::string rel;                 // the kind of link
  std::string field;               // a date of the body that counts instead of `span`, where it is there
  TimeSpan span;
  TimeSpan span_extended;                // expiry: the longest time of what was extended
  std::vector<std::string> not_counted;  // deadline in hours: days of the year, "12-25", that are disregarded
  int warn_days = 0;                     // before the day, from which on it is for attention
  int lapses_months = 0;                 // deadline: so long after the day nobody asks for it any more; 0 = for ever

  int count = 0;                   // threshold: so many
  int months = 0;                  // threshold: in so many
  int people_min = 0;              // threshold of a place: by so many people
  int reported_within_months = 0;  // of the behaviour; 0 = whenever
  bool of_place = false;
  std::vector<std::string> roles;
  SameIncident same;

  std::vector<EscalationStep> steps;  // lowest first
  std::vector<ScoreBand> bands;       // highest first
};

struct ClockRule {
  std::string id;
  std::string title;
  const ClockKind* kind = nullptr;
  std::vector<ClockVersion> versions;

  std::string version_name(const ClockVersion& version) const;  // "pspo-expiry 2014-10-20"
  // In words, where no version holds on the day: it is before the first, or after the last has ended.
  std::optional<std::string> absence_on(Date day) const;
};

class RulePack {
 public:
  static Result<RulePack> load(const std::filesystem::path& file);
  static Result<RulePack> parse(std::string_view toml, std::string_view name);

  const ClockRule* find(std::string_view id) const;
  std::vector<std::string> ids() const;
  std::string name() const { return id + " " + version; }

  std::string id;
  std::string title;
  std::string version;  // of the file; printed. What changes gets another
  std::string toml;     // the definition, and that of its bank holidays: packs with the same are the same
  std::vector<ClockRule> clocks;
  WorkingDays working_days;

 private:
  static Result<RulePack> read(Definition definition);
};

}  // namespace moot
