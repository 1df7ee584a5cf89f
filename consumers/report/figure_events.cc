#include "consumers/report/figure_events.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/document/phrase.h"
#include "consumers/report/figures.h"

namespace moot {
namespace {

// The measure, none where the definition has it no more.
const Measure* find(const ReportDefinition& definition, const std::string& id) {
  for (const Measure& measure : definition.measures)
    if (measure.id == id) return &measure;
  return nullptr;
}

std::set<Period> with_compared(const Measure& measure, const std::set<Period>& periods) {
  std::set<Period> all = periods;
  if (measure.comparison != Comparison::kNone)
    for (const Period& period : periods) all.insert(Figures::compared(measure.comparison, period));
  return all;
}

// Whether what happened then can have to do with the measure's figure of the period.
bool is_in_time(const Measure& measure, const Period& period, const v1::Event& event) {
  const Instant time = time_of(event);
  if (measure.kind == MeasureKind::kSupplied) return is_supplied_for(event, period);
  if (measure.kind == MeasureKind::kStock)
    return time < local_midnight(measure.at ? plus_days(*measure.at, 1) : period.to);
  // Records joined by links are of the time of their first, which may have been the one that came late.
  if (!measure.distinct_by.empty()) return time < local_midnight(period.to);
  return counted_in(measure, period).holds(time);
}

}  // namespace

FigureEvents::FigureEvents(const RecordBook& book, const Partnership& partnership, const ReportDefinition& definition,
                           const Period& period, Instant from, Instant to)
    : areas_(partnership.areas),
      partnership_(partnership),
      definition_(definition),
      period_(period),
      records_(book.recorded_between(from, to)) {}

boost::json::array FigureEvents::of(const std::string& measure) const {
  Found events;
  const Measure* found = find(definition_, measure);
  if (found != nullptr) collect(measure, with_compared(*found, {period_}), events);
  std::sort(events.begin(), events.end(), [](const auto* a, const auto* b) { return happened_before(*a, *b); });
  events.erase(std::unique(events.begin(), events.end()), events.end());
  boost::json::array rows;
  for (const v1::Event* event : events)
    rows.push_back(
        boost::json::object{{"source", event->envelope().source()},
                            {"id", event->envelope().id()},
                            {"text", event_phrase(event->facts()) + " on " + to_words(local_date(time_of(*event))) +
                                         " (" + partnership_.agency_name(event->envelope().agency()) + ")"}});
  return rows;
}

// A measure names earlier ones only, so that this comes to an end.
void FigureEvents::collect(const std::string& measure, const std::set<Period>& periods, Found& events) const {
  const Measure* found = find(definition_, measure);
  if (found == nullptr) return;
  for (const std::string& part : found->parts) collect(part, periods, events);
  const std::set<Period> of_parts = found->kind == MeasureKind::kChange ? with_compared(*found, periods) : periods;
  for (const std::string* part : {&found->numerator, &found->denominator})
    if (!part->empty()) collect(*part, of_parts, events);
  for (const ChangedRecord& record : records_) {
    const auto is_its = [&](const v1::Event& version) { return belongs(*found, periods, version); };
    if (std::none_of(record.versions.begin(), record.versions.end(), is_its)) continue;
    for (std::size_t i = 0; i < record.versions.size(); ++i)
      if (record.is_new[i]) events.push_back(&record.versions[i]);
  }
}

bool FigureEvents::belongs(const Measure& measure, const std::set<Period>& periods, const v1::Event& version) const {
  if (!may_rest_on(measure, version)) return false;
  if (measure.kind == MeasureKind::kSupplied) {
    if (!version.facts().has_measure() || version.facts().measure().measure() != measure.supplied) return false;
  } else if (!measure.where.names_types() || !measure.where.matches(version, areas_)) {
    return false;
  }
  return std::any_of(periods.begin(), periods.end(),
                     [&](const Period& period) { return is_in_time(measure, period, version); });
}

}  // namespace moot
