#include "consumers/linkage/component.h"

namespace moot {

Agreement ComponentClustering::agreement(RecordId a, RecordId b) {
  Levels found{};
  const ValueId* one = records_.values(a);
  const ValueId* two = records_.values(b);
  levels_.compare(one, two, found);
  return bounded(weight_of(model_, found, one, two), rule_);
}

Agreement ComponentClustering::agreement(GatheredRecords::Row a, GatheredRecords::Row b) {
  Levels found;
  const FieldSet both = levels_.compare(a, b, found);
  return bounded(weight_of(model_, found, both, a, b), rule_);
}

std::vector<RecordId> ComponentClustering::cluster(std::span<const RecordId> members,
                                                   std::span<const WeighedPair> pairs,
                                                   std::span<const DecidedPair> decided) {
  if (members.size() == 2 && pairs.size() == 1 && decided.empty() && pairs[0].weight >= rule_.join_at)
    return {members[0], members[0]};
  const bool small = members.size() <= kSmall;
  const std::vector<std::uint32_t> firsts = cluster_by_average(
      members.size(), pairs, decided, rule_,
      [&](std::uint32_t a, std::uint32_t b) { return agreement(members[a], members[b]); },
      small ? static_cast<std::pmr::memory_resource&>(memory_) : *std::pmr::get_default_resource());
  if (small) memory_.release();
  std::vector<RecordId> clusters;
  clusters.reserve(members.size());
  for (const std::uint32_t first : firsts) clusters.push_back(members[first]);
  return clusters;
}

}  // namespace moot
