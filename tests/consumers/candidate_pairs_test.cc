// Which pairs are looked at, and that records brought together for it weigh what they weigh where they stand.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "consumers/linkage/candidate_pairs.h"
#include "consumers/linkage/component.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

using Pairs = std::set<std::pair<RecordId, RecordId>>;

// Some fields of a few values each, gaps among them, and one that stands in `usual` of the records.
RecordTable random_records(std::uint64_t seed, std::size_t fields, std::size_t size, std::size_t usual) {
  const std::vector<std::pair<FieldKind, std::string>> kinds(fields, {FieldKind::kReference, "reference"});
  RecordTable records(kinds);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<std::string> values(fields);
    for (std::size_t f = 0; f < fields; ++f)
      if (random() % 4 != 0) values[f] = std::to_string(f) + "v" + std::to_string(random() % (size / 6));
    if (i < usual) values[fields - 1] = "usual";
    records.add("r" + std::to_string(i), values);
  }
  return records;
}

BlockingPlan plan_of(std::size_t fields, std::uint32_t cap) {
  BlockingPlan plan;
  plan.cap = cap;
  for (std::size_t f = 0; f < fields; ++f) plan.keys.push_back({{{f, Part::kWhole}}});
  return plan;
}

Pairs expected(const RecordTable& records, const BlockingPlan& plan) {
  Pairs pairs;
  for (std::size_t f = 0; f < plan.keys.size(); ++f) {
    std::map<ValueId, std::vector<RecordId>> blocks;
    for (RecordId record = 0; record < records.size(); ++record)
      if (const ValueId value = records.values(record)[f]; value != 0) blocks[value].push_back(record);
    for (const auto& [value, block] : blocks)
      for (std::size_t i = 0; i < block.size() && block.size() <= plan.cap; ++i)
        for (std::size_t j = 0; j < i; ++j) pairs.emplace(block[j], block[i]);
  }
  return pairs;
}

// Whatever the number of keys: they are told apart four at a time.
TEST(CandidatePairs, EachPairOfABlockComesOnce) {
  for (std::size_t fields = 1; fields <= 9; ++fields) {
    const RecordTable records = random_records(fields, fields, 400, 150);
    const BlockingPlan plan = plan_of(fields, fields % 2 == 0 ? 200 : 64);  // the usual value's block in, and left out
    const CandidatePairs candidates(records, plan);
    const Pairs wanted = expected(records, plan);
    Pairs found;
    candidates.for_each([&](RecordId a, RecordId b) {
      EXPECT_TRUE(found.emplace(std::min(a, b), std::max(a, b)).second) << a << " and " << b;
    });
    EXPECT_EQ(found, wanted) << fields;
    for (RecordId a = 1; a < records.size(); ++a)
      for (RecordId b = 0; b < a; ++b)
        EXPECT_EQ(candidates.are_candidates(a, b), wanted.contains({b, a})) << a << " and " << b;
    EXPECT_EQ(candidates.blocks_left_out(), fields % 2) << fields;
  }
}

TEST(CandidatePairs, ABatchIsBoundedHoweverLargeItsBlock) {
  const RecordTable records = random_records(3, 2, 1000, 700);
  const BlockingPlan plan = plan_of(2, 900);
  const CandidatePairs candidates(records, plan);
  std::size_t pairs = 0;
  std::size_t most = 0;
  for (std::size_t part = 0; part < candidates.parts(); ++part)
    candidates.for_each_batch(part, [&](const PairBatch& batch) {
      pairs += batch.pairs.size();
      most = std::max(most, batch.pairs.size());
      EXPECT_EQ(Pairs(batch.pairs.begin(), batch.pairs.end()).size(), batch.pairs.size());
    });
  EXPECT_EQ(pairs, expected(records, plan).size());
  EXPECT_GT(pairs, 200'000U);
  EXPECT_LE(most, 4096U);
}

TEST(GatheredRecords, WeighWhatTheyWeighWhereTheyStand) {
  const std::unique_ptr<RecordTable> records = test::table_of(test::MadeUpPeople(8).records(150));
  const Estimate estimate = estimate_model(*records);
  const CandidatePairs candidates(*records, plan_blocking(*records, estimate));
  ComponentClustering clustering(*records, estimate.model, LinkageRule{});
  GatheredRecords gathered(*records, estimate.model);
  PairLevels levels(*records);
  std::size_t crossed = 0;
  std::size_t pairs = 0;
  for (std::size_t part = 0; part < candidates.parts(); ++part)
    candidates.for_each_batch(part, [&](const PairBatch& batch) {
      gathered.gather(batch.records);
      for (const auto& [a, b] : batch.pairs) {
        Levels there{}, here{};
        levels.compare(records->values(batch.records[a]), records->values(batch.records[b]), there);
        levels.compare(gathered.row(a), gathered.row(b), here);
        EXPECT_EQ(here, there);
        crossed += here[0] == Level::kCrossed;
        const Agreement together = clustering.agreement(gathered.row(a), gathered.row(b));
        const Agreement apart = clustering.agreement(batch.records[a], batch.records[b]);
        EXPECT_EQ(together.weight, apart.weight);
        EXPECT_EQ(together.dated, apart.dated);
        ++pairs;
      }
    });
  EXPECT_GT(pairs, 1000U);
  EXPECT_GT(crossed, 0U);
}

}  // namespace
}  // namespace moot
