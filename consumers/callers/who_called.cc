#include "consumers/callers/who_called.h"

#include <algorithm>

#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/person_values.h"

namespace moot {
namespace {

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
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

// In which a contact names whose call it is.
std::vector<std::string> roles_of(const CallerRule& rule, bool on_behalf) {
  std::vector<std::string> roles = rule.roles;
  if (on_behalf) roles.emplace_back("subject");
  return roles;
}

// A note of a contact: who called, if that is told by a number: 1 = it is not, 2 + 2n = the n-th whom it names and
// nobody else, one more where it was for them.
constexpr std::uint8_t kNotTold = 1, kFirstTold = 2;

// All that a note depends on but the contact.
std::string words_of(const CallerRule& rule) {
  std::string words = "callers";
  const auto add = [&](const std::vector<std::string>& list) {
    words += "\x1e";
    for (const std::string& one : list) words += std::to_string(one.size()) + ":" + one;
  };
  add(rule.roles);
  for (const LeftOutRule& left : rule.left_out)
    for (const auto* list : {&left.roles, &left.phones, &left.names, &left.references}) add(*list);
  return words;
}

std::uint8_t note_of(const CaseSet& set, const CallerRule& rule, std::size_t record) {
  v1::Event scratch;
  const v1::Event& event = set.records().peek(record, scratch);
  const bool on_behalf = event.facts().contact().on_behalf_of();
  const std::vector<std::string> roles = roles_of(rule, on_behalf);
  int caller = -1;
  for (int index = 0; index < event.personal().people_size(); ++index) {
    const v1::Person& person = event.personal().people(index);
    if (why_left_out(rule, person) != nullptr) return kNotTold;
    if (!is_in(roles, person.role())) continue;
    if (caller >= 0) return kNotTold;
    caller = index;
  }
  constexpr int kMost = 100;
  if (caller < 0 || caller > kMost) return kNotTold;
  return static_cast<std::uint8_t>(kFirstTold + 2 * caller + (on_behalf ? 1 : 0));
}

}  // namespace

const std::string* why_left_out(const CallerRule& rule, const v1::Person& person) {
  for (const LeftOutRule& left : rule.left_out)
    if (fits(left, person)) return &left.reason;
  return nullptr;
}

WhoCalled who_called(const CaseSet& set, const CallerRule& rule, std::size_t record) {
  v1::Event scratch;
  const v1::Event& event = set.records().peek(record, scratch);
  WhoCalled who;
  who.on_behalf = event.facts().contact().on_behalf_of();
  const std::vector<std::string> roles = roles_of(rule, who.on_behalf);
  const auto& people = event.personal().people();
  for (int index = 0; index < people.size(); ++index) {
    const std::string* reason = why_left_out(rule, people[index]);
    if (reason == nullptr && !is_in(roles, people[index].role())) continue;
    if (const std::optional<std::size_t> person = set.person_at({record, index})) {
      const auto [place, is_new] = who.people.try_emplace(*person, reason);
      if (reason != nullptr) place->second = reason;
    }
  }
  return who;
}

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

bool is_counted(const CaseSet& set, const CallerRule& rule, std::size_t record, v1::Facts& facts) {
  set.records().read_facts(record, facts);
  if (!has(rule.channels, facts.contact().channel())) return false;
  if (has(rule.categories, facts.contact().category())) return true;
  return set.records().links(record) && is_about_rule(set, rule, *set.records()[record]);
}

CallerNotes::CallerNotes(const CaseSet& set, const CallerRule& rule)
    : set_(set), rule_(rule), notes_(set.records().notes(words_of(rule))) {}

std::optional<CallerNotes::Told> CallerNotes::of(std::uint32_t record) {
  std::uint8_t& note = notes_[record];
  if (note == 0) note = note_of(set_, rule_, record);
  if (note < kFirstTold) return std::nullopt;
  const std::optional<std::size_t> person = set_.person_at({record, (note - kFirstTold) / 2});
  if (!person) return std::nullopt;
  return Told{*person, (note - kFirstTold) % 2 != 0};
}

}  // namespace moot
