// The manifest of a backup says what was written, or that it is not that.
#include "broker/backup_manifest.h"

#include <gtest/gtest.h>

#include "broker/backup_place.h"
#include "broker/core/seal.h"
#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/checksum.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

const std::string kLog = "0123456789abcdef0123456789abcdef";

BackupManifest example(std::uint64_t generation = 3) {
  BackupManifest manifest;
  manifest.generation = generation;
  manifest.log_id = kLog;
  manifest.made = "2021-03-02T06:00:00Z";
  manifest.events = 1234;
  manifest.recorded = "2021-03-02T05:59:58.120000Z";
  manifest.log_copy = 3;
  manifest.inbox_copy = 2;
  manifest.inbox_last_write = 17;
  manifest.audit_copy = 4;
  manifest.audit_entries = 85;
  manifest.files = {{"log/shared_checksum/000012_sX_45056.sst", 45056, ""},
                    {"log/meta/3", 812, std::string(64, 'a')},
                    {"files/3/a name with blanks", 0, std::string(64, '0')}};
  return manifest;
}

TEST(BackupManifest, SaysTheSameWhenItIsReadAgain) {
  const Result<BackupManifest> read = manifest_from(to_text(example()), BackupKind::kData);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(*read, example());
  BackupManifest keys = example();
  keys.kind = BackupKind::kKeys;
  keys.recorded.clear();
  keys.log_copy = keys.inbox_copy = 0;
  keys.inbox_last_write = 0;
  keys.audit_copy = 0;
  keys.audit_entries = 0;
  const Result<BackupManifest> read_keys = manifest_from(to_text(keys), BackupKind::kKeys);
  ASSERT_TRUE(read_keys.ok());
  EXPECT_EQ(*read_keys, keys);
}

TEST(BackupManifest, WithAnyBitFlippedOrAnEndCutOffIsNotTakenForWhatWasWritten) {
  const std::string text = to_text(example());
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(manifest_from(flipped, BackupKind::kData).ok()) << "byte " << i << ", bit " << bit;
    }
    EXPECT_FALSE(manifest_from(text.substr(0, i), BackupKind::kData).ok()) << "cut off at " << i;
  }
  EXPECT_FALSE(manifest_from(text + "\n", BackupKind::kData).ok());
}

TEST(BackupManifest, OfBeforeThereWereAuditLogsIsStillRead) {
  std::string text = to_text(example());
  text.erase(text.rfind("checksum "));
  text.replace(text.find("moot-backup 2"), 13, "moot-backup 1");
  text.erase(text.find("audit 4 85\n"), 11);
  text += "checksum " + to_hex(be64(checksum(text))) + "\n";
  const Result<BackupManifest> read = manifest_from(text, BackupKind::kData);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->audit_copy, 0u);
  EXPECT_EQ(read->events, 1234u);
}

TEST(BackupManifest, OfOneKindIsNotTakenForTheOther) {
  EXPECT_EQ(manifest_from(to_text(example()), BackupKind::kKeys).status().code(), Code::kInvalid);
}

TEST(BackupPlace, TakesTheLatestGenerationAndForgetsTheOldest) {
  const TemporaryFolder folder;
  const fs::path here = folder / "backup";
  {
    const Result<BackupPlace> place = BackupPlace::begin(here, BackupKind::kData, kLog);
    ASSERT_TRUE(place.ok()) << place.status().message();
    EXPECT_EQ(place.value().manifest(std::nullopt).status().code(), Code::kMissing);
    for (std::uint64_t generation : {1, 2, 3, 10}) {
      EXPECT_EQ(place.value().next_generation(), generation == 10 ? 4 : generation);
      ASSERT_TRUE(place.value().add(example(generation)).ok());
    }
    const Result<std::vector<BackupManifest>> kept = place.value().keep(2);
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(kept.value().size(), 2u);
    // Who else would add to it meanwhile is told so.
    EXPECT_EQ(BackupPlace::begin(here, BackupKind::kData, kLog).status().code(), Code::kExists);
  }
  const Result<BackupPlace> place = BackupPlace::open(here, BackupKind::kData);
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place.value().generations(), (std::vector<std::uint64_t>{3, 10}));
  EXPECT_EQ(place.value().manifest(std::nullopt)->generation, 10u);
  EXPECT_EQ(place.value().manifest(3)->generation, 3u);
  EXPECT_EQ(place.value().manifest(2).status().code(), Code::kMissing);
  EXPECT_TRUE(BackupPlace::begin(here, BackupKind::kData, kLog).ok()) << "the lock outlived its owner";
  EXPECT_EQ(BackupPlace::begin(here, BackupKind::kData, std::string(32, 'b')).status().code(), Code::kInvalid);
  EXPECT_EQ(BackupPlace::begin(here, BackupKind::kKeys, kLog).status().code(), Code::kInvalid);
}

TEST(BackupPlace, ForgetsNothingWhileAManifestCannotBeRead) {
  const TemporaryFolder folder;
  const fs::path here = folder / "backup";
  const Result<BackupPlace> place = BackupPlace::begin(here, BackupKind::kData, kLog);
  ASSERT_TRUE(place.ok());
  for (std::uint64_t generation : {1, 2, 3}) ASSERT_TRUE(place.value().add(example(generation)).ok());
  ASSERT_TRUE(write_whole_file(place.value().manifest_file(2), "moot-backup 1\n").ok());
  EXPECT_EQ(place.value().keep(1).status().code(), Code::kCorrupt);
  EXPECT_EQ(place.value().generations().size(), 3u);
}

TEST(BackupPlace, KnowsWhatIsInsideWhatWhateverItIsCalled) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "data/log");
  fs::create_directory_symlink(folder / "data", folder / "other-name");
  EXPECT_TRUE(is_inside(folder / "data", folder / "data"));
  EXPECT_TRUE(is_inside(folder / "data/new/below", folder / "data"));
  EXPECT_TRUE(is_inside(folder / "data/new", folder.path().string() + "/data/"));
  EXPECT_TRUE(is_inside(folder / "other-name/log", folder / "data"));
  EXPECT_TRUE(is_inside(folder / "data/../data/log", folder / "data"));
  EXPECT_FALSE(is_inside(folder / "data.keys", folder / "data"));
  EXPECT_FALSE(is_inside(folder / "data/../new", folder / "data"));
  EXPECT_FALSE(is_inside(folder.path(), folder / "data"));
}

}  // namespace
}  // namespace moot
