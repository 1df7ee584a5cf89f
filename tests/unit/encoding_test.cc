// UTF-8 and windows-1252.
#include "adapters/encoding.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

TEST(EncodingTest, TakesWellFormedUtf8) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x8f\xa0 \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf"));
}

TEST(EncodingTest, RefusesEveryKindOfBrokenUtf8) {
  for (const std::string_view text :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe9z"})
    EXPECT_FALSE(is_utf8(text));
}

TEST(EncodingTest, LeavesOutAByteOrderMarkAtTheStartAlone) {
  EXPECT_EQ(without_utf8_mark("\xef\xbb\xbf{}"), "{}");
  EXPECT_EQ(without_utf8_mark("{\xef\xbb\xbf}"), "{\xef\xbb\xbf}");
  EXPECT_EQ(without_utf8_mark("\xef\xbb"), "\xef\xbb");
}

TEST(EncodingTest, ConvertsWindows1252) {
  EXPECT_EQ(to_utf8("Ren\xe9 \x80 \x93x\x94 \x9f", Encoding::kWindows1252), "René € “x” Ÿ");
  EXPECT_EQ(to_utf8("\x81", Encoding::kWindows1252), std::nullopt);
  EXPECT_EQ(to_utf8("Zo\xc3\xab", Encoding::kWindows1252), std::nullopt) << "UTF-8, or it would read ZoÃ«";
}

TEST(EncodingTest, EveryWindows1252ByteBecomesUtf8OrNothing) {
  int undefined = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const std::optional<std::string> text = to_utf8(std::string(1, static_cast<char>(byte)), Encoding::kWindows1252);
    undefined += text ? 0 : 1;
    EXPECT_TRUE(!text || is_utf8(*text)) << byte;
  }
  EXPECT_EQ(undefined, 5);
}

}  // namespace
}  // namespace moot
