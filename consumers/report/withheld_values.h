// Which values of a field the figures of a report withhold, for what else the report says of the same records: a list
// that printed them would count them. Thread: pure functions once filled.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "consumers/report/event_values.h"
#include "consumers/report/figure.h"
#include "consumers/report/measure.h"

namespace moot {

class WithheldValues {
 public:
  // Outlives it.
  explicit WithheldValues(const AreaNames& areas) : areas_(areas) {}

  // A measure of the report and what it comes to, after what is small was withheld. Both outlive it.
  void add(const Measure& measure, const Figure& figure) { figures_.emplace_back(&measure, &figure); }

  // Whether any figure withholds the part that the value belongs to: its own, that of the rest, or all parts; or is
  // withheld itself, and counts what has this value alone. "not-supplied" is a value too.
  bool holds(const std::string& field, const std::string& value) const;

 private:
  const AreaNames& areas_;
  std::vector<std::pair<const Measure*, const Figure*>> figures_;
};

}  // namespace moot
