// Linking whole sets of records: how right it is, whatever the order, and bounded whatever the values.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/partition_quality.h"
#include "consumers/linkage/spelling.h"
#include "consumers/linkage/value_counts.h"
#include "deploy/linkage_columns.h"
#include "tests/consumers/linkage_people.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

struct Linked {
  Estimate estimate;
  BlockingPlan plan;
  BatchLinkage linkage;
};

Linked link(const RecordTable& records) {
  Linked linked;
  linked.estimate = estimate_model(records);
  linked.plan = plan_blocking(records, linked.estimate);
  linked.linkage = link_all(records, linked.estimate.model, linked.plan, LinkageRule{});
  return linked;
}

// By key: the key that comes first in the record's cluster.
std::map<std::string, std::string> by_key(const RecordTable& records, const BatchLinkage& linkage) {
  std::map<std::string, std::string> clusters;
  for (RecordId record = 0; record < records.size(); ++record)
    clusters[records.key(record)] = records.key(linkage.cluster[record]);
  return clusters;
}

// Records in a cluster that holds two people of one household.
std::size_t harmed(const std::vector<test::MadeUpRecord>& records, const BatchLinkage& linkage) {
  std::map<RecordId, std::vector<const test::MadeUpRecord*>> clusters;
  for (std::size_t i = 0; i < records.size(); ++i) clusters[linkage.cluster[i]].push_back(&records[i]);
  std::size_t harmed = 0;
  for (const auto& [first, members] : clusters) {
    std::map<std::uint32_t, std::uint32_t> person_of;
    bool harm = false;
    for (const test::MadeUpRecord* one : members)
      harm = harm || person_of.try_emplace(one->household, one->person).first->second != one->person;
    if (harm) harmed += members.size();
  }
  return harmed;
}

TEST(LinkageBatch, HouseholdsAreNotPeople) {
  const std::vector<test::MadeUpRecord> made_up = test::MadeUpPeople(7).records(800);
  const std::unique_ptr<RecordTable> records = test::table_of(made_up);
  const Linked linked = link(*records);
  std::vector<std::uint32_t> truth;
  for (const test::MadeUpRecord& record : made_up) truth.push_back(record.person);
  const PartitionQuality quality = compare_partitions(linked.linkage.cluster, truth);
  EXPECT_TRUE(linked.estimate.model.knows_households);
  EXPECT_GE(quality.pairs.precision, .998);
  EXPECT_GE(quality.pairs.recall, .95);
  EXPECT_LE(harmed(made_up, linked.linkage) * 1000, made_up.size() * 3);
}

TEST(LinkageBatch, TheOrderOfTheRecordsDoesNotMatter) {
  std::vector<test::MadeUpRecord> made_up = test::MadeUpPeople(11).records(250);
  const std::unique_ptr<RecordTable> records = test::table_of(made_up);
  const Linked linked = link(*records);
  const std::map<std::string, std::string> expected = by_key(*records, linked.linkage);
  std::mt19937_64 random(3);
  for (int order = 0; order < 5; ++order) {
    std::shuffle(made_up.begin(), made_up.end(), random);
    const std::unique_ptr<RecordTable> again = test::table_of(made_up);
    const Linked other = link(*again);
    EXPECT_EQ(by_key(*again, other.linkage), expected);
    EXPECT_EQ(other.estimate.model.prior, linked.estimate.model.prior);
    EXPECT_EQ(other.plan.words(*again), linked.plan.words(*records));
  }
}

TEST(LinkageBatch, AFatherAndASonAreTwoHoweverMuchTheyShare) {
  std::vector<test::MadeUpRecord> made_up = test::MadeUpPeople(5).records(200);
  const auto add = [&](const std::string& key, const char* given, const char* born) {
    made_up.push_back({key, 0, 0, {given, "Examplewick", born, "7 Nowhere Gardens", "ZX9 9QQ", "01632 960999"}});
  };
  for (const char* key : {"f1", "f2", "f3"}) add(key, "Robert", "1950-02-03");
  for (const char* key : {"s1", "s2"}) add(key, "Robert", "1981-09-20");
  for (const char* key : {"t1", "t2"}) add(key, "Declan", "2004-05-06");
  for (const char* key : {"u1", "u2"}) add(key, "Niamh", "2004-05-06");
  const std::unique_ptr<RecordTable> records = test::table_of(made_up);
  std::map<std::string, std::string> found = by_key(*records, link(*records).linkage);
  EXPECT_EQ(found["f1"], found["f3"]);
  EXPECT_EQ(found["s1"], found["s2"]);
  EXPECT_NE(found["f1"], found["s1"]);
  EXPECT_EQ(found["t1"], found["t2"]);
  EXPECT_NE(found["t1"], found["u1"]) << "twins";
}

