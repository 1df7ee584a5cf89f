#include "consumers/report/measure.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "broker/core/event_rules.h"
#include "consumers/report/codes.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

struct NamedKind {
  std::string_view name;
  MeasureKind kind;
};
constexpr std::array<NamedKind, 11> kMeasureKinds = {{{"count", MeasureKind::kCount},
                                                      {"sum", MeasureKind::kSum},
                                                      {"stock", MeasureKind::kStock},
                                                      {"share", MeasureKind::kShare},
                                                      {"ratio", MeasureKind::kRatio},
                                                      {"change", MeasureKind::kChange},
                                                      {"total", MeasureKind::kTotal},
                                                      {"largest", MeasureKind::kLargest},
                                                      {"supplied", MeasureKind::kSupplied},
                                                      {"frequent-callers", MeasureKind::kCallers},
                                                      {"clock", MeasureKind::kClock}}};

MeasureKind read_kind(Definition& table) {
  const std::string kind = table.text_or("kind", "count");
  for (const auto& [name, value] : kMeasureKinds)
    if (name == kind) return value;
  table.mistake("kind",
                "expected one of count, sum, stock, share, ratio, change, total, largest, supplied, "
                "frequent-callers and clock");
  return MeasureKind::kCount;
}

Comparison read_comparison(Definition& table) {
  const std::string compare = table.text_or("compare", "");
  if (compare == "year-before") return Comparison::kYearBefore;
  if (compare == "year-after") return Comparison::kYearAfter;
  if (compare == "period-before") return Comparison::kPeriodBefore;
  if (!compare.empty()) table.mistake("compare", "expected \"year-before\", \"year-after\" or \"period-before\"");
  return Comparison::kNone;
}

LinkedTo read_linked(Definition& table) {
  LinkedTo linked;
  linked.rel = table.text("to");
  if (!linked.rel.empty()) expect_codes(table, "to", {linked.rel});
  const std::string when = table.text_or("when", "any");
  linked.when = when == "before-the-period" ? LinkedTo::When::kBeforeThePeriod
                : when == "in-the-period"   ? LinkedTo::When::kInThePeriod
                                            : LinkedTo::When::kAny;
  if (when != "any" && linked.when == LinkedTo::When::kAny)
    table.mistake("when", "expected \"any\", \"before-the-period\" or \"in-the-period\"");
  std::optional<Definition> where = table.table("where");
  if (where)
    linked.where = Predicate::read(*where);
  else
    table.mistake("where", "is required: [measure.linked.where], what the record linked to is");
  return linked;
}

// Counts, sums, stocks and the largest: what is counted, and how.
void read_counting(Definition& table, Measure& measure) {
  std::optional<Definition> where = table.table("where");
  if (!where) {
    table.mistake("where", "is required: [measure.where], which events are counted");
    return;
  }
  measure.where = Predicate::read(*where);
  if (std::optional<Definition> supplied = table.table("supplied_where"))
    measure.supplied_where = Predicate::read(*supplied);
  if (std::optional<Definition> linked = table.table("linked")) measure.linked = read_linked(*linked);
  const std::string of = table.text_or("of", "records");
  measure.stages = of == "events";
  if (of != "records" && of != "events") table.mistake("of", "expected \"records\" or \"events\"");
  measure.distinct_by = table.text_or("distinct_by", "");
  if (!measure.distinct_by.empty()) expect_codes(table, "distinct_by", {measure.distinct_by});
  measure.by = table.text_or("by", "");
  if (!measure.by.empty() && !measure.where.has_field(measure.by))
    table.mistake("by", "expected area, agency, source, month, role, sex, stage or a field of what is counted");
  measure.order = table.texts("order");
  measure.top = static_cast<int>(table.integer_or("top", 0, 1, 1000));
  if (measure.by.empty() && !measure.order.empty()) table.mistake("order", "expected only beside `by`");
  if (measure.by.empty() && measure.top > 0) table.mistake("top", "expected only beside `by`");
  measure.since = table.date("since");
}

