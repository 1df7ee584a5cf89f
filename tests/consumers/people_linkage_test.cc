// Who is who among the mentions of a casebook: the usual model, what agencies' references and people's decisions say,
// and epochs.
#include "consumers/linkage/people_linkage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/partition_quality.h"
#include "consumers/linkage/person_values.h"
#include "tests/consumers/case_events.h"
#include "tests/consumers/linkage_people.h"

namespace moot {
namespace {

struct Said {
  std::string key = "", given = "", family = "", born = "", postcode = "", reference = "", phone = "";
};

PersonRecord record_of(const Said& said) {
  PersonRecord record;
  record.key = record.mention = said.key;
  record.source = "/north-police/cad";
  record.reference = said.reference;
  const std::string phone = normal_value(FieldKind::kPhone, said.phone);
  if (!said.reference.empty()) record.values.back() = record.source + "\n" + said.reference;
  const std::map<std::string, std::string> values = {{"given", said.given},
                                                     {"family", said.family},
                                                     {"born", said.born},
                                                     {"postcode", said.postcode},
                                                     {"phone", is_mobile(phone) ? "" : phone},
                                                     {"mobile", is_mobile(phone) ? phone : ""}};
  for (std::size_t f = 0; f < kPersonFields; ++f) {
    const auto found = values.find(person_fields()[f].second);
    if (found != values.end()) record.values[f] = normal_value(person_fields()[f].first, found->second);
  }
  return record;
}

std::vector<PersonRecord> records_of(const std::vector<Said>& all) {
  std::vector<PersonRecord> records;
  for (const Said& said : all) records.push_back(record_of(said));
  return records;
}

Partition people_of(const std::vector<PersonRecord>& records, const std::vector<LinkDecision>& decisions = {}) {
  return PeopleLinkage(records, usual_epoch(test_secret()), test_secret(), decisions).people();
}

std::set<std::set<std::string>> by_key(const std::vector<PersonRecord>& records, const Partition& people) {
  std::set<std::set<std::string>> clusters;
  for (const auto& cluster : people) {
    std::set<std::string> keys;
    for (const std::size_t i : cluster) keys.insert(records[i].key);
    clusters.insert(keys);
  }
  return clusters;
}

TEST(PeopleLinkage, LinksByReferenceAndByANameAndOneThingMore) {
  const std::vector<PersonRecord> records = records_of({
      {"a", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "77"},
      {"b", "", "", "", "", "77"},                               // the same reference
      {"c", "Casey", "Exampleton", "1980-02-29", "OX11 0AA"},    // has moved
      {"d", "Casey", "Exampelton", "1980-02-29", ""},            // a slip of the pen
      {"e", "Casey", "Exampleton", "", ""},                      // a name alone links nobody
      {"f", "Dominic", "Exampleton", "1980-02-29", "OX14 3HX"},  // a twin is not a person
      {"g", "Casey", "Exampleton", "1950-01-02", "OX14 3HX"},    // nor is a parent of the same name
      {"h", "Mateusz", "Madeupski", "", "OX14 3HX"},
      {"i", "Mateusz", "Madeupski", "", "OX14 3HX"},
  });
  EXPECT_EQ(people_of(records), (Partition{{0, 1, 2, 3}, {4}, {5}, {6}, {7, 8}}));
}

// Whoever has the other's name and address, and says no date of birth, is told apart by what is their own: a mobile
// beside the other's. A landline tells nothing.
TEST(PeopleLinkage, TwoOfAHouseholdAreToldApartByTheirMobiles) {
  const std::vector<PersonRecord> nicknamed =
      records_of({{"a", "Robert", "Exampleton", "", "OX14 3HX", "", "07700 900123"},
                  {"b", "Bob", "Exampleton", "", "OX14 3HX", "", "07700 900456"},
                  {"c", "Bob", "Exampleton", "", "OX14 3HX", "", "07700 900123"},
                  {"d", "Bob", "Exampleton", "", "OX14 3HX", "", "01632 960123"}});
  EXPECT_EQ(people_of({nicknamed[0], nicknamed[1]}).size(), 2u);
  EXPECT_EQ(people_of({nicknamed[0], nicknamed[2]}).size(), 1u);
  EXPECT_EQ(people_of({nicknamed[0], nicknamed[3]}).size(), 1u);
}

// Nobody has seen yet whether the system numbers people or calls.
TEST(PeopleLinkage, ANumberForEachCallDoesNotBreakUpACaller) {
  std::vector<Said> calls;
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(i);
    calls.push_back({"call" + number, i % 7 == 0 ? "Cassey" : "Casey", "Exampleton", i % 3 == 0 ? "1980-02-29" : "",
                     i % 4 == 0 ? "" : "OX14 3HX", "C" + number, i % 4 == 0 || i % 2 == 0 ? "07700 900123" : ""});
  }
  EXPECT_EQ(people_of(records_of(calls)).size(), 1u);
}

// Also within one agency: its tenants and its complainants are both counted from 1.
TEST(PeopleLinkage, KeepsAReferenceWithinItsSource) {
  std::vector<PersonRecord> records = records_of({{"a", "", "", "", "", "77"}, {"b", "", "", "", "", "77"}});
  EXPECT_EQ(people_of(records).size(), 1u);
  for (const char* other : {"/north-police/crime", "/north-homes/cad"}) {
    records[1].source = other;
    records[1].values.back() = std::string(other) + "\n77";
    EXPECT_EQ(people_of(records).size(), 2u) << other;
  }
}

std::vector<PersonRecord> made_up(std::uint64_t seed, std::uint32_t households, std::vector<std::uint32_t>& truth,
                                  std::vector<std::uint32_t>& household) {
  std::vector<PersonRecord> records;
  for (const test::MadeUpRecord& made : test::MadeUpPeople(seed).records(households)) {
    const NameParts parts = name_parts(made.cells[0], made.cells[1], "");
    const std::map<std::string, std::string> values = {
        {"given", parts.given},     {"family", parts.family},    {"middle", parts.middle}, {"born", made.cells[2]},
        {"address", made.cells[3]}, {"postcode", made.cells[4]}, {"phone", made.cells[5]}};
    PersonRecord record;
    record.key = record.mention = made.key;
    record.seen = Instant{static_cast<std::int64_t>(text_digest(made.key) % 1000)};
    for (std::size_t f = 0; f < kPersonFields; ++f) {
      const auto found = values.find(person_fields()[f].second);
      if (found != values.end()) record.values[f] = normal_value(person_fields()[f].first, found->second);
    }
    records.push_back(std::move(record));
    truth.push_back(made.person);
    household.push_back(made.household);
  }
  return records;
}

TEST(PeopleLinkage, TheUsualModelIsRightBeforeAnythingIsLearnt) {
  std::vector<std::uint32_t> truth, household;
  const std::vector<PersonRecord> records = made_up(7, 800, truth, household);
  const Partition people = people_of(records);
  std::vector<std::uint32_t> cluster(records.size());
  std::size_t harmed = 0;  // records in a cluster of two true people; all of them are of one household
  for (const auto& one : people) {
    for (const std::size_t i : one) cluster[i] = static_cast<std::uint32_t>(one.front());
    const bool harm = std::any_of(one.begin(), one.end(), [&](std::size_t i) { return truth[i] != truth[one[0]]; });
    if (harm) harmed += one.size();
  }
  // These people have 40 forenames, so that one household in ten has two of one name: far more than any town.
  const PartitionQuality quality = compare_partitions(cluster, truth);
  EXPECT_GE(quality.pairs.precision, .99);
  EXPECT_GE(quality.pairs.recall, .95);
  EXPECT_LE(harmed * 100, records.size());
}

TEST(PeopleLinkage, GivesTheSamePeopleAndIdsInAnyOrder) {
  std::vector<std::uint32_t> truth, household;
  std::vector<PersonRecord> records = made_up(5, 120, truth, household);
  const auto ids = [&](const Partition& people) {
    std::set<std::string> found;
    for (const auto& cluster : people) found.insert(person_id(test_secret(), records, cluster));
    return found;
  };
  const auto wanted = by_key(records, people_of(records));
  const std::set<std::string> wanted_ids = ids(people_of(records));
  std::mt19937 random(20210302);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(records.begin(), records.end(), random);
    const Partition people = people_of(records);
    EXPECT_EQ(by_key(records, people), wanted);
    EXPECT_EQ(ids(people), wanted_ids);
  }
}

