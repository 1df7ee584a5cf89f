// A broker is killed with SIGKILL at a named point: while it publishes, commits, writes tables out, takes in runs of
// the index, merges, backs up, or upgrades. Started again it serves every acknowledged event once, in
// order, opened, with the inbox (promises G1 to G4).
//
// The preloaded library kills it just before or after the how-many-th system call of a kind at a file. The log's
// buffers are small (MOOT_LOG_SIZES), so that all of this comes within some hundred events. MOOT_LONG: a thousand kills
// and more. MOOT_FAULT_SEED: another first seed.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/faults/format_1_log.h"
#include "tests/faults/log_reading.h"
#include "tests/faults/prepared_log.h"
#include "tests/faults/recording.h"
#include "tests/faults/stream.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr const char* kSmallLog = "65536 65536 1048576 48";
constexpr std::size_t kEventsOfARun = 700;  // of one publisher; by then the point is reached, or it is not
constexpr int kRunsOfOneHistory = 8;

bool is_long() { return std::getenv("MOOT_LONG") != nullptr; }

unsigned first_seed() {
  const char* given = std::getenv("MOOT_FAULT_SEED");
  return given == nullptr ? 1209u : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
}

struct Point {
  const char* name;
  std::vector<const char*> kinds;
  const char* pattern;
  unsigned nth_max;
  bool backup = false;
};

const std::vector<Point>& points() {
  static const std::vector<Point> all = {
      {"commit: write-ahead log", {"write", "sync"}, "*/data/log/*.log", 60},
      {"write-ahead log: a new file, an old one removed", {"create", "unlink"}, "*/data/log/*.log", 3},
      {"flush or merge: table written", {"create", "write", "sync"}, "*/data/log/*.sst", 8},
      {"merge: tables removed", {"unlink"}, "*/data/log/*.sst", 3},
      {"list of tables", {"write", "sync"}, "*/data/log/MANIFEST-*", 6},
      {"start: list of tables put in force", {"rename", "unlink"}, "*/data/log/*", 2},
      {"run of the index written", {"create", "write", "sync"}, "*/data/log/run.incoming", 3},
      {"run of the index taken in", {"link", "unlink"}, "*/data/log/*", 4},
      {"inbox", {"write", "sync"}, "*/data/inbox/*.log", 20},
      {"watermarks", {"write", "sync"}, "*watermark", 8},
      {"backup: tables copied", {"create", "write", "sync"}, "*/backup/*/shared_checksum/*", 4, true},
      {"backup: lists", {"create", "write", "sync", "rename"}, "*/backup/*", 12, true},
  };
  return all;
}

struct Tally {
  int kills = 0, in_flight = 0, discarded = 0, missed = 0;
};

class KillPoints : public testing::Test {
 protected:
  KillPoints() { ::setenv("MOOT_LOG_SIZES", kSmallLog, 1); }
  ~KillPoints() override { ::unsetenv("MOOT_LOG_SIZES"); }

  Installation here() const { return Installation(folder_ / "disk/data", partnership_.config()); }
  Words broker_words() const { return here().command({"broker", "--bus", "tcp://127.0.0.1:0"}); }

  void begin_history() {
    fs::remove_all(folder_ / "disk");
    wardens_.forget();
    homes_.forget();
    // Keys of agencies are made by a first start.
    const Recording recording(folder_ / "disk", folder_ / "recording", "/dev/null");
    Process broker(recording.command(broker_words()));
    ASSERT_TRUE(here().wait_until_up(broker)) << broker.err();
    broker.signal(SIGINT);
    ASSERT_EQ(broker.wait(seconds(10)), 0) << broker.err();
  }

  std::string rule_of(const Point& point) {
    const char* kind = point.kinds[random_() % point.kinds.size()];
    const bool before = random_() % 2 == 0;
    // A write that is cut in the middle: half of it is made, and it dies before the other half.
    if (std::string_view(kind) == "write" && random_() % 2 == 0) {
      const unsigned nth = 1 + random_() % point.nth_max;
      return "short write " + std::to_string(nth) + " once " + point.pattern + "\nkill-before write " +
             std::to_string(nth + 1) + " once " + point.pattern + "\n";
    }
    return std::string(before ? "kill-before " : "kill-after ") + kind + " " +
           std::to_string(1 + random_() % point.nth_max) + " once " + point.pattern + "\n";
  }

  // Runs the broker into its end; false when the point was not reached.
  bool run_and_kill(const Point& point, Tally& tally) {
    const Recording recording(folder_ / "disk", folder_ / "recording", "/dev/null");
    recording.arm(rule_of(point));
    Process broker(recording.command(broker_words()));
    std::atomic<bool> gone = false;
    if (here().wait_until_up(broker)) {
      std::vector<std::thread> publishers;
      for (Stream* stream : {&wardens_, &homes_}) {
        Result<KeyFile> key_file = read_key_file(here().key_file(stream->agency()));
        EXPECT_TRUE(key_file.ok()) << key_file.status().message();
        key_file->run_file = here().data() / "run.json";
        publishers.emplace_back([&, stream, key = *key_file] { stream->run(recording, key, gone, kEventsOfARun); });
      }
      const std::size_t before = stored();
      const auto deadline = std::chrono::steady_clock::now() + seconds(30);
      std::unique_ptr<Process> backup;
      while (broker.running() && stored() < before + 2 * kEventsOfARun && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        if (point.backup && !backup && stored() > before + 40)
          backup = here().start({"backup", (folder_ / "disk/backup").string(), "--timeout", "1"});
      }
      gone = true;
      for (std::thread& publisher : publishers) publisher.join();
      if (backup) backup->kill();
    }
    const bool struck = !broker.running();
    broker.kill();
    ++(struck ? tally.kills : tally.missed);
    if (struck && wardens_.sent(Stream::kNever - 1) + homes_.sent(Stream::kNever - 1) > stored()) ++tally.in_flight;
    return struck;
  }

