// What goes wrong with backups: brokers and restores killed half-way, flipped bits, places that cannot be written to or
// hold something else. Whatever happens, the generations that were there stay good, and nothing half-made gets a name.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include "tests/end_to_end/backup_fixture.h"
#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kSeed = 1279;

class BackupFaults : public BackupFixture {
 protected:
  const Words with_keys_ = {"--keys-to", key_backup_.string()};

  // Nothing of a restore is left but what the next one may delete.
  void expect_nothing_restored(const std::string& name) const {
    EXPECT_FALSE(fs::exists(folder_ / name));
    EXPECT_FALSE(fs::exists(folder_ / (name + ".keys")));
  }

  void expect_refused(const Words& words, const std::string& says) const {
    const Ended ended = here_.moot(words);
    EXPECT_NE(ended.exit_code, 0) << words[1];
    EXPECT_NE(ended.err.find(says), std::string::npos) << ended.err;
  }

  // Flips bits in every file below and expects that it is noticed; returns how many. MOOT_LONG: more of them.
  int flip_everywhere(const fs::path& folder) {
    std::mt19937 random(kSeed);
    int flips = 0;
    std::map<std::string, int> kinds;
    const int anywhere = std::getenv("MOOT_LONG") != nullptr ? 30 : 1;
    for (const auto& [file, bytes] : files_below(folder)) {
      if (bytes == 0) continue;
      std::vector<std::uint64_t> places = {0, bytes - 1};
      for (int i = 0; i < anywhere; ++i) places.push_back(random() % bytes);
      for (const std::uint64_t byte : places) {
        const int bit = static_cast<int>(random() % 8);
        SCOPED_TRACE(file + " byte " + std::to_string(byte) + ", bit " + std::to_string(bit));
        flip(file, byte, bit);
        EXPECT_EQ(verify(folder).exit_code, 1);
        EXPECT_EQ(restore("damaged").exit_code, 1);
        expect_nothing_restored("damaged");
        EXPECT_FALSE(fs::exists(folder_ / "damaged.restoring"));
        flip(file, byte, bit);
        ++flips;
        ++kinds[kind_of(fs::relative(file, folder))];
      }
    }
    for (const auto& [kind, count] : kinds) std::cout << "  " << kind << ": " << count << " flips, all refused\n";
    return flips;
  }
};

// Kills of a broker while it makes generation after generation.
class BackupKill : public BackupFaults {
 protected:
  // The files of the backup, told apart from those of an interrupted one that had the same names.
  std::set<std::pair<std::string, ino_t>> files_now() const {
    std::set<std::pair<std::string, ino_t>> files;
    std::error_code gone;
    for (fs::recursive_directory_iterator it(backup_, gone), end; it != end; it.increment(gone)) {
      struct stat status = {};
      if (::stat(it->path().c_str(), &status) == 0 && S_ISREG(status.st_mode))
        files.emplace(fs::relative(it->path(), backup_, gone).string(), status.st_ino);
    }
    return files;
  }

  // Waits until a new file stands whose path begins so, or the command has ended.
  void wait_for(const std::string& begin, const std::set<std::pair<std::string, ino_t>>& before, Process& command) {
    while (command.running())
      for (const auto& file : files_now())
        if (file.first.starts_with(begin) && before.count(file) == 0) return;
  }

  std::size_t generations() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(backup_))
      count += entry.path().filename().string().starts_with("generation-") && entry.path().extension().empty() ? 1 : 0;
    return count;
  }

  void expect_latest_is_good(const std::string& name, std::size_t generation) {
    EXPECT_EQ(verify(backup_).exit_code, 0);
    const Ended ended = restore(name);
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(number_in(json_of(ended.out), "generation"), static_cast<std::int64_t>(generation));
    fs::remove_all(folder_ / name);
    fs::remove_all(folder_ / (name + ".keys"));
  }
};

