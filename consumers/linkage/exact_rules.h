// Linking by exact rules. Two mentions are of one person when they have
//   1. the same agency and the same person reference of that agency, or
//   2. the same normal name and the same full birth date, or
//   3. the same normal name and the same postcode,
// or are joined by a chain of such pairs. A pure function of the set: the order of the records does not matter.
// Thread: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "broker/core/seal.h"
#include "consumers/linkage/person_record.h"

namespace moot {

// Positions in the input; every record is in exactly one cluster. Within a cluster ascending, clusters by their first.
using Partition = std::vector<std::vector<std::size_t>>;

Partition link_by_exact_rules(const std::vector<PersonRecord>& records);

// "p-…": a digest, keyed with the partnership's secret, of the cluster's earliest record (by time, then key).
std::string person_id(const Key& secret, const std::vector<PersonRecord>& records,
                      const std::vector<std::size_t>& cluster);

}  // namespace moot
