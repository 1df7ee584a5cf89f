// A cross-check of a report's figures. One that fails prints a flag beside its figures and repairs nothing. Dated data
// of the partnership, never code; the README's table says what each kind takes.
// Errors: recorded in the definition. Thread: pure functions once read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/definition.h"
#include "consumers/report/figure.h"
#include "consumers/report/period.h"
#include "proto/event.pb.h"

namespace moot {

enum class CheckKind {
  kEqual,
  kAtMost,
  kFunnel,
  kParts,
  kInside,
  kAtEnd,
  kPopulation,
  kSupplied,
  kBase,
  kValues,
  kOnce,
  kStated,
  kAmong
};

struct Check {
  std::string id;
  // {left}, {right}, {difference}, {as_at}, {where}, {missing} and {found} are filled in; empty = the kind's own.
  std::string text;
  CheckKind kind = CheckKind::kEqual;
  std::vector<std::string> measures;           // beside which the flag stands
  std::vector<std::string> left, right, less;  // sum of left against sum of right, less those of less
  std::optional<double> expected;              // instead of right
  std::vector<std::string> keys;               // of a breakdown: those that must be supplied
  std::vector<std::string> allowed;            // of a breakdown: no other key may occur
};

Check read_check(Definition& table, const std::vector<std::string>& measures);

// The figure of a measure and its title.
struct CheckedFigure {
  const Figure& figure;
  std::string title;
  const Figure* compared = nullptr;            // printed beside it: that of another period
  std::vector<const v1::Event*> counted = {};  // by a count: one event for each record; for checks of records alone
};
using FigureOf = std::function<CheckedFigure(const std::string& measure)>;

// The sentence of the flag; nothing where the check holds. What cannot be checked, because a figure is not supplied or
// is not printed, is said to be so.
std::optional<std::string> failed(const Check& check, const FigureOf& figure_of, const Period& period);

}  // namespace moot
