#include "consumers/callers/caller_list.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <tuple>

#include "consumers/callers/address_list.h"
#include "consumers/callers/calls.h"
#include "consumers/callers/effect.h"
#include "consumers/callers/known_to.h"
#include "consumers/callers/leaving.h"
#include "consumers/casebook/feeds.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

struct Place {
  int rank = 0;
  std::size_t person = 0;  // position in CaseSet::persons()
  CallCount count;         // in the window
  std::span<const CountedCall> all;
  std::vector<const v1::Event*> calls;  // in the window
};

// Whose age is not known counts as an adult.
bool is_of_age(const CallerRule& rule, const PersonCase& person, Date on) {
  if (rule.age_from == 0 && rule.age_before == 0) return true;
  const Result<Date> born = parse_date(person.born);
  if (!born.ok()) return rule.age_before == 0;
  const bool before_birthday = std::tie(on.month, on.day) < std::tie(born->month, born->day);
  const int age = on.year - born->year - (before_birthday ? 1 : 0);
  return age >= rule.age_from && (rule.age_before == 0 || age < rule.age_before);
}

// The ranks of those who have a call in the window, by how many have so many: most of a large district called once or
// twice. By episodes, then calls; equal ones share a rank, and the next rank counts on from all before it: 1, 2, 2, 4.
class Ranks {
 public:
  void add(const CallCount& count) {
    if (last_ == people_.end() || last_->first != key(count)) last_ = people_.try_emplace(key(count), 0).first;
    ++last_->second;
  }
  // When all are added: within the first `top`.
  void close(int top) {
    for (const auto& [counts, people] : people_) {
      if (considered_ < top) ranks_[counts] = considered_ + 1;
      considered_ += people;
    }
  }
  // Nothing for whoever is not within the first `top`.
  std::optional<int> of(const CallCount& count) const {
    if (ranks_.empty() || ranks_.rbegin()->first < key(count)) return std::nullopt;
    return ranks_.at(key(count));
  }
  int considered() const { return considered_; }
  // That anybody has who is within the first `top`: of episodes, so of calls too.
  std::size_t fewest() const { return ranks_.empty() ? 0 : static_cast<std::size_t>(-ranks_.rbegin()->first.first); }

 private:
  using Counts = std::pair<int, int>;
  static Counts key(const CallCount& count) { return {-count.episodes, -count.calls}; }

  std::map<Counts, int> people_, ranks_;
  std::map<Counts, int>::iterator last_ = people_.end();  // mostly that of the next one too
  int considered_ = 0;
};

// `see(person, count, calls)` for everybody with a call in the window, and so many at any time.
template <typename See>
void each_caller(const CaseSet& set, const Calls& calls, const CallerRule& rule, const Window& window, Date on,
                 std::size_t fewest, const See& see) {
  calls.each_person([&](std::size_t person, std::span<const CountedCall> theirs) {
    if (theirs.size() < fewest) return;
    const CallCount count = count_within(theirs, window, rule.episode_hours);
    if (count.calls > 0 && is_of_age(rule, set.persons()[person], on)) see(person, count, theirs);
  });
}

// The first threshold that the calls in the window reach; nullptr where they reach none.
const CallThreshold* reached(const CallerRule& rule, std::span<const CountedCall> calls, const Window& window,
                             Date end) {
  for (const CallThreshold& threshold : rule.thresholds) {
    Window last = days_before(end, threshold.days);
    last.from = std::max(last.from, window.from);
    if (count_within(calls, last, rule.episode_hours).episodes >= threshold.episodes) return &threshold;
  }
  return nullptr;
}

// The places on the list, by rank, then person: everybody within the first `top`, so that all tied with the last place
// stand on it, and who reaches a threshold where there are any. `end`: the day before which the window ends; people are
// of their age on that day.
std::vector<Place> on_the_list(const CaseSet& set, const Calls& calls, const CallerRule& rule, const Window& window,
                               Date end, int* considered = nullptr) {
  Ranks ranks;
  each_caller(set, calls, rule, window, end, 1,
              [&](std::size_t, const CallCount& count, const auto&) { ranks.add(count); });
  ranks.close(rule.top);
  if (considered != nullptr) *considered = ranks.considered();
  std::vector<Place> places;
  each_caller(set, calls, rule, window, end, ranks.fewest(),
              [&](std::size_t person, const CallCount& count, const auto& theirs) {
                const std::optional<int> rank = ranks.of(count);
                if (!rank || count.episodes < rule.episodes_min) return;
                if (!rule.thresholds.empty() && reached(rule, theirs, window, end) == nullptr) return;
                places.push_back({*rank, person, count, theirs, events_within(set, theirs, window)});
              });
  std::sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : set.persons()[a.person].id < set.persons()[b.person].id;
  });
  return places;
}

std::string channel_name(const std::string& channel) {
  const bool number = !channel.empty() && channel.find_first_not_of("0123456789") == std::string::npos;
  return number ? channel : code_as_words(channel);
}

