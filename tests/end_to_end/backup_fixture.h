// What the tests of backups share: a data directory with history, a backup of it and of its keys, restored copies.
// Thread: one, the test's.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {

class BackupFixture : public testing::Test {
 protected:
  BackupFixture();

  // `moot backup` to backup_ (and key_backup_), with --json; fails the test when it does not exit 0.
  boost::json::object back_up(const Words& more = {}) const;
  Words restore_words(const std::filesystem::path& data, const Words& more = {}) const;
  Ended restore(const std::string& name, const Words& more = {}) const;
  Installation restored(const std::string& name) const;
  Ended verify(const std::filesystem::path& folder) const;
  // A file of calls of its own, and the words that publish it as a live feed.
  Words calls(const std::string& name, std::size_t first, std::size_t count, std::size_t note_characters = 0) const;
  void publish(const Words& words) const;

  // Every regular file below, its path and its length.
  static std::map<std::string, std::uint64_t> files_below(const std::filesystem::path& folder);
  static std::uint64_t bytes_below(const std::filesystem::path& folder);
  static void flip(const std::filesystem::path& file, std::uint64_t byte, int bit);

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::filesystem::path backup_ = folder_ / "backup";
  const std::filesystem::path key_backup_ = folder_ / "key-backup";
};

}  // namespace moot
