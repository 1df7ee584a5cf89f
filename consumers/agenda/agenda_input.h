// Everything the sections of one agenda look at, gathered once. Borrows; lives within make_agenda.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
#include "consumers/agenda/board_action.h"
#include "consumers/agenda/case_history.h"
#include "consumers/casebook/case_set.h"
#include "proto/document.pb.h"

namespace moot {

struct AgendaInput {
  const CaseSet& set;
  const Partnership& partnership;
  const Board& board;
  const BoardVersion& rules;
  Date on;
  v1::CallerList callers;
  std::map<std::string, const v1::Caller*> caller_by_person;  // into `callers`
  std::vector<std::size_t> calls_in_window;                   // by position in CaseSet::persons()
  std::vector<CaseHistory> histories;                         // by position in CaseSet::persons()
  std::vector<BoardAction> actions;                           // red first

  const PersonCase& person(std::size_t position) const { return set.persons()[position]; }
  const v1::Caller* caller(std::size_t position) const {
    const auto found = caller_by_person.find(person(position).id);
    return found == caller_by_person.end() ? nullptr : found->second;
  }
};

// An item about a person, without reasons: title, who knows them, their unfinished actions.
v1::AgendaItem item_of(const AgendaInput& input, std::size_t person);
// Sets the reasons, and the score as their sum.
void set_reasons(v1::AgendaItem& item, const std::vector<v1::ScoredReason>& reasons);

}  // namespace moot
