// The power fails while publishers stream events, at the named points below and at others: of what was not synced by
// then, a seed chooses what the disk holds. The broker that is started on it says nothing of damage, and serves every
// acknowledged event once, in order, opened, with the inbox (promises G1 to G4).
//
// Each recorded run is cut at many records of its journal; after that the next run goes on from one of the survivors,
// so that recoveries are cut too. MOOT_LONG: twelve times as many cuts, 1,920 in all. MOOT_FAULT_SEED: another first
// seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/faults/log_reading.h"
#include "tests/faults/recorded_disk.h"
#include "tests/faults/recording.h"
#include "tests/faults/stream.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kCuts = 160;  // of one seed
constexpr unsigned kSeedsOfLong = 12;
constexpr int kRunsOfOneHistory = 6;
constexpr std::size_t kEventsOfARun = 250;  // of one publisher, at most
constexpr std::size_t kTold = 8;            // failures that are told in full

bool is_long() { return std::getenv("MOOT_LONG") != nullptr; }

unsigned first_seed() {
  const char* given = std::getenv("MOOT_FAULT_SEED");
  return given == nullptr ? 20220614u : static_cast<unsigned>(std::strtoul(given, nullptr, 10));
}

unsigned end_seed() { return first_seed() + (is_long() ? kSeedsOfLong : 1); }

bool in_log(const Operation& o) { return o.path.starts_with("/data/log/") && !o.path.ends_with("/LOG"); }
bool in_inbox(const Operation& o) { return o.path.starts_with("/data/inbox/") && !o.path.ends_with("/LOG"); }
bool is_epoch_key(const Operation& o) { return o.path.find("/epoch.key") != std::string::npos; }
bool is_table(const Operation& o) { return in_log(o) && o.path.ends_with(".sst"); }
bool is_run(const Operation& o) { return in_log(o) && o.path.ends_with("/run.incoming"); }

// Where in a run a cut falls: of the record just before it and of what came before that.
struct Moment {
  const Operation& last;
  bool serving;  // the broker was up
  bool fresh;    // it had started in an empty folder
};

struct Point {
  const char* name;
  bool (*is)(const Moment&);
};

constexpr std::size_t kLogWritten = 0;
constexpr Point kPoints[] = {
    {"log written, not synced",
     [](const Moment& m) { return m.serving && in_log(m.last) && m.last.act == DiskAct::kWrite; }},
    {"first start of an empty directory", [](const Moment& m) { return m.fresh && !m.serving; }},
    {"recovery at a later start", [](const Moment& m) { return !m.fresh && !m.serving; }},
    {"epoch key being made", [](const Moment& m) { return is_epoch_key(m.last) && m.last.act != DiskAct::kOpen; }},
    {"log synced, not yet told",
     [](const Moment& m) { return m.serving && in_log(m.last) && m.last.act == DiskAct::kSync; }},
    {"between a rename and its folder's sync", [](const Moment& m) { return m.last.act == DiskAct::kRename; }},
    {"between a new name and its folder's sync",
     [](const Moment& m) { return m.last.act == DiskAct::kCreate || m.last.act == DiskAct::kLink; }},
    {"between a removal and its folder's sync", [](const Moment& m) { return m.last.act == DiskAct::kUnlink; }},
    {"inbox written, not synced",
     [](const Moment& m) { return m.serving && in_inbox(m.last) && m.last.act == DiskAct::kWrite; }},
    {"watermark written, not synced",
     [](const Moment& m) {
       return m.last.act == DiskAct::kWrite && m.last.path.find("watermark") != std::string::npos;
     }},
    {"table written, not synced", [](const Moment& m) { return is_table(m.last) && m.last.act == DiskAct::kWrite; }},
    {"table synced, not yet listed", [](const Moment& m) { return is_table(m.last) && m.last.act == DiskAct::kSync; }},
    {"list of tables written, not synced",
     [](const Moment& m) {
       return m.serving && in_log(m.last) && m.last.act == DiskAct::kWrite &&
              m.last.path.find("/MANIFEST-") != std::string::npos;
     }},
    {"tables merged, the old ones removed",
     [](const Moment& m) { return m.serving && is_table(m.last) && m.last.act == DiskAct::kUnlink; }},
    {"run of the index written, not synced",
     [](const Moment& m) { return is_run(m.last) && m.last.act == DiskAct::kWrite; }},
    {"run of the index being taken in", [](const Moment& m) { return is_run(m.last) && m.last.act == DiskAct::kLink; }},
    {"backup being made",
     [](const Moment& m) { return m.last.path.starts_with("/backup/") && m.last.act != DiskAct::kOpen; }},
    {"view being saved",
     [](const Moment& m) { return m.last.path.starts_with("/data/views/") && m.last.act != DiskAct::kOpen; }},
};

