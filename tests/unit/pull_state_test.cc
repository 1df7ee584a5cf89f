// How far a pull has got, as it is kept.
#include "adapters/pull_state.h"

#include <gtest/gtest.h>

#include <fstream>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

class PullStateTest : public testing::Test {
 protected:
  PullStateTest() {
    source_.agency = "harbour-council";
    source_.url = "https://council.example/open311/v2";
    source_.since = {2024, 5, 1};
  }
  Result<PullState> read(Instant now) const { return read_pull_state(file_, source_, "log", now); }

  const TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "state.json";
  Open311Source source_;
  const Instant now_ = *parse_rfc3339("2024-09-01T12:00:00Z");
  const PullState kept_{*parse_rfc3339("2024-08-01T12:00:00.5Z"), *parse_rfc3339("2024-09-01T11:00:00Z")};
};

TEST_F(PullStateTest, IsReadAsItWasWrittenAndBeginsAtSinceWithoutAFile) {
  const Result<PullState> fresh = read(now_);
  ASSERT_TRUE(fresh.ok()) << fresh.status().message();
  EXPECT_EQ(fresh->began, now_);
  EXPECT_EQ(fresh->through, pull_start(source_));
  ASSERT_TRUE(write_pull_state(file_, source_, "log", kept_).ok());
  const Result<PullState> read_back = read(now_);
  ASSERT_TRUE(read_back.ok()) << read_back.status().message();
  EXPECT_EQ(read_back->began, kept_.began);
  EXPECT_EQ(read_back->through, kept_.through);
}

TEST_F(PullStateTest, BeginsAgainWithAnotherServerQuestionOrLog) {
  ASSERT_TRUE(write_pull_state(file_, source_, "log", kept_).ok());
  const auto through = [&](const Open311Source& source, const std::string& log) {
    return read_pull_state(file_, source, log, now_)->through;
  };
  Open311Source same = source_;
  same.json = true;
  same.every_minutes = 1;
  EXPECT_EQ(through(same, "log"), kept_.through);
  EXPECT_EQ(through(source_, "another"), pull_start(source_));
  Open311Source other = source_;
  other.url += "/b";
  EXPECT_EQ(through(other, "log"), pull_start(source_));
  other = source_;
  other.by_requested = true;
  EXPECT_EQ(through(other, "log"), pull_start(source_));
  other = source_;
  other.since = {2023, 1, 1};
  EXPECT_EQ(through(other, "log"), pull_start(other));
}

TEST_F(PullStateTest, ADamagedOneIsToldAndNotPassedOver) {
  ASSERT_TRUE(write_pull_state(file_, source_, "log", kept_).ok());
  const std::string good = *read_whole_file(file_);
  for (const std::string& bad :
       {std::string(), good.substr(0, good.size() / 2), std::string("[]"), std::string("{}"), std::string(40, '\0')}) {
    std::ofstream(file_, std::ios::trunc) << bad;
    const Result<PullState> state = read(now_);
    ASSERT_FALSE(state.ok()) << bad;
    EXPECT_EQ(state.status().code(), Code::kCorrupt);
    EXPECT_NE(state.status().message().find("state.json"), std::string::npos);
    EXPECT_NE(state.status().message().find("Remove it"), std::string::npos);
  }
}

TEST_F(PullStateTest, OneAheadOfTheClockIsTold) {
  ASSERT_TRUE(write_pull_state(file_, source_, "log", kept_).ok());
  EXPECT_TRUE(read(*parse_rfc3339("2024-09-01T10:58:00Z")).ok()) << "a clock that was put right by a little";
  const Result<PullState> state = read(*parse_rfc3339("2024-08-31T11:00:00Z"));
  ASSERT_FALSE(state.ok());
  EXPECT_NE(state.status().message().find("clock"), std::string::npos) << state.status().message();
}

}  // namespace
}  // namespace moot
