#include "consumers/callers/calls.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "consumers/callers/kept_calls.h"
#include "consumers/callers/who_called.h"

namespace moot {

void sort_by_time(std::vector<const v1::Event*>& calls) {
  std::sort(calls.begin(), calls.end(), [](const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); });
}

Window days_before(Date on, int days) { return Window{local_midnight(plus_days(on, -days)), local_midnight(on)}; }

std::span<const CountedCall> Calls::of(std::size_t person) const {
  const auto first = std::lower_bound(counted->begin(), counted->end(), person,
                                      [](const CountedCall& call, std::size_t wanted) { return call.person < wanted; });
  const auto end = std::find_if(first, counted->end(), [&](const CountedCall& call) { return call.person != person; });
  return {first, end};
}

Calls find_calls(const CaseSet& set, const CallerRule& rule, Instant from) { return KeptCalls::of(set, rule, from); }

CallerCalls calls_of(const CaseSet& set, const CallerRule& rule, std::size_t person, Instant from) {
  CallerCalls calls;
  v1::Facts facts;
  std::optional<std::size_t> last;  // an event may name the person twice
  for (const Mention& mention : set.persons()[person].mentions) {
    if (mention.record == last || set.records().body(mention.record) != v1::Facts::kContact) continue;
    last = mention.record;
    if (set.records().time(mention.record) < from || !is_counted(set, rule, mention.record, facts)) continue;
    const WhoCalled named = who_called(set, rule, mention.record);
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
