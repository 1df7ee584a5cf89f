// The disk model itself: a small program does one thing after the other under the preloaded library, and what survives
// a power cut is what POSIX promises and no more.
#include "tests/faults/recorded_disk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/faults/recording.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class RecordedDiskTest : public testing::Test {
 protected:
  RecordedDiskTest() {
    fs::create_directories(folder_ / "before");
    write_text(folder_ / "before/old", std::string(2000, 'o'));
    fs::copy(folder_ / "before", root(), fs::copy_options::recursive);
  }

  fs::path root() const { return folder_ / "disk"; }
  std::string at(const std::string& name) const { return (root() / name).string(); }

  // Runs the steps to their end or to the fault of the plan.
  Ended run_steps(const Words& steps, const std::string& plan = "") {
    if (!plan.empty()) recording_.arm(plan);
    Words words = {MOOT_DISK_STEPS};
    words.insert(words.end(), steps.begin(), steps.end());
    return run(recording_.command(words));
  }

  FileTexts survivors(Survival survival, unsigned seed = 1) {
    RecordedDisk disk(folder_ / "before", root(), recording_.journal());
    disk.play_to(disk.operations().size());
    fs::remove_all(folder_ / "after");
    figures_ = disk.survive(folder_ / "after", survival, seed);
    FileTexts files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "after"))
      files[fs::relative(entry.path(), folder_ / "after").string()] =
          entry.is_regular_file() ? read_text(entry.path()) : "a folder";
    return files;
  }

  const TemporaryFolder folder_;
  const Recording recording_{folder_ / "disk", folder_ / "recording"};
  SurvivorFigures figures_;
};

TEST_F(RecordedDiskTest, ForgetsWhatWasNotSynced) {
  ASSERT_EQ(run_steps({"write", at("old"), "0", "n", "2000"}).exit_code, 0);
  EXPECT_EQ(read_text(root() / "old"), std::string(2000, 'n'));
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(2000, 'o'));
  EXPECT_EQ(figures_.lost_bytes, 2000u);
  EXPECT_EQ(survivors(Survival::kEverything).at("old"), std::string(2000, 'n'));
  EXPECT_EQ(figures_.kept_bytes, 2000u);
}

TEST_F(RecordedDiskTest, KeepsWhatWasSyncedWhateverCameLater) {
  ASSERT_EQ(run_steps({"write", at("old"), "0", "n", "900", "sync", at("old"), "write", at("old"), "100", "m", "50"})
                .exit_code,
            0);
  const std::string kept = std::string(900, 'n') + std::string(1100, 'o');
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), kept);
  for (unsigned seed = 0; seed < 20; ++seed)
    EXPECT_EQ(survivors(Survival::kScattered, seed).at("old").substr(150), kept.substr(150));
}

