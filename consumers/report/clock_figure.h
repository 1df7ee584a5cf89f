// What the clocks of the rule pack count in a period, or leave open at its end. A pure function of the set of events,
// the pack and the period. Thread: one; it remembers the cases it has looked at.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "consumers/casebook/casebook.h"
#include "consumers/report/caller_places.h"
#include "consumers/report/figure.h"
#include "consumers/report/measure.h"
#include "consumers/report/period.h"
#include "consumers/rules/clock_kind.h"

namespace moot {

// What figures of clocks are made of. All outlive it.
struct ClockSource {
  const Casebook& casebook;
  const Partnership& partnership;
  const RulePack& rules;
};

// What figures that rest on cases are made of, where there is a casebook.
struct CaseSources {
  const CallerLists* callers = nullptr;
  const ClockSource* clocks = nullptr;
};

class ClockFigures {
 public:
  // `source` may be null: then nothing is supplied.
  ClockFigures(const ClockSource* source, const AreaNames& areas, Instant as_at)
      : source_(source), areas_(areas), as_at_(as_at) {}

  // As the measure says: how many findings have their day in the period, or ask for attention at its end. Not supplied
  // where nothing that the clock looks at was supplied by then, or the pack has no such clock.
  Figure of(const Measure& measure, const Period& period);
  // In words, where the pack has no such clock, or no rule of it for the first or the last day of the period. Where it
  // has none for either, the figure is not supplied.
  std::optional<std::string> absence(const Measure& measure, const Period& period) const;

 private:
  // On the day, of what happened before `end`.
  const std::vector<ClockFinding>& findings(const ClockRule& rule, Date on, Instant end);
  bool is_supplied(const ClockRule& rule, Instant end);
  const CaseSet& cases();

  const ClockSource* source_;
  const AreaNames& areas_;
  const Instant as_at_;
  std::shared_ptr<const CaseSet> cases_;
  std::map<std::tuple<std::string, Date, Instant>, std::vector<ClockFinding>> known_;
};

}  // namespace moot
