#include "consumers/linkage/partition_quality.h"

#include <map>
#include <unordered_map>

namespace moot {
namespace {

std::uint64_t pairs_in(std::uint64_t records) { return records * (records - 1) / 2; }

double share(std::uint64_t of, std::uint64_t all) {
  return all == 0 ? 1 : static_cast<double>(of) / static_cast<double>(all);
}

}  // namespace

PartitionQuality compare_partitions(std::span<const std::uint32_t> found, std::span<const std::uint32_t> truth) {
  std::map<std::uint32_t, std::uint64_t> clusters;
  std::map<std::uint32_t, std::uint64_t> entities;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> both;
  for (std::size_t i = 0; i < found.size(); ++i) {
    ++clusters[found[i]];
    ++entities[truth[i]];
    ++both[{found[i], truth[i]}];
  }
  PartitionQuality quality;
  for (const auto& [cluster, count] : clusters) quality.found_pairs += pairs_in(count);
  for (const auto& [entity, count] : entities) quality.true_pairs += pairs_in(count);
  double precision = 0;
  double recall = 0;
  for (const auto& [where, count] : both) {
    quality.right_pairs += pairs_in(count);
    const auto square = static_cast<double>(count) * static_cast<double>(count);
    precision += square / static_cast<double>(clusters[where.first]);
    recall += square / static_cast<double>(entities[where.second]);
  }
  quality.pairs = {share(quality.right_pairs, quality.found_pairs), share(quality.right_pairs, quality.true_pairs)};
  if (!found.empty())
    quality.b_cubed = {precision / static_cast<double>(found.size()), recall / static_cast<double>(found.size())};
  return quality;
}

}  // namespace moot
