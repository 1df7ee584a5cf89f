// Folders that agencies put their exports into: taken when whole, published once whatever is killed, and set aside.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "broker/core/instant.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/logged_events.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/end_to_end/personal_values.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
namespace fs = std::filesystem;

class Watch : public testing::Test {
 protected:
  Watch() { fs::create_directory(drop_); }

  static bool comes_true(const std::function<bool()>& condition, seconds patience = seconds(60)) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(milliseconds(20));
    return condition();
  }
  std::unique_ptr<Process> start_watch(const std::string& settle = "0", const Words& more = {}) const {
    Words words = {"watch",     drop_.string(),
                   "--as",      PartnershipFixture::kWardens,
                   "--mapping", partnership_.calls_mapping().string(),
                   "--settle",  settle};
    words.insert(words.end(), more.begin(), more.end());
    return here_.start(words);
  }
  // As a careful sender does: written elsewhere on the disk, then renamed in.
  void drop(const std::string& name, const std::string& text) const {
    write_text(folder_ / "sending", text);
    fs::rename(folder_ / "sending", drop_ / name);
  }
  void add_to_configuration() const {
    const fs::path config = partnership_.config();
    write_text(config, read_text(config) +
                           "\n[[watch]]\nfolder = \"../drop\"\nagency = \"millbrook-wardens\"\nformat = "
                           "\"csv\"\nmapping = \"calls.toml\"\nsettle_seconds = 0\n");
  }
  bool has(const std::string& place) const { return fs::exists(fs::symlink_status(drop_ / place)); }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const fs::path drop_ = folder_ / "drop";
  std::unique_ptr<Process> broker_ = here_.start_broker();
};

TEST_F(Watch, SetsEachFileAsideByWhatBecameOfItAndSaysWhyWithoutACell) {
  const std::unique_ptr<Process> watch = start_watch();
  drop("good.csv", PartnershipFixture::calls_csv(0, 5));
  std::string mixed = PartnershipFixture::calls_csv(5, 5);
  mixed.replace(mixed.find("2022-"), 5, "yyyy-");
  drop("mixed.csv", mixed);
  drop("other.csv", "a,b\n1,2\n");
  drop("empty.csv", "");
  ASSERT_TRUE(comes_true([&] {
    return has("done/good.csv") && has("partly/mixed.csv") && has("refused/other.csv") && has("refused/empty.csv");
  })) << watch->err();
  EXPECT_EQ(here_.offset(), 9u);
  const std::string report = read_text(drop_ / "partly/mixed.csv.report.txt");
  EXPECT_NE(report.find("5 read, 4 accepted, 0 there already, 0 superseding, 1 refused"), std::string::npos) << report;
  EXPECT_NE(report.find("1 row: 2"), std::string::npos) << report;
  EXPECT_NE(report.find("x-99-99 99:99"), std::string::npos) << report;
  PersonalValues personal;
  personal.add_csv(drop_ / "partly/mixed.csv",
                   {"Card", "Forename", "Surname", "Born", "Home", "Postcode", "Phone", "Email", "Note"});
  const ByteScan scan(personal.values());
  EXPECT_EQ(scan.found_in(report + watch->err()), std::set<std::string>());
  EXPECT_EQ(scan.found_below(here_.data()).findings, std::vector<std::string>());
  EXPECT_FALSE(has("done/good.csv.report.txt"));
  EXPECT_NE(read_text(drop_ / "refused/empty.csv.report.txt").find("is empty"), std::string::npos);
}

