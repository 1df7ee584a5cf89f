// The small stores beside the log: keys, registry, key files; and who may do what.
#include <gtest/gtest.h>

#include <fstream>

#include "broker/access/curve_key.h"
#include "broker/access/entitlement.h"
#include "broker/access/registry.h"
#include "broker/access/roles.h"
#include "broker/core/whole_file.h"
#include "broker/data_folder.h"
#include "broker/log/key_store.h"
#include "broker/wire/key_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

AgencyId agency(const std::string& id) { return *AgencyId::parse(id); }

const Key kEpoch = random_key();

TEST(KeyStore, GivesTheSameKeyForTheSameNumberForEver) {
  TemporaryFolder folder;
  Key first, far;
  {
    KeyStore keys = *KeyStore::open(folder.path(), kEpoch);
    first = *keys.make(0);
    far = *keys.make(KeyStore::kKeysPerFile * 3 + 5);
  }
  KeyStore keys = *KeyStore::open(folder.path(), kEpoch);
  EXPECT_EQ(*keys.find(0), first);
  EXPECT_EQ(*keys.make(KeyStore::kKeysPerFile * 3 + 5), far);
  EXPECT_NE(*keys.find(1), first);
}

TEST(KeyStore, AKeyThatIsGoneIsMissing) {
  TemporaryFolder folder;
  KeyStore keys = *KeyStore::open(folder.path(), kEpoch);
  EXPECT_EQ(keys.find(7).status().code(), Code::kMissing);
  ASSERT_TRUE(keys.make(7).ok());
  EXPECT_TRUE(keys.find(KeyStore::kKeysPerFile - 1).ok());
  EXPECT_EQ(keys.find(KeyStore::kKeysPerFile).status().code(), Code::kMissing);
}

TEST(KeyStore, AFileOfTheWrongLengthIsCorrupt) {
  TemporaryFolder folder;
  { ASSERT_TRUE(KeyStore::open(folder.path(), kEpoch)->make(0).ok()); }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    std::filesystem::resize_file(entry.path(), 100);
  EXPECT_EQ(KeyStore::open(folder.path(), kEpoch)->find(0).status().code(), Code::kCorrupt);
}

TEST(KeyStore, AFlippedBitOrAnotherEpochKeyNeverGivesAWrongKey) {
  TemporaryFolder folder;
  { ASSERT_TRUE(KeyStore::open(folder.path(), kEpoch)->make(0).ok()); }
  const std::filesystem::path file = std::filesystem::directory_iterator(folder.path())->path();
  const std::string bytes = *read_whole_file(file);
  for (const std::size_t at : {0ul, 11ul, 12ul, 40ul, 12ul + 2087}) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    ASSERT_TRUE(write_whole_file(file, flipped).ok());
    EXPECT_EQ(KeyStore::open(folder.path(), kEpoch)->find(0).status().code(), Code::kCorrupt) << "byte " << at;
  }
  ASSERT_TRUE(write_whole_file(file, bytes).ok());
  EXPECT_TRUE(KeyStore::open(folder.path(), kEpoch)->find(0).ok());
  EXPECT_EQ(KeyStore::open(folder.path(), random_key())->find(0).status().code(), Code::kCorrupt);
}

TEST(KeyStore, MakesTheNextFileAhead) {
  TemporaryFolder folder;
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator());
  };
  {
    KeyStore keys = *KeyStore::open(folder.path(), kEpoch);
    ASSERT_TRUE(keys.make(0).ok());
    EXPECT_EQ(files(), 1);
    ASSERT_TRUE(keys.make(KeyStore::kKeysPerFile / 2).ok());
  }  // waits for what it makes
  EXPECT_EQ(files(), 2);
  KeyStore keys = *KeyStore::open(folder.path(), kEpoch);
  const Key next = *keys.make(KeyStore::kKeysPerFile);
  EXPECT_EQ(*keys.find(KeyStore::kKeysPerFile), next);
  EXPECT_EQ(files(), 2);
}

TEST(KeyStore, ReadsTheBareFilesOfFormat1) {
  TemporaryFolder folder;
  ASSERT_TRUE(write_whole_file(folder / "0000000000000000.keys", std::string(4096 * 32, 'k')).ok());
  Key expected;
  expected.fill('k');
  EXPECT_EQ(*KeyStore::open(folder.path(), kEpoch)->find(77), expected);
}

Status add(Registry& registry, const std::string& id, const std::string& name, const Key& public_key) {
  AgencyKey key;
  key.public_key = public_key;
  return registry.add(Member{agency(id), name, {}}, key, Instant{});
}

