// How well a partition agrees with the truth, as everybody who links records counts it. A record in no cluster is its
// own. Thread: pure functions.
#pragma once

#include <cstdint>
#include <span>

namespace moot {

struct Quality {
  double precision = 1;
  double recall = 1;
  double f1() const { return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall); }
};

struct PartitionQuality {
  Quality pairs;  // pairs of records in one cluster (the closure)
  Quality b_cubed;
  std::uint64_t true_pairs = 0;
  std::uint64_t found_pairs = 0;
  std::uint64_t right_pairs = 0;
};

// By record: a number of its cluster, and one of who it truly is.
PartitionQuality compare_partitions(std::span<const std::uint32_t> found, std::span<const std::uint32_t> truth);

}  // namespace moot
