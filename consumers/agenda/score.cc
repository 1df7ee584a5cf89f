#include "consumers/agenda/score.h"

#include <algorithm>
#include <map>

#include "consumers/document/phrase.h"

namespace moot {
namespace {

using Events = std::vector<const v1::Event*>;
using Reasons = std::vector<v1::ScoredReason>;

void add_risk(Reasons& reasons, const Partnership& partnership, const Points& points, const CaseHistory& history) {
  const int worth = history.band() == "high" ? points.risk_high : points.risk_medium;
  if (history.band() != "high" && history.band() != "medium") return;
  const v1::Risk& risk = history.risk->facts().risk();
  std::string text = "Risk " + risk.band() + ": ";
  text += risk.tool().empty() ? "assessed" : code_as_name(risk.tool());
  if (risk.score() != 0) text += " score " + std::to_string(risk.score());
  text += " on " + to_words(local_date(time_of(*history.risk))) + " by " +
          partnership.agency_name(history.risk->envelope().agency()) + ".";
  reasons.push_back(scored(text, worth, {history.risk}));
}

void add_incidents(Reasons& reasons, const Partnership& partnership, const Points& points, const CaseHistory& history,
                   Date on) {
  if (history.incidents.size() < 2) return;
  std::map<std::string, int> by_agency;
  for (const CountedIncident& incident : history.incidents) ++by_agency[incident.first->envelope().agency()];
  std::vector<std::string> parts;
  for (const auto& [agency, count] : by_agency)
    parts.push_back(partnership.agency_name(agency) + " " + std::to_string(count));
  const Events reports = all_reports(history.incidents);
  const int further = static_cast<int>(history.incidents.size()) - 1;
  const int counting = std::min(further, points.further_incident_max);
  std::string text = counted(history.incidents.size(), "incident") + " in the 12 months before " + to_words(on) + " (" +
                     in_list(parts) + "): " + std::to_string(further) + " after the first";
  if (counting < further) text += ", of which " + std::to_string(counting) + " count";
  text += ", " + counted(static_cast<std::size_t>(points.further_incident), "point") + " each.";
  if (reports.size() > history.incidents.size())
    text += " " + counted(reports.size() - history.incidents.size(), "linked report") + " of these not counted again.";
  reasons.push_back(scored(text, counting * points.further_incident, reports));
}

void add_agencies(Reasons& reasons, const Partnership& partnership, const Points& points, const CaseHistory& history) {
  std::map<std::string, const v1::Event*> latest;
  Events all = all_reports(history.incidents);
  all.insert(all.end(), history.contacts.begin(), history.contacts.end());
  for (const v1::Event* event : all) {
    const v1::Event*& last = latest[event->envelope().agency()];
    if (last == nullptr || happened_before(*last, *event)) last = event;
  }
  if (latest.size() < 2) return;
  std::vector<std::string> names;
  Events events;
  for (const auto& [agency, event] : latest) {
    names.push_back(partnership.agency_name(agency));
    events.push_back(event);
  }
  const int worth = std::min(static_cast<int>(latest.size() - 1) * points.further_agency, points.further_agency_cap);
  reasons.push_back(scored(std::to_string(latest.size()) + " agencies report independently: " + in_list(names) +
                               " (the latest report of each is named).",
                           worth, events));
}

void add_serious(Reasons& reasons, const Points& points, const CaseHistory& history) {
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
  reasons.push_back(scored("Incidents in 12 months are marked " + in_list(names) + ".", worth, marked));
}

void add_caller(Reasons& reasons, const CaseSet& set, const Points& points, const v1::Caller* caller) {
  if (caller == nullptr) return;
  Events calls;
  if (caller->reasons_size() > 0)
    for (const v1::EventRef& event : caller->reasons(0).events()) calls.push_back(set.find(event.source(), event.id()));
  reasons.push_back(
      scored("Frequent-caller rule met, place " + std::to_string(caller->rank()) + ": " + caller->reasons(0).text(),
             points.frequent_caller, calls));
}

void add_late_actions(Reasons& reasons, const Points& points, const CaseHistory& history) {
  Events late;
  for (const BoardAction* action : history.actions)
    if (action->late) late.push_back(action->event);
  if (late.empty()) return;
  reasons.push_back(
      scored(counted(late.size(), "action") + " overdue or carried over twice or more.", points.action_late, late));
}

void add_recency(Reasons& reasons, const Points& points, const CaseHistory& history, Date on) {
  const v1::Event* last = history.contacts.empty() ? nullptr : history.contacts.back();
  const Events reports = all_reports(history.incidents);
  if (!reports.empty() && (last == nullptr || happened_before(*last, *reports.back()))) last = reports.back();
  if (last == nullptr) return;
  const Date day = local_date(time_of(*last));
  const std::int64_t days = days_since_epoch(on) - days_since_epoch(day);
  if (days > 28) return;
  const std::string what = last->facts().has_incident() ? "incident" : "contact";
  reasons.push_back(scored("Last " + what + " on " + to_words(day) + ", " +
                               counted(static_cast<std::size_t>(days), "day") + " before the meeting.",
                           days <= 7 ? points.last_7_days : points.last_28_days, {last}));
}

}  // namespace

v1::ScoredReason scored(std::string text, int points, const std::vector<const v1::Event*>& events) {
  v1::ScoredReason reason;
  reason.set_text(std::move(text));
  reason.set_points(points);
  for (const v1::Event* event : events)
    if (event != nullptr) *reason.add_events() = reference_to(*event);
  return reason;
}

std::vector<v1::ScoredReason> score_case(const CaseSet& set, const Partnership& partnership, const Points& points,
                                         const CaseHistory& history, const v1::Caller* caller, Date on) {
  Reasons reasons;
  add_risk(reasons, partnership, points, history);
  add_incidents(reasons, partnership, points, history, on);
  add_agencies(reasons, partnership, points, history);
  add_serious(reasons, points, history);
  add_caller(reasons, set, points, caller);
  add_late_actions(reasons, points, history);
  add_recency(reasons, points, history, on);
  return reasons;
}

}  // namespace moot