void add_channels(v1::Caller& caller, const std::vector<const v1::Event*>& calls) {
  std::map<std::string, std::size_t> counts;
  for (const v1::Event* call : calls) ++counts[call->facts().contact().channel()];
  std::vector<std::string> parts;
  for (const auto& [channel, count] : counts) parts.push_back(std::to_string(count) + " by " + channel_name(channel));
  add_reason(caller, "How: " + in_list(parts) + ".", calls);
}

void add_busiest_day(v1::Caller& caller, const std::vector<const v1::Event*>& calls) {
  std::map<Date, std::vector<const v1::Event*>> days;
  for (const v1::Event* call : calls) days[local_date(time_of(*call))].push_back(call);
  const auto busiest = std::max_element(days.begin(), days.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();  // the first of equals: the earliest day
  });
  if (busiest->second.size() < 2) return;
  add_reason(caller,
             "Busiest day: " + counted(busiest->second.size(), "call") + " on " + to_words(busiest->first) + ".",
             busiest->second);
}

// Shown as possible, and never counted.
void add_possible(const CaseSet& set, std::size_t person, v1::Caller& caller) {
  for (const PossiblePerson& possible : set.possible_of(person)) {
    const PersonCase& other = set.persons()[possible.a == person ? possible.b : possible.a];
    add_reason(caller,
               "May be one person with " + (other.name.empty() ? "somebody without a name" : other.name) + " (case " +
                   other.id + "); nobody has decided, and that one's calls are not counted here.",
               {&set.record(possible.a_record), &set.record(possible.b_record)});
  }
}

struct Windows {
  Date on;
  int days = 0;
  Window now;
  Window before;
  Instant supplied_from;
  const std::vector<SaidOfActions>& boards;
};

template <typename Document>
void add_effects(const CaseSet& set, const Partnership& partnership, const PersonCase& person, const CallerCalls& all,
                 const Windows& windows, Document& document) {
  for (v1::Intervention& effect : effects(set, partnership, person, all.calls,
                                          EffectQuery{windows.on, windows.days, windows.supplied_from, windows.boards}))
    *document.add_interventions() = std::move(effect);
}

v1::Caller make_caller(const CaseSet& set, const Partnership& partnership, const Place& place, const CallerCalls& all,
                       const Windows& windows, const CallerRule& rule) {
  const PersonCase& person = set.persons()[place.person];
  v1::Caller caller;
  caller.set_rank(place.rank);
  caller.set_person(person.id);
  caller.set_name(person.name);
  caller.set_born(person.born);
  caller.set_calls(static_cast<int>(place.calls.size()));
  caller.set_episodes(place.count.episodes);
  const std::vector<const v1::Event*> previous = within(all.calls, windows.before);
  caller.set_previous_calls(static_cast<int>(previous.size()));
  for (const std::string& agency : agencies_that_know(set, person, "")) caller.add_known_to(agency);
  const std::string days = std::to_string(windows.days) + " days before ";
  add_reason(caller,
             counted(place.calls.size(), "call") + " in " +
                 counted(static_cast<std::size_t>(place.count.episodes), "episode") + " in the " + days +
                 to_words(windows.on) + ".",
             place.calls);
  if (const CallThreshold* threshold = reached(rule, place.all, windows.now, windows.on)) {
    const auto calls_then = within(place.calls, days_before(windows.on, threshold->days));
    const int episodes = count_episodes(calls_then, rule.episode_hours);
    add_reason(caller,
               counted(static_cast<std::size_t>(episodes), "episode") + " in the " + std::to_string(threshold->days) +
                   " days before; the rule asks for " + std::to_string(threshold->episodes) + ".",
               calls_then);
  }
  add_channels(caller, place.calls);
  add_busiest_day(caller, place.calls);
  const std::vector<const v1::Event*> others = within(all.on_behalf, windows.now);
  caller.set_calls_on_behalf(static_cast<int>(others.size()));
  if (!others.empty())
    add_reason(caller, counted(others.size(), "call") + " made for them by somebody else, not counted above.", others);
  if (!previous.empty()) add_reason(caller, counted(previous.size(), "call") + " in the " + days + "that.", previous);
  add_possible(set, place.person, caller);
  add_effects(set, partnership, person, all, windows, caller);
  return caller;
}

void add_left_out(const CaseSet& set, const Calls& calls, const Window& window, v1::CallerList& list) {
  std::map<std::string, std::size_t> people;  // by id
  for (const auto& [person, all] : calls.left_out) people[set.persons()[person].id] = person;
  for (const auto& [id, person] : people) {
    const LeftOutCalls& all = calls.left_out.at(person);
    const std::vector<const v1::Event*> inside = within(all.calls, window);
    if (inside.empty()) continue;
    v1::LeftOutCaller& left = *list.add_left_out();
    left.set_person(set.persons()[person].id);
    left.set_name(set.persons()[person].name);
    left.set_reason(all.reason);
    left.set_calls(static_cast<int>(inside.size()));
    for (const v1::Event* call : inside) *left.add_events() = reference_to(*call);
  }
}

