// The filter over the index's runs: it may be wrong about a new key, never about one it was given.
#include "broker/log/key_filter.h"

#include <gtest/gtest.h>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr std::size_t kFirst = 1024;

EventKey key(std::uint64_t number) { return event_key("/soha/cases", std::to_string(number)); }

std::vector<EventKey> keys(std::uint64_t first, std::uint64_t end) {
  std::vector<EventKey> made;
  for (; first < end; ++first) made.push_back(key(first));
  return made;
}

// In tables of 500 keys, as an index gives them.
KeyFilter filter_of(std::uint64_t count, std::size_t bytes_max = KeyFilter::kBytesMax) {
  KeyFilter filter(kFirst, bytes_max);
  for (std::uint64_t first = 0; first < count; first += 500)
    filter = filter.with(keys(first, std::min(count, first + 500)), Offset{std::min(count, first + 500)});
  return filter;
}

double share_of_strangers_let_through(const KeyFilter& filter) {
  int through = 0;
  for (std::uint64_t number = 0; number < 20'000; ++number) through += filter.may_hold(key(1'000'000 + number)) ? 1 : 0;
  return through / 20'000.0;
}

TEST(KeyFilter, OfNoKeysHoldsNone) { EXPECT_FALSE(KeyFilter().may_hold(key(1))); }

TEST(KeyFilter, ForgetsNoKeyAndLetsFewStrangersThroughHoweverManyLayersItHas) {
  const KeyFilter filter = filter_of(60'000);
  for (std::uint64_t number = 0; number < 60'000; ++number) ASSERT_TRUE(filter.may_hold(key(number))) << number;
  EXPECT_LT(share_of_strangers_let_through(filter), 0.02);
  EXPECT_LT(filter.bytes(), 60'000 * 4u) << "two bytes a key, and the last layer's room";
}

TEST(KeyFilter, WithMoreKeysIsAnotherFilter) {
  const KeyFilter before = filter_of(500);
  const KeyFilter after = before.with(keys(500, 1000), Offset{1000});
  EXPECT_TRUE(after.may_hold(key(700)));
  EXPECT_FALSE(before.may_hold(key(700))) << "a thread may still be reading it";
}

TEST(KeyFilter, AtItsCeilingGrowsNoMoreAndForgetsNothing) {
  constexpr std::size_t kCeiling = 16 * 1024;
  const KeyFilter filter = filter_of(60'000, kCeiling);
  EXPECT_LE(filter.bytes(), kCeiling);
  for (std::uint64_t number = 0; number < 60'000; ++number) ASSERT_TRUE(filter.may_hold(key(number))) << number;
}

TEST(KeyFilter, IsReadBackFromItsFiles) {
  const TemporaryFolder folder;
  KeyFilter filter(kFirst);
  for (std::uint64_t first = 0; first < 9000; first += 500) {
    filter = filter.with(keys(first, first + 500), Offset{first + 500});
    ASSERT_TRUE(filter.save(folder.path(), "log A").ok());
  }
  KeyFilter read(kFirst);
  ASSERT_TRUE(read.load(folder.path(), "log A").ok());
  EXPECT_EQ(read.through(), Offset{9000});
  for (std::uint64_t number = 0; number < 9000; ++number) ASSERT_TRUE(read.may_hold(key(number))) << number;
  EXPECT_EQ(share_of_strangers_let_through(read), share_of_strangers_let_through(filter));
  KeyFilter of_another(kFirst);
  EXPECT_EQ(of_another.load(folder.path(), "log B").code(), Code::kCorrupt);
}

TEST(KeyFilter, RemovesEveryFileAlsoBehindAGapAndWhatAKillLeft) {
  const TemporaryFolder folder;
  for (const char* name : {"filter-00000001", "filter-00000003", "filter-00000003.new-77-1", "000012.sst"})
    ASSERT_TRUE(write_whole_file(folder / name, "x").ok());
  ASSERT_TRUE(KeyFilter::remove_files(folder.path()).ok());
  std::size_t left = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    left += entry.path().filename() == "000012.sst" ? 1 : 100;
  EXPECT_EQ(left, 1u);
}

// A filter that is made anew says of no layer but the last how far it goes; the disk may fill up on the way.
TEST(KeyFilter, ALayerThatWasNotSavedToItsEndIsNoticedBehindALaterOneThatWas) {
  const TemporaryFolder folder;
  KeyFilter filter(kFirst);
  std::string half;
  for (std::uint64_t first = 0; first < 3000; first += 500) {
    filter = filter.with(keys(first, first + 500), first + 500 < 3000 ? Offset{} : Offset{3000});
    ASSERT_TRUE(filter.save(folder.path(), "log A").ok());
    if (first == 0) half = *read_whole_file(folder / "filter-00000000");
  }
  ASSERT_TRUE(std::filesystem::exists(folder / "filter-00000001"));
  KeyFilter whole(kFirst);
  ASSERT_TRUE(whole.load(folder.path(), "log A").ok());
  ASSERT_TRUE(write_whole_file(folder / "filter-00000000", half).ok());
  KeyFilter with_half(kFirst);
  EXPECT_EQ(with_half.load(folder.path(), "log A").code(), Code::kCorrupt);
}

TEST(KeyFilter, AMissingLayerIsNoticed) {
  const TemporaryFolder folder;
  KeyFilter filter(kFirst);
  for (std::uint64_t first = 0; first < 9000; first += 500) {
    filter = filter.with(keys(first, first + 500), Offset{first + 500});
    ASSERT_TRUE(filter.save(folder.path(), "log A").ok());
  }
  ASSERT_TRUE(std::filesystem::exists(folder / "filter-00000002"));
  std::filesystem::rename(folder / "filter-00000002", folder / "filter-00000001");
  KeyFilter moved(kFirst);
  EXPECT_EQ(moved.load(folder.path(), "log A").code(), Code::kCorrupt);
  std::filesystem::remove(folder / "filter-00000001");
  KeyFilter shorter(kFirst);
  ASSERT_TRUE(shorter.load(folder.path(), "log A").ok());
  EXPECT_LT(shorter.through(), Offset{9000}) << "so that whoever loads it sees that it ends too early";
}

}  // namespace
}  // namespace moot
