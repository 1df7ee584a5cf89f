#include "consumers/agenda/case_history.h"

#include <algorithm>
#include <map>

namespace moot {
namespace {

constexpr int kChainMax = 16;  // links followed from report to report

bool earlier(const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); }

const v1::Event* incident_it_is_about(const CaseSet& set, const v1::Event& event) {
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != "about") continue;
    const v1::Event* target = set.find(link.source(), link.id());
    if (target != nullptr && target != &event && target->facts().has_incident()) return target;
  }
  return nullptr;
}

// The report that the chain of "about" leads to; where the chain is a ring, the earliest of it.
const v1::Event* root_of(const CaseSet& set, const v1::Event& report) {
  std::vector<const v1::Event*> chain = {&report};
  while (static_cast<int>(chain.size()) < kChainMax) {
    const v1::Event* next = incident_it_is_about(set, *chain.back());
    if (next == nullptr) return chain.back();
    const auto ring = std::find(chain.begin(), chain.end(), next);
    if (ring != chain.end()) return *std::min_element(ring, chain.end(), earlier);
    chain.push_back(next);
  }
  return chain.back();
}

// Of the latest assessment by each tool, the highest band; of equals the latest.
const v1::Event* current_risk(const CaseSet& set, const PersonCase& person, const std::vector<std::string>& roles,
                              Instant before) {
  std::map<std::string, const v1::Event*> latest;
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (!event.facts().has_risk() || !is_in(roles, set.person(mention).role()) || time_of(event) >= before) continue;
    const v1::Event*& of_tool = latest[event.facts().risk().tool()];
    if (of_tool == nullptr || happened_before(*of_tool, event)) of_tool = &event;
  }
  const v1::Event* highest = nullptr;
  for (const auto& [tool, event] : latest) {
    if (highest == nullptr) {
      highest = event;
      continue;
    }
    const int order = band_order(event->facts().risk().band());
    const int order_so_far = band_order(highest->facts().risk().band());
    if (order < order_so_far || (order == order_so_far && happened_before(*highest, *event))) highest = event;
  }
  return highest;
}

}  // namespace

const std::string& CaseHistory::band() const {
  static const std::string kNever;
  return risk == nullptr ? kNever : risk->facts().risk().band();
}

int band_order(const std::string& band) {
  if (band == "high") return 0;
  if (band == "medium") return 1;
  return band == "standard" ? 2 : 3;
}

Window months_before(Date on, int months) {
  return Window{local_midnight(plus_months(on, -months)), local_midnight(on)};
}

std::vector<CountedIncident> incidents_of(const CaseSet& set, const PersonCase& person,
                                          const std::vector<std::string>& roles, const Window& window) {
  std::vector<const v1::Event*> reports;
  for (const Mention& mention : person.mentions) {
    const v1::Event& event = set.record(mention);
    if (event.facts().has_incident() && is_in(roles, set.person(mention).role()) && window.holds(time_of(event)))
      reports.push_back(&event);
  }
  std::sort(reports.begin(), reports.end(), earlier);
  reports.erase(std::unique(reports.begin(), reports.end()), reports.end());
  std::vector<CountedIncident> incidents;
  std::map<const v1::Event*, std::size_t> by_root;  // looked up only, never walked: its order means nothing
  for (const v1::Event* report : reports) {
    const auto [place, is_new] = by_root.try_emplace(root_of(set, *report), incidents.size());
    if (is_new) incidents.push_back(CountedIncident{report, {}});
    incidents[place->second].reports.push_back(report);
  }
  return incidents;
}

std::vector<const v1::Event*> all_reports(const std::vector<CountedIncident>& incidents) {
  std::vector<const v1::Event*> reports;
  for (const CountedIncident& incident : incidents)
    reports.insert(reports.end(), incident.reports.begin(), incident.reports.end());
  std::sort(reports.begin(), reports.end(), earlier);
  return reports;
}

CaseHistory make_history(const CaseSet& set, std::size_t person, const std::vector<std::string>& roles, Date on) {
  const PersonCase& named = set.persons()[person];
  const Window year = months_before(on, 12);
  CaseHistory history;
  history.person = person;
  history.incidents = incidents_of(set, named, roles, year);
  for (const Mention& mention : named.mentions) {
    const v1::Event& event = set.record(mention);
    if (event.facts().has_contact() && !event.facts().contact().on_behalf_of() &&
        is_in(roles, set.person(mention).role()) && year.holds(time_of(event)))
      history.contacts.push_back(&event);
  }
  std::sort(history.contacts.begin(), history.contacts.end(), earlier);
  history.contacts.erase(std::unique(history.contacts.begin(), history.contacts.end()), history.contacts.end());
  history.risk = current_risk(set, named, roles, year.to);
  return history;
}

}  // namespace moot
