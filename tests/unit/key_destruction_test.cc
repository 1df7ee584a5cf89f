// Keys that are destroyed are gone: from the files, from old copies of the files, from memory; and no other key is.
#include <gtest/gtest.h>
#include <strings.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "broker/core/whole_file.h"
#include "broker/log/file_keys.h"
#include "broker/log/key_store.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/own_memory.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class KeyDestruction : public testing::Test {
 protected:
  KeyDestruction() { MOOT_CHECK_OK(FileKeys(random_key()).write(epoch_file_)); }
  KeyStore open() const { return KeyStore(events_, *FileKeys::read(epoch_file_)); }
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
      before[number] = *keys.find(number);
    for (const std::uint64_t number : gone) ASSERT_TRUE(keys.find(number).ok());
    EXPECT_EQ(destroy(keys, gone), gone.size());
    for (const std::uint64_t number : gone) EXPECT_EQ(keys.find(number).status().code(), Code::kErased);
    EXPECT_EQ(keys.find(63).status().code(), Code::kErased) << "a number is not given out again";
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
    kept = *keys.find(5);
    destroy(keys, {9});
    ASSERT_EQ(files().size(), 1u) << "the keys that are left are written down";
    for (const std::string& name : files()) copies[events_ / name] = *read_whole_file(events_ / name);
    destroy(keys, {7});
    for (const auto& [file, bytes] : copies) EXPECT_FALSE(fs::exists(file)) << "the old file is still there";
  }
  // Back under their old names, and under the new one.
  const std::set<std::string> now = files();
  ASSERT_EQ(now.size(), 1u);
  EXPECT_FALSE(open().missing_file().has_value());
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
    destroy(keys, {9});
    ASSERT_TRUE(keys.find(1).ok());
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

// What is known by heart is wiped: a dump of the memory taken afterwards opens nothing that was erased.
TEST_F(KeyDestruction, LeavesNoKeyInMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps freed memory, and terabytes of its own";
#endif
  KeyStore keys = open();
  destroy(keys, {9});  // from here on the keys stand in a file
  const auto masked = [&](std::uint64_t number) {
    Result<Key> key = keys.find(number);
    MOOT_CHECK_OK(key.status());
    const Masked hidden(key->data(), key->size());
    ::explicit_bzero(key->data(), key->size());
    return hidden;
  };
  const Masked seven = masked(7);
  EXPECT_TRUE(seven.is_in_own_memory()) << "it is known by heart, or the search finds nothing";
  destroy(keys, {7});
  EXPECT_FALSE(seven.is_in_own_memory());
  const Masked eight = masked(8);
  destroy(keys, {63});
  EXPECT_FALSE(eight.is_in_own_memory()) << "all that was known by heart is, since all is read for it";
}

// Nor do keys that made room for others stay in memory that was given back.
TEST_F(KeyDestruction, LeavesNoKeyInMemoryThatMadeRoomForOthers) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps freed memory, and terabytes of its own";
#endif
  constexpr std::uint64_t kPages = 2 * 1024 + 1;  // one more than the store knows by heart
  KeyStore keys = open();
  std::vector<std::uint64_t> one_of_each_file;
  for (std::uint64_t file = 0; file <= kPages / kKeyPagesPerFile; ++file)
    one_of_each_file.push_back(file * KeyStore::kKeysPerFile + 9);
  destroy(keys, one_of_each_file);  // from here on the keys stand in files
  std::vector<Masked> first;
  for (std::uint64_t page = 0; page < kPages; ++page) {
    Result<Key> key = keys.find(page * kKeysPerPage + 30);
    ASSERT_TRUE(key.ok()) << key.status().message();
    if (page % 128 == 5 && page < 512) first.emplace_back(key->data(), key->size());
    ::explicit_bzero(key->data(), key->size());
  }
  for (const Masked& key : first) EXPECT_FALSE(key.is_in_own_memory());
}

TEST_F(KeyDestruction, AgainAndAgainInOneFile) {
  KeyStore keys = open();
  const Key kept = *keys.find(2);
  for (std::uint64_t number = 10; number < 20; ++number) {
    ASSERT_TRUE(keys.find(number).ok());
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
  FileKeys epoch(random_key());
  epoch.derive_from(2);
  ASSERT_TRUE(epoch.write(epoch_file_).ok());
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
}

// A key that is wrong would be found out only when something is to be opened, and what is sealed meanwhile be lost.
TEST(FileKeys, AreCorruptWithAnyBitChangedOrAnyByteMissing) {
  const TemporaryFolder folder;
  FileKeys keys(random_key());
  keys.forget(3);
  ASSERT_TRUE(keys.write(folder / "keys").ok());
  const std::string text = *read_whole_file(folder / "keys");
  const auto read = [&](const std::string& broken) {
    EXPECT_TRUE(write_whole_file(folder / "keys", broken).ok());
    return FileKeys::read(folder / "keys").status();
  };
  ASSERT_TRUE(read(text).ok());
  EXPECT_FALSE(read(text + "x").ok());
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(read(text.substr(0, at)).ok()) << at;
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    EXPECT_FALSE(read(flipped).ok()) << at;
  }
}

TEST(FileKeys, OfEarlierFormatsAreReadAndALaterOneIsRefusedByName) {
  const TemporaryFolder folder;
  const Key epoch = random_key();
  const auto read = [&](const std::string& text) {
    EXPECT_TRUE(write_whole_file(folder / "keys", text).ok());
    return FileKeys::read(folder / "keys");
  };
  const Result<FileKeys> line = read(to_hex(epoch) + "\n");
  EXPECT_EQ(line->of(7), FileKeys(epoch).of(7));
  EXPECT_FALSE(line->derived_from().has_value()) << "all its keys stand in files";
  FileKeys cut(epoch);
  cut.forget(0);
  ASSERT_TRUE(cut.write(folder / "keys").ok());
  const std::string lines = *read_whole_file(folder / "keys");
  const std::size_t seeds = lines.find("seed ");
  const Result<FileKeys> first =
      read("moot file keys 1\n" + lines.substr(seeds, lines.rfind("\nend ") + 1 - seeds) + "end\n");
  ASSERT_TRUE(first.ok()) << first.status().message();
  EXPECT_EQ(first->of(7), cut.of(7));
  EXPECT_EQ(first->of(0), cut.of(0));
  EXPECT_FALSE(first->derived_from().has_value());
  EXPECT_TRUE(first->forgot_the_same(cut));
  EXPECT_FALSE(first->forgot_the_same(FileKeys(epoch)));
  // Format 1 has no checksum: a seed under another number leaves a file without one.
  std::string moved = lines.substr(seeds, lines.rfind("\nend ") + 1 - seeds);
  moved.replace(moved.find("seed 1 1"), 8, "seed 1 0");
  EXPECT_EQ(read("moot file keys 1\n" + moved + "end\n").status().code(), Code::kCorrupt);
  const Status later = read("moot file keys 3\nmore\n").status();
  EXPECT_EQ(later.code(), Code::kInvalid);
  EXPECT_NE(later.message().find("\"moot file keys 3\""), std::string::npos) << later.message();
}

}  // namespace
}  // namespace moot
