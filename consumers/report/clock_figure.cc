#include "consumers/report/clock_figure.h"

#include <algorithm>

namespace moot {

const CaseSet& ClockFigures::cases() {
  if (!cases_) cases_ = source_->casebook.cases_at(as_at_, {});
  return *cases_;
}

const std::vector<ClockFinding>& ClockFigures::findings(const ClockRule& rule, Date on, Instant end) {
  const std::tuple<std::string, Date, Instant> key(rule.id, on, end);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  ClockInput input(cases(), source_->partnership, areas_, source_->rules.working_days, on);
  input.end = end;
  return known_.emplace(key, findings_of(input, rule)).first->second;
}

bool ClockFigures::is_supplied(const ClockRule& rule, Instant end) {
  const CaseRecords& records = cases().records();
  const auto looks_at = [](const ClockVersion& version, v1::Facts::BodyCase body) {
    if (!version.steps.empty())
      return std::any_of(version.steps.begin(), version.steps.end(),
                         [&](const EscalationStep& step) { return step.where.is_of_body(body); });
    return version.where.is_of_body(body);
  };
  // A record that went on since was supplied by its earlier versions.
  const auto was_there = [&](std::size_t i) {
    if (records.time(i) < end) return true;
    const std::vector<const v1::Event*> versions = records.versions_of(i);
    return std::any_of(versions.begin(), versions.end(),
                       [&](const v1::Event* version) { return time_of(*version) < end; });
  };
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records.is_there(i) &&
        std::any_of(rule.versions.begin(), rule.versions.end(),
                    [&](const ClockVersion& version) { return looks_at(version, records.body(i)); }) &&
        was_there(i))
      return true;
  return false;
}

std::optional<std::string> ClockFigures::absence(const Measure& measure, const Period& period) const {
  if (source_ == nullptr) return std::nullopt;
  const ClockRule* rule = source_->rules.find(measure.clock);
  if (rule == nullptr) return "the rules in use, " + source_->rules.title + ", have no clock " + measure.clock;
  // What is open at the end asks for no rule before.
  if (std::optional<std::string> words = rule->absence_on(period.from); words && !measure.at_the_end) return words;
  return rule->absence_on(plus_days(period.to, -1));
}

Figure ClockFigures::of(const Measure& measure, const Period& period) {
  Figure figure;
  const ClockRule* rule = source_ == nullptr ? nullptr : source_->rules.find(measure.clock);
  // Of a period that is not over nothing is told of days to come: what is due on one is neither late nor lapsed yet.
  // What happened on that day counts as far as it is known; nothing counts that happened after the period.
  const Date on = std::min(period.to, local_date(as_at_));
  const Instant end = std::min(local_midnight(period.to), Instant{as_at_.us + 1});
  if (rule == nullptr || !is_supplied(*rule, end)) return figure;
  if (absence(measure, period)) return figure;  // of some days only it would be no figure of the period
  double count = 0;
  std::map<std::string, double> parts;
  for (const ClockFinding& finding : findings(*rule, on, end)) {
    const bool counts = measure.at_the_end ? finding.open : period.holds(finding.date);
    if (!counts || !is_in(measure.states, finding.state)) continue;
    ++count;
    if (measure.by == "state") ++parts[finding.state];
    if (measure.by == "area") ++parts[finding.area.empty() ? "not-supplied" : finding.area];
  }
  figure.value = count;
  for (const auto& [key, value] : parts) figure.parts.push_back({key, value, false});
  std::stable_sort(figure.parts.begin(), figure.parts.end(),
                   [](const FigurePart& a, const FigurePart& b) { return *a.value > *b.value; });
  return figure;
}

}  // namespace moot
