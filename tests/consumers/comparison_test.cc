#include "deploy/bench/comparison.h"

#include <gtest/gtest.h>

#include <cmath>

namespace moot::bench {
namespace {

Measurement of(const std::string& system, const std::string& shape, int repetition, double rate) {
  Measurement m;
  m.system = system;
  m.shape = shape;
  m.repetition = repetition;
  m.rate = rate;
  return m;
}

TEST(Comparison, ARatioIsTheMedianOfThoseWithinARepetition) {
  // The machine was thrice as fast in the second repetition, and "a" could not be measured in the third.
  const std::vector<Measurement> measurements = {
      of("a", "1x1", 0, 200), of("b", "1x1", 0, 100), of("a", "1x1", 1, 300),  of("b", "1x1", 1, 300),
      of("b", "1x1", 2, 50),  of("a", "64x1", 0, 1),  of("b", "64x1", 0, 1000)};
  const Comparison shape(measurements, "1x1");
  EXPECT_EQ(shape.ratio("a", "b", rate_of), 1.5);
  EXPECT_EQ(shape.middle("a", rate_of), 250);
  EXPECT_EQ(shape.values("b", rate_of).size(), 3u);
}

TEST(Comparison, WhatWasNotMeasuredIsNoNumber) {
  const std::vector<Measurement> measurements = {of("a", "1x1", 0, 200), of("b", "1x1", 1, 100)};
  const Comparison shape(measurements, "1x1");
  EXPECT_TRUE(std::isnan(shape.ratio("a", "b", rate_of)));  // never in the same repetition
  EXPECT_TRUE(std::isnan(shape.middle("c", rate_of)));
}

TEST(Comparison, TheMedianOfAnEvenNumberLiesBetweenTheMiddleTwo) { EXPECT_EQ(median({4, 1, 3, 2}), 2.5); }

}  // namespace
}  // namespace moot::bench
