// What it says that two records of one system have different references, learnt from the records: a system that numbers
// people hardly ever gives one of them two, one that numbers calls or cases gives as many as there are calls. It is
// seen in records that are of one person anyway: of one system, with the same forename, surname and full birth date.
// Thread: pure functions.
#pragma once

#include <map>
#include <string>

#include "consumers/linkage/link_model.h"

namespace moot {

// Of so many records a system is judged; of fewer, another reference says nothing.
inline constexpr std::uint64_t kSystemRecordsMin = 10;

// By system. `field`: of kind kOwnReference.
std::map<std::string, Weight, std::less<>> weights_of_another_reference(const RecordTable& records, std::size_t field);

}  // namespace moot