TEST_F(BackupKill, OfTheBrokerLeavesTheEarlierGenerationAndTheNextBackupIsWhole) {
  publish(calls("many.csv", 100'000, 4'000, 2'000));
  back_up(with_keys_);
  int in_time = 0;
  std::size_t first = 200'000;
  for (const std::string begin : {"log/shared_checksum/", "log/private/", "log/meta/", "inbox/private/", "inbox/meta/",
                                  "files/", "generation-"}) {
    SCOPED_TRACE("killed when there was " + begin);
    publish(calls("more.csv", first, 1'500, 1'000));
    first += 10'000;
    const std::size_t before = generations();
    const std::unique_ptr<Process> broker = here_.start_broker();
    const auto files = files_now();
    const std::unique_ptr<Process> command =
        here_.start({"backup", backup_.string(), "--keep", "100", "--keys-to", key_backup_.string()});
    wait_for(begin, files, *command);
    broker->kill();
    command->kill();
    in_time += generations() == before ? 1 : 0;
    expect_latest_is_good("after-kill", generations());
  }
  std::cout << "killed before the new generation counted: " << in_time << " of 7\n";
  EXPECT_GE(in_time, 3) << "the test has shown less than it says";
  const boost::json::object last = back_up(with_keys_);
  EXPECT_EQ(number_in(last, "events"), static_cast<std::int64_t>(here_.offset()));
  expect_latest_is_good("at-last", generations());
}

TEST_F(BackupKill, OfARestoreLeavesNothingOrAllOfIt) {
  publish(calls("many.csv", 100'000, 4'000, 2'000));
  back_up(with_keys_);
  const fs::path target = folder_ / "target";
  std::map<bool, int> outcomes;  // by whether the directory was there
  for (const int after_ms : {0, 5, 15, 30, 60, 100, 200, 400, 100'000}) {
    Process command(restore_words(target));
    while (command.running() && !fs::exists(folder_ / "target.restoring/whole")) std::this_thread::yield();
    command.wait(milliseconds(after_ms));
    command.kill();
    const bool there = fs::exists(target);
    EXPECT_TRUE(there || after_ms < 100'000) << command.err();
    ++outcomes[there];
    if (!there) continue;
    EXPECT_EQ(verify(target).exit_code, 0);
    EXPECT_EQ(restored("target").offset(), partnership_.events() + 4'000);
    fs::remove_all(target);
    fs::remove_all(folder_ / "target.keys");
  }
  std::cout << "restores killed: " << outcomes[false] << "; whole: " << outcomes[true] << "\n";
  EXPECT_GE(outcomes[false], 3) << "no kill came in time";
  EXPECT_GE(outcomes[true], 1);
  EXPECT_FALSE(fs::exists(folder_ / "target.restoring"));
}

TEST_F(BackupFaults, AFlippedBitInAnyFileIsFoundAndNothingIsRestored) {
  back_up(with_keys_);
  const int of_data = flip_everywhere(backup_), of_keys = flip_everywhere(key_backup_);
  std::cout << "flipped bits: " << of_data << " in the backup, " << of_keys << " in that of the keys\n";
  EXPECT_GT(of_data, 30);
  EXPECT_GT(of_keys, 15);
  EXPECT_EQ(verify(backup_).exit_code, 0);
  EXPECT_EQ(restore("sound").exit_code, 0);
}

TEST_F(BackupFaults, AMissingFileIsFoundAndAnEarlierGenerationCanStillBeRestored) {
  back_up(with_keys_);
  publish(calls("more.csv", 100'000, 50));
  back_up(with_keys_);
  fs::remove(backup_ / "files/2/agencies.toml");
  EXPECT_EQ(verify(backup_).exit_code, 1);
  EXPECT_EQ(restore("second").exit_code, 1);
  expect_nothing_restored("second");
  const Ended first = restore("first", {"--generation", "1"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(here_.moot({"verify", backup_.string(), "--generation", "1"}).exit_code, 0);
}

TEST_F(BackupFaults, PlacesThatAreNotForBackupsAreRefusedAndLeftAsTheyAre) {
  write_text(folder_ / "file", "not a folder");
  fs::create_directories(folder_ / "letters");
  write_text(folder_ / "letters/a.txt", "a letter");
  const auto before = files_below(folder_ / "letters");
  expect_refused({"backup", (folder_ / "letters").string()}, "neither empty nor a backup");
  expect_refused({"backup", (folder_ / "file/below").string()}, "file");
  expect_refused({"backup", (here_.data() / "backup").string()}, "must be apart from the data directory");
  expect_refused({"backup", folder_.path().string()}, "must be apart");
  expect_refused({"backup", (here_.keys() / "backup").string()}, "must be apart from the key directory");
  expect_refused({"backup", backup_.string(), "--keys-to", (backup_ / "keys").string()}, "must be apart");
  expect_refused({"backup", backup_.string(), "--keys-to", (here_.keys() / "copy").string()}, "must be apart");
  fs::create_directory_symlink(here_.data(), folder_ / "by-another-name");
  expect_refused({"backup", (folder_ / "by-another-name/backup").string()}, "must be apart from the data directory");
  EXPECT_EQ(files_below(folder_ / "letters"), before);
  EXPECT_FALSE(fs::exists(backup_));
  for (const char* name : {"letters", "nowhere"}) {
    const Ended ended = run(restored("new").command({"restore", (folder_ / name).string()}));
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_NE(ended.err.find("is not a backup made by Moot"), std::string::npos) << ended.err;
  }
}

TEST_F(BackupFaults, AnotherDataDirectorysBackupIsNotAddedTo) {
  back_up(with_keys_);
  const Installation other(folder_ / "other", partnership_.config());
  const Ended added = other.moot({"backup", backup_.string()});
  EXPECT_EQ(added.exit_code, 1);
  EXPECT_NE(added.err.find("another data directory"), std::string::npos) << added.err;
  const Ended own = other.moot({"backup", (folder_ / "others").string(), "--keys-to", key_backup_.string()});
  EXPECT_EQ(own.exit_code, 1);
  EXPECT_NE(own.err.find("another data directory"), std::string::npos) << own.err;
  EXPECT_EQ(verify(backup_).exit_code, 0);
  // Nor are one's data restored with the other's keys.
  ASSERT_EQ(
      other.moot({"backup", (folder_ / "others").string(), "--keys-to", (folder_ / "other-keys").string()}).exit_code,
      0);
  const Ended mixed = restore("mixed", {"--keys-from", (folder_ / "other-keys").string()});
  EXPECT_NE(mixed.exit_code, 0);
  expect_nothing_restored("mixed");
}

TEST_F(BackupFaults, AnOlderCopyOfTheDirectoryDoesNotFollowTheNewer) {
  fs::copy(here_.data(), folder_ / "older", fs::copy_options::recursive);
  publish(calls("more.csv", 500, 20));
  back_up();
  const Installation older(folder_ / "older", partnership_.config(), here_.keys());
  const Ended refused = older.moot({"backup", backup_.string()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("generation 1 holds"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(backup_ / "generation-000002"));
  EXPECT_EQ(older.moot({"backup", (folder_ / "of-its-own").string()}).exit_code, 0);
  EXPECT_EQ(number_in(back_up(), "generation"), 2) << "the newer one goes on";
}

TEST_F(BackupFaults, AFolderWithoutANameIsAMistakeOfUsage) {
  for (const Words& words : {Words{"backup", ""}, Words{"backup", backup_.string(), "--keys-to", ""},
                             Words{"restore", "", "--keys-from", key_backup_.string()}}) {
    const Ended ended = here_.moot(words);
    EXPECT_EQ(ended.exit_code, 2) << words[0] << ": " << ended.err;
    EXPECT_NE(ended.err.find("expected the name of"), std::string::npos) << ended.err;
  }
  EXPECT_FALSE(fs::exists(backup_));
}

TEST_F(BackupFaults, DamagedTokensAreNamedByTheBackupAndByItsRestore) {
  ASSERT_EQ(here_.moot({"token", "add", PartnershipFixture::kHomes}).exit_code, 0);
  const fs::path tokens = here_.data() / "tokens.toml";
  flip(tokens, 200, 1);
  const Ended made = here_.moot({"backup", backup_.string(), "--keys-to", key_backup_.string()});
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_NE(made.err.find("the backup is whole, but " + tokens.string()), std::string::npos) << made.err;
  const Ended made_again = restore("new");
  EXPECT_EQ(made_again.exit_code, 1);
  EXPECT_NE(made_again.err.find("the directory is restored, but " + (folder_ / "new/tokens.toml").string()),
            std::string::npos)
      << made_again.err;
  EXPECT_EQ(read_text(folder_ / "new/tokens.toml"), read_text(tokens));
  EXPECT_EQ(restored("new").offset(), here_.offset());
}

TEST_F(BackupFaults, ARestoreTouchesNothingThatIsThere) {
  back_up(with_keys_);
  const auto before = files_below(here_.data());
  const Ended same = here_.moot({"restore", backup_.string(), "--keys-from", key_backup_.string()});
  EXPECT_EQ(same.exit_code, 1);
  EXPECT_NE(same.err.find("is not empty"), std::string::npos) << same.err;
  EXPECT_EQ(files_below(here_.data()), before);
  // Another partnership's keys under the same names.
  fs::copy(here_.keys(), folder_ / "new.keys", fs::copy_options::recursive);
  write_text(folder_ / "new.keys/partnership.key", std::string(64, 'a') + "\n");
  const Ended other = restore("new");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_NE(other.err.find("is another key than the backup's"), std::string::npos) << other.err;
  EXPECT_EQ(read_text(folder_ / "new.keys/partnership.key"), std::string(64, 'a') + "\n");
  EXPECT_FALSE(fs::exists(folder_ / "new"));
  write_text(folder_ / "new.restoring/a.txt", "a letter");
  EXPECT_EQ(run(Installation(folder_ / "new", {}, folder_ / "new-keys")
                    .command({"restore", backup_.string(), "--keys-from", key_backup_.string()}))
                .exit_code,
            1);
  EXPECT_EQ(read_text(folder_ / "new.restoring/a.txt"), "a letter") << "it was not ours";
  fs::create_directories(folder_ / "vacant");
  // A restore that was killed as it began.
  write_text(folder_ / "vacant.restoring/moot-restoring.new-1-0", "");
  EXPECT_EQ(restore("vacant").exit_code, 0) << "an empty directory is as good as none";
}

// Files may not grow beyond 1 MiB: what a full disk does, for the tables of the log only.
TEST_F(BackupFaults, ADiskThatTakesNoMoreLeavesTheEarlierGenerationAndTheBrokersOwnFiles) {
  back_up(with_keys_);
  publish(calls("many.csv", 100'000, 1'500, 2'000));
  ASSERT_EQ(here_.moot({"status"}).exit_code, 0);           // everything is in tables now
  std::string line = "trap '' XFSZ; ulimit -f 2048; exec";  // in units of 512 bytes
  for (const std::string& word : here_.command({"backup", backup_.string()})) line += " '" + word + "'";
  const Ended full = run({"/bin/sh", "-c", line});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_NE(full.err.find("cannot be written"), std::string::npos) << full.err;
  EXPECT_FALSE(fs::exists(backup_ / "generation-000002"));
  EXPECT_EQ(verify(backup_).exit_code, 0);
  EXPECT_EQ(verify(here_.data()).exit_code, 0);
  EXPECT_EQ(restore("first").exit_code, 0);
  EXPECT_EQ(number_in(back_up(with_keys_), "generation"), 2);
}

}  // namespace
}  // namespace moot
