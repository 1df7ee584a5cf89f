// The people of one component: records that hold together by pairs good enough to be one person, whether or not they
// are. Batch and streaming cluster a component by the same function, from scratch, so they come to the same people.
//
// Thread: one; it remembers levels of values. Borrows records and model.
#pragma once

#include <span>
#include <vector>

#include "consumers/linkage/average_linkage.h"
#include "consumers/linkage/gathered_records.h"

namespace moot {

class ComponentClustering {
 public:
  ComponentClustering(const RecordTable& records, const LinkModel& model, const LinkageRule& rule)
      : records_(records), model_(model), rule_(rule), levels_(records) {}

  Agreement agreement(RecordId a, RecordId b);
  Agreement agreement(GatheredRecords::Row a, GatheredRecords::Row b);
  // `members` by key; pairs and decisions by the positions of members. For each member the first of its cluster.
  std::vector<RecordId> cluster(std::span<const RecordId> members, std::span<const WeighedPair> pairs,
                                std::span<const DecidedPair> decided);

 private:
  const RecordTable& records_;
  const LinkModel& model_;
  const LinkageRule rule_;
  PairLevels levels_;
  // Nearly all components are small, and what clustering one took is free for the next.
  static constexpr std::size_t kSmall = 64;
  std::vector<std::byte> space_ = std::vector<std::byte>(std::size_t{1} << 16);
  std::pmr::monotonic_buffer_resource memory_{space_.data(), space_.size()};
};

}  // namespace moot
