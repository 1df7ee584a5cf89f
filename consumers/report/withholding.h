// Small counts that are not printed, and what could be had back from the rest. Thread: pure functions.
#pragma once

#include "consumers/report/figure.h"
#include "consumers/report/measure.h"

namespace moot {

// Withholds what is from 1 to less than the measure's `small_below`, and with it so many of the next smallest parts
// that no withheld part can be had back by taking the others from the whole. Where that cannot be, there are no parts
// left.
void withhold_small(const Measure& measure, Figure& figure);
// Of the largest its name is printed alone.
void withhold_counts(Figure& figure);
// Of parts that stand largest first those withheld go last, by key: their places would tell which is larger.
void put_withheld_last(const Measure& measure, std::vector<FigurePart>& parts);

}  // namespace moot
