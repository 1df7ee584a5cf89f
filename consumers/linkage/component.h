// The people of one component: records that hold together by pairs good enough to be one person, whether or not they
// are. Batch and streaming cluster a component by the same function, from scratch, so they come to the same people.
//
// Thread: one; it remembers levels of values. Borrows records and model.
#pragma once

#include <span>
#include <vector>

#include "consumers/linkage/average_linkage.h"

namespace moot {

class ComponentClustering {
 public:
  ComponentClustering(const RecordTable& records, const LinkModel& model, const LinkageRule& rule)
      : records_(records), model_(model), rule_(rule), levels_(records) {}

  Agreement agreement(RecordId a, RecordId b);
  // What agreement() will read, on its way from memory in two steps: the rows, and when those have come, the values.
  void fetch_rows(RecordId a, RecordId b) const {
    for (const RecordId record : {a, b}) {
      __builtin_prefetch(records_.values(record));
      __builtin_prefetch(records_.values(record) + records_.fields().size() - 1);
    }
  }
  void fetch_values(RecordId a, RecordId b) const {
    const ValueId* one = records_.values(a);
    const ValueId* two = records_.values(b);
    levels_.fetch(one, two);
    for (std::size_t f = 0; f < model_.fields.size(); ++f)
      if (one[f] == two[f]) __builtin_prefetch(&model_.fields[f].same[one[f]]);
  }
  // `members` by key; pairs and decisions by the positions of members. For each member the first of its cluster.
  std::vector<RecordId> cluster(std::span<const RecordId> members, std::span<const WeighedPair> pairs,
                                std::span<const DecidedPair> decided);

 private:
  const RecordTable& records_;
  const LinkModel& model_;
  const LinkageRule rule_;
  PairLevels levels_;
};

}  // namespace moot
