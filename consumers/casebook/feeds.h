// How up to date a document is: when each agency was last heard from, whether it is silent beyond its rhythm, and what
// it dated later than the document is as at. Silence is told of the instant that the document is as at, or of its day
// where that is earlier: an agenda made ahead of its meeting calls nobody late for the days in between.
// Thread: pure functions.
#pragma once

#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/partnership.h"
#include "consumers/casebook/case_set.h"
#include "proto/document.pb.h"

namespace moot {

// By agency, in the partnership's order; behind them any other that dated something ahead.
std::vector<v1::Feed> feeds_on(Date on, const CaseSet& set, const Partnership& partnership);

}  // namespace moot