TEST(LinkageBatch, WhatAHouseholdSharesIsNoEvidenceOfOneOfItsPeople) {
  std::vector<test::MadeUpRecord> made_up = test::MadeUpPeople(5).records(200);
  const auto add = [&](const std::string& key, const char* given, const char* born) {
    made_up.push_back({key, 0, 0, {given, "Examplewick", born, "7 Nowhere Gardens", "ZX9 9QQ", "01632 960999"}});
  };
  add("named", "Robert", "1950-02-03");
  add("unnamed", "", "");
  const std::unique_ptr<RecordTable> records = test::table_of(made_up);
  std::map<std::string, std::string> found = by_key(*records, link(*records).linkage);
  EXPECT_NE(found["named"], found["unnamed"]);
}

TEST(LinkageBatch, ManyThreadsFindWhatOneFinds) {
  const std::unique_ptr<RecordTable> records = test::table_of(test::MadeUpPeople(23).records(1500));
  ASSERT_EQ(setenv("MOOT_LINKAGE_THREADS", "1", 1), 0);
  const Linked one = link(*records);
  ASSERT_EQ(setenv("MOOT_LINKAGE_THREADS", "5", 1), 0);
  const Linked many = link(*records);
  ASSERT_EQ(unsetenv("MOOT_LINKAGE_THREADS"), 0);
  EXPECT_EQ(many.estimate.model.prior, one.estimate.model.prior);
  EXPECT_EQ(many.plan.words(*records), one.plan.words(*records));
  EXPECT_EQ(many.linkage.candidates, one.linkage.candidates);
  EXPECT_EQ(many.linkage.recall, one.linkage.recall);
  EXPECT_EQ(many.linkage.cluster, one.linkage.cluster);
  ASSERT_EQ(many.linkage.pairs.size(), one.linkage.pairs.size());
  EXPECT_GT(one.linkage.pairs.size(), 1000U);
  for (std::size_t i = 0; i < one.linkage.pairs.size(); ++i) {
    EXPECT_EQ(many.linkage.pairs[i].a, one.linkage.pairs[i].a);
    EXPECT_EQ(many.linkage.pairs[i].b, one.linkage.pairs[i].b);
    EXPECT_EQ(many.linkage.pairs[i].weight, one.linkage.pairs[i].weight);
  }
}

