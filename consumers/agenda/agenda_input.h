// Everything the sections of one agenda look at, gathered once. Borrows; lives within make_agenda.
#pragma once

#include <map>
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
  Calls calls = {};                                                // from the beginning of `call_window` on
  Window call_window = {};
  std::unordered_map<std::size_t, CaseHistory> histories = {};   // by position in CaseSet::persons(); whoever has one
  std::vector<BoardAction> actions = {};                         // red first
  std::vector<SaidOfActions> said = {};                          // of every board's actions; once gathered
  AreaNames areas;                                               // the partnership's
  std::vector<std::string> of_areas;                             // whose cases; none = all
  std::vector<bool> in_area = {};                                // by position in CaseSet::persons()
  const RulePack* pack = nullptr;                                // none = no section is of clocks
  std::map<std::string, std::vector<ClockFinding>> clocks = {};  // by clock

  const PersonCase& person(std::size_t position) const { return set.persons()[position]; }
  const v1::Caller* caller(std::size_t position) const {
    const auto found = caller_by_person.find(person(position).id);
    return found == caller_by_person.end() ? nullptr : found->second;
  }
  const CaseHistory& history(std::size_t person) const {
    static const CaseHistory kNone;
    const auto found = histories.find(person);
    return found == histories.end() ? kNone : found->second;
  }
  HistoryScope scope() const { return HistoryScope{set, board, rules, on, said}; }
  // Of the board's areas, whatever it is called; every one of a board of all areas.
  bool is_in_area(const std::string& area) const {
    return of_areas.empty() || (!area.empty() && is_in(of_areas, areas.code_of(area)));
  }
  // The area of a board that meets in each of them apart; empty = of all.
  std::string one_area() const { return board.each_area && of_areas.size() == 1 ? of_areas.front() : std::string(); }
};

}  // namespace moot
