#include "deploy/bench/latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace moot::bench {

std::size_t Latencies::bucket_of(std::uint64_t value) {
  constexpr std::uint64_t kExact = 1U << kBitsInBucket;
  if (value < kExact) return value;  // one bucket for each value
  const int shift = std::bit_width(value) - 1 - kBitsInBucket;
  return (static_cast<std::size_t>(shift + 1) << kBitsInBucket) + ((value >> shift) - kExact);
}

std::uint64_t Latencies::middle_of(std::size_t bucket) {
  constexpr std::uint64_t kExact = 1U << kBitsInBucket;
  if (bucket < kExact) return bucket;
  const int shift = static_cast<int>(bucket >> kBitsInBucket) - 1;
  const std::uint64_t low = (kExact + (bucket & (kExact - 1))) << shift;
  return low + ((std::uint64_t{1} << shift) >> 1);
}

void Latencies::add(std::int64_t nanoseconds, std::uint64_t times) {
  buckets_[bucket_of(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)))] += times;
  count_ += times;
}

void Latencies::add(const Latencies& others) {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) buckets_[bucket] += others.buckets_[bucket];
  count_ += others.count_;
}

double Latencies::milliseconds(double part) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return static_cast<double>(middle_of(bucket)) / 1e6;
  }
  return 0;
}

}  // namespace moot::bench
