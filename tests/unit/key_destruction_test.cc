// Keys that are destroyed are gone: from the files, from old copies of the files, from memory; and no other key is.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/file_keys.h"
#include "broker/log/key_store.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class KeyDestruction : public testing::Test {
 protected:
  KeyDestruction() { MOOT_CHECK_OK(write_whole_file(epoch_file_, to_hex(random_key()) + "\n")); }
  KeyStore open() const { return *KeyStore::open(events_, *FileKeys::read(epoch_file_)); }
  std::uint64_t destroy(KeyStore& keys, const std::vector<std::uint64_t>& numbers) const {
    const Result<std::uint64_t> count = keys.destroy(numbers, epoch_file_);
    EXPECT_TRUE(count.ok()) << count.status().message();
    return count.ok() ? *count : 0;
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(events_)) names.insert(entry.path().filename().string());
    return names;
  }

  const TemporaryFolder folder_;
  const fs::path epoch_file_ = folder_ / "epoch.key";
  const fs::path events_ = folder_ / "events";
};

TEST_F(KeyDestruction, TakesTheseKeysAndNoOther) {
  std::map<std::uint64_t, Key> before;
  const std::vector<std::uint64_t> gone = {0, 63, 64, KeyStore::kKeysPerFile + 9};
  {
    KeyStore keys = open();
    for (std::uint64_t number = 0; number < 2 * KeyStore::kKeysPerFile; number += 3)
      before[number] = *keys.make(number);
    for (const std::uint64_t number : gone) ASSERT_TRUE(keys.make(number).ok());
    EXPECT_EQ(destroy(keys, gone), gone.size());
    for (const std::uint64_t number : gone) EXPECT_EQ(keys.find(number).status().code(), Code::kErased);
    EXPECT_EQ(keys.make(63).status().code(), Code::kErased) << "a number is not given out again";
    EXPECT_EQ(destroy(keys, gone), 0u) << "once is enough";
  }
  const KeyStore again = open();
  for (const std::uint64_t number : gone) {
    EXPECT_EQ(again.find(number).status().code(), Code::kErased);
    before.erase(number);
  }
  for (const auto& [number, key] : before) ASSERT_EQ(*again.find(number), key) << number;
}

TEST_F(KeyDestruction, OldCopiesOfTheFilesSayNothingMore) {
  Key kept;
  std::map<fs::path, std::string> copies;
  {
    KeyStore keys = open();
    kept = *keys.make(5);
    for (const std::string& name : files()) copies[events_ / name] = *read_whole_file(events_ / name);
    destroy(keys, {7});
    for (const auto& [file, bytes] : copies) EXPECT_FALSE(fs::exists(file)) << "the old file is still there";
  }
  // Back under their old names, and under the new one.
  const std::set<std::string> now = files();
  ASSERT_EQ(now.size(), 1u);
  for (const auto& [file, bytes] : copies) ASSERT_TRUE(write_whole_file(file, bytes).ok());
  EXPECT_EQ(open().find(7).status().code(), Code::kErased) << "an earlier generation is read";
  EXPECT_EQ(*open().find(5), kept);
  ASSERT_TRUE(write_whole_file(events_ / *now.begin(), copies.begin()->second).ok());
  EXPECT_EQ(open().find(7).status().code(), Code::kCorrupt);
}

TEST_F(KeyDestruction, IsDoneOrNotWhereverItStops) {
  std::string epoch_before;
  {
    KeyStore keys = open();
    ASSERT_TRUE(keys.make(1).ok());
    epoch_before = *read_whole_file(epoch_file_);
    fs::copy(events_, folder_ / "before", fs::copy_options::recursive);
    destroy(keys, {1});
  }
  // The new file was written, epoch.key was not: the key is there, and destroying it again finishes.
  fs::copy(folder_ / "before", events_, fs::copy_options::recursive);
  ASSERT_TRUE(write_whole_file(epoch_file_, epoch_before).ok());
  KeyStore keys = open();
  EXPECT_TRUE(keys.find(1).ok());
  EXPECT_EQ(destroy(keys, {1}), 1u);
  EXPECT_EQ(open().find(1).status().code(), Code::kErased);
  // epoch.key was written, the old file not deleted: asked again, that is done.
  fs::copy(folder_ / "before", events_, fs::copy_options::skip_existing | fs::copy_options::recursive);
  EXPECT_EQ(files().size(), 2u);
  EXPECT_EQ(destroy(keys, {}), 0u);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(KeyDestruction, AgainAndAgainInOneFile) {
  KeyStore keys = open();
  const Key kept = *keys.make(2);
  for (std::uint64_t number = 10; number < 20; ++number) {
    ASSERT_TRUE(keys.make(number).ok());
    EXPECT_EQ(destroy(keys, {number}), 1u);
    EXPECT_EQ(files().size(), 1u);
    EXPECT_EQ(*open().find(2), kept);
    EXPECT_EQ(open().find(number).status().code(), Code::kErased);
  }
}

TEST_F(KeyDestruction, FilesOfOlderFormatsBecomeOnesOfToday) {
  const std::string bare(KeyStore::kKeysPerFile * 32, 'k');
  fs::create_directories(events_);
  ASSERT_TRUE(write_whole_file(events_ / "0000000000000000.keys", bare).ok());
  ASSERT_TRUE(write_whole_file(events_ / "0000000000001000.keys", bare).ok());
  KeyStore keys = open();
  ASSERT_TRUE(keys.find(3).ok());
  EXPECT_EQ(destroy(keys, {3}), 1u);
  EXPECT_EQ(open().find(3).status().code(), Code::kErased);
  EXPECT_TRUE(open().find(4).ok());
  EXPECT_TRUE(open().find(KeyStore::kKeysPerFile + 3).ok());
  for (const std::string& name : files())
    EXPECT_EQ(read_whole_file(events_ / name)->find(std::string(64, 'k')), std::string::npos) << name << " is bare";
}

TEST(FileKeys, ForgetsTheseAndKeepsAllOthers) {
  const TemporaryFolder folder;
  const FileKeys whole(random_key());
  FileKeys keys = whole;
  std::mt19937_64 random(7);
  std::set<std::uint64_t> gone = {0, 1, 2, (1ULL << 32) - 1};
  while (gone.size() < 40) gone.insert(random() % (gone.size() % 2 == 0 ? 1000 : 1ULL << 32));
  for (const std::uint64_t number : gone) keys.forget(number);
  ASSERT_TRUE(keys.write(folder / "keys").ok());
  const Result<FileKeys> read = FileKeys::read(folder / "keys");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_FALSE(read->epoch_key().has_value());
  for (std::uint64_t number = 0; number < 1000; ++number) {
    EXPECT_EQ(read->of(number) == whole.of(number), !gone.contains(number)) << number;
    EXPECT_EQ(read->generation(number), gone.contains(number) ? 1u : 0u);
    EXPECT_EQ(read->of(number), keys.of(number));
  }
  // A line that is cut off is no end, and a word changed is no key.
  const std::string text = *read_whole_file(folder / "keys");
  for (const std::string& broken : {text.substr(0, text.size() - 5), text.substr(0, text.size() / 2), text + "x"}) {
    ASSERT_TRUE(write_whole_file(folder / "keys", broken).ok());
    EXPECT_EQ(FileKeys::read(folder / "keys").status().code(), Code::kCorrupt);
  }
}

}  // namespace
}  // namespace moot