void add_notes(v1::CallerList& list, const Calls& calls, const CallerRule& rule, const Window& window) {
  if (!rule.by_address)
    list.add_notes("Calls less than " + counted(static_cast<std::size_t>(rule.episode_hours), "hour") +
                   " apart are one episode.");
  const auto nobody = static_cast<std::size_t>(std::count_if(calls.nobody_named.begin(), calls.nobody_named.end(),
                                                             [&](Instant call) { return window.holds(call); }));
  if (nobody > 0)
    list.add_notes(counted(nobody, "call") + (nobody == 1 ? " names" : " name") +
                   " nobody who could be the caller, and " + (nobody == 1 ? "counts" : "count") + " for nobody here.");
}

// The first call that a document of the day looks at, of who stands on it or did: those of two windows, and of a window
// before anything that was done in 12 months.
Instant calls_looked_at(Date on, int window_days) {
  const Date year = plus_days(plus_months(on, -12), -window_days - 1);
  return std::min(local_midnight(year), local_midnight(plus_days(on, -2 * window_days)));
}

v1::CallerList make_person_list(const CaseSet& set, const Partnership& partnership, const CallerRule& rule, Date on,
                                const Calls& calls, const std::vector<SaidOfActions>& boards) {
  const Windows windows{on,
                        rule.window_days,
                        days_before(on, rule.window_days),
                        days_before(plus_days(on, -rule.window_days), rule.window_days),
                        calls.supplied_from,
                        boards};
  const Date earlier_on = plus_days(on, -rule.window_days);
  int considered = 0;
  const std::vector<Place> places = on_the_list(set, calls, rule, windows.now, on, &considered);
  const std::vector<Place> earlier = on_the_list(set, calls, rule, windows.before, earlier_on);

  const Instant from = calls_looked_at(on, rule.window_days);
  v1::CallerList list;
  list.set_considered(considered);
  const auto stands_on = [](const std::vector<Place>& those, std::size_t person) {
    return std::any_of(those.begin(), those.end(), [&](const Place& place) { return place.person == person; });
  };
  for (const Place& place : places) {
    v1::Caller& caller = *list.add_callers();
    caller = make_caller(set, partnership, place, calls_of(set, rule, place.person, from), windows, rule);
    caller.set_status(stands_on(earlier, place.person) ? "staying" : "new");
  }
  for (const Place& place : earlier) {
    if (stands_on(places, place.person)) continue;
    Leaver leaver;
    leaver.person = &set.persons()[place.person];
    leaver.calls = events_within(set, place.all, windows.now);
    leaver.previous_calls = place.calls;
    leaver.episodes = count_episodes(leaver.calls, rule.episode_hours);
    v1::LeftCaller& left = *list.add_left();
    left = explain_leaving(set, partnership, leaver, on, rule.window_days, boards);
    add_effects(set, partnership, *leaver.person, calls_of(set, rule, place.person, from), windows, left);
  }
  return list;
}

}  // namespace

Result<CountedCallers> count_callers(const CaseSet& set, const Partnership& partnership, const CallerPolicy& policy,
                                     const CallerQuery& query) {
  const Result<CallerRule> found = policy.rule_on(query.on);
  if (!found.ok()) return found.status();
  CallerRule rule = *found;
  rule.top = query.top.value_or(rule.top);
  rule.window_days = query.window_days.value_or(rule.window_days);
  if (rule.top < 1 || rule.window_days < 1)
    return Status(Code::kInvalid, "the list needs at least 1 place and a window of at least 1 day");
  Calls calls = find_calls(set, rule, local_midnight(plus_days(query.on, -2 * rule.window_days)));
  const LinkedActions linked(set);
  std::vector<SaidOfActions> boards;
  for (const Board* board : query.boards) boards.emplace_back(set, linked, ActionList{*board});
  v1::CallerList list = rule.by_address ? make_address_list(set, rule, query.on)
                                        : make_person_list(set, partnership, rule, query.on, calls, boards);
  list.set_on(to_iso(query.on));
  list.set_window_days(rule.window_days);
  list.set_top(rule.top);
  list.set_as_at(to_local_rfc3339(set.as_at()));
  list.set_policy(policy.version_name(rule));
  list.set_title(policy.title);
  list.set_loaded_later(set.loaded_later);
  const Window window = days_before(query.on, rule.window_days);
  add_left_out(set, calls, window, list);
  for (v1::Feed& feed : feeds_on(query.on, set, partnership)) {
    const bool supplies_calls = calls.agencies.contains(feed.agency());
    if (!supplies_calls && feed.dated_ahead() == 0) continue;
    feed.set_late(feed.late() && supplies_calls);
    *list.add_feeds() = std::move(feed);
  }
  add_notes(list, calls, rule, window);
  return CountedCallers{std::move(list), std::move(calls)};
}

Result<v1::CallerList> make_caller_list(const Casebook& casebook, const Partnership& partnership,
                                        const CallerPolicy& policy, const CallerQuery& query) {
  const Instant as_at = query.as_at.value_or(casebook.default_as_at(query.on));
  Result<CountedCallers> counted = count_callers(*casebook.cases_at(as_at, {}), partnership, policy, query);
  if (!counted.ok()) return counted.status();
  return std::move(counted->list);
}

}  // namespace moot
