// What it says that two records of one system have different references, learnt from the records: a system that numbers
// people hardly ever gives one of them two, one that numbers calls or cases gives as many as there are calls.
//
// It is the share of a system's records whose forename, surname and full birth date stand under another reference, too,
// among all that say the three: of a register that is next to none, though every one of its few repeats is of one
// person. It is never taken for less than what is usual of people registered twice, however few were met, and for
// nothing where it would not be kAnotherPerson.
// Thread: pure functions.
#pragma once

#include <map>
#include <string>

#include "consumers/linkage/link_model.h"

namespace moot {

// Of so many fully named records a system is judged (an epoch holds nothing of fewer); of fewer, another reference says
// nothing.
inline constexpr std::uint64_t kSystemRecordsMin = 10;

// By system. `field`: of kind kOwnReference.
std::map<std::string, Weight, std::less<>> weights_of_another_reference(const RecordTable& records, std::size_t field);

}  // namespace moot
