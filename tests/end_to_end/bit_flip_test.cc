// One bit flips somewhere in the data directory or the key directory: in any kind of file that is there. Moot refuses
// and says why, or it is as if nothing had happened; it never serves anything else, and it never makes it worse: with
// the bit put right, everything is back (promise G10).
//
// MOOT_LONG: ten thousand flips. MOOT_FAULT_SEED: another first seed. MOOT_FLIP_KIND: of this kind of file alone, as
// the test prints it, or the beginning of it.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "tests/faults/prepared_log.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

constexpr int kShortFlips = 64;
constexpr int kLongFlips = 512;
constexpr unsigned kSeedsOfLong = 20;
constexpr int kTold = 12;
constexpr std::size_t kAtOnce = 8;

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

// Where it flips; chosen before the first is tried, so that a seed means the same however they fall in with one
// another.
struct Flip {
  std::string kind;
  fs::path file;
  std::size_t byte = 0;
  int bit = 0;
};

struct Tally {
  int flips = 0, refused = 0, harmless = 0, wrong = 0;
};

class BitFlip : public testing::TestWithParam<unsigned> {
 protected:
  // Each kind as often, whatever its size: the rarest is not left out.
  std::vector<Flip> choose(int count, std::string_view only) {
    std::map<std::string, std::vector<fs::path>> kinds;
    for (const fs::path& file : files_below(prepared_.sound()))
      if (fs::file_size(prepared_.sound() / file) > 0 && kind_of(file).starts_with(only))
        kinds[kind_of(file)].push_back(file);
    std::vector<Flip> flips;
    while (!kinds.empty() && std::ssize(flips) < count)
      for (auto kind = kinds.begin(); kind != kinds.end() && std::ssize(flips) < count; ++kind) {
        const fs::path& file = kind->second[random_() % kind->second.size()];
        const std::size_t byte = byte_of(prepared_.sound() / file);
        flips.push_back({kind->first, file, byte, static_cast<int>(random_() % 8)});
      }
    return flips;
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

  // A flip mostly waits, for a process to start, for the disk, for an answer: several at once, each in a copy of its
  // own.
  std::map<std::string, Tally> try_all(const std::vector<Flip>& flips) {
    std::map<std::string, Tally> tallies;
    std::mutex mutex;  // guards tallies
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (std::size_t copy = 0; copy < kAtOnce; ++copy)
      threads.emplace_back([&, copy] {
        for (std::size_t i = next++; i < flips.size(); i = next++) {
          const PreparedLog::Outcome::Kind outcome = try_one(flips[i], copy);
          const std::lock_guard lock(mutex);
          Tally& tally = tallies[flips[i].kind];
          ++tally.flips;
          ++(outcome == PreparedLog::Outcome::kRefused  ? tally.refused
             : outcome == PreparedLog::Outcome::kServed ? tally.harmless
                                                        : tally.wrong);
        }
      });
    threads.clear();
    return tallies;
  }

  PreparedLog::Outcome::Kind try_one(const Flip& one, std::size_t copy) {
    const fs::path root = prepared_.fresh_copy(copy);
    flip(root / one.file, one.byte, one.bit);
    const PreparedLog::Outcome first = prepared_.outcome_of(root);
    const PreparedLog::Outcome last = first.kind == PreparedLog::Outcome::kRefused ? mended(root, one) : first;
    if (last.kind == PreparedLog::Outcome::kServed) return first.kind;
    if (told_++ < kTold)
      ADD_FAILURE() << one.file << " byte " << one.byte << ", bit " << one.bit << ": " << last.said
                    << "\n  at first it said: " << first.said << " (seed " << GetParam() << ")";
    return PreparedLog::Outcome::kWrong;
  }

  PreparedLog::Outcome mended(const fs::path& root, const Flip& one) const {
    if (!fs::exists(root / one.file)) return {PreparedLog::Outcome::kWrong, "the file was deleted on doubt"};
    if (fs::file_size(root / one.file) <= one.byte) return {PreparedLog::Outcome::kWrong, "the file was cut on doubt"};
    flip(root / one.file, one.byte, one.bit);
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
  std::atomic<int> told_ = 0;
};

TEST_P(BitFlip, IsDetectedOrHarmlessInEveryKindOfFile) {
  const char* only = std::getenv("MOOT_FLIP_KIND");
  const std::vector<Flip> flips = choose(is_long() ? kLongFlips : kShortFlips, only == nullptr ? "" : only);
  ASSERT_FALSE(flips.empty());
  Tally all;
  const std::map<std::string, Tally> tallies = try_all(flips);
  for (const auto& [kind, tally] : tallies) {
    std::cout << "  " << kind << ": " << tally.flips << " flips, " << tally.refused << " refused, " << tally.harmless
              << " harmless, " << tally.wrong << " wrong\n";
    all.flips += tally.flips;
    all.refused += tally.refused;
    all.wrong += tally.wrong;
  }
  std::cout << all.flips << " flips in " << tallies.size() << " kinds of file, seed " << GetParam() << ": "
            << all.refused << " refused, " << all.wrong << " wrong\n";
  EXPECT_EQ(all.wrong, 0);
  EXPECT_GT(all.refused, 0) << "no flip was noticed: did any land?";
}

INSTANTIATE_TEST_SUITE_P(Seeds, BitFlip, testing::Range(first_seed(), first_seed() + (is_long() ? kSeedsOfLong : 1)));

}  // namespace
}  // namespace moot
