// Where tokens are kept, and for how long each lets its agency in.
#include "adapters/bearer_tokens.h"

#include <gtest/gtest.h>

#include "adapters/token_door.h"
#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr std::int64_t kDayUs = 24 * kHourUs;

class BearerTokensTest : public testing::Test {
 protected:
  const BearerToken* find(const std::string& text, Instant now) {
    tokens_ = *read_tokens(file_);
    return find_token(tokens_, text, now);
  }
  static Instant day(std::int64_t days) { return Instant{1'700'000'000 * kSecondUs + days * kDayUs}; }

  TemporaryFolder folder_;
  const TokensFile file_ = tokens_file(folder_.path(), std::string(32, 'a'));
  const AgencyId soha_ = *AgencyId::parse("soha");
  std::vector<BearerToken> tokens_;
};

TEST_F(BearerTokensTest, LetsItsAgencyInUntilItExpires) {
  const NewToken made = *add_token(file_, soha_, day(10), day(0));
  ASSERT_NE(find(made.text, day(0)), nullptr);
  EXPECT_EQ(find(made.text, day(0))->agency, soha_);
  EXPECT_NE(find(made.text, Instant{day(10).us - 1}), nullptr);
  EXPECT_EQ(find(made.text, day(10)), nullptr);
  EXPECT_EQ(add_token(file_, soha_, day(0), day(0)).status().code(), Code::kUsage);
}

TEST_F(BearerTokensTest, KnowsNoOtherText) {
  const NewToken made = *add_token(file_, soha_, day(10), day(0));
  for (std::size_t i = 0; i < made.text.size(); ++i) {
    std::string other = made.text;
    other[i] = other[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(find(other, day(0)), nullptr) << i;
    EXPECT_EQ(find(made.text.substr(0, i), day(0)), nullptr) << i;
  }
  EXPECT_EQ(find(made.text + "0", day(0)), nullptr);
  EXPECT_EQ(find("", day(0)), nullptr);
}

TEST_F(BearerTokensTest, TwoAreValidDuringARotationAndNotAThird) {
  const NewToken first = *add_token(file_, soha_, day(100), day(0));
  const NewToken second = *rotate_token(file_, first.token.id, day(200), day(1));
  EXPECT_NE(find(first.text, day(2)), nullptr);
  EXPECT_NE(find(second.text, day(2)), nullptr);
  EXPECT_EQ(rotate_token(file_, first.token.id, day(200), day(2)).status().code(), Code::kNotAllowed);
  EXPECT_EQ(find(first.text, Instant{day(1).us + kRotationUs}), nullptr) << "the old one ends by itself";
  EXPECT_EQ(find(second.text, day(99))->agency, soha_);
  EXPECT_EQ(rotate_token(file_, "nothing0", day(9), day(2)).status().code(), Code::kNotFound);
}

TEST_F(BearerTokensTest, IsRevokedAtOnceAndStaysOnRecord) {
  const NewToken made = *add_token(file_, soha_, day(10), day(0));
  EXPECT_TRUE(revoke_token(file_, made.token.id, day(1)).ok());
  EXPECT_EQ(find(made.text, day(1)), nullptr);
  EXPECT_EQ(tokens_.size(), 1u);
  EXPECT_EQ(revoke_token(file_, made.token.id, day(1)).code(), Code::kNotAllowed);
  EXPECT_EQ(rotate_token(file_, made.token.id, day(9), day(2)).status().code(), Code::kNotAllowed);
}

TEST_F(BearerTokensTest, AnyChangedByteOfTheFileIsFound) {
  const NewToken made = *add_token(file_, soha_, day(10), day(0));
  const std::string text = *read_whole_file(file_.path);
  EXPECT_EQ(text.find(made.text.substr(14)), std::string::npos) << "the token itself rests in the file";
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    ASSERT_TRUE(write_whole_file(file_.path, flipped).ok());
    EXPECT_EQ(read_tokens(file_).status().code(), Code::kCorrupt) << i;
  }
  ASSERT_TRUE(write_whole_file(file_.path, "").ok());
  EXPECT_EQ(read_tokens(file_).status().code(), Code::kCorrupt);
}

// An agency of another partnership may have the same id.
TEST_F(BearerTokensTest, ThoseOfAnotherDirectoryAreNoneHere) {
  const NewToken made = *add_token(file_, soha_, day(10), day(0));
  const TokensFile as_theirs{file_.path, std::string(32, 'b')};
  const Status read = read_tokens(as_theirs).status();
  EXPECT_EQ(read.code(), Code::kCorrupt);
  EXPECT_NE(read.message().find("is of another data directory: of log " + file_.log_id), std::string::npos)
      << read.message();
  EXPECT_EQ(add_token(as_theirs, soha_, day(10), day(0)).status().code(), Code::kCorrupt);
  TokenDoor door(as_theirs, [](const std::string&) {});
  EXPECT_EQ(door.agency_of("Bearer " + made.text, "", day(0)).status().code(), Code::kCorrupt);
  EXPECT_NE(find(made.text, day(0)), nullptr);
}

TEST_F(BearerTokensTest, AFileOfAnEarlierVersionIsReadAndTellsFromTheNextChangeOn) {
  const NewToken made = *add_token(TokensFile{file_.path, ""}, soha_, day(10), day(0));
  ASSERT_EQ(read_whole_file(file_.path)->find("log = "), std::string::npos);
  EXPECT_NE(find(made.text, day(0)), nullptr);
  ASSERT_TRUE(add_token(file_, soha_, day(10), day(0)).ok());
  EXPECT_NE(read_whole_file(file_.path)->find("\nlog = \"" + file_.log_id + "\"\n"), std::string::npos);
  EXPECT_NE(find(made.text, day(0)), nullptr);
}

TEST_F(BearerTokensTest, TheDoorSeesEachChangeAndWarnsOnceADay) {
  std::vector<std::string> lines;
  TokenDoor door(file_, [&](const std::string& line) { lines.push_back(line); });
  EXPECT_EQ(door.agency_of("Bearer nothing", "", day(0)).status().code(), Code::kUnknownKey);
  const NewToken made = *add_token(file_, soha_, day(40), day(0));
  EXPECT_EQ(door.agency_of("bearer " + made.text, "", day(0))->value(), "soha");
  EXPECT_EQ(door.agency_of("Basic " + made.text, "", day(0)).status().code(), Code::kUnknownKey);
  EXPECT_EQ(door.agency_of("", "", day(0)).status().code(), Code::kUnknownKey);
  EXPECT_TRUE(lines.empty());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(door.agency_of("Bearer " + made.text, "", day(15)).ok());
  EXPECT_EQ(lines.size(), 1u);
  EXPECT_TRUE(door.agency_of("Bearer " + made.text, "", day(16)).ok());
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].find(made.text), std::string::npos);
  ASSERT_TRUE(revoke_token(file_, made.token.id, day(17)).ok());
  EXPECT_FALSE(door.agency_of("Bearer " + made.text, "", day(17)).ok());
}

}  // namespace
}  // namespace moot
