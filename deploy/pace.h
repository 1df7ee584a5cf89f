// Keeps to at most so many events a second, counted from the first. Thread: one, the caller's; it sleeps, not we.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace moot {

class Pace {
 public:
  explicit Pace(double events_per_second) : rate_(events_per_second) {}  // 0 = no limit

  // Call before each event. Tells how long it is still to be waited: 0 when it is due.
  std::chrono::nanoseconds left() {
    if (rate_ <= 0) return {};
    const auto due = start_ + std::chrono::duration_cast<Steady::duration>(
                                  std::chrono::duration<double>(static_cast<double>(count_++) / rate_));
    return std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(due - Steady::now()));
  }

 private:
  using Steady = std::chrono::steady_clock;
  const double rate_;
  const Steady::time_point start_ = Steady::now();
  std::uint64_t count_ = 0;
};

}  // namespace moot
