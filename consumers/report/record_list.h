// A list of what a measure of a report counts, a row for each record, from which nobody can be told: when and where it
// was, and its codes. No id, no name, no address, no text. Dated data of the partnership, never code.
//
//   [[list]]
//   id      = "police-incidents"
//   title   = "Incidents the police recorded"
//   of      = "by-category"                # a count of this report: its records, and by what it is broken down
//   details = ["nsir_class"]               # further columns: fields of what is counted
//   place   = ["lsoa", "outward-postcode", "area"]     # the first of these that may be printed
//   time    = "hour"                       # the default; or "minute", "day"
//
// Where the measure withholds small numbers, whatever it withholds reads "withheld" here too, and so do further details
// of a kind of record of which fewer have them, and the place of a record unless so many as that share it: an area
// whatever their details, a finer place with the same. Errors: recorded in the definition. Thread: pure functions once
// read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "broker/core/definition.h"
#include "consumers/report/event_values.h"
#include "consumers/report/figure.h"
#include "consumers/report/measure.h"

namespace moot {

struct ListDefinition {
  enum class Time { kMinute, kHour, kDay };

  std::string id, title;
  std::string of;                    // a measure
  std::vector<std::string> details;  // beside what the measure is broken down by
  std::vector<std::string> places;   // "lsoa", "outward-postcode", "area": finest first
  Time time = Time::kHour;
};

struct ListedRecord {
  std::string date;   // YYYY-MM-DD, or YYYY-MM where no more is known; local
  std::string time;   // "21:40", "21:00 to 21:59"; empty = not known, or not printed
  std::string level;  // of the place; empty = it is not known, or not printed
  std::string place;
  std::vector<std::string> details;  // "not-supplied", "withheld"

  auto operator<=>(const ListedRecord&) const = default;
};

struct RecordList {
  std::string id, title, of;
  std::vector<std::string> details;  // names of columns
  std::vector<ListedRecord> rows;    // by date, time, place and details
  int small_below = 0;
  bool supplied = false;
  bool withheld = false;  // so few are counted that there are no rows

  std::size_t without_place() const;
  std::vector<std::string> columns() const;
};

// `measures`: those of the report.
ListDefinition read_list(Definition& table, const std::vector<Measure>& measures);

// `figure`: what the measure comes to, after what is small was withheld; `events`: what it counts.
RecordList make_list(const ListDefinition& definition, const Measure& measure, const Figure& figure,
                     const std::vector<const v1::Event*>& events, const AreaNames& areas);

}  // namespace moot
