#include "consumers/callers/calls.h"

#include <algorithm>
#include <optional>
#include <tuple>

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

// In which a contact names whose call it is.
std::vector<std::string> roles_of(const CallerRule& rule, bool on_behalf) {
  std::vector<std::string> roles = rule.roles;
  if (on_behalf) roles.emplace_back("subject");
  return roles;
}

// What a contact says of who called, by its own words: who is left out, and who counts.
struct Named {
  std::map<std::size_t, const std::string*> people;  // and why they are left out
  bool on_behalf = false;
};

Named named_in(const CaseSet& set, const CallerRule& rule, std::size_t record) {
  v1::Event scratch;
  const v1::Event& event = set.records().peek(record, scratch);
  Named named;
  named.on_behalf = event.facts().contact().on_behalf_of();
  const std::vector<std::string> roles = roles_of(rule, named.on_behalf);
  const auto& people = event.personal().people();
  for (int index = 0; index < people.size(); ++index) {
    const std::string* reason = why_left_out(rule, people[index]);
    if (reason == nullptr && !is_in(roles, people[index].role())) continue;
    if (const std::optional<std::size_t> person = set.person_at({record, index})) {
      const auto [place, is_new] = named.people.try_emplace(*person, reason);
      if (reason != nullptr) place->second = reason;
    }
  }
  return named;
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

std::span<const CountedCall> Calls::of(std::size_t person) const {
  const auto first = std::lower_bound(counted.begin(), counted.end(), person,
                                      [](const CountedCall& call, std::size_t wanted) { return call.person < wanted; });
  const auto end = std::find_if(first, counted.end(), [&](const CountedCall& call) { return call.person != person; });
  return {first, end};
}

std::vector<std::span<const CountedCall>> Calls::by_person() const {
  std::vector<std::span<const CountedCall>> people;
  for (std::size_t from = 0, to = 0; from < counted.size(); from = to) {
    while (to < counted.size() && counted[to].person == counted[from].person) ++to;
    people.emplace_back(counted.begin() + static_cast<std::ptrdiff_t>(from), to - from);
  }
  return people;
}

namespace {

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

// Takes counted contacts, from somebody or nobody.
class Taker {
 public:
  Taker(const CaseSet& set, const CallerRule& rule, Calls& result)
      : set_(set), rule_(rule), result_(result), notes_(set.records().notes(words_of(rule))) {}

  void take(std::uint32_t record) {
    std::uint8_t& note = notes_[record];
    if (note == 0) note = note_of(set_, rule_, record);
    if (note >= kFirstTold)
      if (const std::optional<std::size_t> person = set_.person_at({record, (note - kFirstTold) / 2}))
        return count(*person, record, (note - kFirstTold) % 2 != 0);
    const Named named = named_in(set_, rule_, record);
    for (const auto& [person, reason] : named.people) {
      if (reason != nullptr)
        result_.left_out[person].calls.push_back(set_.records()[record]);
      else
        count(person, record, named.on_behalf);
    }
    if (named.people.empty() && !named.on_behalf) result_.nobody_named.push_back(set_.records()[record]);
  }

 private:
  void count(std::size_t person, std::uint32_t record, bool on_behalf) {
    result_.counted.push_back({static_cast<std::uint32_t>(person), record, set_.records().time(record), on_behalf});
  }

  const CaseSet& set_;
  const CallerRule& rule_;
  Calls& result_;
  CaseRecords::Notes notes_;
};

}  // namespace

Calls find_calls(const CaseSet& set, const CallerRule& rule, Instant from) {
  Calls result;
  Taker taker(set, rule, result);
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
      if (counts(*at)) taker.take(*at);
  }
  std::sort(result.counted.begin(), result.counted.end(), [&](const CountedCall& a, const CountedCall& b) {
    if (a.person != b.person || a.time != b.time) return std::tuple(a.person, a.time) < std::tuple(b.person, b.time);
    return set.records().before(a.record, b.record);
  });
  tell_reasons(set, rule, result);
  for (auto& [person, left] : result.left_out) sort_by_time(left.calls);
  sort_by_time(result.nobody_named);
  return result;
}

CallerCalls calls_of(const CaseSet& set, const CallerRule& rule, std::size_t person, Instant from) {
  CallerCalls calls;
  v1::Facts facts;
  std::optional<std::size_t> last;  // an event may name the person twice
  for (const Mention& mention : set.persons()[person].mentions) {
    if (mention.record == last || set.records().body(mention.record) != v1::Facts::kContact) continue;
    last = mention.record;
    if (set.records().time(mention.record) < from || !is_counted(set, rule, mention.record, facts)) continue;
    const Named named = named_in(set, rule, mention.record);
    const auto theirs = named.people.find(person);
    if (theirs == named.people.end() || theirs->second != nullptr) continue;
    (named.on_behalf ? calls.on_behalf : calls.calls).push_back(set.records()[mention.record]);
  }
  sort_by_time(calls.calls);
  sort_by_time(calls.on_behalf);
  return calls;
}

std::vector<const v1::Event*> events_within(const CaseSet& set, std::span<const CountedCall> calls,
                                            const Window& window) {
  std::vector<const v1::Event*> events;
  for (const CountedCall& call : calls)
    if (!call.on_behalf && window.holds(call.time)) events.push_back(set.records()[call.record]);
  return events;
}

CallCount count_within(std::span<const CountedCall> calls, const Window& window, int hours) {
  CallCount count;
  Instant last;
  for (const CountedCall& call : calls) {
    if (call.on_behalf || !window.holds(call.time)) continue;
    if (count.calls == 0 || call.time.us - last.us >= hours * kHourUs) ++count.episodes;
    ++count.calls;
    last = call.time;
  }
  return count;
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
