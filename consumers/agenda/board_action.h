// The actions that earlier meetings of a board set, and how they stand on the day of the next. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/casebook/case_set.h"
#include "proto/document.pb.h"

namespace moot {

struct BoardAction {
  const v1::Event* event = nullptr;
  std::size_t record = 0;           // position in CaseSet::records()
  std::vector<std::size_t> people;  // positions in CaseSet::persons(); empty = it names nobody
  std::string state;                // as v1::AgendaAction::state
  std::string rag;                  // as v1::AgendaAction::rag
  bool late = false;                // overdue, or unfinished and carried over twice or more
  // Records said to be its evidence, by itself or by a record that says it is evidence of the action; by time.
  std::vector<const v1::Event*> evidence;
  std::vector<v1::EventRef> evidence_not_here;  // named as evidence by the action, and not in the set

  bool finished() const { return state == "done" || state == "overtaken"; }
};

// The date of the board's latest meeting before `on` that the set knows of: held, or one that set an action.
// `area`: of a board that meets in each area apart; empty = any.
std::optional<Date> last_meeting(const CaseSet& set, const std::string& board, Date on, const std::string& area = "");
// Set at a meeting of the board before `on`. Finished ones only where they were finished since the last meeting.
std::vector<BoardAction> board_actions(const CaseSet& set, const std::string& board, Date on,
                                       const std::string& area = "");
// The place of a state in a list, red first: not done, overdue, escalated, open, done, and overtaken apart at the end.
int state_order(const std::string& state);
v1::AgendaAction to_document(const BoardAction& action, const Partnership& partnership);

}  // namespace moot
