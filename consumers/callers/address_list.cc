#include "consumers/callers/address_list.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "consumers/callers/calls.h"
#include "consumers/document/phrase.h"
#include "consumers/linkage/normal_place.h"

namespace moot {
namespace {

constexpr Instant kEver{std::numeric_limits<std::int64_t>::min()};

struct Address {
  std::map<std::string, int> spellings;                       // as agencies wrote it
  std::vector<const v1::Event*> calls;                        // by time, source, id, each once
  std::map<const v1::Event*, std::set<std::string>> callers;  // of each call: their ids
  std::string id;
};

// What is true of an address in a window.
struct Row {
  const Address* address = nullptr;
  int rank = 0;
  int episodes = 0;
  std::size_t people = 0;
  std::vector<const v1::Event*> calls;
};

void sort_once(std::vector<const v1::Event*>& events) {
  std::sort(events.begin(), events.end(),
            [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
  events.erase(std::unique(events.begin(), events.end()), events.end());
}

// From where the person made the call: what that event says of them, not where they live by now.
std::vector<NormalPlace> addresses_in(const CaseSet& set, const CallerRule& rule, const v1::Event& event,
                                      std::size_t caller) {
  std::vector<NormalPlace> found;
  const v1::Envelope& envelope = event.envelope();
  const std::optional<std::size_t> record = set.find_position(envelope.source(), envelope.id());
  for (int index = 0; record && index < event.personal().people_size(); ++index) {
    const v1::Person& person = event.personal().people(index);
    if (!is_in(rule.roles, person.role()) || set.person_at({*record, index}) != caller) continue;
    for (const v1::Address& address : person.addresses()) {
      NormalPlace place = normal_place(address, envelope.lsoa().empty() ? envelope.area() : envelope.lsoa());
      if (!place.key.empty()) found.push_back(std::move(place));
    }
  }
  return found;
}

std::map<std::string, Address> addresses_of(const CaseSet& set, const CallerRule& rule, const Calls& calls,
                                            std::vector<const v1::Event*>& nowhere) {
  std::map<std::string, Address> addresses;
  for (const CountedCall& one : *calls.counted) {
    if (one.on_behalf) continue;
    const v1::Event* call = set.records()[one.record];
    const std::vector<NormalPlace> places = addresses_in(set, rule, *call, one.person);
    if (places.empty()) nowhere.push_back(call);
    for (const NormalPlace& place : places) {
      Address& address = addresses[place.key];
      ++address.spellings[place.written];
      address.calls.push_back(call);
      address.callers[call].insert(set.persons()[one.person].id);
    }
  }
  for (auto& [key, address] : addresses) {
    sort_once(address.calls);
    address.id = set.case_of_place(key);
  }
  sort_once(nowhere);
  return addresses;
}

// The most frequent spelling; of equals the first by text.
std::string written(const Address& address) {
  return std::max_element(address.spellings.begin(), address.spellings.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

std::size_t people_in(const Address& address, const std::vector<const v1::Event*>& calls) {
  std::set<std::string> people;
  for (const v1::Event* call : calls) people.insert(address.callers.at(call).begin(), address.callers.at(call).end());
  return people.size();
}

// An episode is one person's: two who call on one evening have one each.
int episodes_in(const Address& address, const std::vector<const v1::Event*>& calls, int hours) {
  std::map<std::string, std::vector<const v1::Event*>> of_person;
  for (const v1::Event* call : calls) of_person[*address.callers.at(call).begin()].push_back(call);
  int episodes = 0;
  for (const auto& [person, theirs] : of_person) episodes += count_episodes(theirs, hours);
  return episodes;
}

const CallThreshold* row_reached(const CallerRule& rule, const Row& row, Date end) {
  for (const CallThreshold& threshold : rule.thresholds) {
    const auto calls = within(row.calls, days_before(end, threshold.days));
    if (episodes_in(*row.address, calls, rule.episode_hours) >= threshold.episodes) return &threshold;
  }
  return nullptr;
}

std::vector<Row> ranked(const std::map<std::string, Address>& addresses, const CallerRule& rule, const Window& window) {
  std::vector<Row> rows;
  for (const auto& [key, address] : addresses) {
    Row row;
    row.address = &address;
    row.calls = within(address.calls, window);
    row.people = people_in(address, row.calls);
    if (row.people < static_cast<std::size_t>(rule.callers_min)) continue;
    row.episodes = episodes_in(address, row.calls, rule.episode_hours);
    rows.push_back(std::move(row));
  }
  const auto order = [](const Row& row) { return std::pair(-row.episodes, -static_cast<long>(row.calls.size())); };
  std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    return std::tuple(order(a), a.address->id) < std::tuple(order(b), b.address->id);
  });
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].rank = i > 0 && order(rows[i]) == order(rows[i - 1]) ? rows[i - 1].rank : static_cast<int>(i) + 1;
  return rows;
}

std::vector<Row> listed(std::vector<Row> rows, const CallerRule& rule, Date end) {
  std::erase_if(rows, [&](const Row& row) {
    return row.rank > rule.top || row.episodes < rule.episodes_min ||
           (!rule.thresholds.empty() && row_reached(rule, row, end) == nullptr);
  });
  return rows;
}

bool stands_in(const std::vector<Row>& rows, const Address* address) {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.address == address; });
}

void fill(const CallerRule& rule, Date on, const Row& row, v1::Caller& caller) {
  const Window before = days_before(plus_days(on, -rule.window_days), rule.window_days);
  const std::vector<const v1::Event*> previous = within(row.address->calls, before);
  caller.set_rank(row.rank);
  caller.set_person(row.address->id);
  caller.set_name(written(*row.address));
  caller.set_calls(static_cast<int>(row.calls.size()));
  caller.set_episodes(row.episodes);
  caller.set_previous_calls(static_cast<int>(previous.size()));
  std::set<std::string> agencies;
  for (const v1::Event* call : row.calls) agencies.insert(call->envelope().agency());
  for (const std::string& agency : agencies) caller.add_known_to(agency);
  const std::string days = std::to_string(rule.window_days) + " days before ";
  add_reason(caller,
             counted(row.calls.size(), "call") + " of " + counted(row.people, "person") + " from there, in " +
                 counted(static_cast<std::size_t>(row.episodes), "episode") + ", in the " + days + to_words(on) + ".",
             row.calls);
  if (const CallThreshold* threshold = row_reached(rule, row, on)) {
    const auto then = within(row.calls, days_before(on, threshold->days));
    add_reason(caller,
               counted(static_cast<std::size_t>(episodes_in(*row.address, then, rule.episode_hours)), "episode") +
                   " in the " + std::to_string(threshold->days) + " days before; the rule asks for " +
                   std::to_string(threshold->episodes) + ".",
               then);
  }
  if (!previous.empty()) add_reason(caller, counted(previous.size(), "call") + " in the " + days + "that.", previous);
}

void add_leavers(const std::vector<Row>& now, const std::vector<Row>& earlier, const CallerRule& rule, Date on,
                 v1::CallerList& list) {
  for (const Row& row : earlier) {
    if (stands_in(now, row.address)) continue;
    const auto calls = within(row.address->calls, days_before(on, rule.window_days));
    v1::LeftCaller& left = *list.add_left();
    left.set_person(row.address->id);
    left.set_name(written(*row.address));
    const std::string days = std::to_string(rule.window_days) + " days before ";
    left.set_reason((calls.empty() ? "No calls" : counted(calls.size(), "call")) + " from there in the " + days +
                    to_words(on) + "; " + counted(row.calls.size(), "call") + " in the " + days + "that.");
    for (const v1::Event* call : row.calls) *left.add_events() = reference_to(*call);
    for (const v1::Event* call : calls) *left.add_events() = reference_to(*call);
  }
}

void add_address_notes(const CallerRule& rule, const std::vector<const v1::Event*>& nowhere, v1::CallerList& list) {
  list.add_notes("Counted by address, where at least " + counted(static_cast<std::size_t>(rule.callers_min), "person") +
                 " called from; calls less than " + counted(static_cast<std::size_t>(rule.episode_hours), "hour") +
                 " apart are one episode.");
  if (!nowhere.empty())
    list.add_notes(counted(nowhere.size(), "call") + (nowhere.size() == 1 ? " gives" : " give") +
                   " no address of the caller, and " + (nowhere.size() == 1 ? "counts" : "count") + " for no place.");
}

}  // namespace