TEST(LinkageBatch, EveryPairOfEveryBlockIsLookedAtInWhicheverPartItIs) {
  const std::pair<FieldKind, std::string> fields[] = {{FieldKind::kPhone, "phone"}};
  RecordTable records(fields);
  constexpr std::uint64_t kBlocks = 300, kMembers = 40;
  for (std::uint64_t i = 0; i < kBlocks * kMembers; ++i) {
    const std::string value = "1632" + std::to_string(100'000 + i % kBlocks);
    records.add("r" + std::to_string(i), std::span(&value, 1));
  }
  BlockingPlan plan;
  plan.cap = 64;
  plan.keys = {{{{0, Part::kWhole}}}};
  const CandidatePairs candidates(records, plan);
  EXPECT_GT(candidates.parts(), 3U);
  std::uint64_t pairs = 0;
  candidates.for_each([&](RecordId, RecordId) { ++pairs; });
  EXPECT_EQ(pairs, kBlocks * kMembers * (kMembers - 1) / 2);
}

// Smyth inherits from Smith what makes a name usual.
TEST(LinkageBatch, SpellingsOneEditApartAreCountedAsNear) {
  const std::pair<FieldKind, std::string> fields[] = {{FieldKind::kFamily, "family"}};
  RecordTable records(fields);
  std::mt19937_64 random(9);
  for (int i = 0; i < 400; ++i) {
    std::string value;
    for (std::size_t length = 3 + random() % 5; value.size() < length;)
      value.push_back(static_cast<char>('a' + random() % 3));
    records.add("r" + std::to_string(i), std::span(&value, 1));
  }
  const ValueCounts counts = count_values(records, 0);
  const ValueTable& table = records.table(0);
  for (ValueId a = 1; a < table.size(); ++a) {
    std::uint32_t near = counts.exact[a];
    for (ValueId b = 1; b < table.size(); ++b)
      if (a != b && edits_between(table.letters(a), table.letters(b), 1) == 1) near += counts.exact[b];
    EXPECT_EQ(counts.near[a], near) << table.text(a);
  }
}

TEST(LinkageBatch, ReadsEveryRowOfAFileHoweverLongItsRowsAre) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "people.csv";
  {
    std::ofstream out(file);
    out << "id,forename,note\n";
    for (int i = 0; i < 9000; ++i)
      out << i << ",casey" << static_cast<char>('a' + i % 26) << "," << std::string(i < 40 ? 900'000 : 1, 'x') << "\n";
  }
  LinkageColumns columns;
  columns.id = "id";
  columns.ignored = {"note"};
  const Result<LinkageInput> input = read_linkage_input(file, columns);
  ASSERT_TRUE(input.ok()) << input.status().message();
  ASSERT_EQ(input->records->size(), 9000U);
  EXPECT_EQ(input->rows_refused, 0U);
  for (RecordId record = 0; record < 9000; ++record) {
    ASSERT_EQ(input->ids[record], std::to_string(record));
    ASSERT_EQ(input->records->table(0).text(input->records->values(record)[0]),
              std::string("casey") + static_cast<char>('a' + record % 26));
  }
}

TEST(LinkageBatch, ARecordOfWhichTheTruthIsNotKnownIsOneWithNoOther) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "half.csv";
  std::ofstream(file) << "id,family,truth\n1,exampleton,a\n2,exampleton,a\n3,otherwise,\n4,inventedname,\n5,nowhere,\n";
  LinkageColumns columns;
  columns.id = "id";
  columns.cluster = "truth";
  const Result<LinkageInput> input = read_linkage_input(file, columns);
  ASSERT_TRUE(input.ok()) << input.status().message();
  const std::set<std::uint32_t> entities(input->truth.begin(), input->truth.end());
  EXPECT_EQ(entities.size(), 4u);
  EXPECT_EQ(input->truth[0], input->truth[1]);
}