// By name the 10th would come before the 9th, and an older export be taken for the newer one.
TEST_F(Watch, TakesWhatWaitsInTheOrderInWhichItWasWritten) {
  drop("calls-10-March.csv", PartnershipFixture::calls_csv(4, 4));
  drop("calls-9-March.csv", PartnershipFixture::calls_csv(0, 4));
  fs::last_write_time(drop_ / "calls-9-March.csv", fs::file_time_type::clock::now() - std::chrono::hours(30));
  fs::last_write_time(drop_ / "calls-10-March.csv", fs::file_time_type::clock::now() - std::chrono::hours(6));
  const std::unique_ptr<Process> watch = start_watch();
  ASSERT_TRUE(comes_true([&] { return has("done/calls-9-March.csv") && has("done/calls-10-March.csv"); }))
      << watch->err();
  EXPECT_LT(watch->err().find("calls-9-March.csv: 4 read"), watch->err().find("calls-10-March.csv: 4 read"))
      << watch->err();
}

TEST_F(Watch, KeepsBothOfTwoFilesOfOneName) {
  const std::unique_ptr<Process> watch = start_watch();
  for (std::size_t i = 0; i < 3; ++i) {
    drop("calls.csv", PartnershipFixture::calls_csv(i * 4, 4));
    ASSERT_TRUE(comes_true([&] { return !has("calls.csv"); })) << watch->err();
  }
  EXPECT_TRUE(has("done/calls.csv") && has("done/calls-2.csv") && has("done/calls-3.csv"));
  EXPECT_EQ(read_text(drop_ / "done/calls.csv"), PartnershipFixture::calls_csv(0, 4));
  EXPECT_EQ(read_text(drop_ / "done/calls-3.csv"), PartnershipFixture::calls_csv(8, 4));
  EXPECT_EQ(here_.offset(), 12u);
}

TEST_F(Watch, DoesNotTakeAFileThatIsStillBeingWritten) {
  const std::unique_ptr<Process> watch = start_watch("1");
  const std::string text = PartnershipFixture::calls_csv(0, 6);
  write_text(drop_ / "later.csv.part", text);
  std::ofstream slow(drop_ / "slow.csv");
  slow << text.substr(0, text.size() / 2) << std::flush;
  std::this_thread::sleep_for(milliseconds(2500));  // longer than it has to stand still, but it is held open
  EXPECT_TRUE(has("slow.csv")) << watch->err();
  EXPECT_EQ(here_.offset(), 0u);
  slow << text.substr(text.size() / 2);
  slow.close();
  ASSERT_TRUE(comes_true([&] { return has("done/slow.csv"); })) << watch->err();
  EXPECT_EQ(here_.offset(), 6u);
  EXPECT_TRUE(has("later.csv.part"));
  fs::rename(drop_ / "later.csv.part", drop_ / "later.csv");
  ASSERT_TRUE(comes_true([&] { return has("done/later.csv"); })) << watch->err();
  EXPECT_EQ(here_.offset(), 6u) << "they were there already";
}

TEST_F(Watch, LosesAndDoublesNothingWhenItIsKilledInTheMiddleOfFilesAndTwoWatchOneFolder) {
  constexpr std::size_t kFiles = 4, kRows = 30'000;  // so many that a fast machine is killed in the middle too
  for (std::size_t i = 0; i < kFiles; ++i)
    drop("calls-" + std::to_string(i) + ".csv", PartnershipFixture::calls_csv(i * kRows, kRows));
  int in_mid_file = 0;
  for (int kill = 0; kill < 6; ++kill) {
    const std::unique_ptr<Process> one = start_watch(), two = start_watch();
    const std::uint64_t before = here_.offset();
    comes_true([&] { return here_.offset() > before || here_.offset() == kFiles * kRows; }, seconds(20));
    if (kill == 3) {  // the broker too, and it comes back while they wait
      broker_->kill();
      broker_ = here_.start_broker();
    }
    one->kill();
    two->kill();
    in_mid_file += here_.offset() % kRows != 0 ? 1 : 0;
  }
  const std::unique_ptr<Process> last = start_watch();
  ASSERT_TRUE(comes_true([&] {
    for (std::size_t i = 0; i < kFiles; ++i)
      if (!has("done/calls-" + std::to_string(i) + ".csv")) return false;
    return true;
  })) << last->err();
  EXPECT_EQ(here_.offset(), kFiles * kRows);
  std::set<std::string> ids;
  for (const std::string& line : here_.replay()) ids.insert(std::string(json_of(line).at("id").as_string()));
  EXPECT_EQ(ids.size(), kFiles * kRows);
  EXPECT_GT(in_mid_file, 0) << "no kill has landed in the middle of a file";
  EXPECT_FALSE(has("partly/calls-0.csv") || has("refused/calls-0.csv"));
}

