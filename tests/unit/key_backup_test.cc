// Generations of a backup of keys: which are given up, and which are not.
#include "broker/key_backup.h"

#include <gtest/gtest.h>

#include "broker/core/whole_file.h"
#include "broker/log/key_store.h"
#include "tests/contract/earlier_keys.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class KeyBackupTest : public testing::Test {
 protected:
  KeyBackupTest() {
    fs::create_directories(log_keys_ / "events");
    MOOT_CHECK_OK(FileKeys(random_key()).write(log_keys_ / "epoch.key"));
    for (const fs::path& file : {keys_ / "partnership.key", keys_ / "broker.key", log_keys_ / "inbox.key"})
      MOOT_CHECK_OK(write_whole_file(file, to_hex(random_key()) + "\n"));
  }
  KeyStore open() const { return KeyStore(events_, *KeyStore::read_epoch(log_keys_ / "epoch.key", events_)); }
  void destroy(std::uint64_t number) const {
    KeyStore keys = open();
    MOOT_CHECK_OK(keys.destroy(std::vector{number}, log_keys_ / "epoch.key").status());
  }
  KeyBackup back_up(std::uint32_t kept) const {
    const Result<BackupPlace> place = BackupPlace::begin(folder_ / "backup", BackupKind::kKeys, kLog);
    MOOT_CHECK_OK(place.status());
    BackupManifest about;
    about.log_id = kLog;
    about.made = "2022-06-14T12:00:00Z";
    Result<KeyBackup> backup = back_up_keys(*place, keys_, about, kept);
    MOOT_CHECK_OK(backup.status());
    return std::move(*backup);
  }
  std::vector<std::uint64_t> generations() const {
    const Result<BackupPlace> place = BackupPlace::open(folder_ / "backup", BackupKind::kKeys);
    MOOT_CHECK_OK(place.status());
    return place->generations();
  }
  // What the generation has under that name.
  std::optional<std::string> in_generation(std::uint64_t generation, const std::string& path) const {
    const Result<BackupPlace> place = BackupPlace::open(folder_ / "backup", BackupKind::kKeys);
    const Result<BackupManifest> manifest = place->manifest(generation);
    MOOT_CHECK_OK(manifest.status());
    for (const BackupFile& file : manifest->files)
      if (file.path == path) return *read_whole_file(key_object(*place, file));
    return std::nullopt;
  }

  static constexpr const char* kLog = "0123456789abcdef0123456789abcdef";
  const TemporaryFolder folder_;
  const fs::path keys_ = folder_ / "keys";
  const fs::path log_keys_ = keys_ / "logs" / kLog;
  const fs::path events_ = log_keys_ / "events";
};

using Generations = std::vector<std::uint64_t>;

TEST_F(KeyBackupTest, OfAFileThatIsLostSaysSoAndGivesUpNoEarlierOne) {
  destroy(7);
  const fs::path file = events_ / "0000000000000000-1.keys";
  const std::string lost = *read_whole_file(file);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(back_up(7).missing.has_value());
  fs::remove(file);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(back_up(1).missing, file);
  EXPECT_EQ(generations(), (Generations{1, 2, 3, 4})) << "an earlier one may be all that is left";
  const std::string path = std::string("logs/") + kLog + "/events/" + file.filename().string();
  EXPECT_EQ(in_generation(1, path), lost);
  EXPECT_EQ(in_generation(4, path), std::nullopt);
  MOOT_CHECK_OK(write_whole_file(file, lost));
  EXPECT_FALSE(back_up(1).missing.has_value());
  EXPECT_EQ(generations(), (Generations{5})) << "put back, it is kept as it is asked for";
}

// Also where a file is lost: what was made before an erasure would open what was erased.
TEST_F(KeyBackupTest, GivesUpWhatWasMadeBeforeAnErasureEvenWhereAFileIsLost) {
  destroy(7);
  back_up(7);
  destroy(KeyStore::kKeysPerFile);
  fs::remove(events_ / "0000000000000000-1.keys");
  EXPECT_TRUE(back_up(7).missing.has_value());
  EXPECT_EQ(generations(), (Generations{2}));
}

TEST_F(KeyBackupTest, FromBeforeAnUpgradeIsNotGivenUpForIt) {
  make_earlier_keys(log_keys_);
  back_up(7);
  KeyStore keys = open();
  ASSERT_TRUE(keys.settle(log_keys_ / "epoch.key").ok());
  ASSERT_TRUE(read_whole_file(log_keys_ / "epoch.key")->starts_with("moot file keys 2\n"));
  back_up(7);
  EXPECT_EQ(generations(), (Generations{1, 2})) << "nobody was erased: it opens no more than the new one";
  destroy(7);
  back_up(7);
  EXPECT_EQ(generations(), (Generations{3}));
}

}  // namespace
}  // namespace moot