TEST(LinkageBatch, AValueThatAllShareIsBoundedWorkAndSaidSo) {
  const std::pair<FieldKind, std::string> fields[] = {{FieldKind::kFamily, "family"}, {FieldKind::kPhone, "phone"}};
  RecordTable records(fields);
  for (int i = 0; i < 30'000; ++i) {
    const std::string values[] = {"example", "1632960000"};
    records.add("r" + std::to_string(i), values);
  }
  const Linked linked = link(records);
  EXPECT_LT(linked.linkage.candidates, 30'000U * 24 * 32);
  for (const BlockingKey& key : linked.plan.keys) EXPECT_FALSE(key.parts.empty());
  EXPECT_FALSE(linked.plan.keys.empty());
  EXPECT_GT(linked.linkage.blocks_left_out, 0U);
  EXPECT_EQ(linked.linkage.largest_block, 30'000U);
}

TEST(LinkageBatch, NoRecordsAndOneRecordAreNoPairs) {
  const std::pair<FieldKind, std::string> fields[] = {{FieldKind::kGiven, "given"}, {FieldKind::kFamily, "family"}};
  RecordTable records(fields);
  EXPECT_TRUE(link(records).linkage.cluster.empty());
  const std::string values[] = {"casey", "example"};
  records.add("one", values);
  EXPECT_EQ(link(records).linkage.cluster, std::vector<RecordId>{0});
}

// "Mullins JOAN" at Joan Mullins's address is she, whoever else lives there: nobody is called by the family's name.
TEST(LinkageBatch, NamesTheOtherWayRoundAreNoOtherMemberOfTheHousehold) {
  constexpr auto kCrossedAt = static_cast<std::size_t>(Level::kCrossed);
  Chances strangers{};
  strangers[kCrossedAt] = 1e-4;
  const double one_person = usual_chances(FieldKind::kGiven)[kCrossedAt];
  EXPECT_GE(one_person, 8 * household_chances(FieldKind::kGiven, strangers)[kCrossedAt]);
}

// "Exampleton Robin" beside "Casey Exampleton": the family's name stands in both, and the forenames are two.
TEST(LinkageBatch, OneNameInTheOthersPlaceIsTheSurname) {
  const std::pair<FieldKind, std::string> fields[] = {{FieldKind::kGiven, "given"}, {FieldKind::kFamily, "family"}};
  RecordTable records(fields);
  const auto add = [&](const char* given, const char* family) {
    const std::string names[] = {given, family};
    return records.add(std::to_string(records.size()), names);
  };
  const RecordId casey = add("casey", "exampleton");
  const RecordId robin = add("exampleton", "robin");
  const RecordId swapped = add("exampleton", "casey");
  PairLevels levels(records);
  for (const auto& [a, b] : {std::pair(casey, robin), std::pair(robin, casey)}) {
    Levels found{};
    levels.compare(records.values(a), records.values(b), found);
    EXPECT_EQ(found[0], Level::kDifferent);
    EXPECT_EQ(found[1], Level::kCrossed);
  }
  Levels found{};
  levels.compare(records.values(casey), records.values(swapped), found);
  EXPECT_EQ(found[0], Level::kCrossed);
  EXPECT_EQ(found[1], Level::kCrossed);
}

// Every bar of every pair together is its weight, to the last bit.
TEST(LinkageBatch, TheBarsOfAPairSumToItsWeight) {
  const std::unique_ptr<RecordTable> records = test::table_of(test::MadeUpPeople(2).records(60));
  const Linked linked = link(*records);
  PairLevels levels(*records);
  Levels found{};
  for (const WeighedPair& pair : linked.linkage.pairs) {
    levels.compare(records->values(pair.a), records->values(pair.b), found);
    const PairWeight whole = weigh(linked.estimate.model, found, records->values(pair.a), records->values(pair.b));
    std::int64_t sum = whole.prior;
    for (const Weight bar : whole.bars) sum += bar;
    EXPECT_EQ(sum, whole.total);
    const RivalWeight total = weight_of(linked.estimate.model, found, records->values(pair.a), records->values(pair.b));
    EXPECT_EQ(total.total, whole.total);
    EXPECT_EQ(total.household, whole.against_household);
    EXPECT_EQ(bounded(total, LinkageRule{}).weight, pair.weight);
    EXPECT_EQ(total.dated, pair.dated);
  }
}

struct PublicFile {
  const char* title;
  const char* name;
  const char* id;
  const char* cluster;
  const char* ignored;
  double f1_min;
  double b_cubed_min;
};

// The public files, with everything by default; found through MOOT_SHARED.
class LinkagePublicData : public testing::TestWithParam<PublicFile> {};

TEST_P(LinkagePublicData, IsLinkedAsWellAsPromised) {
  const char* shared = std::getenv("MOOT_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "MOOT_SHARED is not set";
  const PublicFile& file = GetParam();
  LinkageColumns columns;
  columns.id = file.id;
  columns.cluster = file.cluster;
  if (*file.ignored != '\0') columns.ignored = {file.ignored};
  Result<LinkageInput> input =
      read_linkage_input(std::filesystem::path(shared) / "data" / "linkage" / file.name, columns);
  ASSERT_TRUE(input.ok()) << input.status().message();
  std::map<std::string, std::uint32_t> people;  // FEBRL: "rec-223-org" and "rec-223-dup-0" are one
  for (std::size_t i = 0; i < input->ids.size() && *file.cluster == '\0'; ++i) {
    const std::string person = input->ids[i].substr(0, input->ids[i].find('-', 4));
    input->truth.push_back(people.try_emplace(person, static_cast<std::uint32_t>(people.size())).first->second);
  }
  const PartitionQuality quality = compare_partitions(link(*input->records).linkage.cluster, input->truth);
  EXPECT_GE(quality.pairs.f1(), file.f1_min);
  EXPECT_GE(quality.b_cubed.f1(), file.b_cubed_min);
}

INSTANTIATE_TEST_SUITE_P(All, LinkagePublicData,
                         testing::Values(PublicFile{"Febrl1", "febrl1.csv", "rec_id", "", "soc_sec_id", .999, .999},
                                         PublicFile{"Febrl2", "febrl2.csv", "rec_id", "", "soc_sec_id", .999, .999},
                                         PublicFile{"Febrl3", "febrl3.csv", "rec_id", "", "soc_sec_id", .9994, .999},
                                         PublicFile{"Febrl3WithItsNumber", "febrl3.csv", "rec_id", "", "", .9996, .999},
                                         PublicFile{"Fake1000", "fake_1000.csv", "unique_id", "cluster", "", .95, .95},
                                         PublicFile{"Historical", "historical_50k_dev_half.csv", "unique_id", "cluster",
                                                    "", .93, .94}),
                         [](const auto& test) { return std::string(test.param.title); });

}  // namespace
}  // namespace moot