  std::size_t stored() const { return wardens_.acknowledged() + homes_.acknowledged(); }

  // Started again, it keeps its promises, and so does a backup that counts.
  void check(const Point& point, Tally& tally) {
    for (Stream* stream : {&wardens_, &homes_}) stream->begin_again(Stream::kNever - 1);
    const Recording recording(folder_ / "disk", folder_ / "recording", "/dev/null");
    Process broker(recording.command(broker_words()));
    ASSERT_TRUE(here().wait_until_up(broker)) << "killed at " << point.name << ": " << broker.err();
    EXPECT_EQ(broken_promise(read_log(here(), broker), {&wardens_, &homes_}, 0), "") << point.name;
    if (broker.err().find("torn write") != std::string::npos) ++tally.discarded;
    broker.signal(SIGINT);
    EXPECT_EQ(broker.wait(seconds(10)), 0) << broker.err();
    bool generation = false;
    if (fs::exists(folder_ / "disk/backup"))
      for (const auto& entry : fs::directory_iterator(folder_ / "disk/backup"))
        generation =
            generation || (entry.path().stem().string().starts_with("generation-") && entry.path().extension().empty());
    if (!generation) return;
    const Ended verified = run(Installation(folder_ / "disk/backup").command({"verify"}));
    EXPECT_EQ(verified.exit_code, 0) << point.name << ": " << verified.out << verified.err;
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 9};
  std::mt19937 random_{first_seed()};
  Stream wardens_{PartnershipFixture::kWardens, first_seed()};
  Stream homes_{PartnershipFixture::kHomes, first_seed() + 1};
};

TEST_F(KillPoints, LoseNothingThatWasAcknowledged) {
  const int rounds = is_long() ? 80 : 3;
  std::vector<Tally> tallies(points().size());
  int runs = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round)
    for (std::size_t i = 0; i < points().size() && !HasFailure(); ++i) {
      if (runs++ % kRunsOfOneHistory == 0) begin_history();
      if (HasFatalFailure()) return;
      bool struck = false;  // a point may come later than the run lasts
      for (int attempt = 0; attempt < 3 && !struck && !HasFailure(); ++attempt) {
        struck = run_and_kill(points()[i], tallies[i]);
        check(points()[i], tallies[i]);
      }
    }
  Tally all;
  for (std::size_t i = 0; i < points().size(); ++i) {
    const Tally& tally = tallies[i];
    std::cout << "  " << points()[i].name << ": " << tally.kills << " kills, " << tally.in_flight
              << " with unacknowledged events in flight, " << tally.discarded << " discarded a torn end; "
              << tally.missed << " times not reached\n";
    EXPECT_GT(tally.kills, 0) << "not hit: " << points()[i].name;
    all.kills += tally.kills;
    all.in_flight += tally.in_flight;
    all.discarded += tally.discarded;
  }
  std::cout << all.kills << " kills, seed " << first_seed() << ": " << all.in_flight << " in flight, " << all.discarded
            << " discarded a torn end\n";
  EXPECT_GT(all.in_flight, 0);
  if (is_long()) {
    EXPECT_GT(all.discarded, 0);
  }
}

// A log of format 1 becomes one of today's wherever the upgrade is killed, again and again.
TEST_F(KillPoints, OfAnUpgradeLoseNothing) {
  const PreparedLog prepared;
  const fs::path old = folder_ / "old";
  fs::copy(prepared.sound(), old, fs::copy_options::recursive);
  make_format_1(old / "data/log");
  std::map<std::string, int> hits;
  int kills = 0;
  for (int i = 0, times = is_long() ? 200 : 12; i < times; ++i) {
    const fs::path root = prepared.copy();
    fs::remove_all(root);
    fs::copy(old, root, fs::copy_options::recursive);
    for (int again = 0; again < 2; ++again) {
      static constexpr const char* kKinds[] = {"create", "write", "sync", "rename", "link", "unlink", "folder"};
      const char* kind = kKinds[random_() % std::size(kKinds)];
      const Recording recording(root, folder_ / "recording", "/dev/null");
      recording.arm(std::string(random_() % 2 == 0 ? "kill-before " : "kill-after ") + kind + " " +
                    std::to_string(1 + random_() % 12) + " once */data/log*\n");
      Process broker(recording.command(prepared.installation(root).command({"broker"})));
      const bool up = prepared.installation(root).wait_until_up(broker);
      broker.kill();
      if (up) continue;
      ++hits[kind];
      ++kills;
    }
    const PreparedLog::Outcome outcome = prepared.outcome_of(root);
    ASSERT_EQ(outcome.kind, PreparedLog::Outcome::kServed) << outcome.said;
    EXPECT_TRUE(fs::exists(root / "data/log.format-1/CURRENT")) << "the old log was not kept";
  }
  std::cout << kills << " kills of an upgrade:";
  for (const auto& [kind, count] : hits) std::cout << " " << count << " at " << kind;
  std::cout << "\n";
  EXPECT_GT(kills, 5);
}

}  // namespace
}  // namespace moot