TEST(PeopleLinkage, IsWhatItWasOnceARecordIsWithdrawn) {
  std::vector<std::uint32_t> truth, household;
  std::vector<PersonRecord> records = made_up(9, 60, truth, household);
  const auto before = by_key(records, people_of(records));
  PersonRecord bridge = records[0];
  bridge.key = "bridge";
  bridge.values[3].clear();
  records.push_back(bridge);
  EXPECT_NE(by_key(records, people_of(records)), before);
  records.pop_back();
  EXPECT_EQ(by_key(records, people_of(records)), before);
}

TEST(PeopleLinkage, WhatPeopleDecidedWinsAndIsUndoneWhole) {
  const std::vector<PersonRecord> records = records_of({
      {"a", "Casey", "Exampleton", "1980-02-29", "", "77"},
      {"b", "Casey", "Exampleton", "1980-02-29", "OX11 0AA"},
      {"c", "Robin", "Otherwise", "1990-01-01", ""},
      {"d", "", "", "", "", "77"},
  });
  EXPECT_EQ(people_of(records), (Partition{{0, 1, 3}, {2}}));
  const LinkDecision link{true, {0, 2}};
  const LinkDecision unlink{false, {2, 0}};
  EXPECT_EQ(people_of(records, {link}), (Partition{{0, 1, 2, 3}}));
  EXPECT_EQ(people_of(records, {unlink, link}), (Partition{{0, 1, 3}, {2}})) << "the newest first";
  EXPECT_EQ(people_of(records, {link, unlink}), (Partition{{0, 1, 2, 3}}));
  EXPECT_EQ(people_of(records, {{false, {1, 0}}}), (Partition{{0, 3}, {1}, {2}})) << "wins over the model";
  EXPECT_EQ(people_of(records, {{false, {3, 0}}}), (Partition{{0, 1}, {2}, {3}})) << "and over an agency's reference";
  const std::vector<PersonRecord> namesakes =
      records_of({{"a", "Casey", "Exampleton", "1980-02-29"}, {"b", "Casey", "Exampleton", "1980-02-29"}});
  EXPECT_EQ(people_of(namesakes).size(), 1u);
  EXPECT_EQ(people_of(namesakes, {{false, {0, 1}}}).size(), 2u) << "though nothing but a person can tell them apart";
  EXPECT_EQ(people_of(records, {{false, {2, 1}}, {true, {0, 1, 2}}}), (Partition{{0, 1, 3}, {2}}))
      << "a decision that a newer one contradicts has no effect at all";
}

