// Clusters out of weighed pairs, and the measures that partitions are compared by.
#include <gtest/gtest.h>

#include <algorithm>

#include "consumers/linkage/average_linkage.h"
#include "consumers/linkage/partition_quality.h"

namespace moot {
namespace {

WeighedPair pair(RecordId a, RecordId b, double bits) { return {a, b, to_weight(bits)}; }

std::vector<std::uint32_t> clusters(std::size_t members, std::vector<WeighedPair> pairs,
                                    const WeightOfAbsent& absent = nullptr, std::vector<DecidedPair> decided = {}) {
  return cluster_by_average(members, pairs, decided, LinkageRule{}, absent);
}

TEST(AverageLinkage, JoinsWhatAgrees) {
  EXPECT_EQ(clusters(4, {pair(0, 1, 5), pair(2, 3, 5)}), (std::vector<std::uint32_t>{0, 0, 2, 2}));
  EXPECT_EQ(clusters(3, {}), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(clusters(2, {pair(0, 1, -1)}), (std::vector<std::uint32_t>{0, 1}));
}

TEST(AverageLinkage, AChainOfGoodPairsIsNotOnePerson) {
  std::vector<WeighedPair> chain;
  for (RecordId i = 0; i + 1 < 20; ++i) chain.push_back(pair(i, i + 1, 6));
  const std::vector<std::uint32_t> found = clusters(20, chain);
  for (const std::uint32_t first : found) EXPECT_LE(std::count(found.begin(), found.end(), first), 4);
}

TEST(AverageLinkage, APairThatWasNotACandidateIsLookedUp) {
  const std::vector<WeighedPair> pairs = {pair(0, 1, 8), pair(1, 2, 2)};
  const auto agrees = [](std::uint32_t, std::uint32_t) { return Agreement{to_weight(4)}; };
  const auto differs = [](std::uint32_t, std::uint32_t) { return Agreement{to_weight(-9)}; };
  EXPECT_EQ(clusters(3, pairs, agrees), (std::vector<std::uint32_t>{0, 0, 0}));
  EXPECT_EQ(clusters(3, pairs, differs), (std::vector<std::uint32_t>{0, 0, 2}));
}

// Father and son of one name: six records that do not say when they were born agree with both.
TEST(AverageLinkage, RecordsThatSayWhenSomebodyWasBornAreNotOutvotedByThoseThatDoNot) {
  const std::uint32_t father = 0, son = 7;
  std::vector<WeighedPair> pairs;
  for (RecordId a = 0; a < 8; ++a)
    for (RecordId b = a + 1; b < 8; ++b)
      pairs.push_back(a == father && b == son ? WeighedPair{a, b, to_weight(-2), true} : pair(a, b, 9));
  const std::vector<std::uint32_t> found = clusters(8, pairs);
  EXPECT_NE(found[father], found[son]);
  pairs[son - 1].dated = false;  // nothing but a gap: the others decide
  EXPECT_EQ(clusters(8, pairs), std::vector<std::uint32_t>(8, 0));
}

TEST(AverageLinkage, TheOrderOfThePairsDoesNotMatter) {
  std::vector<WeighedPair> pairs;
  for (RecordId a = 0; a < 30; ++a)
    for (RecordId b = a + 1; b < 30; ++b)
      if ((a * 7 + b * 13) % 5 == 0) pairs.push_back(pair(a, b, static_cast<double>((a * 31 + b * 17) % 9) - 3));
  const std::vector<std::uint32_t> found = clusters(30, pairs);
  std::reverse(pairs.begin(), pairs.end());
  EXPECT_EQ(clusters(30, pairs), found);
}

TEST(AverageLinkage, WhoeverGoesWithTwoDifferentPeopleOfAHouseholdGoesWithNeither) {
  // 0 is the father, 2 the son of his name, 1 has no date of birth.
  EXPECT_EQ(clusters(3, {pair(0, 1, 3), pair(1, 2, 2.5), pair(0, 2, -9)}), (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(clusters(3, {pair(0, 1, 9), pair(1, 2, 1), pair(0, 2, -9)}), (std::vector<std::uint32_t>{0, 0, 2}));
}

TEST(AverageLinkage, WhatAPersonDecidedWinsOverAnyWeight) {
  const std::vector<WeighedPair> pairs = {pair(0, 1, 20), pair(1, 2, 10), pair(0, 2, 20), pair(2, 3, -9)};
  EXPECT_EQ(clusters(4, pairs, nullptr, {{0, 2, false}}), (std::vector<std::uint32_t>{0, 0, 2, 3}));
  EXPECT_EQ(clusters(4, pairs, nullptr, {{2, 3, true}}), (std::vector<std::uint32_t>{0, 0, 0, 0}));
  EXPECT_EQ(clusters(3, {}, nullptr, {{0, 1, true}, {1, 2, true}, {0, 2, false}}),
            (std::vector<std::uint32_t>{0, 0, 0}))
      << "of decisions that contradict each other those that link win";
}

TEST(PartitionQuality, CountsPairsAndRecords) {
  const std::vector<std::uint32_t> truth = {1, 1, 1, 2, 2, 3};
  const std::vector<std::uint32_t> found = {1, 1, 2, 2, 2, 3};
  const PartitionQuality quality = compare_partitions(found, truth);
  EXPECT_EQ(quality.true_pairs, 4U);
  EXPECT_EQ(quality.found_pairs, 4U);
  EXPECT_EQ(quality.right_pairs, 2U);
  EXPECT_DOUBLE_EQ(quality.pairs.f1(), .5);
  EXPECT_NEAR(quality.b_cubed.precision, (2 + 1.0 / 3 + 4.0 / 3 + 1) / 6, 1e-12);
  EXPECT_NEAR(quality.b_cubed.recall, (4.0 / 3 + 1.0 / 3 + 2 + 1) / 6, 1e-12);
}

TEST(PartitionQuality, NothingToFindIsFoundWhole) {
  const std::vector<std::uint32_t> apart = {1, 2, 3};
  const PartitionQuality quality = compare_partitions(apart, apart);
  EXPECT_DOUBLE_EQ(quality.pairs.f1(), 1);
  EXPECT_DOUBLE_EQ(quality.b_cubed.f1(), 1);
}

}  // namespace
}  // namespace moot
