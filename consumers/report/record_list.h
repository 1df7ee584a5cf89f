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
// The measure withholds small numbers, and each record is one of one kind. A value that any figure of the report
// withholds reads "withheld" here too, and in its area there is no place; so do further details of a kind of record of
// which fewer have them, and the place of a record unless so many as that share it: an area whatever their details, a
// finer place with the same. Rows have their dates, and so would count by month what a longer period's figures
// withhold: there are none for a period longer than a quarter, the shortest one beside which a report's figures are
// kept, and none for days of two quarters, whose rows would be counted beside those of each. Errors: recorded in the
// definition. Thread: pure functions once read.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "broker/core/definition.h"
#include "consumers/report/event_values.h"
#include "consumers/report/figure.h"
#include "consumers/report/measure.h"
#include "consumers/report/period.h"
#include "consumers/report/withheld_values.h"

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
  std::string date;   // YYYY-MM-DD, or YYYY-MM where no more is known, or the day only about; local
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
  bool withheld = false;         // as the figure is: then there are no rows
  bool too_long = false;         // the period: likewise
  bool across_quarters = false;  // the period, though not longer than one: likewise

  bool has_rows() const { return supplied && !withheld && !too_long && !across_quarters; }

  std::size_t without_place() const;
  bool withholds_details() const;
  std::vector<std::string> columns() const;
};

// `measures`: those of the report.
ListDefinition read_list(Definition& table, const std::vector<Measure>& measures);

// What a list is made of; all outlive the call.
struct ListedMeasure {
  const Measure& measure;
  const Figure& figure;                  // what it comes to, after what is small was withheld
  std::vector<const v1::Event*> events;  // what it counts
  const WithheldValues& withheld;        // by all figures of the report
};

RecordList make_list(const ListDefinition& definition, const ListedMeasure& listed, const Period& period,
                     const AreaNames& areas);

}  // namespace moot
