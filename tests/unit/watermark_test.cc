#include "broker/log/watermark.h"

#include <gtest/gtest.h>

#include "broker/core/whole_file.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

TEST(Watermark, IsZeroAtFirstAndNeverGoesBack) {
  TemporaryFolder folder;
  {
    Watermark mark = std::move(*Watermark::open(folder / "mark"));
    EXPECT_EQ(mark.value(), Offset{0});
    for (const std::uint64_t end : {3, 7, 5}) ASSERT_TRUE(mark.raise(Offset{end}).ok());
    EXPECT_EQ(mark.value(), Offset{7});
  }
  EXPECT_EQ(Watermark::open(folder / "mark")->value(), Offset{7});
}

TEST(Watermark, ATornWriteLeavesTheOneBefore) {
  TemporaryFolder folder;
  {
    Watermark mark = std::move(*Watermark::open(folder / "mark"));
    for (const std::uint64_t end : {3, 7}) ASSERT_TRUE(mark.raise(Offset{end}).ok());
  }
  std::string bytes = *read_whole_file(folder / "mark");
  ASSERT_EQ(bytes.size(), 48u);
  bytes[23] = 9;  // the first slot, which held 7; before it 0
  ASSERT_TRUE(write_whole_file(folder / "mark", bytes).ok());
  Watermark mark = std::move(*Watermark::open(folder / "mark"));
  EXPECT_EQ(mark.value(), Offset{3});
  ASSERT_TRUE(mark.raise(Offset{8}).ok());
  EXPECT_EQ(Watermark::open(folder / "mark")->value(), Offset{8});
}

// 24 bytes and 8 of the second slot are as long as a watermark of format 1.
TEST(Watermark, ASecondSlotThatWasTornAnywhereLeavesTheFirst) {
  for (std::uintmax_t torn = 24; torn < 48; ++torn) {
    TemporaryFolder folder;
    { ASSERT_TRUE(Watermark::open(folder / "mark")->raise(Offset{3}).ok()); }
    std::filesystem::resize_file(folder / "mark", torn);
    const auto mark = Watermark::open(folder / "mark");
    ASSERT_TRUE(mark.ok()) << torn << " bytes: " << mark.status().to_string();
    EXPECT_EQ(mark->value(), Offset{0});
  }
}

TEST(Watermark, WithNoWholeSlotNothingIsBelieved) {
  TemporaryFolder folder;
  ASSERT_TRUE(write_whole_file(folder / "mark", std::string(48, 'x')).ok());
  EXPECT_EQ(Watermark::open(folder / "mark").status().code(), Code::kCorrupt);
}

}  // namespace
}  // namespace moot
