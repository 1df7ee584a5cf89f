// Calls: the contacts that a caller rule counts, per person, in time order, and the episodes they make.
// Thread: values and pure functions.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/case_set.h"

namespace moot {

// Whole local days, [midnight of the first, midnight after the last).
struct Window {
  Instant from;
  Instant to;
  bool holds(Instant instant) const { return from <= instant && instant < to; }
};
Window days_before(Date on, int days);

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
  std::map<std::size_t, CallerCalls> of_person;  // by position in CaseSet::persons(), in no order
  std::vector<const v1::Event*> nobody_named;    // calls whose event names nobody who could be the caller
  Instant supplied_from;                         // the first call of anybody; 0 where there is none
  std::set<std::string> agencies;                // who supplied them
  std::map<std::size_t, LeftOutCalls> left_out;  // by person

  const CallerCalls& of(std::size_t person) const;
};

// Of calls before `from` only what is true of all calls of anybody. Pointers are into `set`, which must outlive the
// result.
Calls find_calls(const CaseSet& set, const CallerRule& rule, Instant from);
// The calls of one person, as find_calls() finds them.
CallerCalls calls_of(const CaseSet& set, const CallerRule& rule, std::size_t person, Instant from);
// Would the rule count this contact: its channel, and its own category or that of an incident it is "about"?
bool is_about_rule(const CaseSet& set, const CallerRule& rule, const v1::Event& event);

std::vector<const v1::Event*> within(const std::vector<const v1::Event*>& calls, const Window& window);
// Calls in time order; a call less than `hours` after the one before belongs to the same episode. Elapsed hours: a
// change of the clock neither adds nor takes one.
int count_episodes(const std::vector<const v1::Event*>& calls, int hours);
void add_reason(v1::Caller& caller, std::string text, const std::vector<const v1::Event*>& events);

}  // namespace moot