TEST_F(Watch, WaitsForABrokerThatIsAwayWithTheFileInItsPlace) {
  broker_->kill();
  const std::unique_ptr<Process> watch = start_watch();
  drop("calls.csv", PartnershipFixture::calls_csv(0, 5));
  ASSERT_TRUE(comes_true([&] { return watch->err().find("waits") != std::string::npos; })) << watch->err();
  EXPECT_TRUE(has("calls.csv"));
  broker_ = here_.start_broker();
  ASSERT_TRUE(comes_true([&] { return has("done/calls.csv"); })) << watch->err();
  EXPECT_EQ(here_.offset(), 5u);
}

TEST_F(Watch, FollowsNoLinkAndReadsNothingOutsideTheFolder) {
  write_text(folder_ / "outside.csv", PartnershipFixture::calls_csv(0, 3));
  fs::create_symlink(folder_ / "outside.csv", drop_ / "link.csv");
  fs::create_directory(drop_ / "folder.csv");
  const std::unique_ptr<Process> watch = start_watch();
  drop(std::string("odd \xff\n name.csv"), PartnershipFixture::calls_csv(10, 2));
  ASSERT_TRUE(comes_true([&] { return has("refused/link.csv") && here_.offset() == 2; })) << watch->err();
  EXPECT_TRUE(fs::is_symlink(drop_ / "refused/link.csv")) << "the link was moved, not what it names";
  EXPECT_NE(read_text(drop_ / "refused/link.csv.report.txt").find("links are not followed"), std::string::npos);
  EXPECT_TRUE(has("folder.csv"));
  EXPECT_TRUE(fs::exists(folder_ / "outside.csv"));
}

TEST_F(Watch, MovesAndRemovesNothingThroughALinkInThePlaceOfItsFolders) {
  fs::create_directory(folder_ / "elsewhere");
  write_text(folder_ / "elsewhere/precious.txt", "kept");
  fs::create_symlink(folder_ / "elsewhere", drop_ / "done");
  const std::unique_ptr<Process> watch = start_watch("0", {"--keep-days", "0"});
  ASSERT_TRUE(comes_true([&] { return watch->err().find("not a link to one") != std::string::npos; })) << watch->err();
  drop("calls.csv", PartnershipFixture::calls_csv(0, 2));
  std::this_thread::sleep_for(milliseconds(1000));
  EXPECT_TRUE(has("calls.csv")) << "it waits until the folder is put right";
  EXPECT_EQ(read_text(folder_ / "elsewhere/precious.txt"), "kept");
  fs::remove(drop_ / "done");
  ASSERT_TRUE(comes_true([&] { return here_.offset() == 2 && !has("calls.csv"); })) << watch->err();
  EXPECT_TRUE(fs::exists(folder_ / "elsewhere/precious.txt"));
}

