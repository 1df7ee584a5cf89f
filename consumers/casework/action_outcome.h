// What became of an action, as the event in which whoever says it may say it: of a board's own record a version of it;
// of a record that another agency put on the board's list a record that takes its place, since nobody speaks in
// another's name; by the action's owner a record of the owner's. Thread: pure functions.
#pragma once

#include <optional>
#include <string>

#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "consumers/agenda/board.h"
#include "consumers/casebook/case_set.h"

namespace moot {

// The action that agendas and minutes of the board print under this number; what a record was taken up by in its place.
// kNotFound, kUsage where two systems have one number.
Result<const v1::Event*> find_action(const CaseSet& cases, const Board& board, const std::string& number);

struct OutcomeWords {
  std::string agency;  // who says it
  v1::Action::Stage stage = v1::Action::DONE;
  std::string due;  // a new date; empty = it stays
  Instant now;
  std::optional<Date> on = {};  // the day on which it came about; nothing = now
};
// "done", "not-done", "overtaken", "escalated", "carried" or "taken-up"; else unspecified.
v1::Action::Stage outcome_named(const std::string& outcome);
// kNotAllowed for whoever neither speaks for the board nor is the owner; kUsage for what they cannot say, and for a day
// that cannot be: still to come, before the action was set, or before the other one's word, which would go on holding.
Result<v1::Event> say_outcome(const CaseSet& cases, const Board& board, const v1::Event& action,
                              const OutcomeWords& words);

}  // namespace moot
