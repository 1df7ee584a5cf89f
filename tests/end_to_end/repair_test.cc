// `moot repair` as an admin runs it on a directory that does not open any more: what can be saved is saved beside it,
// what is lost is named, and the damaged directory stays as it is (promise G10).
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include "broker/log/record_file.h"
#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Repair : public testing::Test {
 protected:
  // Runs of the index after a few events; set before the directory is made.
  struct SmallRuns {
    SmallRuns() { ::setenv("MOOT_LOG_SIZES", "33554432 8388608 134217728 48", 1); }
    ~SmallRuns() { ::unsetenv("MOOT_LOG_SIZES"); }
  };

  static FileTexts texts_below(const fs::path& folder) {
    FileTexts texts;
    for (const fs::path& file : files_below(folder)) texts[file.string()] = read_text(folder / file);
    return texts;
  }

  // Repairs the copy into folder_/"new", with the keys beside it; what was printed.
  json::object repair(int exit_code) {
    const fs::path root = prepared_.copy(), made = folder_ / "new";
    const FileTexts before = texts_below(root);
    fs::remove_all(made);
    fs::create_directories(made);
    const Installation here = prepared_.installation(root);
    const Ended ended = run(here.command({"repair", "--to", (made / "data").string(), "--json"}));
    EXPECT_EQ(ended.exit_code, exit_code) << ended.out << ended.err;
    EXPECT_TRUE(texts_below(root) == before) << "the damaged directory was changed";
    fs::copy(root / "data.keys", made / "data.keys", fs::copy_options::recursive);
    return ended.out.empty() ? json::object() : json_of(ended.out);
  }

  std::uint64_t saved_events() const { return prepared_.installation(folder_ / "new").offset(); }

  void expect_served_as_before() const {
    const PreparedLog::Outcome outcome = prepared_.outcome_of(folder_ / "new");
    EXPECT_EQ(outcome.kind, PreparedLog::Outcome::kServed) << outcome.said;
  }

  std::vector<fs::path> log_files(const std::string& kind) const {
    std::vector<fs::path> found;
    for (const fs::path& file : files_below(prepared_.copy()))
      if (file.string().find("data/log/") == 0 && file.string().find(kind) != std::string::npos &&
          fs::file_size(prepared_.copy() / file) > 0)
        found.push_back(file);
    return found;
  }

  static void flip(const fs::path& file, std::size_t byte) {
    std::string bytes = read_text(file);
    bytes.at(byte) = static_cast<char>(bytes[byte] ^ 4);
    write_text(file, bytes);
  }

  const SmallRuns small_;
  const TemporaryFolder folder_;
  const PreparedLog prepared_;
};

TEST_F(Repair, OfASoundDirectoryLosesNothing) {
  prepared_.fresh_copy();
  const json::object printed = repair(0);
  EXPECT_TRUE(printed.at("complete").as_bool());
  EXPECT_EQ(number_in(printed, "events"), static_cast<std::int64_t>(prepared_.events()));
  EXPECT_TRUE(printed.at("lost").as_array().empty());
  EXPECT_GT(number_in(printed, "inbox_items"), 0);
  expect_served_as_before();
}

TEST_F(Repair, WithoutTheListOfTablesSavesEverything) {
  for (const char* kind : {"MANIFEST", "CURRENT"}) {
    prepared_.fresh_copy();
    for (const fs::path& file : log_files(kind)) fs::remove(prepared_.copy() / file);
    ASSERT_EQ(prepared_.outcome_of(prepared_.copy()).kind, PreparedLog::Outcome::kRefused);
    EXPECT_TRUE(repair(0).at("complete").as_bool());
    expect_served_as_before();
  }
}

TEST_F(Repair, MakesADamagedIndexAgain) {
  prepared_.fresh_copy();
  int damaged = 0;
  for (const fs::path& file : log_files(".sst")) {
    if (read_text(prepared_.copy() / file).find("nameids") == std::string::npos) continue;
    for (std::size_t byte = 50; byte < 500; byte += 100) flip(prepared_.copy() / file, byte);
    ++damaged;
  }
  ASSERT_GT(damaged, 0) << "there is no run of the index";
  EXPECT_EQ(run(prepared_.installation(prepared_.copy()).command({"verify"})).exit_code, 1);
  EXPECT_TRUE(repair(0).at("complete").as_bool());
  expect_served_as_before();
}

TEST_F(Repair, SavesWhatIsBehindTheDamageAndNamesWhatIsLost) {
  prepared_.fresh_copy();
  const fs::path file = prepared_.copy() / log_files(".log").back();
  std::vector<std::uint64_t> groups;
  ASSERT_TRUE(read_record_file(file, [&](const WrittenGroup& group) { groups.push_back(group.at); }).ok());
  ASSERT_GT(groups.size(), 4u);
  flip(file, groups[groups.size() / 2] + 40);
  ASSERT_EQ(prepared_.outcome_of(prepared_.copy()).kind, PreparedLog::Outcome::kRefused);
  const json::object printed = repair(1);
  EXPECT_FALSE(printed.at("complete").as_bool());
  const json::array& lost = printed.at("lost").as_array();
  ASSERT_EQ(lost.size(), 1u) << json::serialize(printed);
  const auto number = [&](const char* name) {
    return std::stoull(lost.at(0).as_object().at(name).as_string().c_str());
  };
  const std::uint64_t count = number("to") - number("from");
  EXPECT_GT(count, 0u);
  EXPECT_EQ(saved_events() + count, prepared_.events());
  EXPECT_EQ(printed.at("moved_from").as_string(), lost.at(0).as_object().at("to").as_string());
  EXPECT_TRUE(printed.at("findings").as_array().empty()) << json::serialize(printed);
}

