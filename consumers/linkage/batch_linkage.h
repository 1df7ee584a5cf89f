// All people of a set of records at once: candidates, their weights, components, clusters.
//
// A pure function of the set of records, the model and the plan; the same bytes whatever the order of the records.
// Bounded by the plan's caps. Thread: the caller's, which takes others beside it (in_parallel.h); they change nothing
// in what comes out.
#pragma once

#include <vector>

#include "consumers/linkage/average_linkage.h"
#include "consumers/linkage/candidate_pairs.h"
#include "consumers/linkage/component.h"

namespace moot {

struct BatchLinkage {
  std::vector<RecordId> cluster;   // by record: the record of its cluster that comes first
  std::vector<WeighedPair> pairs;  // that weigh other than rule.absent; by records
  std::uint64_t candidates = 0;
  double recall = 1;  // estimated: of the pairs inside the clusters found, the share that were candidates themselves
  std::uint64_t blocks_left_out = 0;  // larger than the cap
  std::uint64_t largest_block = 0;
};

BatchLinkage link_all(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan,
                      const LinkageRule& rule, std::span<const DecidedPair> decided = {});

}  // namespace moot
