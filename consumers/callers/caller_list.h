// The frequent-caller list: who called most in the days before a date, with the events behind every statement.
//
// A pure function of the set of events, the policy and the query. What is in a compartment is left out. Errors:
// kDefinition when no version of the policy holds on the date. Thread: that of the casebook.
#pragma once

#include <optional>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "consumers/agenda/board.h"
#include "consumers/callers/calls.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/casebook.h"
#include "proto/document.pb.h"

namespace moot {

struct CallerQuery {
  Date on;
  std::optional<int> window_days;         // else the policy's
  std::optional<int> top;                 // else the policy's
  std::optional<Instant> as_at;           // else Casebook::default_as_at(on)
  std::vector<const Board*> boards = {};  // whose actions are done when their secretaries or owners say so
};

Result<v1::CallerList> make_caller_list(const Casebook& casebook, const Partnership& partnership,
                                        const CallerPolicy& policy, const CallerQuery& query);
// The same over a set already selected; query.as_at is not looked at. With the calls that were counted for it: those of
// the list's window, and of one before it.
struct CountedCallers {
  v1::CallerList list;
  Calls calls;
};
Result<CountedCallers> count_callers(const CaseSet& set, const Partnership& partnership, const CallerPolicy& policy,
                                     const CallerQuery& query);

}  // namespace moot
