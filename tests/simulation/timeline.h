// Virtual time: what is to happen, and when. Nothing waits; running it goes from one thing to the next.
// Thread: one; so it is with all of this folder.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <utility>

#include "broker/core/instant.h"

namespace moot::simulation {

using Span = std::chrono::microseconds;
using Moment = std::chrono::steady_clock::time_point;

class Timeline final : public Clock {
 public:
  // The wall clock's start; moments count from an hour after the steady clock's.
  explicit Timeline(Instant start) : start_(start) {}

  // Things due at the same time happen in the order they were asked for.
  void after(Span delay, std::function<void()> thing) { things_.emplace(passed_ + delay, std::move(thing)); }
  // False when nothing is left to happen, or only after `end`.
  bool step(Span end) {
    if (things_.empty() || things_.begin()->first > end) return false;
    auto next = things_.extract(things_.begin());
    passed_ = next.key();
    next.mapped()();
    return true;
  }
  Span passed() const { return passed_; }
  Moment moment() const { return Moment(std::chrono::hours(1)) + passed_; }
  Instant now() const override { return Instant{start_.us + passed_.count()}; }

 private:
  const Instant start_;
  Span passed_{0};
  std::multimap<Span, std::function<void()>> things_;
};

}  // namespace moot::simulation
