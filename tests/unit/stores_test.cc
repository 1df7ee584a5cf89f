// The small stores beside the log: keys, registry, key files; and who may do what.
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <set>

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
  const TemporaryFolder folder;
  const KeyStore keys(folder / "events", kEpoch), again(folder / "events", kEpoch);
  std::set<Key> different;
  for (const std::uint64_t number : {0ul, 1ul, KeyStore::kKeysPerFile, KeyStore::kKeysPerFile * 3 + 5, 1ul << 40}) {
    EXPECT_EQ(*keys.find(number), *again.find(number));
    different.insert(*keys.find(number));
  }
  EXPECT_EQ(different.size(), 5u);
  EXPECT_FALSE(std::filesystem::exists(folder / "events")) << "a new key is written nowhere";
}

// What is sealed today must open with every later version.
TEST(KeyStore, DerivesTheKeysThatItDerivedInEarlierVersions) {
  const TemporaryFolder folder;
  Key epoch;
  std::iota(epoch.begin(), epoch.end(), std::uint8_t{0});
  const KeyStore keys(folder / "events", epoch);
  EXPECT_EQ(to_hex(*keys.find(0)), "ec3ad483035f95274d80fc00e91fbe3e391cec3c5efd71693af31151e81b7cd3");
  EXPECT_EQ(to_hex(*keys.find(5 * KeyStore::kKeysPerFile + 77)),
            "0168d7524d444626df3b3c461ef57f16a941a77f04503c6b890b2e5a65327107");
}

// One of an earlier version, which wrote down all keys; `place` is where in it the key of so many times `letter` is.
void write_key_file(const std::filesystem::path& file, const Key& file_key, std::size_t place, char letter) {
  std::string keys(KeyStore::kKeysPerFile * kKeyBytes, 'k');
  std::fill_n(keys.begin() + static_cast<std::ptrdiff_t>(place * kKeyBytes), kKeyBytes, letter);
  std::string sealed(kKeysMagic);
  for (std::size_t page = 0; page < kKeyPagesPerFile; ++page)
    append_sealed(sealed, file_key, std::string_view(keys).substr(page * kPageKeyBytes, kPageKeyBytes),
                  file.filename().string() + " page " + std::to_string(page));
  ASSERT_TRUE(write_whole_file(file, sealed).ok());
}

Key key_of(char letter) {
  Key key;
  key.fill(static_cast<std::uint8_t>(letter));
  return key;
}

TEST(KeyStore, ReadsTheFilesOfEarlierVersionsAndDerivesTheKeysAfterThem) {
  const TemporaryFolder folder;
  FileKeys epoch(kEpoch);
  write_key_file(folder / "0000000000000000.keys", epoch.of(0), 77, 'a');
  ASSERT_TRUE(write_whole_file(folder / "0000000000001000.keys", std::string(4096 * 32, 'b')).ok());  // of format 1
  EXPECT_EQ(*KeyStore::first_without_file(folder.path()), 2u);
  epoch.derive_from(3);
  const KeyStore keys(folder.path(), epoch);
  EXPECT_EQ(*keys.find(77), key_of('a'));
  EXPECT_EQ(*keys.find(4096), key_of('b'));
  EXPECT_EQ(keys.find(2 * 4096).status().code(), Code::kMissing) << "the third is gone, and none is made in its place";
  EXPECT_EQ(keys.missing_file(), folder / "0000000000002000.keys");
  EXPECT_EQ(keys.find(~0ULL).status().code(), Code::kMissing) << "no such number was ever given out";
  EXPECT_EQ(*keys.find(3 * 4096), *KeyStore(folder / "none", kEpoch).find(3 * 4096));
}

TEST(KeyStore, AFileOfTheWrongLengthIsCorrupt) {
  const TemporaryFolder folder;
  write_key_file(folder / "0000000000000000.keys", FileKeys(kEpoch).of(0), 0, 'a');
  std::filesystem::resize_file(folder / "0000000000000000.keys", 100);
  EXPECT_EQ(KeyStore(folder.path(), kEpoch).find(0).status().code(), Code::kCorrupt);
}

TEST(KeyStore, AFlippedBitOrAnotherEpochKeyNeverGivesAWrongKey) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "0000000000000000.keys";
  write_key_file(file, FileKeys(kEpoch).of(0), 0, 'a');
  const std::string bytes = *read_whole_file(file);
  for (const std::size_t at : {0ul, 11ul, 12ul, 40ul, 12ul + 2087}) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    ASSERT_TRUE(write_whole_file(file, flipped).ok());
    EXPECT_EQ(KeyStore(folder.path(), kEpoch).find(0).status().code(), Code::kCorrupt) << "byte " << at;
  }
  ASSERT_TRUE(write_whole_file(file, bytes).ok());
  EXPECT_EQ(*KeyStore(folder.path(), kEpoch).find(0), key_of('a'));
  EXPECT_EQ(KeyStore(folder.path(), random_key()).find(0).status().code(), Code::kCorrupt);
}

// A data directory of an earlier version goes on: what it sealed opens, and nothing is written for what is new.
TEST(DataFolder, DerivesTheKeysAfterTheFilesOfAnEarlierVersion) {
  const TemporaryFolder folder;
  std::filesystem::path epoch_file, events;
  {
    const DataFolder made = *DataFolder::open(folder / "data", folder / "keys");
    epoch_file = made.epoch_file();
    events = made.event_keys();
  }
  ASSERT_TRUE(make_folder(events).ok());
  ASSERT_TRUE(write_whole_file(epoch_file, to_hex(kEpoch) + "\n").ok());
  write_key_file(events / "0000000000000000.keys", FileKeys(kEpoch).of(0), 9, 'a');
  std::filesystem::create_directories(folder / "data/log");
  ASSERT_TRUE(write_whole_file(folder / "data/log/CURRENT", "x").ok());
  const auto open = [&] { return KeyStore(events, *DataFolder::open(folder / "data", folder / "keys")->epoch_key()); };
  const Key next = *open().find(4096);
  EXPECT_EQ(FileKeys::read(epoch_file)->derived_from(), 1u);
  EXPECT_EQ(*open().find(9), key_of('a'));
  EXPECT_EQ(*open().find(4096), next);
  std::filesystem::remove(events / "0000000000000000.keys");
  EXPECT_EQ(open().find(9).status().code(), Code::kMissing) << "what is lost is not made up";
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