// Three of one reference that say the same are one row; two that people keep apart are rows of their own, and so is the
// third then: no more and no fewer.
TEST(PeopleLinkage, KeepsApartWhatIsSaidInTheSameWordsAndBringsItBackTogether) {
  const std::vector<PersonRecord> same = records_of({{"a", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "77"},
                                                     {"b", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "77"},
                                                     {"c", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "77"}});
  const auto linked = [&](const std::vector<PersonRecord>& records, const std::vector<LinkDecision>& decisions) {
    return PeopleLinkage(records, usual_epoch(test_secret()), test_secret(), decisions);
  };
  const LinkDecision apart{false, {0, 1}, 1};
  EXPECT_EQ(linked(same, {}).table().size(), 1u);
  const PeopleLinkage three = linked(same, {apart});
  EXPECT_EQ(three.table().size(), 3u);
  EXPECT_EQ(three.people().size(), 2u) << "the third is one of the two";
  EXPECT_EQ(three.explain(0, 1).link.decided, std::optional<bool>(false));
  EXPECT_EQ(linked(same, {{true, {0, 1}, 1}, apart}).people().size(), 1u) << "undone by a newer one";
  // Of two no row is left over, that of nobody.
  const std::vector<PersonRecord> two(same.begin(), same.begin() + 2);
  const PeopleLinkage alone = linked(two, {apart});
  EXPECT_EQ(alone.table().size(), 2u);
  EXPECT_EQ(alone.people().size(), 2u);
  for (RecordId row = 0; row < 2; ++row) EXPECT_FALSE(alone.table().key(row).empty());
}

TEST(PeopleLinkage, TheBarsOfAPairSumToItsWeight) {
  std::vector<std::uint32_t> truth, household;
  const std::vector<PersonRecord> records = made_up(3, 40, truth, household);
  const PeopleLinkage linkage(records, usual_epoch(test_secret()), test_secret(), {});
  for (std::size_t i = 1; i < records.size(); ++i) {
    const ExplainedPair explained = linkage.explain(i, i / 2);
    std::int64_t sum = explained.link.prior;
    for (const ExplainedField& field : explained.link.fields) sum += field.weight;
    ASSERT_EQ(sum, explained.link.weight);
    EXPECT_EQ(explained.link.apart.empty(), explained.link.answer == LinkAnswer::kLinked);
  }
}

