// The registry of agencies: what becomes of keys over time, and what its file says after a restart.
#include "broker/access/registry.h"

#include <gtest/gtest.h>

#include "broker/access/roles.h"
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
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.rotate("brook-homes", key_of(2), day(10)).ok());
  EXPECT_EQ(registry_.rotate("brook-homes", key_of(3), day(10)).code(), Code::kNotAllowed);
  const Registry read = again();
  const KeyHolder old = read.by_key(key_of(1).public_key);
  EXPECT_TRUE(old.key->valid(day(39)));
  EXPECT_FALSE(old.key->valid(day(40)));
  EXPECT_EQ(old.member->current(day(39))->public_key, key_of(2).public_key);
  EXPECT_EQ(read.by_connection(connection_name(*old.member, *old.key)).key, old.key);
  const KeyHolder both[] = {registry_.by_key(key_of(1).public_key), registry_.by_key(key_of(2).public_key)};
  for (const KeyHolder& held : both)
    EXPECT_EQ(registry_.by_connection(connection_name(*held.member, *held.key)).key, held.key) << "changed since";
  EXPECT_EQ(registry_.by_connection("brook-homes/").member, nullptr);
  EXPECT_EQ(registry_.by_connection("").member, nullptr);
}

TEST_F(RegistryTest, AKeyExpiresWithTheInstantSaidAndTheSentenceSaysSo) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1, day(5)), kStart).ok());
  const Registry read = again();
  const KeyHolder holder = read.by_key(key_of(1).public_key);
  EXPECT_TRUE(holder.key->valid({day(5).us - 1}));
  EXPECT_FALSE(holder.key->valid(day(5)));
  EXPECT_NE(key_ended(*holder.member, *holder.key, day(6)).message().find("has expired on "), std::string::npos);
}

TEST_F(RegistryTest, ARotationNeverProlongsTheOldKey) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1, day(5)), kStart).ok());
  ASSERT_TRUE(registry_.rotate("brook-homes", key_of(2), day(1)).ok());
  EXPECT_FALSE(again().by_key(key_of(1).public_key).key->valid(day(5)));
}

TEST_F(RegistryTest, ARevokedAgencyComesBackOnlyWithANewKey) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  EXPECT_EQ(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(2), day(1)).code(), Code::kExists);
  ASSERT_TRUE(registry_.revoke("brook-homes", false, day(1)).ok());
  EXPECT_EQ(registry_.revoke("brook-homes", false, day(1)).code(), Code::kNotAllowed);
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(2), day(2)).ok());
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

TEST_F(RegistryTest, AnotherLogsIsRefusedAndOneThatDoesNotTellIsReadAndToldApartFromThenOn) {
  const std::string ours(32, 'a'), theirs(32, 'b');
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  Registry older = *Registry::open(file_, ours);
  ASSERT_NE(older.by_id("brook-homes"), nullptr);
  EXPECT_TRUE(Registry::open(file_, theirs).ok()) << "it does not tell yet";
  ASSERT_TRUE(older.settle().ok());
  ASSERT_TRUE(Registry::open(file_, ours).ok());
  EXPECT_NE(Registry::open(file_, ours)->by_id("brook-homes"), nullptr);
  EXPECT_TRUE(Registry::open(file_).ok());
  const Status other = Registry::open(file_, theirs).status();
  EXPECT_EQ(other.code(), Code::kCorrupt);
  EXPECT_NE(other.message().find("is of another data directory: of log " + ours), std::string::npos) << other.message();
  // Edited on purpose it is still another's; and whoever means it takes out the line that says so.
  std::string text = *read_whole_file(file_);
  text = "digest = \"edited\"\n" + text.substr(text.find('\n') + 1);
  ASSERT_TRUE(write_whole_file(file_, text).ok());
  EXPECT_EQ(Registry::open(file_, theirs).status().code(), Code::kCorrupt);
  const std::size_t line = text.find("log = ");
  text.erase(line, text.find('\n', line) + 1 - line);
  ASSERT_TRUE(write_whole_file(file_, text).ok());
  Registry meant = *Registry::open(file_, theirs);
  ASSERT_TRUE(meant.settle().ok());
  EXPECT_NE(Registry::open(file_, theirs)->by_id("brook-homes"), nullptr);
  EXPECT_EQ(Registry::open(file_, ours).status().code(), Code::kCorrupt);
}

class PeopleTest : public RegistryTest {
 protected:
  static Member person(const char* id, const char* agency, std::vector<std::string> roles) {
    Member member{*AgencyId::parse(id), "Somebody invented", {}};
    member.member_of = *AgencyId::parse(agency);
    member.roles = std::move(roles);
    return member;
  }
};

TEST_F(PeopleTest, BelongToAnAgencyAndKeepTheirRolesAcrossARestart) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"chair", "publisher"}), key_of(2), kStart).ok());
  const Registry read = again();
  const Member& chair = *read.by_id("homes-chair");
  EXPECT_EQ(chair.member_of->value(), "brook-homes");
  EXPECT_EQ(chair.roles, (std::vector<std::string>{"chair", "publisher"}));
  EXPECT_FALSE(read.by_id("brook-homes")->member_of.has_value());
}

