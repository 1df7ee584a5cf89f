// Works out measures from the records: a pure function of the set of events, the definitions and the period.
// Thread: one; it remembers what it has worked out.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "consumers/report/caller_places.h"
#include "consumers/report/check.h"
#include "consumers/report/clock_figure.h"
#include "consumers/report/figure.h"
#include "consumers/report/measure.h"
#include "consumers/report/period.h"
#include "consumers/report/record_set.h"
#include "consumers/report/told_bound.h"

namespace moot {

class DisclosedFigures;

// The period that the measure counts in, for a report of this one.
Period counted_in(const Measure& measure, const Period& period);
// Whether a supplied figure is of the period: as it says itself, else by when it was supplied.
bool is_supplied_for(const v1::Event& event, const Period& period);

class Figures {
 public:
  // All outlive it.
  // What `cases` has not makes its figures not supplied.
  Figures(const RecordSet& records, const std::vector<Measure>& measures, const AreaNames& areas,
          const CaseSources& cases)
      : records_(records),
        measures_(measures),
        areas_(areas),
        callers_(cases.callers),
        clocks_(cases.clocks, areas, records.as_at()),
        withholds_(std::any_of(measures.begin(), measures.end(),
                               [](const Measure& measure) { return measure.small_below > 0; })) {}

  // Before any other: withholds of a report of the period what would give back, beside the rest that it prints, a small
  // number; of a financial year also beside the counts of the reports of its quarters. What cannot be kept is said in
  // sentences.
  std::vector<std::string> protect(const Period& period, const std::vector<Check>& checks);
  // Once all is protected: whether what the check finds would tell a number that is withheld.
  bool tells_withheld(const Check& check, const Period& period);
  const Figure& of(const std::string& measure, const Period& period);
  // Of a count: the events that it counts, one for each record, or for records that are one.
  std::vector<const v1::Event*> events_of(const std::string& measure, const Period& period) const;
  static Period compared(Comparison comparison, const Period& period);
  // In words, where the rules in use leave days of the period of a figure of clocks without a rule.
  std::optional<std::string> absence_of_rules(const Measure& measure, const Period& period) const {
    return measure.kind == MeasureKind::kClock ? clocks_.absence(measure, period) : std::nullopt;
  }

 private:
  // What counts once: a record, or records joined by links. Its first event says when, and to which part it belongs.
  using Group = std::vector<const v1::Event*>;

  const Measure& measure(const std::string& id) const;
  Figure& kept(const std::string& measure, const Period& period);
  void disclose(const Period& period, const std::vector<Check>& checks, DisclosedFigures& disclosed);
  void disclose_compared(const Measure& measure, const Period& other, bool draws_parts, DisclosedFigures& disclosed);
  bool add_terms(const std::vector<std::string>& ids, bool added, const Period& period, std::vector<BoundTerm>& terms);
  bool add_counted(const std::vector<std::string>& ids, const Period& period, std::vector<std::size_t>& records);
  bool add_counted_parts(const std::vector<std::string>& ids, const Period& period, std::vector<std::size_t>& records);
  Figure work_out(const Measure& measure, const Period& period);
  Figure counted(const Measure& measure, const Period& period);
  Figure stocked(const Measure& measure, const Period& period);
  Figure largest(const Measure& measure, const Period& period);
  Figure divided(const Measure& measure, const Period& period);
  Figure changed(const Measure& measure, const Period& period);
  Figure added(const Measure& measure, const Period& period);
  Figure supplied(const Measure& measure, const Period& period) const;

  // Whether the event shows that what the measure counts is supplied at all.
  bool tells_of(const Measure& measure, const v1::Event& event) const;
  bool is_supplied(const Measure& measure, const Period& period) const;
  bool is_linked(const LinkedTo& linked, const v1::Event& event, const Period& period) const;
  std::vector<Group> groups(const Measure& measure, const Period& period) const;
  std::vector<FigurePart> parts(const Measure& measure, const std::vector<Group>& groups);
  std::size_t number_of_group(const Group& group);
  std::vector<std::size_t> records_in(const std::vector<Group>& groups);
  // Absent of a sum where the record does not say it; of records that are one the first that does counts.
  std::optional<double> amount(const Measure& measure, const Group& group) const;

  const RecordSet& records_;
  const std::vector<Measure>& measures_;
  const AreaNames& areas_;
  const CallerLists* callers_;
  ClockFigures clocks_;
  std::map<std::pair<std::string, Period>, Figure> known_;
  const bool withholds_;                             // small numbers, in any of its measures
  std::map<const v1::Event*, std::size_t> numbers_;  // of groups, by their first event
};

}  // namespace moot
