// The reasons of a score that look at change: one window or assessment beside another, both printed.
#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/agenda/score.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr int kEscalationDays = 28;

std::string assessed(const v1::Event& event) {
  const v1::Risk& risk = event.facts().risk();
  const std::string band = risk.band().empty() ? "without a band" : risk.band();
  const std::string score = !risk.has_score() ? band : std::to_string(risk.score()) + " (" + band + ")";
  return score + " on " + to_words(local_date(time_of(event)));
}

Events first_reports(const std::vector<Occurrence>& occurrences, const Window& window) {
  Events events;
  for (const Occurrence& occurrence : occurrences)
    if (window.holds(time_of(*occurrence.first))) events.push_back(occurrence.first);
  return events;
}

// The latest thing done that the board counts as a success; nullptr when there is none in 12 months.
const v1::Event* latest_success(const BoardVersion& rules, const CaseHistory& history) {
  const auto is_success = [&](const v1::Event* event) {
    const std::string stage = std::string(body_name(event->facts())) + "." + stage_name(event->facts());
    return std::find(rules.successes.begin(), rules.successes.end(), stage) != rules.successes.end();
  };
  const auto latest = std::find_if(history.work.rbegin(), history.work.rend(), is_success);
  return latest == history.work.rend() ? nullptr : *latest;
}

}  // namespace

void add_rises(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  if (history.rises.empty()) return;
  std::vector<std::string> parts;
  Events events;
  for (const RiskRise& rise : history.rises) {
    const std::string& tool = rise.now->facts().risk().tool();
    parts.push_back((tool.empty() ? "" : code_as_name(tool) + " ") + assessed(*rise.now) + ", was " +
                    assessed(*rise.before));
    events.insert(events.end(), {rise.before, rise.now});
  }
  reasons.push_back(scored("Risk rising: " + in_list(parts) + ".", input.rules.points.risk_rising, events));
}

void add_escalation(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  const Events now = first_reports(history.occurrences, days_before(input.on, kEscalationDays));
  if (static_cast<int>(now.size()) < points.escalation_min) return;
  const Events before =
      first_reports(history.occurrences, days_before(plus_days(input.on, -kEscalationDays), kEscalationDays));
  if (now.size() < 2 * before.size()) return;
  Events events = before;
  events.insert(events.end(), now.begin(), now.end());
  reasons.push_back(scored("Escalating: " + counted(now.size(), "report") + " in the 28 days before " +
                               to_words(input.on) + ", " + std::to_string(before.size()) +
                               " in the 28 days before that.",
                           points.escalation, events));
}

void add_quiet(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  const v1::Event* success = latest_success(input.rules, history);
  if (success == nullptr || history.occurrences.empty()) return;
  const v1::Event* last = all_reports(history.occurrences).back();
  if (!earlier(last, success)) return;
  const Date day = local_date(time_of(*success));
  const std::int64_t days = days_since_epoch(input.on) - days_since_epoch(day);
  if (days < points.quiet_days) return;
  reasons.push_back(scored("No report in the " + counted(static_cast<std::size_t>(days), "day") + " since " +
                               intervention_phrase(success->facts()) + " on " + to_words(day) + " (" +
                               input.partnership.agency_name(success->envelope().agency()) + "): consider removing.",
                           -points.quiet, {last, success}));
}

}  // namespace moot
