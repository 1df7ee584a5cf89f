// `moot up` stays: what others publish meanwhile shows in its documents, and nothing else changes them.
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Up : public testing::Test {
 protected:
  static bool comes_true(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + seconds(30);
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(50));
    return condition();
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config(), folder_ / "keys"};
  const std::filesystem::path out_ = folder_ / "out";
};

TEST_F(Up, KeepsItsDocumentsAsNewAsTheLog) {
  const std::unique_ptr<Process> up = here_.start({"up", "--out", out_.string()});
  ASSERT_TRUE(comes_true([&] { return up->err().find("is up") != std::string::npos; })) << up->err();
  const FileTexts before = read_files(out_);
  ASSERT_EQ(before.size(), 6u);
  const std::filesystem::path more = folder_ / "more.csv";
  write_text(more, PartnershipFixture::calls_csv(1000, 40));
  const Ended published = here_.moot({"publish", more.string(), "--as", PartnershipFixture::kWardens, "--backfill",
                                      "--mapping", partnership_.calls_mapping().string()});
  ASSERT_EQ(published.exit_code, 0) << published.err;
  EXPECT_TRUE(comes_true([&] { return read_files(out_).at("callers.json") != before.at("callers.json"); }))
      << "the list does not know of 40 calls more";
  up->signal(SIGINT);
  EXPECT_EQ(up->wait(seconds(5)), 0) << up->err();
  // The same as a fold from zero makes of it, elsewhere.
  const FileTexts after = read_files(out_);
  EXPECT_TRUE(here_.documents(folder_ / "again") == after) << "a document differs from that of a later run";
  std::filesystem::remove_all(here_.data() / "views");
  EXPECT_TRUE(here_.documents(folder_ / "from-zero") == after) << "a document differs from that of a fold from zero";
}

TEST_F(Up, SaysWhyADocumentIsEmptyWhenEverythingWasRecordedLater) {
  ASSERT_EQ(here_
                .moot({"publish", partnership_.call_files()[0].string(), "--as", PartnershipFixture::kWardens,
                       "--mapping", partnership_.calls_mapping().string()})
                .exit_code,
            0);  // live: a call of 2022, recorded today
  const Ended then = here_.moot({"callers", "--on", "2022-06-01"});
  EXPECT_EQ(then.exit_code, 0);
  EXPECT_NE(then.err.find("nothing in the log had been recorded by 1 June 2022 at midnight"), std::string::npos)
      << then.err;
  const Ended now = here_.moot({"callers", "--on", "2022-06-01", "--as-at", "2100-01-01"});
  EXPECT_EQ(
      now.err,
      "moot: 1 January 2100 at midnight, the instant this is to be as at, is still to come; it rests on what is known "
      "so far.\n");
  EXPECT_EQ(json_of(then.out).at("callers").as_array().size(), 0u);
  EXPECT_GT(json_of(now.out).at("callers").as_array().size(), 0u);
}

TEST_F(Up, GoesOnWithWhatItCanTakeWhenAFileHasABadRowAndSaysSo) {
  const std::filesystem::path file = partnership_.call_files()[1];
  write_text(file, read_text(file) + "one cell\n");
  const Ended up = here_.moot({"up", "--once", "--out", out_.string()});
  EXPECT_EQ(up.exit_code, 1) << "something was refused";
  EXPECT_NE(up.err.find("1 refused"), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("moot inbox list"), std::string::npos) << up.err;
  EXPECT_EQ(read_files(out_).size(), 6u) << "the documents are written all the same";
  EXPECT_EQ(here_.offset(), partnership_.events());
}

TEST_F(Up, RefusesAMistakeInADefinitionWithFileAndKeyAndLeavesNothingBehind) {
  write_text(partnership_.config(), read_text(partnership_.config()) + "\nagencys = 3\n");
  const Ended up = here_.moot({"up", "--once", "--out", out_.string()});
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_NE(up.err.find("partnership.toml"), std::string::npos) << up.err;
  EXPECT_NE(up.err.find("agencys"), std::string::npos) << up.err;
  EXPECT_FALSE(std::filesystem::exists(here_.data()));
  EXPECT_FALSE(std::filesystem::exists(out_));
}

}  // namespace
}  // namespace moot
