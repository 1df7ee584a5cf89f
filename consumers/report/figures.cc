#include "consumers/report/figures.h"

#include <algorithm>
#include <cmath>

#include "broker/core/event_rules.h"
#include "broker/core/status.h"
#include "consumers/report/figure_parts.h"
#include "consumers/report/record_groups.h"
#include "consumers/report/withholding.h"

namespace moot {
namespace {

// What is worked out of two figures; false where one of them is not supplied, and nothing is: then nothing is withheld
// but the other one, where that is small.
bool take_both(const Figure& numerator, const Figure& denominator, Figure& figure) {
  const bool small = numerator.small || denominator.small;
  const bool both = numerator.value && denominator.value;
  figure.small = small && both;
  figure.incomplete = numerator.incomplete || denominator.incomplete;
  if (both || !small) {
    figure.numerator = numerator.value;
    figure.denominator = denominator.value;
  }
  return both;
}

const char* const kNotSupplied = "not-supplied";

}  // namespace

Period counted_in(const Measure& measure, const Period& period) {
  return measure.since ? Period{*measure.since, period.to} : period;
}

bool is_supplied_for(const v1::Event& event, const Period& period) {
  const v1::Measure& said = event.facts().measure();
  if (said.starts().empty()) return period.holds(time_of(event));
  return said.starts() == to_iso(period.from) && said.ends() == to_iso(period.to);
}

double rounded_quotient(double numerator, double denominator, int times, int decimals) {
  const double scale = std::pow(10, decimals);
  // Of whole numbers the division is the only step that is not exact, so that a half stays a half.
  return std::floor((2 * times * scale * numerator + denominator) / (2 * denominator)) / scale;
}

Period Figures::compared(Comparison comparison, const Period& period) {
  switch (comparison) {
    case Comparison::kYearAfter:
      return plus_years(period, 1);
    case Comparison::kPeriodBefore:
      return before(period);
    default:
      return plus_years(period, -1);
  }
}

const Measure& Figures::measure(const std::string& id) const {
  const auto found = std::find_if(measures_.begin(), measures_.end(), [&](const Measure& one) { return one.id == id; });
  MOOT_CHECK(found != measures_.end());  // the definition was refused where it names a measure that is not there
  return *found;
}

const Figure& Figures::of(const std::string& id, const Period& period) { return kept(id, period); }

Figure& Figures::kept(const std::string& id, const Period& period) {
  const std::pair<std::string, Period> key(id, period);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  const Measure& one = measure(id);
  Figure figure = work_out(one, period);
  if (figure.population.empty()) figure.population = one.population;
  withhold_small(one, figure);
  return known_.emplace(key, std::move(figure)).first->second;
}

Figure Figures::work_out(const Measure& measure, const Period& period) {
  switch (measure.kind) {
    case MeasureKind::kCount:
    case MeasureKind::kSum:
      return counted(measure, counted_in(measure, period));
    case MeasureKind::kStock:
      return stocked(measure, period);
    case MeasureKind::kLargest:
      return largest(measure, counted_in(measure, period));
    case MeasureKind::kShare:
    case MeasureKind::kRatio:
      return divided(measure, period);
    case MeasureKind::kChange:
      return changed(measure, period);
    case MeasureKind::kTotal:
      return added(measure, period);
    case MeasureKind::kSupplied:
      return supplied(measure, period);
    case MeasureKind::kClock:
      return clocks_.of(measure, period);
    case MeasureKind::kCallers:
      return callers_ == nullptr ? Figure() : caller_places(*callers_, records_, measure.board, period);
  }
  return {};
}

bool Figures::tells_of(const Measure& measure, const v1::Event& event) const {
  if (!may_rest_on(measure, event)) return false;
  if (measure.supplied_where) return measure.supplied_where->matches(event, areas_);
  // What others say in the open tells nothing of what is in a compartment that the report may not read.
  const std::vector<std::string> compartments = measure.where.values("compartment");
  return measure.where.is_of_body(event.facts().body_case()) &&
         (compartments.empty() ||
          std::find(compartments.begin(), compartments.end(), event.envelope().compartment()) != compartments.end());
}

bool Figures::is_supplied(const Measure& measure, const Period& period) const {
  const Window window = period.window();
  for (const std::uint32_t i : records_.of_bodies(bodies_telling_of(measure))) {
    const RecordState& record = records_.records()[i];
    for (const KeptVersion& version : record.versions())
      if (window.holds(version.time) && tells_of(measure, record.read(version))) return true;
  }
  return false;
}

bool Figures::is_linked(const LinkedTo& linked, const v1::Event& event, const Period& period) const {
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != linked.rel) continue;
    const std::optional<std::size_t> target = records_.find(link);
    if (!target) continue;
    for (const v1::Event* version : records_.records()[*target].stages()) {
      const bool in_time = linked.when == LinkedTo::When::kBeforeThePeriod
                               ? time_of(*version) < local_midnight(period.from)
                               : linked.when != LinkedTo::When::kInThePeriod || period.holds(time_of(*version));
      if (in_time && linked.where.matches(*version, areas_)) return true;
    }
  }
  return false;
}

