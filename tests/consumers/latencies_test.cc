#include "deploy/bench/latencies.h"

#include <gtest/gtest.h>

namespace moot::bench {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr double kBucket = 0.016;  // as latencies.h promises

TEST(Latencies, OfAThousandTheMiddleAndTheSlowestOfAHundredAreFound) {
  Latencies latencies;
  for (std::int64_t i = 1; i <= 1000; ++i) latencies.add(i * kMillisecond);
  EXPECT_EQ(latencies.count(), 1000u);
  EXPECT_NEAR(latencies.milliseconds(0.5), 500, 500 * kBucket);
  EXPECT_NEAR(latencies.milliseconds(0.99), 990, 990 * kBucket);
  EXPECT_NEAR(latencies.milliseconds(1), 1000, 1000 * kBucket);
  EXPECT_NEAR(latencies.milliseconds(0), 1, kBucket);
}

TEST(Latencies, OneSlowOfAThousandIsNotAmongTheNinetyNineInAHundred) {
  Latencies latencies;
  latencies.add(kMillisecond, 999);
  latencies.add(1000 * kMillisecond);
  EXPECT_NEAR(latencies.milliseconds(0.99), 1, kBucket);
  EXPECT_NEAR(latencies.milliseconds(0.9995), 1000, 1000 * kBucket);
}

TEST(Latencies, WhatIsAddedTogetherCountsAsIfMeasuredOnce) {
  Latencies fast, slow;
  fast.add(2 * kMillisecond, 50);
  slow.add(200 * kMillisecond, 50);
  fast.add(slow);
  EXPECT_EQ(fast.count(), 100u);
  EXPECT_NEAR(fast.milliseconds(0.5), 2, 2 * kBucket);
  EXPECT_NEAR(fast.milliseconds(0.51), 200, 200 * kBucket);
}

TEST(Latencies, TheSmallestAndTheLargestHaveABucketToo) {
  Latencies latencies;
  EXPECT_EQ(latencies.milliseconds(0.5), 0);
  latencies.add(-1);
  latencies.add(0);
  EXPECT_EQ(latencies.milliseconds(1), 0);
  latencies.add(INT64_MAX);
  EXPECT_NEAR(latencies.milliseconds(1), 9.22e12, 9.22e12 * kBucket);
}

}  // namespace
}  // namespace moot::bench
