// Everything the sections of one agenda look at, gathered once. Borrows; lives within make_agenda.
//
// Of a person a section looks at nothing but their own records, what CaseSet::find() finds, and what stands here: on
// that rests which people an agenda looks at again after a change (standings.h).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/board.h"
#include "consumers/agenda/board_action.h"
#include "consumers/agenda/case_history.h"
#include "consumers/callers/calls.h"
#include "consumers/casebook/case_set.h"
#include "consumers/rules/clock_kind.h"
#include "proto/document.pb.h"

namespace moot {

class BoardClocks;  // consumers/agenda/board_clocks.h
class KeptItems;    // consumers/agenda/kept_items.h

struct AgendaInput {
  const CaseSet& set;
  const Partnership& partnership;
  const Board& board;
  const BoardVersion& rules;
  Date on;
  std::optional<Date> last_meeting = {};  // of the board, before `on`
  std::set<std::string> may_not_say;
  v1::CallerList callers;
  std::map<std::string, const v1::Caller*> caller_by_person = {};  // into `callers`
  Calls calls = {};                                                // of `call_window`, and of before
  Window call_window = {};
  // Somebody is considered whom anything names from here on, or a meeting or an assessment ever.
  Instant looked_from = {};
  std::vector<BoardAction> actions = {};           // red first
  std::vector<SaidOfActions> said = {};            // of every board's actions; once gathered
  AreaNames areas;                                 // the partnership's
  std::vector<std::string> of_areas;               // whose cases; none = all
  const RulePack* pack = nullptr;                  // none = no section is of clocks
  std::shared_ptr<const BoardClocks> clocks = {};  // once gathered
  // By position in CaseSet::persons(), whoever has any: red first.
  std::unordered_map<std::size_t, std::vector<const BoardAction*>> actions_of = {};
  mutable std::unordered_map<std::size_t, CaseHistory> histories = {};  // of whom one was asked for
  std::shared_ptr<KeptItems> items = {};                                // that the agenda before this one printed

  const PersonCase& person(std::size_t position) const { return set.persons()[position]; }
  const v1::Caller* caller(std::size_t position) const {
    const auto found = caller_by_person.find(person(position).id);
    return found == caller_by_person.end() ? nullptr : found->second;
  }
  bool callers_have_room() const { return callers.callers_size() < callers.top(); }
  bool is_considered(std::size_t person) const;
  // A person is a board's whom anything of 12 months names in one of its areas.
  bool is_person_in_area(std::size_t person) const;
  // Worked out when it is first asked for; of whom is not considered it has actions and clocks alone.
  const CaseHistory& history(std::size_t person) const;
  void forget_history(std::size_t person) const { histories.erase(person); }
  HistoryScope scope() const { return HistoryScope{set, board, rules, on, said}; }
  // Of the board's areas, whatever it is called; every one of a board of all areas.
  bool is_in_area(const std::string& area) const {
    return of_areas.empty() || (!area.empty() && is_in(of_areas, areas.code_of(area)));
  }
  // The area of a board that meets in each of them apart; empty = of all.
  std::string one_area() const { return board.each_area && of_areas.size() == 1 ? of_areas.front() : std::string(); }
};

}  // namespace moot