std::vector<Figures::Group> Figures::groups(const Measure& measure, const Period& period) const {
  const auto counts = [&](const v1::Event& event) {
    return may_rest_on(measure, event) && measure.where.matches(event, areas_) &&
           (!measure.linked || is_linked(*measure.linked, event, period));
  };
  const bool each_stage = measure.stages && measure.distinct_by.empty();
  // What is joined is of the time of its first; anything else is only counted where it is of the period itself.
  const Window window = period.window();
  const auto may_be_in_time = [&](const RecordState& record) {
    if (!measure.distinct_by.empty()) return true;
    return std::any_of(record.versions().begin(), record.versions().end(),
                       [&](const KeptVersion& version) { return window.holds(version.time); });
  };
  RecordGroups groups(records_, measure.distinct_by);
  std::vector<Group> all;
  for (const std::uint32_t i : records_.of_bodies(measure.where.bodies())) {
    const RecordState& record = records_.records()[i];
    if (!may_be_in_time(record)) continue;
    if (!measure.stages) {
      const KeptVersion* state = record.state_by(window.to);
      if (state != nullptr && counts(record.read(*state))) groups.add(i, record.read(*state));
      continue;
    }
    for (const v1::Event* version : record.stages()) {
      if (!counts(*version)) continue;
      if (each_stage)
        all.push_back({version});  // of its own time: what was issued in one year may be extended in the next
      else
        groups.add(i, *version);
    }
  }
  if (!each_stage) all = groups.groups();
  std::erase_if(all, [&](const Group& group) { return !window.holds(time_of(*group.front())); });
  return all;
}

std::vector<const v1::Event*> Figures::events_of(const std::string& id, const Period& period) const {
  std::vector<const v1::Event*> events;
  for (const Group& group : groups(measure(id), counted_in(measure(id), period))) events.push_back(group.front());
  return events;
}

std::optional<double> Figures::amount(const Measure& measure, const Group& group) const {
  if (measure.kind != MeasureKind::kSum) return 1;
  for (const v1::Event* event : group)
    if (const std::optional<double> number = number_of(*event, measure.field)) return number;
  return std::nullopt;
}

// Which records are counted, where small numbers among them may have to be withheld.
std::size_t Figures::number_of_group(const Group& group) {
  return numbers_.emplace(group.front(), numbers_.size()).first->second;
}

std::vector<std::size_t> Figures::records_in(const std::vector<Group>& groups) {
  std::vector<std::size_t> records;
  if (!withholds_) return records;
  for (const Group& group : groups) records.push_back(number_of_group(group));
  return records;
}

std::vector<FigurePart> Figures::parts(const Measure& measure, const std::vector<Group>& groups) {
  if (measure.by.empty()) return {};
  std::map<std::string, FigurePart> sums;
  for (const Group& group : groups) {
    std::vector<std::string> keys;
    for (const v1::Event* event : group)
      if (keys.empty()) keys = values_of(*event, measure.by, areas_);
    if (keys.empty() && !measure.where.is_list(measure.by)) keys = {kNotSupplied};
    const std::set<std::string> once(keys.begin(), keys.end());
    for (const std::string& key : once) {
      FigurePart& part = sums.try_emplace(key, FigurePart{key, std::nullopt, false}).first->second;
      if (const std::optional<double> more = amount(measure, group)) part.value = part.value.value_or(0) + *more;
      if (withholds_) part.records.push_back(number_of_group(group));
    }
  }
  std::vector<FigurePart> parts;
  for (auto& [key, part] : sums) {
    if (part.value) *part.value /= measure.divide_by;
    parts.push_back(std::move(part));
  }
  put_in_order(measure, parts);
  keep_top(measure, parts);
  return parts;
}

Figure Figures::counted(const Measure& measure, const Period& period) {
  Figure figure;
  if (!is_supplied(measure, period)) return figure;
  const std::vector<Group> all = groups(measure, period);
  double sum = 0;
  for (const Group& group : all) {
    const std::optional<double> more = amount(measure, group);
    sum += more.value_or(0);
    if (measure.kind == MeasureKind::kSum) ++(more ? figure.said : figure.unsaid);
  }
  figure.incomplete = figure.unsaid > 0;
  if (figure.said > 0 || figure.unsaid == 0) figure.value = sum / measure.divide_by;
  figure.records = records_in(all);
  figure.parts = parts(measure, all);
  return figure;
}