TEST(PeopleLinkage, AValueThatThousandsShareIsBoundedWorkAndLinksNobody) {
  std::vector<PersonRecord> records;
  for (int i = 0; i < 3000; ++i) {
    PersonRecord record = record_of({"k" + std::to_string(i), "", "", "", "", "", "0800 1111 222"});
    record.values[0] = "name" + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i);
    records.push_back(std::move(record));
  }
  EXPECT_EQ(people_of(records).size(), 3000u);
}

TEST(ModelEpoch, IsReadAsItWasWrittenAndHoldsNoName) {
  std::vector<std::uint32_t> truth, household;
  const std::vector<PersonRecord> records = made_up(4, 300, truth, household);
  const PeopleLinkage linkage(records, usual_epoch(test_secret()), test_secret(), {});
  const Result<ModelEpoch> epoch = estimate_epoch(linkage.table(), test_secret());
  ASSERT_TRUE(epoch.ok());
  const std::string text = epoch_text(*epoch);
  EXPECT_LT(text.size(), 50'000u);
  EXPECT_EQ(text.find("robert"), std::string::npos);
  EXPECT_GT(epoch->values[0].size(), 10u) << "usual forenames";
  const Result<ModelEpoch> read = read_epoch(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(epoch_text(*read), text);
  EXPECT_EQ(read->version, epoch->version);
  EXPECT_EQ(PeopleLinkage(records, *read, test_secret(), {}).people(),
            PeopleLinkage(records, *epoch, test_secret(), {}).people());
  for (const FieldModel& field : epoch->model.fields) {
    EXPECT_LE(field.chance[static_cast<std::size_t>(Level::kDifferent)], 0) << "a difference is no sign of one person";
    EXPECT_LE(field.household[static_cast<std::size_t>(Level::kDifferent)], 0);
  }
  for (const std::string& broken : {text.substr(0, text.size() / 2), std::string("moot-linkage 3\n"), text + "x\n"})
    EXPECT_EQ(read_epoch(broken).status().code(), Code::kInvalid);
  EXPECT_EQ(epoch_text(usual_epoch(test_secret())), epoch_text(*read_epoch(epoch_text(usual_epoch(test_secret())))));
}

void give(PersonRecord& record, const std::string& system, const std::string& reference) {
  record.source = system;
  record.reference = reference;
  record.values.back() = system + "\n" + reference;
}

ModelEpoch epoch_of(const std::vector<PersonRecord>& records) {
  const PeopleLinkage linkage(records, usual_epoch(test_secret()), test_secret(), {});
  return *read_epoch(epoch_text(*estimate_epoch(linkage.table(), test_secret())));
}

// A landlord's register has each tenant once, and a few of them twice. Two of a household of one name, who say no date
// of birth, are told apart by their numbers in it; numbers of two systems tell nothing, and who is twice in it is one.
TEST(ModelEpoch, OfARegisterTellsTwoOfAHouseholdApartByTheirReferences) {
  std::vector<std::uint32_t> truth, household;
  std::vector<PersonRecord> records = made_up(5, 500, truth, household);
  const std::string system = "/north-police/cad";  // that of record_of()
  std::set<std::uint32_t> tenants;
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (tenants.insert(truth[i]).second) give(records[i], system, "T" + std::to_string(truth[i]));
  for (int i = 0; i < 5; ++i) {
    records.push_back(records[static_cast<std::size_t>(i)]);
    records.back().key = records.back().mention = "again" + std::to_string(i);
    give(records.back(), system, "again" + std::to_string(i));
  }
  const ModelEpoch epoch = epoch_of(records);
  const auto people = [&](const Said& a, const Said& b, const std::string& system_of_b) {
    std::vector<PersonRecord> two = records_of({a, b});
    if (!b.reference.empty()) give(two[1], system_of_b, b.reference);
    return PeopleLinkage(two, epoch, test_secret(), {}).people().size();
  };
  const Said a = {"a", "Casey", "Exampleton", "", "OX14 3HX", "77"}, b = {"b", "Casey", "Exampleton", "", "OX14 3HX"};
  const Said c = {"c", "Casey", "Exampleton", "", "OX14 3HX", "78"};
  EXPECT_EQ(people(a, c, system), 2u);
  EXPECT_EQ(people(a, b, system), 1u) << "of whom one has no reference";
  EXPECT_EQ(people(a, c, "/north-homes/tenants"), 1u) << "of another system";
  EXPECT_EQ(people({"a", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "77"},
                   {"b", "Casey", "Exampleton", "1980-02-29", "OX14 3HX", "78"}, system),
            1u)
      << "registered twice";
}

// What it says that two records of one system have different references is learnt of each system: of one that numbers
// people that they are two, of one that numbers calls nothing, and nothing of one that was not met.
TEST(ModelEpoch, AnotherReferenceSaysWhatItSaysInItsSystem) {
  std::vector<std::uint32_t> truth, household;
  std::vector<PersonRecord> records = made_up(5, 300, truth, household);
  for (std::size_t i = 0; i < records.size(); ++i)
    i % 2 == 0 ? give(records[i], "/north-homes/tenants", "P" + std::to_string(truth[i]))
               : give(records[i], "/north-police/calls", "C" + std::to_string(i));
  const PeopleLinkage linkage(records, usual_epoch(test_secret()), test_secret(), {});
  const ModelEpoch epoch = *read_epoch(epoch_text(*estimate_epoch(linkage.table(), test_secret())));
  const auto bar_in = [&](const std::string& system, const ModelEpoch& by) {
    std::vector<PersonRecord> two = records_of({{"a", "Casey", "Exampleton", "", "OX14 3HX", "77", "01632 960123"},
                                                {"b", "Casey", "Exampleton", "", "OX14 3HX", "78", "01632 960123"}});
    give(two[0], system, "77");
    give(two[1], system, "78");
    const PeopleLinkage linked(two, by, test_secret(), {});
    PairLevels levels(linked.table());
    Levels found{};
    const ValueId* a = linked.table().values(0);
    const ValueId* b = linked.table().values(1);
    levels.compare(a, b, found);
    EXPECT_EQ(found[kPersonFields - 1], Level::kDifferent);
    const PairWeight weight = weigh(linked.model(), found, a, b);
    const RivalWeight total = weight_of(linked.model(), found, a, b);
    EXPECT_EQ(weight.total, total.total);
    EXPECT_EQ(total.dated, weight.bars[kPersonFields - 1] <= kAnotherPerson) << "not outvoted where it says who it is";
    return to_bits(weight.bars[kPersonFields - 1]);
  };
  EXPECT_LT(bar_in("/north-homes/tenants", epoch), -4);
  EXPECT_EQ(bar_in("/north-police/calls", epoch), 0);
  EXPECT_EQ(bar_in("/north-health/patients", epoch), 0);
  EXPECT_EQ(bar_in("/north-homes/tenants", usual_epoch(test_secret())), 0);
}

// Its usual values are told by digests of normal ones.
TEST(ModelEpoch, OfAnotherNormalFormIsRefusedWithWhatToDo) {
  std::string text = epoch_text(usual_epoch(test_secret()));
  const std::string form = "normal-form " + std::to_string(kNormalForm);
  ASSERT_NE(text.find(form + "\n"), std::string::npos);
  text.replace(text.find(form), form.size(), "normal-form " + std::to_string(kNormalForm + 1));
  // What a version wrote that compared people in another way is whole, and gave other people.
  std::string older = epoch_text(usual_epoch(test_secret()));
  ASSERT_TRUE(older.starts_with("moot-linkage 3\n"));
  older.replace(0, 15, "moot-linkage 2\n");
  for (const std::string& other :
       {text, older, std::string("moot-linkage 1\nprior 1 household-prior 1 households 1 cap 64\n")}) {
    EXPECT_EQ(read_epoch(other).status().code(), Code::kInvalid);
    EXPECT_NE(read_epoch(other).status().message().find("estimate one anew"), std::string::npos);
  }
}

TEST(ModelEpoch, OfTooFewRecordsIsRefused) {
  const PeopleLinkage linkage(records_of({{"a", "Casey", "Exampleton", "1980-02-29"}}), usual_epoch(test_secret()),
                              test_secret(), {});
  EXPECT_EQ(estimate_epoch(linkage.table(), test_secret()).status().code(), Code::kInvalid);
}

TEST(PersonId, IsThatOfTheEarliestRecordUnderThePartnershipsSecret) {
  std::vector<PersonRecord> records = records_of({{"b", "Casey", "Exampleton"}, {"a", "Casey", "Exampleton"}});
  records[0].seen = Instant{5};
  records[1].seen = Instant{9};
  const std::string id = person_id(test_secret(), records, {0, 1});
  EXPECT_EQ(id, person_id(test_secret(), records, {0}));
  EXPECT_NE(id, person_id(test_secret(), records, {1}));
  EXPECT_NE(id, person_id(Key{}, records, {0, 1}));
  EXPECT_EQ(id.substr(0, 2), "p-");
  EXPECT_EQ(id.size(), 18u);
}

}  // namespace
}  // namespace moot
