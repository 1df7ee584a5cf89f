// The parts of a figure as a report lists them. Thread: pure functions.
#pragma once

#include <vector>

#include "consumers/report/figure.h"
#include "consumers/report/measure.h"

namespace moot {

// Largest first, then by key; months as they follow each other; or in the order that the definition gives, which also
// lists what nothing was counted of.
void put_in_order(const Measure& measure, std::vector<FigurePart>& parts);

// Of a measure that prints only so many parts: the rest as one, "other".
void keep_top(const Measure& measure, std::vector<FigurePart>& parts);

}  // namespace moot
