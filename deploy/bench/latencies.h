// Times in nanoseconds, counted in buckets at most 1.6% wide: bounded memory whatever the number of events.
//
// Thread: one, its owner's.
#pragma once

#include <array>
#include <cstdint>

namespace moot::bench {

class Latencies {
 public:
  void add(std::int64_t nanoseconds, std::uint64_t times = 1);
  void add(const Latencies& others);
  std::uint64_t count() const { return count_; }
  // The time that a share of `part` (0 to 1) did not exceed; 0 when there are none.
  double milliseconds(double part) const;

 private:
  static constexpr int kBitsInBucket = 6;  // 64 buckets for each power of two
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t middle_of(std::size_t bucket);

  std::array<std::uint64_t, (64 - kBitsInBucket + 1) << kBitsInBucket> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace moot::bench