struct Counts {
  std::size_t cuts = 0;
  std::size_t in_flight = 0;   // something was sent and not acknowledged
  std::size_t lost_bytes = 0;  // cuts that lost unsynced bytes
  std::size_t torn = 0;
  std::size_t lost_names = 0;
  std::size_t discarded = 0;  // unsynced bytes of the log were there in part, and what they held was not served
  std::map<std::string, std::size_t> points;
  std::map<std::string, std::size_t> survivals;
  std::map<std::string, std::size_t> failures;  // by what is wrong
  std::size_t failed = 0;
  std::size_t first_failure = 0;  // after so many cuts
};

class PowerLoss : public testing::TestWithParam<unsigned> {
 protected:
  // One recorded run in folder_/"disk": what was there before is in folder_/"before".
  void record(const Recording& recording, bool fresh) {
    const Installation here(recording.root() / "data", partnership_.config());
    Process broker(recording.command(here.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    ASSERT_TRUE(here.wait_until_up(broker)) << "the recorded broker does not start: " << broker.err();
    std::atomic<bool> gone = false;
    std::vector<std::thread> publishers;
    for (Stream* stream : {&wardens_, &homes_}) {
      Result<KeyFile> key_file = read_key_file(here.key_file(stream->agency()));
      ASSERT_TRUE(key_file.ok()) << key_file.status().message();
      key_file->run_file = here.data() / "run.json";
      publishers.emplace_back([&, stream, key = *key_file] { stream->run(recording, key, gone, kEventsOfARun); });
    }
    const std::size_t enough =
        wardens_.acknowledged() + homes_.acknowledged() + (fresh ? 5 : random_() % kEventsOfARun);
    const auto deadline = std::chrono::steady_clock::now() + seconds(30);
    while (broker.running() && wardens_.acknowledged() + homes_.acknowledged() < enough &&
           std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    EXPECT_GE(wardens_.acknowledged() + homes_.acknowledged(), enough) << "the publishers do not get on";
    if (with_backup_) {
      const Ended backup =
          run(recording.command(here.command({"backup", (recording.root() / "backup").string()})), seconds(60));
      EXPECT_EQ(backup.exit_code, 0) << backup.err;
    }
    if (with_views_) {
      const Ended agenda = run(recording.command(here.command(agenda_words())), seconds(60));
      EXPECT_EQ(agenda.exit_code, 0) << agenda.err;
    }
    EXPECT_TRUE(broker.running()) << broker.err();
    gone = true;
    broker.kill();
    for (std::thread& publisher : publishers) publisher.join();
    if (HasFailure()) std::cout << wardens_.ended().message() << "; " << homes_.ended().message() << "\n";
  }

  // A backup whose generation has its name is whole.
  std::string broken_backup() const {
    bool named = false;
    for (const auto& entry : fs::directory_iterator(folder_ / "survivor/backup"))
      named = named || (entry.path().stem().string().starts_with("generation-") && entry.path().extension().empty());
    if (!named) return "";
    const Ended verified = run(Installation(folder_ / "survivor/backup").command({"verify"}));
    return verified.exit_code == 0 ? "" : "the backup is damaged: " + verified.out + verified.err;
  }

  Words agenda_words() const {
    return {"agenda", "table", "--on", "2022-06-14", "--format", "json", "--output", (folder_ / "agenda").string()};
  }

  // The records after which to cut: each named point once or twice, others anywhere, and the end.
  std::vector<std::size_t> choose_cuts(const std::vector<Operation>& operations, bool fresh) {
    std::map<const char*, std::vector<std::size_t>> at;
    bool serving = false;
    for (std::size_t i = 0; i < operations.size(); ++i) {
      for (const Point& point : kPoints)
        if (point.is({operations[i], serving, fresh})) at[point.name].push_back(i + 1);
      serving = serving || operations[i].other.ends_with("/run.json");
    }
    std::vector<std::size_t> cuts = {operations.size(), random_() % operations.size() + 1};
    for (const auto& [name, places] : at) {
      // Where most is at stake, more often.
      const int times = name == kPoints[kLogWritten].name ? 4 : 1;
      for (int i = 0; i < times; ++i) cuts.push_back(places[random_() % places.size()]);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
  }

  // What was being written to the log is torn, mostly; of the rest each kind as often.
  Survival survival_at(const Moment& moment) {
    if (kPoints[kLogWritten].is(moment) && random_() % 4 != 0)
      return random_() % 2 == 0 ? Survival::kPrefix : Survival::kScattered;
    return static_cast<Survival>(random_() % kSurvivals);
  }

  void count_points(const std::vector<Operation>& operations, std::size_t cut, bool fresh) {
    bool serving = false;
    for (std::size_t i = 0; i + 1 < cut; ++i) serving = serving || operations[i].other.ends_with("/run.json");
    for (const Point& point : kPoints)
      if (point.is({operations[cut - 1], serving, fresh})) ++counts_.points[point.name];
  }

  // Starts the broker on a survivor and holds what it serves against what was promised.
  bool check(const std::vector<Operation>& operations, std::size_t cut, Survival survival, unsigned seed,
             const SurvivorFigures& figures) {
    const std::size_t bytes = operations[cut - 1].end;
    const Installation survivor(folder_ / "survivor/data", partnership_.config());
    // Recorded to nowhere: then it is not really synced, which takes most of the time.
    const Recording nowhere(folder_ / "survivor", folder_ / "nowhere", "/dev/null");
    const auto broker =
        std::make_unique<Process>(nowhere.command(survivor.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    std::string broken;
    std::size_t served = 0;
    if (!survivor.wait_until_up(*broker)) {
      broken = "it does not start: " + broker->err();
    } else {
      const LogReading reading = read_log(survivor, *broker);
      broken = broken_promise(reading, {&wardens_, &homes_}, bytes);
      served = reading.events.size();
      if (broken.empty() && operations[cut - 1].path.starts_with("/data/views/")) broken = broken_view(survivor);
      if (broken.empty() && operations[cut - 1].path.starts_with("/backup/")) broken = broken_backup();
    }
    const std::size_t sent = wardens_.sent(bytes) + homes_.sent(bytes);
    ++counts_.cuts;
    counts_.in_flight += sent > wardens_.promised(bytes) + homes_.promised(bytes) ? 1 : 0;
    counts_.lost_bytes += figures.lost_bytes > 0 ? 1 : 0;
    counts_.torn += figures.torn_writes > 0 ? 1 : 0;
    counts_.lost_names += figures.lost_names > 0 ? 1 : 0;
    counts_.discarded += figures.kept_log_bytes > 0 && figures.lost_log_bytes > 0 && served < sent ? 1 : 0;
    ++counts_.survivals[word_of(survival)];
    if (broken.empty()) return true;
    ++counts_.failures[without_numbers(broken)];
    if (counts_.failed++ == 0) counts_.first_failure = counts_.cuts;
    const Operation& last = operations[cut - 1];
    if (counts_.failed <= kTold)
      ADD_FAILURE() << broken << "\n  cut after record " << cut << " of " << operations.size() << ", '"
                    << static_cast<char>(last.act) << "' " << last.path << " " << last.other << "; "
                    << word_of(survival) << " of the unsynced survives, seed " << seed << "; run " << run_
                    << " of seed " << GetParam();
    return false;
  }

  // A document from the views that survived is the document from no views at all.
  std::string broken_view(const Installation& survivor) const {
    const Ended first = survivor.moot(agenda_words());
    const std::string with_views = read_text(folder_ / "agenda");
    fs::remove_all(survivor.data() / "views");
    const Ended second = survivor.moot(agenda_words());
    if (first.exit_code != 0 || second.exit_code != 0) return "no agenda is made: " + first.err + second.err;
    return with_views == read_text(folder_ / "agenda") ? "" : "the agenda differs from that of no saved view";
  }

  // One sentence for many: no folder of the test, no numbers.
  std::string without_numbers(std::string text) const {
    for (std::size_t at; (at = text.find(folder_.path().string())) != std::string::npos;)
      text.erase(at, folder_.path().string().size());
    text.erase(std::remove_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; }),
               text.end());
    return text;
  }

  // Records one run, checks its cuts, and leaves one of the survivors as the next run's beginning; false when that one
  // is of no use.
  bool run_and_cut(bool fresh) {
    ++run_;
    with_views_ = run_ % 3 == 2;
    with_backup_ = run_ % 3 == 1 && !fresh;
    fs::remove_all(folder_ / "disk");
    fs::create_directories(folder_ / "before");
    fs::copy(folder_ / "before", folder_ / "disk", fs::copy_options::recursive);
    const Recording recording(folder_ / "disk", folder_ / "recording");
    record(recording, fresh);
    if (HasFatalFailure()) return false;
    RecordedDisk disk(folder_ / "before", recording.root(), recording.journal());
    const std::vector<Operation>& operations = disk.operations();
    const std::vector<std::size_t> cuts = choose_cuts(operations, fresh);
    // Not always the last: so the next run begins with a history that was cut anywhere.
    const std::size_t goes_on = cuts[cuts.size() - 1 - random_() % std::min<std::size_t>(3, cuts.size())];
    bool can_go_on = false;
    for (const std::size_t cut : cuts) {
      if (counts_.cuts >= kCuts && cut < goes_on) continue;
      disk.play_to(cut);
      const Survival survival = survival_at({operations[cut - 1], true, fresh});
      const unsigned seed = random_();
      fs::remove_all(folder_ / "survivor");
      const SurvivorFigures figures = disk.survive(folder_ / "survivor", survival, seed);
      if (cut == goes_on) fs::copy(folder_ / "survivor", folder_ / "next", fs::copy_options::recursive);
      count_points(operations, cut, fresh);
      const bool kept = check(operations, cut, survival, seed, figures);
      if (cut == goes_on) can_go_on = kept;
    }
    for (Stream* stream : {&wardens_, &homes_}) stream->begin_again(operations[goes_on - 1].end);
    fs::remove_all(folder_ / "before");
    fs::rename(folder_ / "next", folder_ / "before");
    return can_go_on;
  }

  void print_counts() const {
    std::cout << counts_.cuts << " power cuts in " << run_ << " runs, seed " << GetParam() << ": " << counts_.in_flight
              << " with unacknowledged events in flight, " << counts_.lost_bytes << " lost unsynced bytes, "
              << counts_.torn << " tore a write, " << counts_.lost_names << " lost names, " << counts_.discarded
              << " times recovery discarded something; " << counts_.failed << " failed";
    if (counts_.failed > 0) std::cout << ", the first was cut " << counts_.first_failure;
    std::cout << "\n";
    for (const auto& [name, count] : counts_.survivals) std::cout << "  survives: " << name << ": " << count << "\n";
    for (const Point& point : kPoints)
      std::cout << "  " << point.name << ": "
                << (counts_.points.contains(point.name) ? counts_.points.at(point.name) : 0) << "\n";
    for (const auto& [what, count] : counts_.failures) std::cout << "  failed " << count << " times: " << what << "\n";
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 9};
  std::mt19937 random_{GetParam()};
  Stream wardens_{PartnershipFixture::kWardens, GetParam()};
  Stream homes_{PartnershipFixture::kHomes, GetParam() + 1};
  bool with_views_ = false;
  bool with_backup_ = false;
  std::size_t run_ = 0;
  Counts counts_;
};

TEST_P(PowerLoss, LosesNothingThatWasAcknowledged) {
  // Small buffers every other history: tables are written, merged and taken in all the time.
  for (int history = 0; counts_.cuts < kCuts && !HasFatalFailure(); ++history) {
    if (history % 2 == 0)
      ::setenv("MOOT_LOG_SIZES", "65536 65536 1048576 48", 1);
    else
      ::unsetenv("MOOT_LOG_SIZES");
    fs::remove_all(folder_ / "before");
    wardens_.forget();
    homes_.forget();
    bool goes_on = true;
    for (int i = 0; i < kRunsOfOneHistory && counts_.cuts < kCuts && goes_on; ++i) goes_on = run_and_cut(i == 0);
  }
  ::unsetenv("MOOT_LOG_SIZES");
  print_counts();
  EXPECT_EQ(counts_.failed, 0u);
  EXPECT_GT(counts_.in_flight, 0u);
  EXPECT_GT(counts_.lost_bytes, 0u);
  EXPECT_GT(counts_.torn, 0u);
  EXPECT_GT(counts_.lost_names, 0u);
  EXPECT_GT(counts_.discarded, 0u);
  for (const Point& point : kPoints) EXPECT_TRUE(counts_.points.contains(point.name)) << "not hit: " << point.name;
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerLoss, testing::Range(first_seed(), end_seed()));

}  // namespace
}  // namespace moot
