#include "consumers/callers/calls.h"

#include <algorithm>
#include <optional>

#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/person_values.h"

namespace moot {
namespace {

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void sort_by_time(std::vector<const v1::Event*>& events) {
  std::sort(events.begin(), events.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
}

bool has_normal(FieldKind kind, const std::vector<std::string>& list, const std::string& value) {
  const std::string normal = normal_value(kind, value);
  return !normal.empty() && std::any_of(list.begin(), list.end(),
                                        [&](const std::string& one) { return normal_value(kind, one) == normal; });
}

bool fits(const LeftOutRule& rule, const v1::Person& person) {
  if (has(rule.roles, person.role()) || (!person.reference().empty() && has(rule.references, person.reference())))
    return true;
  for (const std::string& phone : person.phones())
    if (has_normal(FieldKind::kPhone, rule.phones, phone)) return true;
  for (const v1::Name& name : person.names())
    if (has_normal(FieldKind::kText, rule.names, printed_name(name))) return true;
  return false;
}

// The rule's reason for leaving the person out; nullptr where there is none.
const std::string* why_left_out(const CallerRule& rule, const v1::Person& person) {
  for (const LeftOutRule& left : rule.left_out)
    if (fits(left, person)) return &left.reason;
  return nullptr;
}

// Takes one event's calls. Does it name anybody who could be the caller?
bool take_call(const CaseSet& set, const CallerRule& rule, const std::vector<std::string>& roles, std::size_t record,
               Calls& result) {
  const v1::Event& event = *set.records()[record];
  const bool on_behalf = event.facts().contact().on_behalf_of();
  const auto& people = event.personal().people();
  std::map<std::size_t, const std::string*> named;  // and why they are left out
  for (int index = 0; index < people.size(); ++index) {
    const std::string* reason = why_left_out(rule, people[index]);
    if (reason == nullptr && !is_in(roles, people[index].role())) continue;
    if (const std::optional<std::size_t> person = set.person_at({record, index})) {
      const auto [place, is_new] = named.try_emplace(*person, reason);
      if (reason != nullptr) place->second = reason;
    }
  }
  for (const auto& [person, reason] : named) {
    if (reason != nullptr) {
      result.left_out[person].calls.push_back(&event);
      continue;
    }
    CallerCalls& calls = result.of_person[person];
    (on_behalf ? calls.on_behalf : calls.calls).push_back(&event);
  }
  return !named.empty();
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

namespace {

// Is it counted? Most contacts say so themselves, in their facts.
bool is_counted(const CaseSet& set, const CallerRule& rule, std::size_t record, v1::Facts& facts) {
  set.records().read_facts(record, facts);
  if (!has(rule.channels, facts.contact().channel())) return false;
  if (has(rule.categories, facts.contact().category())) return true;
  return set.records().links(record) && is_about_rule(set, rule, *set.records()[record]);
}

// Where rules have two reasons for somebody, that of the last call by record stands, whenever it was.
void tell_reasons(const CaseSet& set, const CallerRule& rule, Calls& calls) {
  v1::Facts facts;
  for (auto& [person, left] : calls.left_out)
    for (const Mention& mention : set.persons()[person].mentions) {
      if (set.records().body(mention.record) != v1::Facts::kContact) continue;
      if (!is_counted(set, rule, mention.record, facts)) continue;
      if (const std::string* reason = why_left_out(rule, set.person(mention))) left.reason = *reason;
    }
}

}  // namespace

const CallerCalls& Calls::of(std::size_t person) const {
  static const CallerCalls kNone;
  const auto found = of_person.find(person);
  return found == of_person.end() ? kNone : found->second;
}

namespace {

// A counted contact, from somebody or nobody.
void take(const CaseSet& set, const CallerRule& rule, std::size_t record, Calls& result) {
  const v1::Event& event = *set.records()[record];
  const bool on_behalf = event.facts().contact().on_behalf_of();
  std::vector<std::string> roles = rule.roles;
  if (on_behalf) roles.emplace_back("subject");
  const bool named = take_call(set, rule, roles, record, result);
  if (!named && !on_behalf) result.nobody_named.push_back(&event);
}

void sort(CallerCalls& calls) {
  sort_by_time(calls.calls);
  sort_by_time(calls.on_behalf);
}

}  // namespace

Calls find_calls(const CaseSet& set, const CallerRule& rule, Instant from) {
  Calls result;
  bool any = false;
  for (const auto& [kind, positions] : set.records().contacts()) {
    const bool all = has(rule.categories, kind.category);
    if (!has(rule.channels, kind.channel) || !(all || kind.links)) continue;
    const auto counts = [&](std::uint32_t i) { return all || is_about_rule(set, rule, *set.records()[i]); };
    const auto first = std::find_if(positions.begin(), positions.end(), counts);
    if (first == positions.end()) continue;
    const Instant time = set.records().time(*first);
    result.supplied_from = any ? std::min(result.supplied_from, time) : time;
    any = true;
    result.agencies.insert(kind.agency);
    auto at = std::lower_bound(first, positions.end(), from,
                               [&](std::uint32_t i, Instant instant) { return set.records().time(i) < instant; });
    for (; at != positions.end(); ++at)
      if (counts(*at)) take(set, rule, *at, result);
  }
  for (auto& [person, calls] : result.of_person) sort(calls);
  tell_reasons(set, rule, result);
  for (auto& [person, left] : result.left_out) sort_by_time(left.calls);
  sort_by_time(result.nobody_named);
  return result;
}

CallerCalls calls_of(const CaseSet& set, const CallerRule& rule, std::size_t person, Instant from) {
  Calls result;
  v1::Facts facts;
  std::optional<std::size_t> last;  // an event may name the person twice
  for (const Mention& mention : set.persons()[person].mentions) {
    if (mention.record == last || set.records().body(mention.record) != v1::Facts::kContact) continue;
    last = mention.record;
    if (set.records().time(mention.record) >= from && is_counted(set, rule, mention.record, facts))
      take(set, rule, mention.record, result);
  }
  CallerCalls calls = result.of(person);
  sort(calls);
  return calls;
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

void add_reason(v1::Caller& caller, std::string text, const std::vector<const v1::Event*>& events) {
  v1::Reason& reason = *caller.add_reasons();
  reason.set_text(std::move(text));
  for (const v1::Event* event : events) *reason.add_events() = reference_to(*event);
}

}  // namespace moot
