#include "consumers/report/withholding.h"

#include <algorithm>

namespace moot {
namespace {

// Counts are withheld, and what is worked out of one: a small share of many is none.
bool is_small(const Measure& measure, const std::optional<double>& count) {
  return count && *count > 0 && *count < measure.small_below;
}

bool is_small(const Measure& measure, const Figure& figure) {
  if (figure.numerator) return is_small(measure, figure.numerator) || is_small(measure, figure.denominator);
  return is_small(measure, figure.value);
}

// What a reader can tell of the parts that are withheld: how many they are and, from the whole, what they come to.
struct Withheld {
  int small = 0;   // from 1 to less than small_below
  int others = 0;  // withheld with them
  double sum = 0;

  // A single one is the sum; and of several the sum may leave but one way: two that come to 2 are 1 and 1, two that
  // come to twice the most are the most each.
  bool can_be_had_back(int small_below) const {
    if (small + others == 1) return true;
    return small > 0 && others == 0 && (sum <= small || sum >= small * (small_below - 1));
  }
};

FigurePart* next_smallest(Figure& figure) {
  FigurePart* next = nullptr;
  for (FigurePart& part : figure.parts)  // a part of 0 hides nothing
    if (part.value && *part.value > 0 && (next == nullptr || *part.value < *next->value)) next = &part;
  return next;
}

// Which parts are withheld; false where none can be printed.
bool withhold_parts(const Measure& measure, Figure& figure) {
  Withheld withheld;
  const auto take = [](FigurePart& part) {
    part.value.reset();
    part.small = true;
  };
  for (FigurePart& part : figure.parts) {
    if (!part.value || (!figure.small && !is_small(measure, part.value))) continue;  // not supplied is no secret
    withheld.sum += part.value.value_or(0);
    ++withheld.small;
    take(part);
  }
  if (figure.small) return true;  // there is no whole to take anything from
  while (withheld.can_be_had_back(measure.small_below)) {
    FigurePart* next = next_smallest(figure);
    if (next == nullptr) return measure.where.is_list(measure.by);  // then the parts do not add up to the whole
    withheld.sum += *next->value;
    ++withheld.others;
    take(*next);
  }
  return true;
}

}  // namespace

void put_withheld_last(const Measure& measure, std::vector<FigurePart>& parts) {
  if (!measure.order.empty() || measure.kind == MeasureKind::kTotal || measure.kind == MeasureKind::kCallers) return;
  const auto small =
      std::stable_partition(parts.begin(), parts.end(), [](const FigurePart& part) { return !part.small; });
  std::sort(small, parts.end(), [](const FigurePart& a, const FigurePart& b) { return a.key < b.key; });
}

void withhold_counts(Figure& figure) {
  figure.numerator.reset();
  figure.denominator.reset();
  figure.counts_withheld = true;
}

void withhold_small(const Measure& measure, Figure& figure) {
  if (measure.small_below == 0) return;
  figure.small = figure.small || is_small(measure, figure);
  figure.parts_small = !withhold_parts(measure, figure);
  const bool any =
      std::any_of(figure.parts.begin(), figure.parts.end(), [](const FigurePart& one) { return one.small; });
  if (measure.kind == MeasureKind::kLargest && any) withhold_counts(figure);
  if (figure.parts_small)
    figure.parts.clear();
  else
    put_withheld_last(measure, figure.parts);
}

}  // namespace moot
