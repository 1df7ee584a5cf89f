// The registry of agencies: what becomes of keys over time, and what its file says after a restart.
#include "broker/access/registry.h"

#include <gtest/gtest.h>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr std::int64_t kDay = 24 * kHourUs;
const Instant kStart{1'650'000'000 * kSecondUs};

Instant day(std::int64_t n) { return {kStart.us + n * kDay}; }

AgencyKey key_of(unsigned char byte, std::optional<Instant> expires = {}) {
  AgencyKey key;
  key.public_key.fill(byte);
  key.made = kStart;
  key.expires = expires;
  return key;
}

class RegistryTest : public testing::Test {
 protected:
  Registry again() const { return *Registry::open(file_); }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "agencies.toml";
  const AgencyId homes_ = *AgencyId::parse("brook-homes");
  Registry registry_ = *Registry::open(file_);
};

TEST_F(RegistryTest, ARotatedKeyGoesOnForItsOverlapAndNoLongerAlsoAfterARestart) {
  ASSERT_TRUE(registry_.add(homes_, "Brook Homes", key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.rotate("brook-homes", key_of(2), day(10)).ok());
  EXPECT_EQ(registry_.rotate("brook-homes", key_of(3), day(10)).code(), Code::kNotAllowed);
  const Registry read = again();
  const KeyHolder old = read.by_key(key_of(1).public_key);
  EXPECT_TRUE(old.key->valid(day(39)));
  EXPECT_FALSE(old.key->valid(day(40)));
  EXPECT_EQ(old.member->current(day(39))->public_key, key_of(2).public_key);
  EXPECT_EQ(read.by_connection(connection_name(*old.member, *old.key)).key, old.key);
}

TEST_F(RegistryTest, AKeyExpiresWithTheInstantSaidAndTheSentenceSaysSo) {
  ASSERT_TRUE(registry_.add(homes_, "Brook Homes", key_of(1, day(5)), kStart).ok());
  const Registry read = again();
  const KeyHolder holder = read.by_key(key_of(1).public_key);
  EXPECT_TRUE(holder.key->valid({day(5).us - 1}));
  EXPECT_FALSE(holder.key->valid(day(5)));
  EXPECT_NE(key_ended(*holder.member, *holder.key, day(6)).message().find("has expired on "), std::string::npos);
}

TEST_F(RegistryTest, ARotationNeverProlongsTheOldKey) {
  ASSERT_TRUE(registry_.add(homes_, "Brook Homes", key_of(1, day(5)), kStart).ok());
  ASSERT_TRUE(registry_.rotate("brook-homes", key_of(2), day(1)).ok());
  EXPECT_FALSE(again().by_key(key_of(1).public_key).key->valid(day(5)));
}

TEST_F(RegistryTest, ARevokedAgencyComesBackOnlyWithANewKey) {
  ASSERT_TRUE(registry_.add(homes_, "Brook Homes", key_of(1), kStart).ok());
  EXPECT_EQ(registry_.add(homes_, "Brook Homes", key_of(2), day(1)).code(), Code::kExists);
  ASSERT_TRUE(registry_.revoke("brook-homes", false, day(1)).ok());
  EXPECT_EQ(registry_.revoke("brook-homes", false, day(1)).code(), Code::kNotAllowed);
  ASSERT_TRUE(registry_.add(homes_, "Brook Homes", key_of(2), day(2)).ok());
  const Registry read = again();
  EXPECT_FALSE(read.by_key(key_of(1).public_key).key->valid(day(2)));
  EXPECT_EQ(read.by_id("brook-homes")->current(day(2))->public_key, key_of(2).public_key);
  EXPECT_EQ(read.members().size(), 1u);
}

TEST_F(RegistryTest, AFileOfBeforeThereWereRotationsIsReadAndItsKeysHaveNoEnd) {
  const std::string hex(64, '7');
  ASSERT_TRUE(
      write_whole_file(
          file_, "digest = \"edited\"\n[[agency]]\nid = \"soha\"\nname = \"Soha\"\npublic_key = \"" + hex + "\"\n")
          .ok());
  Registry read = again();
  EXPECT_TRUE(read.by_id("soha")->current(day(100'000)) != nullptr);
  ASSERT_TRUE(read.settle().ok());
  EXPECT_EQ(to_hex(again().by_id("soha")->keys.at(0).public_key), hex);
}

TEST_F(RegistryTest, AKeyOfNoAgencyIsAMistakeWithItsLine) {
  ASSERT_TRUE(write_whole_file(file_, "digest = \"edited\"\n[[key]]\nagency = \"nobody\"\npublic_key = \"" +
                                          std::string(64, '7') + "\"\n")
                  .ok());
  const Result<Registry> read = Registry::open(file_);
  ASSERT_EQ(read.status().code(), Code::kDefinition);
  EXPECT_NE(read.status().message().find("there is no such agency"), std::string::npos) << read.status().message();
}

}  // namespace
}  // namespace moot