v1::CallerList make_address_list(const CaseSet& set, const CallerRule& rule, Date on) {
  const Calls calls = find_calls(set, rule, kEver);  // an address is written as most calls of any time write it
  std::vector<const v1::Event*> nowhere;
  const std::map<std::string, Address> addresses = addresses_of(set, rule, calls, nowhere);
  const Date earlier_on = plus_days(on, -rule.window_days);
  const std::vector<Row> now = listed(ranked(addresses, rule, days_before(on, rule.window_days)), rule, on);
  const std::vector<Row> earlier =
      listed(ranked(addresses, rule, days_before(earlier_on, rule.window_days)), rule, earlier_on);
  v1::CallerList list;
  const Window window = days_before(on, rule.window_days);
  calls.each_person([&](std::size_t, std::span<const CountedCall> theirs) {
    if (count_within(theirs, window, rule.episode_hours).calls > 0) list.set_considered(list.considered() + 1);
  });
  for (const Row& row : now) {
    v1::Caller& caller = *list.add_callers();
    fill(rule, on, row, caller);
    caller.set_status(stands_in(earlier, row.address) ? "staying" : "new");
  }
  add_leavers(now, earlier, rule, on, list);
  add_address_notes(rule, within(nowhere, days_before(on, rule.window_days)), list);
  return list;
}

}  // namespace moot
