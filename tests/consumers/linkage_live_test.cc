// Streaming linkage finds the people that batch finds, in any order, and undoes what is withdrawn.
#include <gtest/gtest.h>

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/live_linkage.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

using Clusters = std::map<std::string, std::string>;

struct Epoch {
  std::vector<test::MadeUpRecord> made_up;
  std::unique_ptr<RecordTable> records;
  Estimate estimate;
  BlockingPlan plan;

  explicit Epoch(std::uint64_t seed, std::uint32_t households = 120)
      : made_up(test::MadeUpPeople(seed).records(households)) {
    records = test::table_of(made_up);
    estimate = estimate_model(*records);
    plan = plan_blocking(*records, estimate);
  }

  Clusters in_batch(const std::vector<test::MadeUpRecord>& some, std::span<const DecidedPair> decided = {}) const {
    const std::unique_ptr<RecordTable> table = test::table_of(some);
    const LinkModel model = model_for(estimate.model, *records, *table);
    const BatchLinkage linkage = link_all(*table, model, plan, LinkageRule{}, decided);
    Clusters clusters;
    for (RecordId i = 0; i < table->size(); ++i) clusters[table->key(i)] = table->key(linkage.cluster[i]);
    return clusters;
  }

  LiveLinkage live() const { return LiveLinkage(*records, estimate.model, plan, LinkageRule{}); }
};

void insert(LiveLinkage& live, const test::MadeUpRecord& record) {
  static constexpr FieldKind kKinds[] = {FieldKind::kGiven,   FieldKind::kFamily,   FieldKind::kBorn,
                                         FieldKind::kAddress, FieldKind::kPostcode, FieldKind::kPhone};
  std::vector<std::string> values;
  for (std::size_t f = 0; f < record.cells.size(); ++f) values.push_back(normal_value(kKinds[f], record.cells[f]));
  live.insert(record.key, values);
}

TEST(LiveLinkage, FindsThePeopleOfTheBatchInAnyOrder) {
  Epoch epoch(21);
  const Clusters expected = epoch.in_batch(epoch.made_up);
  std::mt19937_64 random(1);
  for (int order = 0; order < 5; ++order) {
    std::shuffle(epoch.made_up.begin(), epoch.made_up.end(), random);
    LiveLinkage live = epoch.live();
    for (const test::MadeUpRecord& record : epoch.made_up) insert(live, record);
    EXPECT_EQ(live.partition(), expected);
  }
}

TEST(LiveLinkage, BlocksThatGrowOverTheCapAndShrinkAgainAreAsInBatch) {
  Epoch epoch(22);
  epoch.plan.cap = 3;
  LiveLinkage live = epoch.live();
  for (const test::MadeUpRecord& record : epoch.made_up) insert(live, record);
  EXPECT_EQ(live.partition(), epoch.in_batch(epoch.made_up));
  std::vector<test::MadeUpRecord> left;
  for (std::size_t i = 0; i < epoch.made_up.size(); ++i)
    i % 3 == 0 ? live.withdraw(epoch.made_up[i].key) : left.push_back(epoch.made_up[i]);
  EXPECT_EQ(live.partition(), epoch.in_batch(left));
}

TEST(LiveLinkage, ARecordInsertedAndWithdrawnLeavesEverythingAsItWas) {
  Epoch epoch(23, 60);
  LiveLinkage live = epoch.live();
  const std::size_t most = epoch.made_up.size() - 20;
  for (std::size_t i = 0; i < most; ++i) insert(live, epoch.made_up[i]);
  const Clusters before = live.partition();
  for (std::size_t i = most; i < epoch.made_up.size(); ++i) {
    insert(live, epoch.made_up[i]);
    live.withdraw(epoch.made_up[i].key);
    ASSERT_EQ(live.partition(), before);
  }
  live.withdraw("nobody");
  EXPECT_EQ(live.partition(), before);
}

TEST(LiveLinkage, ARecordThatChangesIsTheChangedOne) {
  Epoch epoch(24, 60);
  LiveLinkage live = epoch.live();
  std::vector<test::MadeUpRecord> changed = epoch.made_up;
  for (std::size_t i = 0; i + 1 < changed.size(); i += 5) changed[i].cells = changed[i + 1].cells;
  for (const test::MadeUpRecord& record : epoch.made_up) insert(live, record);
  for (const test::MadeUpRecord& record : changed) insert(live, record);
  EXPECT_EQ(live.size(), changed.size());
  EXPECT_EQ(live.partition(), epoch.in_batch(changed));
}

TEST(LiveLinkage, WhatAPersonDecidedWinsAndCanBeTakenBack) {
  Epoch epoch(25, 60);
  LiveLinkage live = epoch.live();
  for (const test::MadeUpRecord& record : epoch.made_up) insert(live, record);
  const Clusters before = live.partition();
  // One record split from its person, and joined to a stranger.
  const auto linked =
      std::find_if(before.begin(), before.end(), [](const auto& one) { return one.first != one.second; });
  ASSERT_NE(linked, before.end());
  live.decide(linked->first, linked->second, false);
  EXPECT_NE(live.cluster_of(linked->first), live.cluster_of(linked->second));
  const auto stranger =
      std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.second != linked->second; });
  live.decide(linked->first, stranger->first, true);
  EXPECT_EQ(live.cluster_of(linked->first), live.cluster_of(stranger->first));

  std::vector<DecidedPair> decided;
  const auto number = [&](const std::string& key) {
    return static_cast<RecordId>(
        std::find_if(epoch.made_up.begin(), epoch.made_up.end(), [&](const auto& r) { return r.key == key; }) -
        epoch.made_up.begin());
  };
  decided.push_back({number(linked->first), number(linked->second), false});
  decided.push_back({number(linked->first), number(stranger->first), true});
  EXPECT_EQ(live.partition(), epoch.in_batch(epoch.made_up, decided));

  live.decide(linked->first, stranger->first, std::nullopt);
  live.decide(linked->first, linked->second, std::nullopt);
  EXPECT_EQ(live.partition(), before);
}

TEST(LiveLinkage, AChangeTouchesItsOwnComponentsOnly) {
  Epoch epoch(26);
  LiveLinkage live = epoch.live();
  for (const test::MadeUpRecord& record : epoch.made_up) insert(live, record);
  std::size_t touched = 0;
  for (const test::MadeUpRecord& record : epoch.made_up) {
    insert(live, record);
    touched += live.touched();
  }
  EXPECT_LT(touched, epoch.made_up.size() * 60);
}

}  // namespace
}  // namespace moot
