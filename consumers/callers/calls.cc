#include "consumers/callers/calls.h"

#include <algorithm>

namespace moot {
namespace {

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void sort_by_time(std::vector<const v1::Event*>& events) {
  std::sort(events.begin(), events.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
}

}  // namespace

Window days_before(Date on, int days) { return Window{local_midnight(plus_days(on, -days)), local_midnight(on)}; }

bool is_about_rule(const CaseSet& set, const CallerRule& rule, const v1::Event& event) {
  if (!event.facts().has_contact()) return false;
  const v1::Contact& contact = event.facts().contact();
  if (!has(rule.channels, contact.channel())) return false;
  if (has(rule.categories, contact.category())) return true;
  for (const v1::Link& link : event.envelope().links()) {
    if (link.rel() != "about") continue;
    const v1::Event* incident = set.find(link.source(), link.id());
    if (incident != nullptr && incident->facts().has_incident() &&
        has(rule.categories, incident->facts().incident().category()))
      return true;
  }
  return false;
}

Calls find_calls(const CaseSet& set, const CallerRule& rule) {
  Calls result;
  bool any = false;
  result.of_person.resize(set.persons().size());
  std::vector<std::string> concerned = rule.roles;
  concerned.emplace_back("subject");
  for (std::size_t i = 0; i < set.records().size(); ++i) {
    const v1::Event& event = *set.records()[i];
    if (!is_about_rule(set, rule, event)) continue;
    result.supplied_from = any ? std::min(result.supplied_from, time_of(event)) : time_of(event);
    any = true;
    result.agencies.insert(event.envelope().agency());
    const bool on_behalf = event.facts().contact().on_behalf_of();
    const std::vector<std::size_t> people = set.people_of(i, on_behalf ? concerned : rule.roles);
    for (const std::size_t person : people) {
      CallerCalls& calls = result.of_person[person];
      (on_behalf ? calls.on_behalf : calls.calls).push_back(&event);
    }
    if (people.empty() && !on_behalf) result.nobody_named.push_back(&event);
  }
  for (CallerCalls& calls : result.of_person) {
    sort_by_time(calls.calls);
    sort_by_time(calls.on_behalf);
  }
  sort_by_time(result.nobody_named);
  return result;
}

std::vector<const v1::Event*> within(const std::vector<const v1::Event*>& calls, const Window& window) {
  std::vector<const v1::Event*> inside;
  for (const v1::Event* call : calls)
    if (window.holds(time_of(*call))) inside.push_back(call);
  return inside;
}

int count_episodes(const std::vector<const v1::Event*>& calls, int hours) {
  int episodes = 0;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (i == 0 || time_of(*calls[i]).us - time_of(*calls[i - 1]).us >= hours * kHourUs) ++episodes;
  return episodes;
}

}  // namespace moot
