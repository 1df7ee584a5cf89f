// Keeps to at most so many events a second, counted from the first. Thread: one, the caller's; sleeps.
#pragma once

#include <chrono>
#include <cstdint>
#include <thread>

namespace moot {

class Pace {
 public:
  explicit Pace(double events_per_second) : rate_(events_per_second) {}  // 0 = no limit

  // Call before each event.
  void wait() {
    if (rate_ <= 0) return;
    std::this_thread::sleep_until(start_ + std::chrono::duration_cast<Steady::duration>(
                                               std::chrono::duration<double>(static_cast<double>(count_++) / rate_)));
  }

 private:
  using Steady = std::chrono::steady_clock;
  const double rate_;
  const Steady::time_point start_ = Steady::now();
  std::uint64_t count_ = 0;
};

}  // namespace moot
