// Why somebody is no longer on the frequent-caller list, as far as it is known: what was counted, and what was recorded
// after. It says "after" and "since", never "because": the log does not know causes. Thread: pure functions.
#pragma once

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/callers/calls.h"
#include "proto/document.pb.h"

namespace moot {

struct Leaver {
  const PersonCase* person = nullptr;
  std::vector<const v1::Event*> calls;           // in the window before the date
  std::vector<const v1::Event*> previous_calls;  // in the window before that; never empty
  int episodes = 0;                              // of `calls`
};

v1::LeftCaller explain_leaving(const CaseSet& set, const Partnership& partnership, const Leaver& leaver, Date on,
                               int window_days, const std::vector<SaidOfActions>& boards);

}  // namespace moot
