// A measure: how a figure of a report is had. Dated data of the partnership, never code; the README's table says what
// each kind takes. Errors: recorded in the definition, with the line, the key and what was expected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "consumers/report/predicate.h"

namespace moot {

enum class MeasureKind { kCount, kSum, kStock, kShare, kRatio, kChange, kTotal, kLargest, kSupplied, kCallers, kClock };
enum class Comparison { kNone, kYearBefore, kYearAfter, kPeriodBefore };

// An event counts only if it has a link of this kind to a record of which a version matches.
struct LinkedTo {
  std::string rel;
  Predicate where;
  enum class When { kAny, kBeforeThePeriod, kInThePeriod } when = When::kAny;
};

struct Measure {
  DefinitionPlace place;
  std::string id;
  std::string title;
  std::string unit;
  std::string section;     // its id; empty = none
  std::string source;      // where the definition comes from: a paragraph, a section of an act
  std::string population;  // of whom; a code. Of a supplied figure, what it says itself counts
  MeasureKind kind = MeasureKind::kCount;
  Comparison comparison = Comparison::kNone;

  // Counts, sums, stocks, the largest:
  Predicate where;
  std::optional<Predicate> supplied_where;  // the figure is supplied if there is one of these in the period
  std::optional<LinkedTo> linked;
  bool stages = false;               // each stage that a record has gone through counts, not its current version alone
  std::string distinct_by;           // a kind of link: records joined by it are one; empty = each record is one
  std::string field;                 // of a sum
  int divide_by = 1;                 // of a sum: pence to pounds
  std::string by;                    // breakdown; of the largest, what is compared
  std::vector<std::string> order;    // of the breakdown; empty = largest first
  std::vector<std::string> unknown;  // of the largest: values that do not say which
  int top = 0;                       // of the breakdown; the rest is "other"; 0 = all
  std::optional<Date> since;         // counted from this day on, whatever the period
  std::optional<Date> at;            // of a stock; none = the period's end

  // Of other measures, by id:
  std::string numerator, denominator;
  std::vector<std::string> parts;
  int decimals = 0;

  std::string supplied;             // which figure of the agencies'
  std::string agency;               // of which agency; empty = any
  std::string clock;                // of the rule pack
  std::vector<std::string> states;  // of its findings that count; empty = any
  bool at_the_end = false;          // those open at the period's end, rather than those whose day is in it
  std::string board;                // whose meetings reviewed the frequent-caller lists
  bool chart = false;               // its breakdown, or what it is compared with, is drawn too
  int small_below = 0;              // figures from 1 to less than this are not printed; 0 = all are
};

// The bodies of what it counts, and of what shows that it is supplied; none = any.
std::vector<v1::Facts::BodyCase> bodies_telling_of(const Measure& measure);

// What is in a compartment counts in a figure that names it, and in no other.
bool may_rest_on(const Measure& measure, const v1::Event& event);

// `earlier`: the ids of the measures before it, which it may name.
Measure read_measure(Definition& table, const std::vector<std::string>& earlier);

}  // namespace moot
