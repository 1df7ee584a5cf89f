// The actions that earlier meetings of a board set, and how they stand on the day of the next.
//
// Those count that the board's secretary says. What another agency puts on its list is proposed, until the secretary
// takes it up with a record of its own (a link "takes-up"), which stands in its place, or the proposer's own record
// says that it is over. What became of an action is said by the secretary in a version of it, or by its owner in a
// record of the owner's own (a link "outcome-of"); the later of the two holds (said_of_actions.h). Thread: pure
// functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
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
  const v1::Event* by_owner = nullptr;          // the owner's word, where that holds; may be `event` itself

  bool finished() const { return state == "done" || state == "overtaken" || state == "given up"; }
};

// The date of the board's latest meeting before `on` that the set knows of: held, or one that set an action; by what
// its secretary says. `area`: of a board that meets in each area apart; empty = any.
std::optional<Date> last_meeting(const CaseSet& set, const Board& board, Date on, const std::string& area = "");
// Set at a meeting of the board before `on`. Finished ones only where they were finished since the last meeting.
std::vector<BoardAction> board_actions(const CaseSet& set, const Board& board, Date on, const std::string& area = "");
// On the board's list, unfinished, and said to have been set at a meeting after `on` that had not been when it was
// said: a date that nobody can know yet, so often a wrong one. By the day, then by record. Nothing of them is on an
// agenda until then.
std::vector<const v1::Event*> actions_set_ahead(const CaseSet& set, const Board& board, Date on,
                                                const std::string& area = "");
// The place of a state in a list, red first: not done, overdue, escalated, open, proposed, done, and apart at the end
// overtaken and given up.
int state_order(const std::string& state);
v1::AgendaAction to_document(const BoardAction& action, const Partnership& partnership);

}  // namespace moot