TEST(Registry, KnowsAgenciesByIdAndByKeyAcrossAStart) {
  TemporaryFolder folder;
  const Key key = make_curve_key().public_key;
  {
    Registry registry = *Registry::open(folder / "agencies.toml");
    EXPECT_TRUE(registry.members().empty());
    ASSERT_TRUE(add(registry, "soha", "Soha \"Housing\" \\ Ltd", key).ok());
    EXPECT_EQ(add(registry, "soha", "Again", key).code(), Code::kExists);
  }
  const Registry registry = *Registry::open(folder / "agencies.toml");
  ASSERT_NE(registry.by_key(key).member, nullptr);
  EXPECT_EQ(registry.by_key(key).member->id.value(), "soha");
  EXPECT_EQ(registry.by_id("soha")->name, "Soha \"Housing\" \\ Ltd");
  EXPECT_EQ(registry.by_key(make_curve_key().public_key).member, nullptr);
  EXPECT_EQ(registry.by_id("other"), nullptr);
}

TEST(Registry, ADamagedOneIsRefusedWithItsPlace) {
  TemporaryFolder folder;
  ASSERT_TRUE(write_whole_file(folder / "agencies.toml",
                               "digest = \"edited\"\n[[agency]]\nid = \"soha\"\npublic_key = \"zz\"\n")
                  .ok());
  const auto registry = Registry::open(folder / "agencies.toml");
  ASSERT_FALSE(registry.ok());
  EXPECT_NE(registry.status().message().find("line 4"), std::string::npos) << registry.status().message();
}

// Cut off, to nothing too: else the next start made new keys for those it knows, and let in again who was revoked.
TEST(Registry, OneWithoutItsDigestIsRefused) {
  TemporaryFolder folder;
  const std::filesystem::path file = folder / "agencies.toml";
  {
    Registry registry = *Registry::open(file);
    ASSERT_TRUE(add(registry, "soha", "Soha Housing", make_curve_key().public_key).ok());
  }
  const std::string sound = *read_whole_file(file);
  for (const std::string& text : {std::string(), std::string("\n"), sound.substr(sound.find('\n') + 1)}) {
    ASSERT_TRUE(write_whole_file(file, text).ok());
    EXPECT_EQ(Registry::open(file).status().code(), Code::kCorrupt) << text;
  }
}

TEST(Registry, AFlipAnywhereIsRefusedAndAnEditOnPurposeIsTaken) {
  TemporaryFolder folder;
  const std::filesystem::path file = folder / "agencies.toml";
  {
    Registry registry = *Registry::open(file);
    ASSERT_TRUE(add(registry, "soha", "Soha Housing", make_curve_key().public_key).ok());
    ASSERT_TRUE(add(registry, "police", "Police", make_curve_key().public_key).ok());
  }
  const std::string sound = *read_whole_file(file);
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    std::string flipped = sound;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    ASSERT_TRUE(write_whole_file(file, flipped).ok());
    ASSERT_FALSE(Registry::open(file).ok()) << "byte " << bit / 8 << ", bit " << bit % 8;
    EXPECT_NE(Registry::open(file).status().message().find("agencies.toml"), std::string::npos);
  }
  std::string edited = sound;
  edited.replace(edited.find("Soha Housing"), 4, "SOHA");
  ASSERT_TRUE(write_whole_file(file, edited).ok());
  EXPECT_EQ(Registry::open(file).status().code(), Code::kCorrupt);
  edited.replace(0, edited.find('\n'), "digest = \"edited\"");
  ASSERT_TRUE(write_whole_file(file, edited).ok());
  Registry registry = *Registry::open(file);
  EXPECT_EQ(registry.by_id("soha")->name, "SOHA Housing");
  EXPECT_EQ(*read_whole_file(file), edited) << "opening wrote";
  ASSERT_TRUE(registry.settle().ok());
  EXPECT_EQ(read_whole_file(file)->find("edited"), std::string::npos);
  EXPECT_EQ(Registry::open(file)->members().size(), 2u);
}

TEST(KeyFile, ComesBackAndIsNeverOverwritten) {
  TemporaryFolder folder;
  const CurveKey pair = make_curve_key();
  KeyFile key_file;
  key_file.agency = agency("soha");
  key_file.public_key = pair.public_key;
  key_file.secret_key = pair.secret_key;
  key_file.broker_public_key = make_curve_key().public_key;
  key_file.address = "tcp://127.0.0.1:5570";
  ASSERT_TRUE(create_key_file(folder / "soha.key", key_file).ok());
  EXPECT_EQ(create_key_file(folder / "soha.key", key_file).code(), Code::kExists);
  const auto read = read_key_file(folder / "soha.key");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->secret_key, pair.secret_key);
  EXPECT_EQ(read->broker_public_key, key_file.broker_public_key);
  EXPECT_EQ(current_address(*read), "tcp://127.0.0.1:5570");
}

TEST(CurveKey, ThePublicKeyFollowsFromTheSecretOne) {
  const CurveKey pair = make_curve_key();
  EXPECT_EQ(curve_public_key(pair.secret_key), pair.public_key);
  EXPECT_NE(make_curve_key().secret_key, pair.secret_key);
}

