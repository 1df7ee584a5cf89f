#include "consumers/agenda/score.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

void add_risk(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  const int worth = history.band() == "high" ? points.risk_high : points.risk_medium;
  if (history.band() != "high" && history.band() != "medium") return;
  const v1::Risk& risk = history.risk->facts().risk();
  std::string text = "Risk " + risk.band() + ": ";
  text += risk.tool().empty() ? "assessed" : code_as_name(risk.tool());
  if (risk.has_score()) text += " score " + std::to_string(risk.score());
  text += " on " + to_words(local_date(time_of(*history.risk))) + " by " +
          input.partnership.agency_name(history.risk->envelope().agency()) + ".";
  reasons.push_back(scored(text, worth, {history.risk}));
}

void add_incidents(const AgendaInput& input, const CaseHistory& history, const std::string& as,
                   ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  if (history.incidents.size() < 2) return;
  std::map<std::string, int> by_agency;
  for (const Occurrence& incident : history.incidents) ++by_agency[incident.first->envelope().agency()];
  std::vector<std::string> parts;
  for (const auto& [agency, count] : by_agency)
    parts.push_back(input.partnership.agency_name(agency) + " " + std::to_string(count));
  const Events reports = all_reports(history.incidents);
  const int further = static_cast<int>(history.incidents.size()) - 1;
  const int counting = std::min(further, points.further_incident_max);
  std::string text = counted(history.incidents.size(), "incident") + as + " in the 12 months before " +
                     to_words(input.on) + " (" + in_list(parts) + "): " + std::to_string(further) + " after the first";
  if (counting < further) text += ", of which " + std::to_string(counting) + " count";
  text += ", " + counted(static_cast<std::size_t>(points.further_incident), "point") + " each.";
  if (reports.size() > history.incidents.size())
    text += " " + counted(reports.size() - history.incidents.size(), "linked report") + " of these not counted again.";
  reasons.push_back(scored(text, counting * points.further_incident, reports));
}

// An agency whose reports are all of occurrences that another reported first does not report independently.
void add_agencies(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  std::map<std::string, const v1::Event*> latest;
  std::size_t repeated = 0;
  for (const Occurrence& occurrence : history.occurrences) {
    const v1::Event*& last = latest[occurrence.first->envelope().agency()];
    if (last == nullptr || earlier(last, occurrence.first)) last = occurrence.first;
    repeated += occurrence.reports.size() - 1;
  }
  if (latest.size() < 2) return;
  std::vector<std::string> names;
  Events events;
  for (const auto& [agency, event] : latest) {
    names.push_back(input.partnership.agency_name(agency));
    events.push_back(event);
  }
  const int worth = std::min(static_cast<int>(latest.size() - 1) * points.further_agency, points.further_agency_cap);
  std::string text = std::to_string(latest.size()) + " agencies report independently: " + in_list(names) + ".";
  if (repeated > 0) text += " " + counted(repeated, "report") + " of what another had reported first left out.";
  reasons.push_back(scored(text, worth, events));
}

void add_serious(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  struct Mark {
    const char* name;
    bool (v1::Incident::*is_set)() const;
  };
  static constexpr Mark kMarks[] = {{"hate", &v1::Incident::hate},
                                    {"domestic abuse", &v1::Incident::domestic_abuse},
                                    {"a child present", &v1::Incident::child_present},
                                    {"a weapon", &v1::Incident::weapon}};
  std::vector<std::string> names;
  Events marked;
  const Events reports = all_reports(history.incidents);
  for (const Mark& mark : kMarks) {
    bool found = false;
    for (const v1::Event* report : reports) {
      if (!(report->facts().incident().*mark.is_set)()) continue;
      found = true;
      if (std::find(marked.begin(), marked.end(), report) == marked.end()) marked.push_back(report);
    }
    if (found) names.emplace_back(mark.name);
  }
  if (names.empty()) return;
  const int worth = std::min(static_cast<int>(names.size()) * points.serious, points.serious_cap);
  reasons.push_back(scored("Recorded of incidents in 12 months: " + in_list(names) + ".", worth, marked));
}

void add_vulnerability(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  if (history.factors.empty()) return;
  std::vector<std::string> names;
  Events events;
  for (const auto& [code, of_code] : history.factors) {
    names.push_back(code_as_words(code));
    events.insert(events.end(), of_code.begin(), of_code.end());
  }
  sort_once(events);
  const int found = static_cast<int>(names.size());
  const int counting = std::min(found, points.vulnerability_max);
  std::string text = "Recorded in 12 months: " + in_list(names);
  if (counting < found) text += ", of which " + std::to_string(counting) + " count";
  reasons.push_back(scored(text + ".", counting * points.vulnerability, events));
}

