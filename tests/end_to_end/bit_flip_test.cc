// One bit flips somewhere in the data directory or the key directory: in any kind of file that is there. Moot refuses
// and says why, or it is as if nothing had happened; it never serves anything else, and it never makes it worse: with
// the bit put right, everything is back (promise G10).
//
// MOOT_LONG: ten thousand flips. MOOT_FAULT_SEED: another first seed. MOOT_FLIP_KIND: of this kind of file alone, as
// the test prints it, or the beginning of it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>

#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

constexpr int kShortFlips = 64;
constexpr int kLongFlips = 512;
constexpr unsigned kSeedsOfLong = 20;
constexpr int kTold = 12;

bool is_long() { return std::getenv("MOOT_LONG") != nullptr; }

unsigned first_seed() {
  const char* given = std::getenv("MOOT_FAULT_SEED");
  return given == nullptr ? 1086u : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
}

void flip(const fs::path& file, std::size_t byte, int bit) {
  std::string bytes = read_text(file);
  bytes.at(byte) = static_cast<char>(bytes[byte] ^ (1 << bit));
  write_text(file, bytes);
}

struct Tally {
  int flips = 0, refused = 0, harmless = 0, wrong = 0;
};

class BitFlip : public testing::TestWithParam<unsigned> {
 protected:
  // Each kind as often, whatever its size: the rarest is not left out.
  void flip_one(const std::vector<fs::path>& kind, Tally& tally) {
    const fs::path file = kind[random_() % kind.size()];
    const std::size_t byte = byte_of(prepared_.sound() / file);
    const int bit = static_cast<int>(random_() % 8);
    const fs::path root = prepared_.fresh_copy();
    flip(root / file, byte, bit);
    PreparedLog::Outcome outcome = prepared_.outcome_of(root);
    ++tally.flips;
    if (outcome.kind == PreparedLog::Outcome::kServed) {
      ++tally.harmless;
      return;
    }
    const std::string said = outcome.said;
    if (outcome.kind == PreparedLog::Outcome::kRefused) outcome = mended(root, file, byte, bit);
    if (outcome.kind == PreparedLog::Outcome::kServed) {
      ++tally.refused;
      return;
    }
    ++tally.wrong;
    if (told_++ < kTold)
      ADD_FAILURE() << file << " byte " << byte << ", bit " << bit << ": " << outcome.said
                    << "\n  at first it said: " << said << " (seed " << GetParam() << ")";
  }

  // Anywhere; or, half of the time where there is such, in a fact: most of an event is sealed, and a seal
  // finds out by itself.
  std::size_t byte_of(const fs::path& file) {
    constexpr std::string_view kClear = "asb";  // a fact of every event
    const std::string bytes = read_text(file);
    std::vector<std::size_t> clear;
    for (std::size_t at = bytes.find(kClear); at != std::string::npos; at = bytes.find(kClear, at + 1))
      clear.push_back(at);
    if (clear.empty() || random_() % 2 == 0) return random_() % bytes.size();
    return clear[random_() % clear.size()] + random_() % kClear.size();
  }

  PreparedLog::Outcome mended(const fs::path& root, const fs::path& file, std::size_t byte, int bit) const {
    if (!fs::exists(root / file)) return {PreparedLog::Outcome::kWrong, "the file was deleted on doubt"};
    if (fs::file_size(root / file) <= byte) return {PreparedLog::Outcome::kWrong, "the file was cut on doubt"};
    flip(root / file, byte, bit);
    PreparedLog::Outcome outcome = prepared_.outcome_of(root);
    if (outcome.kind != PreparedLog::Outcome::kServed) {
      outcome.kind = PreparedLog::Outcome::kWrong;
      outcome.said = "refused, and with the bit put right: " + outcome.said;
    }
    return outcome;
  }

  // Runs of the index and its filters after a few events; set before the directory is made.
  struct SmallRuns {
    SmallRuns() { ::setenv("MOOT_LOG_SIZES", "33554432 8388608 134217728 48", 1); }
    ~SmallRuns() { ::unsetenv("MOOT_LOG_SIZES"); }
  };

  const SmallRuns small_;
  const PreparedLog prepared_;
  std::mt19937 random_{GetParam()};
  int told_ = 0;
};

TEST_P(BitFlip, IsDetectedOrHarmlessInEveryKindOfFile) {
  const char* only = std::getenv("MOOT_FLIP_KIND");
  std::map<std::string, std::vector<fs::path>> kinds;
  for (const fs::path& file : files_below(prepared_.sound()))
    if (fs::file_size(prepared_.sound() / file) > 0 && kind_of(file).starts_with(only == nullptr ? "" : only))
      kinds[kind_of(file)].push_back(file);
  ASSERT_FALSE(kinds.empty());
  std::map<std::string, Tally> tallies;
  const int flips = is_long() ? kLongFlips : kShortFlips;
  for (int i = 0; i < flips;)
    for (const auto& [kind, files] : kinds)
      if (i++ < flips) flip_one(files, tallies[kind]);
  Tally all;
  for (const auto& [kind, tally] : tallies) {
    std::cout << "  " << kind << ": " << tally.flips << " flips, " << tally.refused << " refused, " << tally.harmless
              << " harmless, " << tally.wrong << " wrong\n";
    all.flips += tally.flips;
    all.refused += tally.refused;
    all.wrong += tally.wrong;
  }
  std::cout << all.flips << " flips in " << kinds.size() << " kinds of file, seed " << GetParam() << ": " << all.refused
            << " refused, " << all.wrong << " wrong\n";
  EXPECT_EQ(all.wrong, 0);
  EXPECT_GT(all.refused, 0) << "no flip was noticed: did any land?";
}

INSTANTIATE_TEST_SUITE_P(Seeds, BitFlip, testing::Range(first_seed(), first_seed() + (is_long() ? kSeedsOfLong : 1)));

}  // namespace
}  // namespace moot
