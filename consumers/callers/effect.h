// Before and after: how often somebody called in equal numbers of days before and after each thing done for them. It
// says "after", never "because": the log does not know causes. Thread: pure functions.
#pragma once

#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/callers/calls.h"
#include "proto/document.pb.h"

namespace moot {

struct EffectQuery {
  Date on;
  int window_days = 0;    // at most so many days on each side
  Instant supplied_from;  // the first call of anybody: earlier days are not supplied rather than quiet
  const std::vector<SaidOfActions>& boards;  // what is said of their actions: a proposed one is not done
};

// Referrals taken up or finished, actions done and cases closed in the 12 months before `on` that name the person, by
// time. `calls`: all of the person's that the rule counts, by time.
std::vector<v1::Intervention> effects(const CaseSet& set, const Partnership& partnership, const PersonCase& person,
                                      const std::vector<const v1::Event*>& calls, const EffectQuery& query);

}  // namespace moot