// As on a full disk: what was published is not published again and again until it can be moved.
TEST_F(Watch, TriesToMoveAFileAgainWithoutPublishingItAgain) {
  const std::unique_ptr<Process> watch = start_watch();
  drop("first.csv", PartnershipFixture::calls_csv(0, 2));
  ASSERT_TRUE(comes_true([&] { return has("done/first.csv"); })) << watch->err();
  fs::create_directory(drop_ / "partly/mixed.csv.report.txt");  // no report can be written
  std::string mixed = PartnershipFixture::calls_csv(2, 5);
  mixed.replace(mixed.find("2022-"), 5, "yyyy-");
  drop("mixed.csv", mixed);
  const std::string why = "partly: the report on mixed.csv cannot be written there";
  ASSERT_TRUE(comes_true([&] { return watch->err().find(why) != std::string::npos; })) << watch->err();
  std::this_thread::sleep_for(milliseconds(2500));
  EXPECT_EQ(here_.refused("unreadable"), 1u) << "how often its rows were sent";
  const std::string said = watch->err();
  EXPECT_EQ(said.find(why), said.rfind(why)) << "nothing new: " << said;
  fs::remove(drop_ / "partly/mixed.csv.report.txt");
  ASSERT_TRUE(comes_true([&] { return has("partly/mixed.csv") && has("partly/mixed.csv.report.txt"); }));
  EXPECT_EQ(here_.refused("unreadable"), 1u);
  // The same name again, with something else in it, is another file.
  drop("mixed.csv", PartnershipFixture::calls_csv(7, 3));
  ASSERT_TRUE(comes_true([&] { return has("done/mixed.csv"); })) << watch->err();
  EXPECT_EQ(here_.offset(), 9u);
}

TEST_F(Watch, TakesFilesWhoseNamesAreAsLongAsTheyMayBe) {
  const std::unique_ptr<Process> watch = start_watch();
  const std::string good = std::string(251, 'g') + ".csv", bad = std::string(251, 'b') + ".csv";
  std::string accented = "x";
  for (int i = 0; i < 125; ++i) accented += "\xc3\xa9";
  for (int i = 0; i < 2; ++i) {
    drop(good, PartnershipFixture::calls_csv(2 * i, 2));
    ASSERT_TRUE(comes_true([&] { return here_.offset() == 2U * i + 2 && !has(good); }, seconds(20))) << watch->err();
    drop(bad, "a,b\n1,2\n");
    drop(accented + ".csv", "a,b\n1,2\n");
    ASSERT_TRUE(comes_true([&] { return !has(bad) && !has(accented + ".csv"); }, seconds(20))) << watch->err();
  }
  EXPECT_TRUE(has("done/" + good));
  EXPECT_TRUE(has("done/" + std::string(249, 'g') + "-2.csv"));
  for (const std::string& name :
       {std::string(191, 'b'), std::string(189, 'b') + "-2", accented.substr(0, 191), accented.substr(0, 189) + "-2"}) {
    EXPECT_TRUE(has("refused/" + name + ".csv")) << name;
    EXPECT_TRUE(has("refused/" + name + ".csv.report.txt")) << name;
  }
}

TEST_F(Watch, LeavesAloneWhatWindowsPutsBesideAFoldersFiles) {
  const std::unique_ptr<Process> watch = start_watch();
  for (const char* name : {"~$calls.xlsx", "Thumbs.db", "desktop.ini"}) drop(name, "not an export");
  drop("calls.csv", PartnershipFixture::calls_csv(0, 2));
  ASSERT_TRUE(comes_true([&] { return has("done/calls.csv"); })) << watch->err();
  for (const char* name : {"~$calls.xlsx", "Thumbs.db", "desktop.ini"}) EXPECT_TRUE(has(name)) << name;
}

