// The agenda of a board on a date: previous actions first, then each case once, in the first section that claims it,
// with every reason it scores. A pure function of the set of events, the definitions and the date.
//
// Errors: kUsage for an area that is none of the board's, or none where it meets in each apart; kDefinition when no
// version of the board or of the caller policy holds on the date, or the board has a section of clocks and there is no
// rule pack. Thread: that of the casebook.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "consumers/agenda/board.h"
#include "consumers/callers/policy.h"
#include "consumers/casebook/casebook.h"
#include "consumers/rules/rule_pack.h"
#include "proto/document.pb.h"

namespace moot {

struct AgendaQuery {
  Date on;
  std::optional<Instant> as_at;  // else Casebook::default_as_at(on)
  // Agencies of which no agreement in force lets the reader know whom they know; that is sensitive in itself.
  std::set<std::string> may_not_say = {};
  // One of the board's areas, or, of a board of all areas, one of the partnership's; empty = all of the board's. By
  // code, name or alias.
  std::string area = {};
  const RulePack* rules = nullptr;  // of clocks; outlives the call. None: a board with sections of clocks is refused
  // Every board of the partnership, as for the list of callers; this one is among them in any case.
  std::vector<const Board*> boards = {};
};

Result<v1::Agenda> make_agenda(const Casebook& casebook, const Partnership& partnership, const CallerPolicy& policy,
                               const Board& board, const AgendaQuery& query);

}  // namespace moot