void add_caller(const AgendaInput& input, const v1::Caller* caller, ScoredReasons& reasons) {
  if (caller == nullptr) return;
  Events calls;
  for (const v1::EventRef& event : caller->reasons(0).events())
    calls.push_back(input.set.find(event.source(), event.id()));
  reasons.push_back(
      scored("Frequent-caller rule met, place " + std::to_string(caller->rank()) + ": " + caller->reasons(0).text(),
             input.rules.points.frequent_caller, calls));
}

void add_late_actions(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  Events late;
  for (const BoardAction* action : history.actions)
    if (action->late) late.push_back(action->event);
  if (late.empty()) return;
  reasons.push_back(scored(counted(late.size(), "action") + " overdue or carried over twice or more.",
                           input.rules.points.action_late, late));
}

// Of a case's clocks the most urgent has the points.
int points_of(const AgendaInput& input, const ClockFinding& clock) {
  const Points& points = input.rules.points;
  if (clock.late) return points.clock_overdue;
  const bool has_day = clock.state == "due" || clock.state == "expiring";
  const int left = input.pack->working_days.between(input.on, clock.date);
  return has_day && left <= points.clock_near_days ? points.clock_near : 0;
}

void add_nobody_acts(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const int worth = input.rules.points.nobody_acts;
  if (worth == 0 || !history.work_is_known || !history.work.empty() || history.occurrences.size() < 2) return;
  reasons.push_back(scored("No referral, assessment, action or closure is recorded in 12 months for " +
                               counted(history.occurrences.size(), "report") + but_proposed(history.proposed) + ".",
                           worth, all_reports(history.occurrences)));
}

void add_recency(const AgendaInput& input, const CaseHistory& history, ScoredReasons& reasons) {
  const Points& points = input.rules.points;
  if (history.occurrences.empty()) return;
  const v1::Event* last = all_reports(history.occurrences).back();
  const Date day = local_date(time_of(*last));
  const std::int64_t days = days_since_epoch(input.on) - days_since_epoch(day);
  if (days > 28) return;
  const std::string what = last->facts().has_incident() ? "incident" : "contact";
  reasons.push_back(scored("Last " + what + " on " + to_words(day) + ", " +
                               counted(static_cast<std::size_t>(days), "day") + " before the meeting.",
                           days <= 7 ? points.last_7_days : points.last_28_days, {last}));
}

}  // namespace

bool is_more_urgent(const ClockFinding& a, const ClockFinding& b) {
  return std::tuple(!a.late, a.date, a.clock) < std::tuple(!b.late, b.date, b.clock);
}

void put_in_order(std::vector<const ClockFinding*>& clocks) {
  if (clocks.size() < 2) return;  // most cases have one
  std::stable_sort(clocks.begin(), clocks.end(),
                   [](const ClockFinding* a, const ClockFinding* b) { return is_more_urgent(*a, *b); });
}

int points_of(const AgendaInput& input, const std::vector<const ClockFinding*>& clocks) {
  for (const ClockFinding* clock : clocks)
    if (const int points = points_of(input, *clock); points > 0) return points;
  return 0;
}

void add_clocks(const AgendaInput& input, const std::vector<const ClockFinding*>& clocks, ScoredReasons& reasons) {
  int left = 1;
  for (const ClockFinding* clock : clocks) {
    const int points = points_of(input, *clock);
    reasons.push_back(scored(clock->text, left > 0 ? points : 0, clock->events));
    left -= points > 0 ? 1 : 0;
  }
}

int points_of(const AgendaInput& input, const std::vector<const BoardAction*>& actions) {
  const bool late = std::any_of(actions.begin(), actions.end(), [](const BoardAction* action) { return action->late; });
  return late ? input.rules.points.action_late : 0;
}

ScoredReason scored(std::string text, int points, Events events) {
  std::erase(events, nullptr);
  return {std::move(text), points, std::move(events)};
}

int total(const ScoredReasons& reasons) {
  int points = 0;
  for (const ScoredReason& reason : reasons) points += reason.points;
  return points;
}

Events named_by(const ScoredReasons& reasons) {
  Events events;
  for (const ScoredReason& reason : reasons) events.insert(events.end(), reason.events.begin(), reason.events.end());
  sort_once(events);
  return events;
}

ScoredReasons score_case(const AgendaInput& input, const CaseHistory& history, const v1::Caller* caller,
                         const std::string& as) {
  ScoredReasons reasons;
  add_risk(input, history, reasons);
  add_rises(input, history, reasons);
  add_incidents(input, history, as, reasons);
  add_agencies(input, history, reasons);
  add_serious(input, history, reasons);
  add_vulnerability(input, history, reasons);
  add_escalation(input, history, reasons);
  add_caller(input, caller, reasons);
  add_late_actions(input, history, reasons);
  add_clocks(input, history.clocks, reasons);
  add_nobody_acts(input, history, reasons);
  add_recency(input, history, reasons);
  add_quiet(input, history, reasons);
  return reasons;
}

}  // namespace moot
