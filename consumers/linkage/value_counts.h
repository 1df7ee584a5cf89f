// How often each value of a field stands in a set of records, alone and together with its near spellings.
// Thread: a value.
#pragma once

#include <vector>

#include "consumers/linkage/record_table.h"

namespace moot {

struct ValueCounts {
  std::vector<std::uint32_t> exact;  // by value
  std::vector<std::uint32_t> near;   // by value: with all spellings one edit away
  std::uint64_t supplied = 0;        // records that have the field

  // The chance that two of the records that have the field have the same value.
  double same_chance() const;
};

ValueCounts count_values(const RecordTable& records, std::size_t field);

}  // namespace moot
