// What counts as one incident: reports that a link "about" joins, and reports near each other in place and time,
// whichever agencies were told. A pure function of the set of reports. Thread: pure functions.
#pragma once

#include "consumers/agenda/case_history.h"
#include "consumers/rules/rule_pack.h"

namespace moot {

// `reports` by time. A report belongs to the earliest incident whose first report it is linked to or near: nearness is
// not handed on, so that a row of evenings does not become one. Near in place is the same property number, the same
// address, the same postcode, or points so many metres apart; a report without a place of its own happened at `home`,
// where that is given: the address it gives for the person of these references. Where two reports both have
// a property number, or both a full address, those decide, and the postcode they share tells nothing.
// Near in time is so many hours; what is known to the day only may have been at any hour of it, and what is known
// to the month only is near to nothing.
std::vector<Occurrence> incidents_in(const CaseSet& set, const Events& reports, const SameIncident& same,
                                     const PersonCase* whose = nullptr);

}  // namespace moot
