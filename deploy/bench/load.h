// Publishers at work in one shape: sends, waits for acks, takes the times.
//
// A closed shape sends the next message when one is acknowledged, and a time counts from the sending. A shape with a
// rate sends by the clock, and a time counts from when the message was due, so that a system that stalls pays for what
// had to wait (no coordinated omission).
// Thread: one, its owner's.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "deploy/bench/latencies.h"
#include "deploy/bench/system.h"
#include "deploy/stop_signal.h"

namespace moot::bench {

class Load {
 public:
  // Events are numbered from `first` on. `stop`: somebody asked the bench to end.
  Load(Publishers& publishers, const Shape& shape, std::uint64_t first, const StopSignal& stop);

  struct Part {
    std::uint64_t events = 0;  // acknowledged within it
    double seconds = 0;
    Latencies latencies;  // of those
    double events_per_second() const { return seconds > 0 ? static_cast<double>(events) / seconds : 0; }
  };
  // Goes on for so long, or until so many more events are acknowledged.
  Result<Part> run(std::chrono::nanoseconds time);
  Result<Part> run(std::uint64_t events);
  // Sends nothing more, and returns when everything is acknowledged.
  Status finish();

  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t sent() const { return next_ - first_; }

 private:
  using Clock = std::chrono::steady_clock;
  Result<Part> run_until(Clock::time_point end, std::uint64_t events);
  Status send_what_is_due();
  Status send(int publisher, Clock::time_point counts_from);
  Status receive(Clock::time_point until, Part& part);

  Publishers& publishers_;
  const Shape shape_;
  const StopSignal& stop_;
  const std::uint64_t first_;
  std::uint64_t next_;
  std::uint64_t acknowledged_ = 0;
  bool sending_ = true;
  std::vector<std::deque<Clock::time_point>> in_flight_;  // of each publisher, oldest first: when its time began
  std::vector<Ack> acks_;
  Clock::time_point started_;
  std::uint64_t due_ = 0;  // messages sent by the clock
};

}  // namespace moot::bench