TEST_F(Repair, RefusesWhatIsNoDamagedDirectoryOrHasNoRoom) {
  prepared_.fresh_copy();
  const fs::path root = prepared_.copy();
  const Installation here = prepared_.installation(root);
  write_text(folder_ / "full/a.txt", "a letter");
  const Ended full = run(here.command({"repair", "--to", (folder_ / "full").string()}));
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.err.find("is not empty"), std::string::npos) << full.err;
  const Ended inside = run(here.command({"repair", "--to", (root / "data/new").string()}));
  EXPECT_NE(inside.exit_code, 0);
  const Ended among_keys = run(here.command({"repair", "--to", (root / "data.keys/new").string()}));
  EXPECT_EQ(among_keys.exit_code, 2);
  EXPECT_NE(among_keys.err.find("must be apart from the key directory"), std::string::npos) << among_keys.err;
  EXPECT_FALSE(fs::exists(root / "data.keys/new"));
  const Ended none = run(Installation(folder_ / "full").command({"repair"}));
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_NE(none.err.find("is not a data directory"), std::string::npos) << none.err;
  EXPECT_EQ(read_text(folder_ / "full/a.txt"), "a letter");
  const std::unique_ptr<Process> broker = here.start_broker();
  const Ended running = run(here.command({"repair", "--to", (folder_ / "other").string()}));
  EXPECT_EQ(running.exit_code, 1);
  EXPECT_NE(running.err.find("a broker runs on it"), std::string::npos) << running.err;
  EXPECT_FALSE(fs::exists(folder_ / "other"));
}

// Killed at any moment, also while it looks over what it has made: what it leaves is known to be its own.
TEST_F(Repair, ThatWasKilledCanBeRunAgain) {
  prepared_.fresh_copy();
  const Installation here = prepared_.installation(prepared_.copy());
  const fs::path to = folder_ / "made", left = folder_ / "made.repairing";
  const Words words = here.command({"repair", "--to", to.string()});
  int killed = 0;
  for (int round = 0; round < 8; ++round) {
    fs::remove_all(to);
    Process repair(words);
    // The last thing that it makes; what follows is the look at all of it.
    while (repair.running() && !fs::exists(left / "views") && !fs::exists(left / "whole/views"))
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    repair.kill();
    if (!fs::exists(left)) continue;
    ++killed;
    fs::remove_all(to);
    const Ended again = run(words);
    EXPECT_EQ(again.exit_code, 0) << "killed after " << round << " ms: " << again.err;
    EXPECT_FALSE(fs::exists(left));
  }
  EXPECT_GT(killed, 0) << "it was never killed in time";
}

TEST_F(Repair, OfABackupSaysWhatToDoWithItAndLeavesNothingBehind) {
  prepared_.fresh_copy();
  const Installation here = prepared_.installation(prepared_.copy());
  const fs::path backup = folder_ / "backup";
  ASSERT_EQ(run(here.command({"backup", backup.string()})).exit_code, 0);
  const Ended ended = run(here.command({"repair", backup.string()}));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("moot restore"), std::string::npos) << ended.err;
  EXPECT_FALSE(fs::exists(backup.string() + ".repairing"));
  EXPECT_FALSE(fs::exists(backup.string() + ".repaired"));
}

TEST_F(Repair, NamesDamagedTokensThatItTakesOver) {
  prepared_.fresh_copy();
  write_text(prepared_.copy() / "data/tokens.toml", "checksum = \"00\"\n");
  const json::object printed = repair(1);
  const json::array& findings = printed.at("findings").as_array();
  ASSERT_EQ(findings.size(), 1u) << json::serialize(printed);
  EXPECT_EQ(findings.at(0).as_object().at("file").as_string(), (folder_ / "new/data/tokens.toml").string());
}

// Whatever is flipped in the log: what is saved opens, and saved and lost add up.
TEST_F(Repair, OfAFlipAnywhereInTheLogSavesAllButWhatItSaysIsLost) {
  std::mt19937 random(1215);
  int complete = 0, partly = 0;
  for (int i = 0, times = std::getenv("MOOT_LONG") != nullptr ? 300 : 12; i < times; ++i) {
    prepared_.fresh_copy();
    std::vector<fs::path> files = log_files("");
    const fs::path file = files[random() % files.size()];
    const std::size_t byte = random() % fs::file_size(prepared_.copy() / file);
    flip(prepared_.copy() / file, byte);
    SCOPED_TRACE(file.string() + " byte " + std::to_string(byte));
    const Ended ended = run(
        prepared_.installation(prepared_.copy()).command({"repair", "--to", (folder_ / "made").string(), "--json"}));
    ASSERT_FALSE(ended.out.empty()) << ended.err;
    const json::object printed = json_of(ended.out);
    std::uint64_t lost = 0;
    for (const json::value& range : printed.at("lost").as_array())
      lost += std::stoull(range.as_object().at("to").as_string().c_str()) -
              std::stoull(range.as_object().at("from").as_string().c_str());
    EXPECT_EQ(static_cast<std::uint64_t>(number_in(printed, "events")) + lost, prepared_.events());
    EXPECT_TRUE(printed.at("findings").as_array().empty()) << json::serialize(printed);
    EXPECT_EQ(printed.at("complete").as_bool(), lost == 0);
    ++(lost == 0 ? complete : partly);
    fs::remove_all(folder_ / "made");
  }
  std::cout << "repairs after a flip: " << complete << " lost nothing, " << partly << " some events\n";
  EXPECT_GT(complete, 0);
}

}  // namespace
}  // namespace moot