Figure Figures::stocked(const Measure& measure, const Period& period) {
  // Nothing is counted on a day of which nothing is known yet; the end of a period that is not over is today.
  const Date known = local_date(Instant{records_.as_at().us - 1});
  Figure figure;
  if (measure.at && *measure.at > known) return figure;
  const Date day = measure.at.value_or(std::min(plus_days(period.to, -1), known));
  const Instant end = local_midnight(plus_days(day, 1));
  std::vector<Group> all;
  bool any = false;
  for (const std::uint32_t i : records_.of_bodies(bodies_telling_of(measure))) {
    const KeptVersion* kept = records_.records()[i].just_before(end);
    if (kept == nullptr) continue;
    const v1::Event* state = &records_.records()[i].read(*kept);
    any = any || tells_of(measure, *state);
    if (may_rest_on(measure, *state) && measure.where.matches(*state, areas_) &&
        (!measure.linked || is_linked(*measure.linked, *state, period)))
      all.push_back({state});
  }
  if (!any) return figure;
  figure.as_at = to_iso(day);
  figure.value = static_cast<double>(all.size());
  figure.records = records_in(all);
  figure.parts = parts(measure, all);
  return figure;
}

Figure Figures::largest(const Measure& measure, const Period& period) {
  Figure figure = counted(measure, period);
  if (!figure.value) return figure;
  figure.value.reset();
  figure.records.clear();  // of how many it is the largest
  double known = 0, most = 0;
  const auto says_which = [&](const FigurePart& part) {
    return part.key != kNotSupplied &&
           std::find(measure.unknown.begin(), measure.unknown.end(), part.key) == measure.unknown.end();
  };
  for (const FigurePart& part : figure.parts) {
    if (!says_which(part)) continue;
    known += *part.value;
    figure.records.insert(figure.records.end(), part.records.begin(), part.records.end());
    most = std::max(most, *part.value);
  }
  if (known == 0) return figure;
  for (const FigurePart& part : figure.parts)
    if (says_which(part) && *part.value == most) figure.label += (figure.label.empty() ? "" : ", ") + part.key;
  figure.value = figure.numerator = most;
  figure.denominator = known;
  return figure;
}

Figure Figures::divided(const Measure& measure, const Period& period) {
  const Figure& above = of(measure.numerator, period);
  const Figure& below = of(measure.denominator, period);
  Figure figure;
  figure.population = below.population;
  if (!take_both(above, below, figure)) return figure;
  figure.divided_by_zero = *below.value == 0;
  if (figure.divided_by_zero) return figure;
  const int times = measure.kind == MeasureKind::kShare ? 100 : 1;
  figure.value = rounded_quotient(*above.value, *below.value, times, measure.decimals);
  return figure;
}

// From the earlier of the two periods to the later.
Figure Figures::changed(const Measure& measure, const Period& period) {
  const Period other = compared(measure.comparison, period);
  const Figure& now = of(measure.numerator, std::max(period, other));
  const Figure& then = of(measure.numerator, std::min(period, other));
  Figure figure;
  figure.is_change = true;
  if (!take_both(now, then, figure)) return figure;
  figure.divided_by_zero = *then.value == 0;
  if (!figure.divided_by_zero)
    figure.value = rounded_quotient(*now.value - *then.value, *then.value, 100, measure.decimals);
  return figure;
}

Figure Figures::added(const Measure& measure, const Period& period) {
  Figure figure;
  double sum = 0;
  bool whole = true;
  for (const std::string& id : measure.parts) {
    const Figure& part = of(id, period);
    figure.small = figure.small || part.small;
    figure.incomplete = figure.incomplete || part.incomplete;
    figure.parts.push_back({id, part.value, part.small});
    whole = whole && part.value.has_value();
    sum += part.value.value_or(0);
  }
  if (whole) figure.value = sum;
  return figure;
}

// Of several records of one figure the latest counts, by time, then source and id; that they differ is told.
Figure Figures::supplied(const Measure& measure, const Period& period) const {
  std::map<std::string, const v1::Event*> latest;  // by key
  Figure figure;
  for (const std::uint32_t i : records_.of_bodies({v1::Facts::kMeasure})) {
    const v1::Event& event = records_.records()[i].current();
    if (!event.facts().has_measure() || event.facts().measure().measure() != measure.supplied) continue;
    if (!may_rest_on(measure, event)) continue;
    if (!measure.agency.empty() && event.envelope().agency() != measure.agency) continue;
    const v1::Measure& said = event.facts().measure();
    if (!is_supplied_for(event, period)) continue;
    const v1::Event*& place = latest[said.key()];
    if (said.key().empty()) ++figure.supplied_times;
    if (place != nullptr && said.has_value() && place->facts().measure().has_value() &&
        said.value() != place->facts().measure().value())
      figure.contradicted = true;
    if (place == nullptr || happened_before(*place, event)) place = &event;
  }
  for (const auto& [key, event] : latest) {
    const v1::Measure& said = event->facts().measure();
    const std::optional<double> value = said.has_value() ? std::optional(said.value()) : std::nullopt;
    if (!key.empty()) {
      figure.parts.push_back({key, value, false});
      continue;
    }
    figure.value = value;
    if (said.has_denominator()) {
      figure.denominator = said.denominator();
      figure.numerator = value;
    }
    figure.as_at = said.as_at();
    figure.population = said.population();
  }
  put_in_order(measure, figure.parts);
  for (FigurePart& part : figure.parts)
    if (!latest.contains(part.key)) part.value.reset();  // listed by the definition, and nobody supplied it
  return figure;
}

}  // namespace moot
