#include "consumers/report/withheld_values.h"

#include <algorithm>

namespace moot {
namespace {

// Of a key of the data that reads as the rest's, "other", either part may be the small one.
bool withholds_part(const Measure& measure, const Figure& figure, const std::string& value) {
  if (figure.parts_small) return true;
  bool found = false;
  for (const FigurePart& part : figure.parts) {
    if (part.key != value) continue;
    if (part.small) return true;
    found = true;
  }
  return !found && measure.top > 0 && value != "other" && withholds_part(measure, figure, "other");
}

}  // namespace

bool WithheldValues::holds(const std::string& field, const std::string& value) const {
  return std::any_of(figures_.begin(), figures_.end(), [&](const auto& one) {
    const auto& [measure, figure] = one;
    if (measure->by == field && withholds_part(*measure, *figure, value)) return true;
    const std::vector<std::string> counted = measure->where.values(field);
    return figure->small && std::any_of(counted.begin(), counted.end(), [&](const std::string& other) {
             return other == value || (field == "area" && areas_.code_of(other) == value);
           });
  });
}

}  // namespace moot
