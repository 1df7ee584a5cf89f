#include "broker/core/seal.h"

#include <gtest/gtest.h>

#include <set>

namespace moot {
namespace {

TEST(Seal, OpensWithItsKeyAndBinding) {
  const Key key = random_key();
  const std::string sealed = seal(key, "Avery Inventedname", "event 7");
  EXPECT_EQ(*unseal(key, sealed, "event 7"), "Avery Inventedname");
  EXPECT_EQ(*unseal(key, seal(key, "", ""), ""), "");
}

TEST(Seal, DoesNotOpenElsewhere) {
  const Key key = random_key();
  const std::string sealed = seal(key, "Avery", "event 7");
  EXPECT_EQ(unseal(key, sealed, "event 8").status().code(), Code::kCorrupt);
  EXPECT_EQ(unseal(random_key(), sealed, "event 7").status().code(), Code::kCorrupt);
  EXPECT_EQ(unseal(key, "", "event 7").status().code(), Code::kCorrupt);
}

TEST(Seal, AnyFlippedBitIsFound) {
  const Key key = random_key();
  const std::string sealed = seal(key, "Avery", "event 7");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string flipped = sealed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(unseal(key, flipped, "event 7").ok()) << bit;
  }
}

TEST(Seal, TheSameTextIsNeverSealedAlike) {
  const Key key = random_key();
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(seen.insert(seal(key, "Avery", "")).second);
}

TEST(KeyedDigest, DependsOnKeyAndData) {
  const Key key = random_key();
  EXPECT_EQ(keyed_digest(key, "a"), keyed_digest(key, "a"));
  EXPECT_NE(keyed_digest(key, "a"), keyed_digest(key, "b"));
  EXPECT_NE(keyed_digest(key, "a"), keyed_digest(random_key(), "a"));
  EXPECT_NE(derive_key(key, "one"), derive_key(key, "two"));
}

// The vectors that SipHash was published with: a log is read by programs to come.
TEST(QuickDigest, IsSipHashWith128Bits) {
  Key key{};
  std::string data;
  for (std::uint8_t i = 0; i < 16; ++i) key[i] = i;
  for (char i = 0; i < 15; ++i) data += i;
  const auto hex = [](const Digest& digest) {
    return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
  };
  EXPECT_EQ(hex(quick_digest(key, "")), "a3817f04ba25a8e66df67214c7550293");
  EXPECT_EQ(hex(quick_digest(key, data)), "5493e99933b0a8117e08ec0f97cfc3d9");
  key[31] = 1;
  EXPECT_EQ(hex(quick_digest(key, "")), "a3817f04ba25a8e66df67214c7550293") << "the first half is the key";
}

TEST(Hexadecimal, OnlyAWholeKeyIsOne) {
  const Key key = random_key();
  const std::string hex = to_hex({reinterpret_cast<const char*>(key.data()), key.size()});
  EXPECT_EQ(*key_from_hex(hex), key);
  EXPECT_FALSE(key_from_hex(hex.substr(2)).ok());
  EXPECT_FALSE(key_from_hex(hex + "00").ok());
  EXPECT_FALSE(key_from_hex("g" + hex.substr(1)).ok());
}

TEST(Base32, EveryBitCounts) {
  EXPECT_EQ(to_base32(std::string_view("\xff\xff\xff\xff\xff", 5)), "vvvvvvvv");
  EXPECT_EQ(to_base32(std::string_view("\0\0\0\0\1", 5)), "00000001");
  EXPECT_EQ(to_base32("a").size(), 2u);
}

}  // namespace
}  // namespace moot
