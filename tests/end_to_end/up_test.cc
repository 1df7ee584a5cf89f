// `moot up` stays: what others publish meanwhile shows in its documents, and nothing else changes them.
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <thread>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "consumers/report/period.h"
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

// A report with lists, of the quarter that is running: what it withholds could be counted from the rows of the quarter
// once that is over.
TEST_F(Up, SaysOnceThatAReportIsNotHandedOutRemovesItAndGoesOn) {
  const Date today = local_date(SystemClock().now());
  const int first_month = today.month - (today.month - 1) % 3;
  const Period quarter{Date{today.year, first_month, 1}, plus_months(Date{today.year, first_month, 1}, 3)};
  write_text(partnership_.folder() / "listing.toml",
             "id = \"owed\"\ntitle = \"What is owed\"\nversion = \"1\"\nsmall_below = 5\n[[measure]]\nid = \"kinds\"\n"
             "title = \"Kinds\"\nby = \"category\"\n[measure.where]\ntype = \"incident\"\nagency = \"mill-clinic\"\n"
             "[[list]]\nid = \"rows\"\ntitle = \"Rows\"\nof = \"kinds\"\n");
  std::string config = read_text(partnership_.config());
  config.replace(config.find("boards "), 0, "reports = [\"listing.toml\"]\n");
  write_text(partnership_.config(), config + "\n[[document]]\nname = \"owed\"\nkind = \"report\"\nreport = \"owed\"\n" +
                                        "period = \"" + name_of(quarter) + "\"\n");
  const auto publish = [&](const std::string& name, const std::string& category, int count) {
    std::string lines;
    for (int i = 0; i < count; ++i)
      lines += R"({"specversion":"1.0","id":")" + name + std::to_string(i) +
               R"(","source":"/mill-clinic/desk","type":"uk.csp.incident.reported.v1","time":")" +
               to_rfc3339(SystemClock().now()) + R"(","data":{"facts":{"incident":{"category":")" + category +
               "\"}}}}\n";
    write_text(folder_ / name, lines);
    const Ended published = here_.moot(
        {"publish", (folder_ / name).string(), "--as", PartnershipFixture::kClinic, "--format", "cloudevents"});
    ASSERT_EQ(published.exit_code, 0) << published.err;
  };
  const auto counted_in = [](const std::string& text, const std::string& part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  };
  const auto report = [&] {
    const FileTexts files = read_files(out_);
    return files.contains("owed.json") ? files.at("owed.json") : std::string("none");
  };
  const std::unique_ptr<Process> up = here_.start({"up", "--out", out_.string()});
  ASSERT_TRUE(comes_true([&] { return up->err().find("is up") != std::string::npos; })) << up->err();
  publish("many", "noise", 6);
  ASSERT_TRUE(comes_true([&] { return counted_in(report(), "\"time\"") == 6; })) << report();
  publish("few", "litter", 2);
  ASSERT_TRUE(comes_true([&] { return report() == "none"; })) << "two of litter are withheld";
  for (const char* ending : {"html", "md", "csv"})
    EXPECT_FALSE(std::filesystem::exists(out_ / ("owed." + std::string(ending)))) << ending;
  const std::string says = "document owed: the report \"owed\" withholds small numbers";
  EXPECT_TRUE(comes_true([&] { return counted_in(up->err(), says) == 1; })) << "after the removal: " << up->err();
  const std::string callers = read_files(out_).at("callers.json");
  write_text(folder_ / "more.csv", PartnershipFixture::calls_csv(1000, 40));
  ASSERT_EQ(here_
                .moot({"publish", (folder_ / "more.csv").string(), "--as", PartnershipFixture::kWardens, "--backfill",
                       "--mapping", partnership_.calls_mapping().string()})
                .exit_code,
            0);
  EXPECT_TRUE(comes_true([&] { return read_files(out_).at("callers.json") != callers; })) << "it goes on";
  EXPECT_EQ(counted_in(up->err(), says), 1) << "told once: " << up->err();
  publish("enough", "litter", 3);
  EXPECT_TRUE(comes_true([&] { return counted_in(report(), "\"time\"") == 11; })) << report();
  publish("other", "arson", 1);
  EXPECT_TRUE(comes_true([&] { return counted_in(up->err(), says) == 2; })) << "withheld anew: " << up->err();
  up->signal(SIGINT);
  EXPECT_EQ(up->wait(seconds(5)), 0) << up->err();
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
