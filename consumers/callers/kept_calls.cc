#include "consumers/callers/kept_calls.h"

#include <algorithm>
#include <tuple>

#include "consumers/callers/who_called.h"

namespace moot {
namespace {

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// All that they depend on but the set.
std::string words_of(const CallerRule& rule, Instant from) {
  std::string words = "calls from " + to_rfc3339(from);
  const auto add = [&words](const std::vector<std::string>& list) {
    words += "\x1e";
    for (const std::string& one : list) words += std::to_string(one.size()) + ":" + one;
  };
  for (const auto* list : {&rule.channels, &rule.categories, &rule.roles}) add(*list);
  for (const LeftOutRule& left : rule.left_out) {
    add({left.reason});
    for (const auto* list : {&left.roles, &left.phones, &left.names, &left.references}) add(*list);
  }
  return words;
}

// By person, then time, source, id.
struct Order {
  const CaseSet& set;
  bool operator()(const CountedCall& a, const CountedCall& b) const {
    if (a.person != b.person || a.time != b.time) return std::tuple(a.person, a.time) < std::tuple(b.person, b.time);
    return set.records().before(a.record, b.record);
  }
};

void each_once(std::vector<std::uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

// The calls but for those in these places, with others among them; all in their order. A record that is gone stands in
// no order any more, so those go first.
std::vector<CountedCall> exchanged(const CaseSet& set, const std::vector<CountedCall>& calls,
                                   const std::vector<std::size_t>& gone, const std::vector<CountedCall>& come) {
  std::vector<CountedCall> result;
  result.reserve(calls.size() + come.size());
  std::size_t from = 0;
  for (const std::size_t place : gone) {
    result.insert(result.end(), calls.begin() + static_cast<std::ptrdiff_t>(from),
                  calls.begin() + static_cast<std::ptrdiff_t>(place));
    from = place + 1;
  }
  result.insert(result.end(), calls.begin() + static_cast<std::ptrdiff_t>(from), calls.end());
  const auto stay = static_cast<std::ptrdiff_t>(result.size());
  result.insert(result.end(), come.begin(), come.end());
  std::inplace_merge(result.begin(), result.begin() + stay, result.end(), Order{set});
  return result;
}

// From when on anybody supplied calls, and who did.
void tell_supply(const CaseSet& set, const CallerRule& rule, Calls& calls) {
  bool any = false;
  for (const auto& [kind, positions] : set.records().contacts()) {
    const bool all = has(rule.categories, kind.category);
    if (!has(rule.channels, kind.channel) || !(all || kind.links)) continue;
    const auto first = std::find_if(positions.begin(), positions.end(), [&](std::uint32_t record) {
      return all || is_about_rule(set, rule, *set.records()[record]);
    });
    if (first == positions.end()) continue;
    const Instant time = set.records().time(*first);
    calls.supplied_from = any ? std::min(calls.supplied_from, time) : time;
    any = true;
    calls.agencies.insert(kind.agency);
  }
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

Calls KeptCalls::of(const CaseSet& set, const CallerRule& rule, Instant from) {
  const std::shared_ptr<KeptCalls> kept =
      set.kept<KeptCalls>(words_of(rule, from), [&] { return std::make_shared<KeptCalls>(rule); });
  kept->work_out(set, from);
  Calls calls;
  calls.counted = kept->counted_;
  for (const Uncounted& call : kept->uncounted_) {
    if (call.person == kNobody)
      calls.nobody_named.push_back(set.records().time(call.record));
    else
      calls.left_out[call.person].calls.push_back(set.records()[call.record]);
  }
  tell_supply(set, rule, calls);
  tell_reasons(set, rule, calls);
  for (auto& [person, left] : calls.left_out) sort_by_time(left.calls);
  return calls;
}

void KeptCalls::changed(const SetChange& change) {
  if (all_unknown_) return;
  records_unknown_.insert(records_unknown_.end(), change.records.begin(), change.records.end());
  people_unknown_.insert(people_unknown_.end(), change.people.begin(), change.people.end());
  change.each_digest([this](std::uint64_t digest) {
    looked_up_.take(digest, [this](std::uint32_t record) { records_unknown_.push_back(record); });
  });
}

std::size_t KeptCalls::bytes() const {
  const std::size_t counted = counted_ == nullptr ? 0 : counted_->size();
  return counted * sizeof(CountedCall) + uncounted_.size() * sizeof(Uncounted) + looked_up_.bytes();
}

void KeptCalls::work_out(const CaseSet& set, Instant from) {
  if (looked_up_.is_worn()) all_unknown_ = true;
  if (all_unknown_) {
    uncounted_.clear();
    looked_up_.clear();
    Counted counted;
    find_all(set, from, counted);
    std::sort(counted.begin(), counted.end(), Order{set});
    counted_ = std::make_shared<const Counted>(std::move(counted));
    looked_up_.begin();
  } else if (!records_unknown_.empty() || !people_unknown_.empty()) {
    find_again(set, from);
  }
  records_unknown_.clear();
  people_unknown_.clear();
  all_unknown_ = false;
}

void KeptCalls::find_all(const CaseSet& set, Instant from, Counted& counted) {
  const CaseRecords& records = set.records();
  CallerNotes notes(set, rule_);
  for (const auto& [kind, positions] : records.contacts()) {
    const bool all = has(rule_.categories, kind.category);
    if (!has(rule_.channels, kind.channel) || !(all || kind.links)) continue;
    auto at = std::lower_bound(positions.begin(), positions.end(), from,
                               [&](std::uint32_t i, Instant instant) { return records.time(i) < instant; });
    for (; at != positions.end(); ++at)
      if (all || counts(set, *at)) take(set, notes, *at, counted);
  }
}

void KeptCalls::find_again(const CaseSet& set, Instant from) {
  const CaseRecords& records = set.records();
  for (const std::uint32_t person : people_unknown_)
    if (person < set.persons().size())
      for (const Mention& mention : set.persons()[person].mentions)
        records_unknown_.push_back(static_cast<std::uint32_t>(mention.record));
  each_once(records_unknown_);
  std::erase_if(uncounted_, [this](const Uncounted& call) {
    return std::binary_search(records_unknown_.begin(), records_unknown_.end(), call.record);
  });
  Counted again;
  CallerNotes notes(set, rule_);
  for (const std::uint32_t record : records_unknown_)
    if (records.is_there(record) && records.body(record) == v1::Facts::kContact && from <= records.time(record) &&
        counts(set, record))
      take(set, notes, record, again);
  std::sort(again.begin(), again.end(), Order{set});
  counted_ = std::make_shared<const Counted>(exchanged(set, *counted_, places_unknown(set), again));
}

// Where counted_ has people who changed, and records that are looked at again. Everybody whom a changed record named is
// among those people; of the other records, whoever they name.
std::vector<std::size_t> KeptCalls::places_unknown(const CaseSet& set) const {
  std::vector<std::size_t> places;
  const auto first_of = [this](std::uint32_t person) {
    return std::lower_bound(counted_->begin(), counted_->end(), person,
                            [](const CountedCall& call, std::uint32_t wanted) { return call.person < wanted; });
  };
  const auto add = [&](std::uint32_t person, std::optional<std::uint32_t> record) {
    for (auto call = first_of(person); call != counted_->end() && call->person == person; ++call)
      if (!record || call->record == *record) places.push_back(static_cast<std::size_t>(call - counted_->begin()));
  };
  for (const std::uint32_t person : people_unknown_) add(person, std::nullopt);
  v1::Event scratch;
  for (const std::uint32_t record : records_unknown_) {
    if (!set.records().is_there(record) || !set.records().may_name_people(record)) continue;
    const int people = set.records().peek(record, scratch).personal().people_size();
    for (int index = 0; index < people; ++index)
      if (const std::optional<std::size_t> person = set.person_at({record, index}))
        add(static_cast<std::uint32_t>(*person), record);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

bool KeptCalls::counts(const CaseSet& set, std::uint32_t record) {
  v1::Facts facts;
  const CaseSet::LookUps looked(set);
  const bool is = is_counted(set, rule_, record, facts);
  looked_up_.add(looked.ids(), record);
  return is;
}

void KeptCalls::take(const CaseSet& set, CallerNotes& notes, std::uint32_t record, Counted& counted) {
  const auto count = [&](std::size_t person, bool on_behalf) {
    counted.push_back({static_cast<std::uint32_t>(person), record, set.records().time(record), on_behalf});
  };
  if (const auto told = notes.of(record)) return count(told->person, told->on_behalf);
  const WhoCalled who = who_called(set, rule_, record);
  for (const auto& [person, reason] : who.people) {
    if (reason != nullptr)
      uncounted_.push_back({record, static_cast<std::uint32_t>(person), reason});
    else
      count(person, who.on_behalf);
  }
  if (who.people.empty() && !who.on_behalf) uncounted_.push_back({record, kNobody, nullptr});
}

}  // namespace moot
