#include "deploy/bench/load.h"

#include <gtest/gtest.h>

#include <thread>

namespace moot::bench {
namespace {

using std::chrono::milliseconds;

// A system in this process: it acknowledges each message at once, but stops for a while before one of them.
class StallingPublishers final : public Publishers {
 public:
  StallingPublishers(std::uint64_t stall_before, milliseconds stall) : stall_before_(stall_before), stall_(stall) {}

  Status send(int publisher, std::uint64_t, int) override {
    waiting_.push_back({publisher, 1});
    most_waiting_ = std::max(most_waiting_, waiting_.size());
    return {};
  }
  Status flush() override { return {}; }
  Status receive(std::chrono::nanoseconds wait, std::vector<Ack>& acks) override {
    if (waiting_.empty()) std::this_thread::sleep_for(wait);
    for (const Ack& ack : waiting_) {
      if (acknowledged_++ == stall_before_) std::this_thread::sleep_for(stall_);
      acks.push_back(ack);
    }
    waiting_.clear();
    return {};
  }
  std::size_t most_waiting() const { return most_waiting_; }

 private:
  const std::uint64_t stall_before_;
  const milliseconds stall_;
  std::vector<Ack> waiting_;
  std::uint64_t acknowledged_ = 0;
  std::size_t most_waiting_ = 0;
};

TEST(Load, ByTheClockWhateverWasDueDuringAStallCountsFromWhenItWasDue) {
  const StopSignal stop;
  StallingPublishers publishers(100, milliseconds(300));
  Load load(publishers, {"paced", 4, 1, 1, 1000}, 0, stop);
  const Result<Load::Part> part = load.run(std::uint64_t{500});
  ASSERT_TRUE(part.ok()) << part.status().message();
  // Of 500 messages the 300 that were due while it stood still had to wait, half of them longer than half of it.
  EXPECT_GT(part->latencies.milliseconds(0.75), 100);
  EXPECT_GE(part->latencies.milliseconds(1), 290);
}

TEST(Load, WithoutAClockSendsNoMoreThanMayBeInFlight) {
  const StopSignal stop;
  StallingPublishers publishers(UINT64_MAX, {});
  Load load(publishers, {"closed", 4, 25, 10, 0}, 7000, stop);
  const Result<Load::Part> part = load.run(std::uint64_t{5000});
  ASSERT_TRUE(part.ok()) << part.status().message();
  EXPECT_EQ(publishers.most_waiting(), 100u);
  EXPECT_EQ(load.acknowledged(), part->events);
  ASSERT_TRUE(load.finish().ok());
  EXPECT_EQ(load.acknowledged(), load.sent());
}

TEST(Load, MoreAcknowledgedThanSentIsAnError) {
  class Liar final : public Publishers {
   public:
    Status send(int, std::uint64_t, int) override { return {}; }
    Status flush() override { return {}; }
    Status receive(std::chrono::nanoseconds, std::vector<Ack>& acks) override {
      acks.push_back({0, 2});
      return {};
    }
  };
  const StopSignal stop;
  Liar liar;
  Load load(liar, {"1x1", 1, 1, 1, 0}, 0, stop);
  EXPECT_FALSE(load.run(std::uint64_t{10}).ok());
}

}  // namespace
}  // namespace moot::bench
