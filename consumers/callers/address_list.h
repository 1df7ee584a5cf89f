// The list by address: from where people called most, when a rule says `by = "address"`. An address that several people
// call from (a hostel, a care home, a house of many flats) is counted as a place, whoever of them it was; its case is
// the one that the agenda's places have. Whose address is not supplied counts for none, which the list says.
//
// Thread: pure function. Errors: none of its own.
#pragma once

#include "consumers/callers/caller_list.h"

namespace moot {

// `query` with its window and places already in `rule`.
v1::CallerList make_address_list(const CaseSet& set, const CallerRule& rule, Date on);

}  // namespace moot