TEST_F(PeopleTest, OfWhomTheAgencyOrTheRoleIsNotThereAreRefused) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  EXPECT_EQ(registry_.add(person("a-chair", "nobody-here", {"chair"}), key_of(2), kStart).code(), Code::kUnknownAgency);
  EXPECT_EQ(registry_.add(person("a-chair", "brook-homes", {}), key_of(2), kStart).code(), Code::kInvalid);
  const Status unknown = registry_.add(person("a-chair", "brook-homes", {"king"}), key_of(2), kStart);
  EXPECT_EQ(unknown.code(), Code::kInvalid);
  EXPECT_NE(unknown.message().find("there are publisher, practitioner, chair"), std::string::npos) << unknown.message();
  ASSERT_TRUE(registry_.add(person("a-chair", "brook-homes", {"chair"}), key_of(2), kStart).ok());
  EXPECT_EQ(registry_.add(person("another", "a-chair", {"chair"}), key_of(3), kStart).code(), Code::kInvalid);
  EXPECT_EQ(registry_.add(Member{homes_, "Brook Homes", {}, {}, {"admin"}}, key_of(3), kStart).code(), Code::kExists);
}

// A sentence that is cut in the middle of a character cannot be sent: whoever asked would wait for it in vain.
TEST_F(PeopleTest, WhatCannotBeARoleOrAnIdIsNotSaidAgain) {
  std::string words = "a";
  for (int i = 0; i < 60; ++i) words += "\u00e9";
  const Status role = check_roles("soha", {words});
  EXPECT_EQ(role.message().find("\xc3"), std::string::npos) << role.message();
  const Status id = registry_.may_rotate(words, kStart);
  EXPECT_EQ(id.code(), Code::kUnknownAgency);
  EXPECT_EQ(id.message().find("\xc3"), std::string::npos) << id.message();
}

TEST_F(PeopleTest, SpeakAsLongAsTheirAgencyMay) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"chair"}), key_of(2), kStart).ok());
  EXPECT_TRUE(registry_.standing(registry_.by_key(key_of(2).public_key), day(1)).ok());
  ASSERT_TRUE(registry_.revoke("brook-homes", false, day(1)).ok());
  const Status ended = registry_.standing(registry_.by_key(key_of(2).public_key), day(2));
  EXPECT_EQ(ended.code(), Code::kKeyEnded);
  EXPECT_NE(ended.message().find("that this person belongs to"), std::string::npos) << ended.message();
}

TEST_F(PeopleTest, DoNotComeBackWithTheirAgency) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"chair"}), key_of(2), kStart).ok());
  ASSERT_TRUE(registry_.revoke("brook-homes", false, day(1)).ok());
  EXPECT_EQ(again().by_id("homes-chair")->current(day(1)), nullptr) << "lists must not call it valid";
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(3), day(2)).ok());
  EXPECT_EQ(registry_.standing(registry_.by_key(key_of(2).public_key), day(3)).code(), Code::kKeyEnded);
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"chair"}), key_of(4), day(3)).ok());
  EXPECT_TRUE(registry_.standing(registry_.by_key(key_of(4).public_key), day(3)).ok());
}

TEST_F(PeopleTest, OfAnAgencyWhoseKeyRanOutAreNotLetInByItsNextOne) {
  AgencyKey short_lived = key_of(1);
  short_lived.expires = day(5);
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, short_lived, kStart).ok());
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"chair"}), key_of(2), kStart).ok());
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(3), day(6)).ok());
  EXPECT_EQ(registry_.standing(registry_.by_key(key_of(2).public_key), day(6)).code(), Code::kKeyEnded);
}

TEST_F(PeopleTest, HaveNoDailyLimitOfTheirOwn) {
  ASSERT_TRUE(registry_.add(Member{homes_, "Brook Homes", {}}, key_of(1), kStart).ok());
  ASSERT_TRUE(registry_.add(person("homes-chair", "brook-homes", {"publisher"}), key_of(2), kStart).ok());
  EXPECT_EQ(registry_.limit("homes-chair", 1, 0).code(), Code::kNotAllowed);
  EXPECT_TRUE(registry_.limit("brook-homes", 1, 0).ok());
}

// The table at the head of roles.h.
TEST(Roles, GiveWhatTheTableSaysAndNothingElse) {
  const auto rights = [](const Member& member) {
    const Caller caller = caller_of(member);
    std::string text;
    for (const auto& [right, letter] : {std::pair{Right::kPublish, 'p'},
                                        {Right::kRead, 'r'},
                                        {Right::kAdminister, 'a'},
                                        {Right::kAudit, 'u'},
                                        {Right::kErase, 'e'}})
      if (caller.has(right)) text += letter;
    return text;
  };
  const auto agency = [](const char* id) { return Member{*AgencyId::parse(id), "", {}}; };
  EXPECT_EQ(rights(agency("operator")), "praue");
  EXPECT_EQ(rights(agency("casebook")), "r");
  EXPECT_EQ(rights(agency("soha")), "pr");
  const std::map<std::string, std::string> table = {{"publisher", "p"}, {"practitioner", "pr"},
                                                    {"chair", "pr"},    {"admin", "a"},
                                                    {"auditor", "u"},   {"data-protection-officer", "rue"}};
  for (const auto& [role, expected] : table) {
    Member person = agency("somebody");
    person.member_of = *AgencyId::parse("soha");
    person.roles = {role};
    EXPECT_EQ(rights(person), expected) << role;
    EXPECT_EQ(caller_of(person).agency.value(), "soha");
    EXPECT_EQ(check_roles("operator", {role}).ok(), expected.find('p') == std::string::npos) << role;
    EXPECT_NE(check_roles("soha", {role}).ok(), check_roles("operator", {role}).ok()) << role;
  }
  EXPECT_EQ(check_roles("casebook", {"auditor"}).code(), Code::kNotAllowed);
}

}  // namespace
}  // namespace moot