void read_clock(Definition& table, Measure& measure) {
  measure.clock = table.text("clock");
  measure.states = table.texts("states");
  for (const std::string& state : measure.states) {
    const bool known = std::any_of(clock_kinds().begin(), clock_kinds().end(), [&](const ClockKind* kind) {
      return std::find(kind->states.begin(), kind->states.end(), state) != kind->states.end();
    });
    if (!known) table.mistake("states", "\"" + state + "\" is no state that a clock can have");
  }
  const std::string when = table.text_or("when", "in-the-period");
  measure.at_the_end = when == "at-the-end";
  if (when != "in-the-period" && !measure.at_the_end)
    table.mistake("when", "expected \"in-the-period\" or \"at-the-end\"");
  measure.by = table.text_or("by", "");
  if (!measure.by.empty() && measure.by != "state" && measure.by != "area")
    table.mistake("by", "expected \"state\" or \"area\"");
}

void read_kind_keys(Definition& table, const std::vector<std::string>& earlier, Measure& measure) {
  const auto known = [&](std::string_view key, const std::string& id) {
    if (std::find(earlier.begin(), earlier.end(), id) == earlier.end())
      table.mistake(key, "expected the ids of measures that stand before this one");
  };
  switch (measure.kind) {
    case MeasureKind::kCount:
      return read_counting(table, measure);
    case MeasureKind::kStock:
      read_counting(table, measure);
      measure.at = table.date("at");
      if (measure.at && measure.comparison != Comparison::kNone)
        table.mistake("compare", "expected only without `at`, which is one day whatever the period");
      return;
    case MeasureKind::kSum:
      read_counting(table, measure);
      measure.field = table.text("field");
      if (!measure.where.has_number(measure.field)) table.mistake("field", "expected a number of what is counted");
      measure.divide_by = static_cast<int>(table.integer_or("divide_by", 1, 1, 1'000'000));
      return;
    case MeasureKind::kLargest:
      read_counting(table, measure);
      measure.unknown = table.texts("unknown");
      if (measure.by.empty()) table.mistake("by", "is required: which of its values is the largest");
      return;
    case MeasureKind::kShare:
    case MeasureKind::kRatio:
      measure.numerator = table.text("numerator");
      measure.denominator = table.text("denominator");
      known("numerator", measure.numerator);
      known("denominator", measure.denominator);
      return;
    case MeasureKind::kChange:
      measure.numerator = table.text("measure");
      known("measure", measure.numerator);
      if (measure.comparison == Comparison::kNone) table.mistake("compare", "is required: against which period");
      return;
    case MeasureKind::kTotal:
      measure.parts = table.texts("parts");
      if (measure.parts.empty()) table.mistake("parts", "is required: the measures that are added up");
      for (const std::string& part : measure.parts) known("parts", part);
      return;
    case MeasureKind::kSupplied:
      measure.supplied = table.text_or("measure", measure.id);
      if (!check_code("measure", measure.supplied).ok())
        table.mistake("measure", "expected the code that agencies give the figure, in small letters");
      measure.agency = table.text_or("agency", "");
      measure.order = table.texts("order");
      return;
    case MeasureKind::kClock:
      return read_clock(table, measure);
    case MeasureKind::kCallers:
      measure.board = table.text("board");
      return;
  }
}

}  // namespace

std::vector<v1::Facts::BodyCase> bodies_telling_of(const Measure& measure) {
  std::vector<v1::Facts::BodyCase> bodies = measure.where.bodies();
  if (!measure.supplied_where || bodies.empty()) return bodies;
  const std::vector<v1::Facts::BodyCase> more = measure.supplied_where->bodies();
  if (more.empty()) return more;
  bodies.insert(bodies.end(), more.begin(), more.end());
  return bodies;
}

bool may_rest_on(const Measure& measure, const v1::Event& event) {
  return event.envelope().compartment().empty() || measure.where.names("compartment");
}

Measure read_measure(Definition& table, const std::vector<std::string>& earlier) {
  Measure measure;
  measure.place = table.place();
  measure.id = table.text("id");
  if (std::find(earlier.begin(), earlier.end(), measure.id) != earlier.end())
    table.mistake("id", "expected another id than the measures before it have");
  measure.title = table.text("title");
  measure.unit = table.text_or("unit", "");
  measure.section = table.text_or("section", "");
  measure.source = table.text_or("source", "");
  measure.population = table.text_or("population", "");
  measure.decimals = static_cast<int>(table.integer_or("decimals", 0, 0, 6));
  measure.chart = table.flag_or("chart", false);
  measure.small_below = static_cast<int>(table.integer_or("small_below", 0, 0, 1000));
  measure.kind = read_kind(table);
  measure.comparison = read_comparison(table);
  read_kind_keys(table, earlier, measure);
  return measure;
}

}  // namespace moot