TEST_F(RecordedDiskTest, ForgetsANewNameWhoseFolderWasNotSynced) {
  ASSERT_EQ(run_steps({"write", at("new"), "0", "n", "10", "sync", at("new")}).exit_code, 0);
  EXPECT_FALSE(survivors(Survival::kNothing).contains("new"));
  ASSERT_EQ(run_steps({"sync", root().string()}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("new"), std::string(10, 'n'));
}

TEST_F(RecordedDiskTest, KeepsANameWithoutTheBytesThatWereNotSynced) {
  ASSERT_EQ(run_steps({"write", at("new"), "0", "n", "10", "sync", root().string()}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("new"), "");
}

TEST_F(RecordedDiskTest, RenamesAreThereOnceTheFolderWasSynced) {
  ASSERT_EQ(
      run_steps({"write", at("new"), "0", "n", "10", "sync", at("new"), "rename", at("new"), at("old")}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(2000, 'o'));
  EXPECT_EQ(survivors(Survival::kEverything).at("old"), std::string(10, 'n'));
  ASSERT_EQ(run_steps({"sync", root().string()}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(10, 'n'));
  EXPECT_FALSE(survivors(Survival::kNothing).contains("new"));
}

TEST_F(RecordedDiskTest, RemovedNamesComeBackUntilTheFolderIsSynced) {
  ASSERT_EQ(run_steps({"unlink", at("old")}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(2000, 'o'));
  EXPECT_TRUE(survivors(Survival::kEverything).empty());
  ASSERT_EQ(run_steps({"sync", root().string()}).exit_code, 0);
  EXPECT_TRUE(survivors(Survival::kNothing).empty());
}

TEST_F(RecordedDiskTest, AFolderIsThereOnceTheOneAboveWasSynced) {
  ASSERT_EQ(
      run_steps({"folder", at("in"), "write", at("in/file"), "0", "n", "3", "sync", at("in/file"), "sync", at("in")})
          .exit_code,
      0);
  EXPECT_FALSE(survivors(Survival::kNothing).contains("in"));
  ASSERT_EQ(run_steps({"sync", root().string()}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("in/file"), "nnn");
}

TEST_F(RecordedDiskTest, AFileWithTwoNamesHasOneContent) {
  ASSERT_EQ(run_steps({"write", at("new"), "0", "n", "5", "link", at("new"), at("second"), "unlink", at("new"), "sync",
                       at("second"), "sync", root().string()})
                .exit_code,
            0);
  const FileTexts files = survivors(Survival::kNothing);
  EXPECT_FALSE(files.contains("new"));
  EXPECT_EQ(files.at("second"), "nnnnn");
}

TEST_F(RecordedDiskTest, SizesAreSyncedToo) {
  ASSERT_EQ(run_steps({"size", at("old"), "7"}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("old").size(), 2000u);
  EXPECT_EQ(survivors(Survival::kEverything).at("old"), "ooooooo");
}

TEST_F(RecordedDiskTest, APrefixIsTornAtASector) {
  ASSERT_EQ(run_steps({"write", at("old"), "0", "n", "2000"}).exit_code, 0);
  std::set<std::size_t> lengths;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const std::string text = survivors(Survival::kPrefix, seed).at("old");
    const std::size_t length = static_cast<std::size_t>(std::count(text.begin(), text.end(), 'n'));
    EXPECT_EQ(text, std::string(length, 'n') + std::string(2000 - length, 'o'));
    EXPECT_TRUE(length % 512 == 0 || length == 2000) << length;
    lengths.insert(length);
  }
  EXPECT_EQ(lengths, (std::set<std::size_t>{0, 512, 1024, 1536, 2000}));
}

TEST_F(RecordedDiskTest, ScatteredSectorsLeaveZeroesBetween) {
  ASSERT_EQ(run_steps({"write", at("old"), "2048", "n", "2048"}).exit_code, 0);
  bool zeroes_between = false;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const std::string text = survivors(Survival::kScattered, seed).at("old");
    const std::size_t last = text.find_last_of('n'), hole = text.find('\0', 2048);
    EXPECT_EQ(text.substr(0, 2000), std::string(2000, 'o'));
    zeroes_between = zeroes_between || (last != std::string::npos && hole < last);
  }
  EXPECT_TRUE(zeroes_between);
}

TEST_F(RecordedDiskTest, ASyncThatFailedIsNotMadeGoodByTheNext) {
  ASSERT_EQ(run_steps({"write", at("old"), "0", "n", "2000", "sync-or-not", at("old"), "sync", at("old")},
                      "EIO sync 1 once */old\n")
                .exit_code,
            0);
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(2000, 'o'));
}

TEST_F(RecordedDiskTest, WhatAStreamWroteIsThereOnceItWasSynced) {
  ASSERT_EQ(run_steps({"stream", at("new"), "hello", "sync", root().string()}).exit_code, 0);
  EXPECT_EQ(survivors(Survival::kNothing).at("new"), "hello");
}

TEST_F(RecordedDiskTest, APlanFailsAWriteAndCutsOneShort) {
  const Ended full = run_steps({"write", at("old"), "0", "n", "10"}, "ENOSPC write 1 always *\n");
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_EQ(read_text(root() / "old"), std::string(2000, 'o'));
  const Recording again(root(), folder_ / "again");
  again.arm("short write 1 once *\n");
  EXPECT_EQ(run(again.command({MOOT_DISK_STEPS, "write", at("old"), "0", "n", "10"})).exit_code, 1);
  EXPECT_EQ(read_text(root() / "old"), std::string(5, 'n') + std::string(1995, 'o'));
}

// A process can be killed within the very call that writes a record down.
TEST_F(RecordedDiskTest, TheEndOfATornJournalIsLeftOff) {
  ASSERT_EQ(run_steps({"write", at("old"), "0", "n", "900", "sync", at("old"), "write", at("old"), "0", "m", "900"})
                .exit_code,
            0);
  const std::string journal = read_text(recording_.journal());
  for (const std::size_t less : {1u, 899u, 960u}) {
    write_text(recording_.journal(), journal.substr(0, journal.size() - less));
    EXPECT_EQ(survivors(Survival::kEverything).at("old"), std::string(900, 'n') + std::string(1100, 'o'));
  }
}

TEST_F(RecordedDiskTest, APlanKillsBetweenARenameAndTheSyncOfItsFolder) {
  const Ended killed = run_steps(
      {"write", at("new"), "0", "n", "10", "sync", at("new"), "rename", at("new"), at("old"), "sync", root().string()},
      "kill-after rename 1 once */old\n");
  EXPECT_EQ(killed.exit_code, 128 + 9);
  EXPECT_EQ(survivors(Survival::kNothing).at("old"), std::string(2000, 'o'));
}

}  // namespace
}  // namespace moot