// As people do who tidy up a share.
TEST_F(Watch, GoesOnWhenItsFoldersOrTheWholeFolderAreTidiedAway) {
  const std::unique_ptr<Process> watch = start_watch();
  drop("first.csv", PartnershipFixture::calls_csv(0, 2));
  ASSERT_TRUE(comes_true([&] { return has("done/first.csv"); })) << watch->err();
  fs::remove_all(drop_ / "done");
  drop("second.csv", PartnershipFixture::calls_csv(2, 2));
  ASSERT_TRUE(comes_true([&] { return has("done/second.csv"); }, seconds(10))) << watch->err();
  ASSERT_TRUE(comes_true([&] {  // the watch may be making something in it this moment
    std::error_code error;
    fs::remove_all(drop_, error);
    return !fs::exists(drop_);
  }));
  std::this_thread::sleep_for(milliseconds(800));
  fs::create_directory(drop_);
  drop("third.csv", PartnershipFixture::calls_csv(4, 2));
  ASSERT_TRUE(comes_true([&] { return has("done/third.csv"); }, seconds(10))) << watch->err();
  EXPECT_EQ(here_.offset(), 6u);
  const std::unique_ptr<Process> other = start_watch();
  EXPECT_TRUE(comes_true([&] { return other->err().find("another process already") != std::string::npos; }))
      << "the folder that was made anew has no lock";
}

TEST_F(Watch, RemovesWhatWasPublishedAtOnceWhereNothingIsToBeKept) {
  const std::unique_ptr<Process> watch = start_watch("0", {"--keep-days", "0"});
  drop("calls.csv", PartnershipFixture::calls_csv(0, 5));
  drop("other.csv", "a,b\n1,2\n");
  ASSERT_TRUE(comes_true([&] {
    return has("refused/other.csv") && here_.offset() == 5 && !has("calls.csv") && !has("done/calls.csv");
  })) << watch->err();
}

TEST_F(Watch, StatusTellsWhatWaitsInTheFoldersOfTheConfigurationAndSinceWhen) {
  add_to_configuration();
  const auto folders = [&] { return here_.status().at("folders").as_array(); };
  ASSERT_EQ(folders().size(), 1u);
  EXPECT_EQ(number_in(folders()[0].as_object(), "files"), 0);
  EXPECT_TRUE(folders()[0].at("oldest").is_null());
  EXPECT_EQ(here_.moot({"status"}).out.find("waiting in"), std::string::npos);

  const auto second = [] { return std::chrono::system_clock::now().time_since_epoch() / seconds(1); };
  const auto before = second();
  drop("calls.csv", PartnershipFixture::calls_csv(0, 5));
  fs::last_write_time(drop_ / "calls.csv", fs::file_time_type::clock::now() - std::chrono::hours(24 * 365));
  drop("more.csv", PartnershipFixture::calls_csv(5, 5));
  drop("more.csv.part", "on its way");
  fs::create_directory(drop_ / "done");
  EXPECT_EQ(text_in(folders()[0].as_object(), "agency"), PartnershipFixture::kWardens);
  EXPECT_EQ(number_in(folders()[0].as_object(), "files"), 2);
  const Result<Instant> oldest = parse_rfc3339(text_in(folders()[0].as_object(), "oldest"));
  ASSERT_TRUE(oldest.ok());
  // A file system's clock is some milliseconds behind.
  EXPECT_GE(oldest->us / kSecondUs + 1, before) << "when it came, not when it was written";
  EXPECT_LE(oldest->us / kSecondUs, second());
  EXPECT_NE(here_.moot({"status"}).out.find("millbrook-wardens: 2 files waiting in "), std::string::npos);

  fs::remove_all(drop_);
  EXPECT_NE(text_in(folders()[0].as_object(), "problem").find("cannot be read"), std::string::npos);
  EXPECT_NE(here_.moot({"status"}).out.find("the watched folder cannot be read"), std::string::npos);
}

TEST_F(Watch, IsPartOfUp) {
  broker_->kill();
  add_to_configuration();
  const std::unique_ptr<Process> up = here_.start({"up"});
  drop("calls.csv", PartnershipFixture::calls_csv(5000, 7));
  ASSERT_TRUE(comes_true([&] { return has("done/calls.csv"); })) << up->err();
  ASSERT_TRUE(comes_true([&] { return up->err().find("is up;") != std::string::npos; })) << up->err();
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(seconds(10)), 0) << up->err();
}

}  // namespace
}  // namespace moot