TEST(Entitlement, AnAgencyPublishesOnlyAsItself) {
  const auto may = [](const std::string& publisher, const std::string& source) {
    return may_publish(agency(publisher), source, false).code();
  };
  EXPECT_EQ(may("soha", "/soha/cases"), Code::kOk);
  EXPECT_EQ(may("soha", "/sohail/cases"), Code::kWrongAgency);
  EXPECT_EQ(may("soha", "/north-police/cad"), Code::kWrongAgency);
  EXPECT_EQ(may("operator", "/soha/cases"), Code::kWrongAgency) << "nor does the operator";
  EXPECT_EQ(may("operator", "/operator/meetings"), Code::kOk);
  EXPECT_EQ(may("casebook", "/casebook/x"), Code::kNotAllowed);
}

TEST(Entitlement, OnlyTheOperatorSaysWhatHappensToTheRules) {
  EXPECT_TRUE(may_publish(agency("operator"), "/operator/agreements", true).ok());
  EXPECT_EQ(may_publish(agency("soha"), "/soha/agreements", true).code(), Code::kNotAllowed);
}

TEST(Entitlement, OfAgenciesOnlyTheOperatorAdministers) {
  const auto may_add = [](const char* id) {
    return may(caller_of(Member{agency(id), "", {}}), Right::kAdminister, "add agencies");
  };
  EXPECT_TRUE(may_add("operator").ok());
  EXPECT_EQ(may_add("soha").message(), "agency \"soha\" may not add agencies");
  EXPECT_EQ(may_add("casebook").code(), Code::kNotAllowed);
}

TEST(DataFolder, IsHeldByOneAtATime) {
  TemporaryFolder folder;
  auto first = DataFolder::open(folder / "data", folder / "keys");
  ASSERT_TRUE(first.ok()) << first.status().message();
  EXPECT_EQ(DataFolder::open(folder / "data", folder / "keys").status().code(), Code::kExists);
  EXPECT_FALSE(DataFolder::running_bus(folder / "data").has_value()) << "no bus listens yet";
  ASSERT_TRUE(first->write_run_file("tcp://127.0.0.1:4242").ok());
  EXPECT_EQ(DataFolder::running_bus(folder / "data"), "tcp://127.0.0.1:4242");
}

TEST(DataFolder, ARunFileLeftByADeadBrokerIsNotBelieved) {
  TemporaryFolder folder;
  { ASSERT_TRUE(DataFolder::open(folder / "data", folder / "keys").ok()); }
  ASSERT_TRUE(
      write_whole_file(DataFolder::run_file(folder / "data"), "{\"pid\":1,\"bus\":\"tcp://127.0.0.1:1\"}").ok());
  EXPECT_FALSE(DataFolder::running_bus(folder / "data").has_value());
}

TEST(DataFolder, WhatIsNotOursIsLeftAsItIs) {
  TemporaryFolder folder;
  ASSERT_TRUE(make_folder(folder / "data").ok());
  ASSERT_TRUE(write_whole_file(folder.path() / "data" / "photo.jpg", "x").ok());
  const auto opened = DataFolder::open(folder / "data", folder / "keys");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().code(), Code::kInvalid);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "data")) files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 1);
}

TEST(DataFolder, KeysInsideTheDataAreRefused) {
  TemporaryFolder folder;
  EXPECT_EQ(DataFolder::open(folder / "data", folder / "data/keys").status().code(), Code::kUsage);
  EXPECT_EQ(DataFolder::open(folder / "data", folder / "data").status().code(), Code::kUsage);
  EXPECT_TRUE(DataFolder::open(folder / "data", folder / "data.keys").ok());
}

TEST(DataFolder, ASecretThatIsLostIsNotMadeAnewOverALog) {
  TemporaryFolder folder;
  {
    const auto first = DataFolder::open(folder / "data", folder / "keys");
    ASSERT_TRUE(first->partnership_secret().ok());
    ASSERT_TRUE(write_whole_file(folder / "data/log/CURRENT", "").ok());
  }
  std::filesystem::remove(folder / "keys/partnership.key");
  const auto again = DataFolder::open(folder / "data", folder / "keys");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->partnership_secret().status().code(), Code::kMissing);
}

TEST(DataFolder, TwoLogsThatShareKeysHaveOnePartnershipSecretAndTheirOwnKeys) {
  TemporaryFolder folder;
  const auto one = DataFolder::open(folder / "one", folder / "keys");
  const auto two = DataFolder::open(folder / "two", folder / "keys");
  EXPECT_EQ(*one->partnership_secret(), *two->partnership_secret());
  EXPECT_NE(*one->inbox_key(), *two->inbox_key());
  EXPECT_NE(one->log_keys(), two->log_keys());
}

}  // namespace
}  // namespace moot
