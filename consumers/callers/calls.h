// Calls: the contacts that a caller rule counts, per person, in time order, and the episodes they make.
// Thread: values and pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/case_set.h"
#include "consumers/runtime/window.h"

namespace moot {

// Whole local days, [midnight of the first, midnight after the last).
Window days_before(Date on, int days);

// One call for one person, as far as counting goes: nothing of it is read.
struct CountedCall {
  std::uint32_t person = 0;  // position in CaseSet::persons()
  std::uint32_t record = 0;  // in CaseSet::records()
  Instant time;
  bool on_behalf = false;  // made by somebody else for them; in no count
};

struct CallerCalls {
  std::vector<const v1::Event*> calls;      // by time, source, id
  std::vector<const v1::Event*> on_behalf;  // made by somebody else for them; in no count
};

// Calls of somebody the rule leaves out.
struct LeftOutCalls {
  std::string reason;
  std::vector<const v1::Event*> calls;  // by time, source, id
};

struct Calls {
  // By person, then time, source, id.
  std::shared_ptr<const std::vector<CountedCall>> counted = std::make_shared<const std::vector<CountedCall>>();
  std::vector<Instant> nobody_named;             // calls whose event names nobody who could be the caller, in no order
  Instant supplied_from;                         // the first call of anybody; 0 where there is none
  std::set<std::string> agencies;                // who supplied them
  std::map<std::size_t, LeftOutCalls> left_out;  // by person

  std::span<const CountedCall> of(std::size_t person) const;
  // `see(person, calls)` for everybody who has any, made for them by others too.
  template <typename See>
  void each_person(const See& see) const {
    for (auto from = counted->begin(), to = from; from != counted->end(); from = to) {
      while (to != counted->end() && to->person == from->person) ++to;
      see(std::size_t{from->person}, std::span<const CountedCall>(from, to));
    }
  }
};

// Of calls before `from` only what is true of all calls of anybody. Pointers are into `set`, which must outlive the
// result.
Calls find_calls(const CaseSet& set, const CallerRule& rule, Instant from);
// The calls of one person, as find_calls() finds them.
CallerCalls calls_of(const CaseSet& set, const CallerRule& rule, std::size_t person, Instant from);
void sort_by_time(std::vector<const v1::Event*>& calls);  // then by source and id
std::vector<const v1::Event*> within(const std::vector<const v1::Event*>& calls, const Window& window);
// Of a person's own calls, those in the window: their events.
std::vector<const v1::Event*> events_within(const CaseSet& set, std::span<const CountedCall> calls,
                                            const Window& window);
// Calls in time order; a call less than `hours` after the one before belongs to the same episode. Elapsed hours: a
// change of the clock neither adds nor takes one.
int count_episodes(const std::vector<const v1::Event*>& calls, int hours);
struct CallCount {
  int calls = 0;
  int episodes = 0;
};
// Of a person's own calls in the window.
CallCount count_within(std::span<const CountedCall> calls, const Window& window, int hours);
void add_reason(v1::Caller& caller, std::string text, const std::vector<const v1::Event*>& events);

}  // namespace moot
