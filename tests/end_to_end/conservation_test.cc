// Conservation and idempotence, over files drawn from seeds: one to three publishers at once offer them while they and
// the broker are killed with SIGKILL again and again, and whatever was killed is started again until it ends by itself.
// Then every row is accounted for: the log holds the events that the files tell of, each once, with the content and the
// documents of an installation that nobody disturbed; every refused row waits in the inbox, once (G1 to G4, G6).
//
//   MOOT_LONG   set: ten times as many seeds, so many in each test
//   MOOT_SEED   this seed only. It draws the files and the plan of kills; the moments at which they hit are the
//   machine's
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/generated_files.h"
#include "tests/end_to_end/log_tail.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr unsigned kSeedsEach = 3;
constexpr int kKillsEach = 10;
constexpr std::size_t kLong = 4 * 1024 * 1024;  // in bytes: as much as the broker takes at once

struct Kills {
  int brokers = 0, brokers_in_flight = 0;
  int publishers = 0, publishers_in_flight = 0;
  std::int64_t unacknowledged = 0;  // events stored before a kill of the broker, told of only after it

  void add(const Kills& more) {
    brokers += more.brokers;
    brokers_in_flight += more.brokers_in_flight;
    publishers += more.publishers;
    publishers_in_flight += more.publishers_in_flight;
    unacknowledged += more.unacknowledged;
  }
};

// One publisher of the generated files: started, killed and started again until it has ended by itself.
struct Run {
  const GeneratedPublisher* publisher = nullptr;
  std::unique_ptr<Process> process;
  std::map<std::filesystem::path, std::size_t> stored_at_start;  // of the events that nobody else offers
};

// The bytes that a process has written to files so far.
std::uint64_t written_bytes(pid_t process) {
  std::ifstream io("/proc/" + std::to_string(process) + "/io");
  for (std::string name; io >> name;) {
    std::uint64_t bytes = 0;
    io >> bytes;
    if (name == "wchar:") return bytes;
  }
  return 0;
}

std::size_t count_stored(const LogTail& tail, const GeneratedFile& file) {
  return static_cast<std::size_t>(
      std::count_if(file.only_here.begin(), file.only_here.end(), [&](const auto& name) { return tail.holds(name); }));
}

// Publishes all files with an installation while killing.
class Disturbance {
 public:
  Disturbance(const Installation& here, const GeneratedFiles& files, unsigned seed)
      : here_(here), random_(seed), tail_(here), at_once_(1 + seed % 3) {
    start_broker();
    for (const GeneratedPublisher& publisher : files.publishers()) waiting_.push_back({&publisher, {}, {}});
  }

  void publish_all();
  const Kills& kills() const { return kills_; }
  LogTail& tail() { return tail_; }
  std::size_t at_once() const { return at_once_; }
  struct EndedRun {
    const GeneratedPublisher* publisher = nullptr;
    json::object printed;
    std::string err;
  };
  // What each publisher printed when it ended by itself.
  const std::vector<EndedRun>& ended() const { return ended_; }
  void stop_broker() {
    broker_->signal(SIGINT);
    EXPECT_EQ(broker_->wait(seconds(20)), 0) << broker_->err();
  }

 private:
  void start_those_that_may();
  void start_broker();
  void start(Run& run);
  void take_those_that_ended();
  void wait_for_a_moment();
  Run& draw_victim();
  bool is_worth_a_kill();
  void kill_something();
  bool in_mid_file(const Run& run) const;

  const Installation& here_;
  std::mt19937 random_;
  LogTail tail_;
  std::string address_;
  std::unique_ptr<Process> broker_;
  const std::size_t at_once_;
  std::vector<Run> waiting_, running_;
  std::vector<EndedRun> ended_;
  Kills kills_;
};

// It comes back where it was, as where its address is configured. The first time it takes a port below those that the
// system hands out, so that nobody else gets it meanwhile.
void Disturbance::start_broker() {
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (address_.empty() || broker_ == nullptr)
      address_ = "tcp://127.0.0.1:" + std::to_string(20'000 + (static_cast<unsigned>(::getpid()) + random_()) % 10'000);
    std::unique_ptr<Process> broker = here_.start({"broker", "--bus", address_});
    if (here_.wait_until_up(*broker)) {
      broker_ = std::move(broker);
      return;
    }
    std::cout << "the broker has not come up: " << broker->err();
  }
  FAIL() << "the broker does not come up";
}

// As an agency does from a machine of its own: with a key file, so that it never runs a broker itself.
void Disturbance::start(Run& run) {
  for (const GeneratedFile& file : run.publisher->files) run.stored_at_start[file.path] = count_stored(tail_, file);
  Words command = {MOOT_BINARY};
  const Words words = run.publisher->publication(here_.key_file(run.publisher->agency), address_);
  command.insert(command.end(), words.begin(), words.end());
  run.process = std::make_unique<Process>(command);
}

void Disturbance::start_those_that_may() {
  while (running_.size() < at_once_ && !waiting_.empty()) {
    running_.push_back(std::move(waiting_.back()));
    waiting_.pop_back();
    start(running_.back());
  }
}

void Disturbance::take_those_that_ended() {
  std::erase_if(running_, [&](Run& run) {
    if (run.process->running()) return false;
    const int code = *run.process->wait(milliseconds(0));
    EXPECT_TRUE(code == 0 || code == 1) << code << ": " << run.process->err();
    const json::object printed = json_of(run.process->out());
    kills_.unacknowledged += number_in(printed, "recovered");
    ended_.push_back({run.publisher, printed, run.process->err()});
    return true;
  });
}

// Whether a publisher that cannot go on (it is dead, or stands still) is in the middle of a file: since it began events
// of that file came into the log which nobody else offers, and others of it are not there. A publisher hears of what
// was stored only when its window of messages is full or its file at an end, so from a file's first message to its end
// something is unacknowledged.
bool Disturbance::in_mid_file(const Run& run) const {
  return std::any_of(run.publisher->files.begin(), run.publisher->files.end(), [&](const GeneratedFile& file) {
    const std::size_t stored = count_stored(tail_, file);
    return stored > run.stored_at_start.at(file.path) && stored < file.only_here.size();
  });
}

// Until the broker has stored something since it was last looked at, how much is random, and then a little longer.
void Disturbance::wait_for_a_moment() {
  const std::uint64_t enough = written_bytes(broker_->pid()) + 20'000 + random_() % 1'000'000;
  const auto at_most = std::chrono::steady_clock::now() + seconds(1);
  const auto at_work = [&] {
    return std::any_of(running_.begin(), running_.end(), [](const Run& run) { return run.process->running(); });
  };
  while (written_bytes(broker_->pid()) < enough && at_work() && std::chrono::steady_clock::now() < at_most)
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  std::this_thread::sleep_for(std::chrono::microseconds(random_() % 8000));
}

// A short file is at its end before anybody can be killed in the middle of it: the longer of two.
Run& Disturbance::draw_victim() {
  Run& one = running_[random_() % running_.size()];
  Run& other = running_[random_() % running_.size()];
  return one.publisher->bytes() < other.publisher->bytes() ? other : one;
}

bool Disturbance::is_worth_a_kill() {
  const auto is_long = [](const Run& run) { return run.publisher->bytes() > kLong; };
  return std::any_of(running_.begin(), running_.end(), is_long) || random_() % 3 == 0;
}

// The moment is random; then the publishers are stopped until it is known what the kill has hit.
void Disturbance::kill_something() {
  const unsigned what = random_() % 10;
  Run& victim = draw_victim();
  const bool broker_dies = what < 4 || what >= 7;
  const bool publisher_dies = what >= 4 && victim.process->running();
  if (broker_dies) broker_->kill();
  for (Run& run : running_) run.process->signal(SIGSTOP);
  if (publisher_dies) victim.process->kill();
  if (broker_dies) start_broker();
  tail_.read_on();
  if (broker_dies) {
    ++kills_.brokers;
    kills_.brokers_in_flight +=
        std::any_of(running_.begin(), running_.end(), [&](const Run& run) { return in_mid_file(run); }) ? 1 : 0;
  }
  if (publisher_dies) {
    ++kills_.publishers;
    kills_.publishers_in_flight += in_mid_file(victim) ? 1 : 0;
    start(victim);
  }
  for (Run& run : running_) run.process->signal(SIGCONT);
}

void Disturbance::publish_all() {
  const auto deadline = std::chrono::steady_clock::now() + seconds(100);
  start_those_that_may();
  while (!running_.empty() && std::chrono::steady_clock::now() < deadline) {
    wait_for_a_moment();
    take_those_that_ended();
    start_those_that_may();
    if (testing::Test::HasFatalFailure()) return;
    if (!running_.empty() && kills_.brokers + kills_.publishers < kKillsEach && is_worth_a_kill()) kill_something();
  }
  EXPECT_TRUE(running_.empty()) << "a publisher does not end: " << running_.front().process->err();
}

class Conservation : public testing::TestWithParam<unsigned> {
 protected:
  static constexpr const char* kDay = "2022-06-14";

  static FileTexts documents_of(const Installation& here) {
    FileTexts documents;
    for (const std::string format : {"html", "json"}) {
      for (Words words : {Words{"agenda", "table"}, Words{"callers"}}) {
        const std::string name = words[0] + "." + format;
        words.insert(words.end(), {"--on", kDay, "--format", format});
        const Ended ended = here.moot(words);
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        documents[name] = ended.out;
      }
    }
    return documents;
  }

  // The events without what depends on when and in which order they came.
  static std::map<LoggedEvents::Name, std::string> contents_of(const LoggedEvents& log) {
    std::map<LoggedEvents::Name, std::string> contents;
    for (const auto& [name, event] : log.all()) {
      json::object said = event.said;
      said.erase("offset");
      said.erase("recordedtime");
      contents[name] = json::serialize(said);
    }
    return contents;
  }

  static std::vector<GeneratedFiles::Place> inbox_of(const Installation& here) {
    std::vector<GeneratedFiles::Place> places;
    const Ended ended = here.moot({"inbox", "list", "--json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const json::object printed = json_of(ended.out);
    for (const json::value& value : printed.at("items").as_array()) {
      const json::object& item = value.as_object();
      places.emplace_back(text_in(item, "agency"), text_in(item, "file"), number_in(item, "row"));
    }
    std::sort(places.begin(), places.end());
    return places;
  }

  static std::vector<GeneratedFiles::Place> refusals_missing(const std::vector<GeneratedFiles::Place>& there,
                                                             const std::vector<GeneratedFiles::Place>& wanted) {
    std::vector<GeneratedFiles::Place> missing;
    std::set_difference(wanted.begin(), wanted.end(), there.begin(), there.end(), std::back_inserter(missing));
    return missing;
  }

  // In = out, file by file: every row is accepted, there already, superseding or refused, and refused are those and
  // only those that the generator meant to be.
  static void check_counts(const GeneratedPublisher& publisher, const json::object& printed, const std::string& err) {
    ASSERT_TRUE(printed.contains("files")) << err;
    const json::array& files = printed.at("files").as_array();
    ASSERT_EQ(files.size(), publisher.files.size()) << err;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const json::object& counts = files[i].as_object();
      const auto of = [&](const char* name) { return number_in(counts, name); };
      SCOPED_TRACE(text_in(counts, "file"));
      EXPECT_EQ(of("read"), publisher.files[i].rows);
      EXPECT_EQ(of("refused"), publisher.files[i].refused);
      EXPECT_EQ(of("read"), of("accepted") + of("duplicate") + of("superseding") + of("refused"));
    }
  }

  static void publish_again(const Installation& here, const GeneratedFiles& files) {
    for (const GeneratedPublisher& publisher : files.publishers()) {
      const Ended ended = here.moot(publisher.publication());
      const json::object printed = json_of(ended.out);
      check_counts(publisher, printed, ended.err);
      EXPECT_EQ(number_in(printed, "accepted"), 0) << "something was missing although its publisher ended well";
      EXPECT_EQ(number_in(printed, "superseding"), 0);
    }
  }

  void disturb(unsigned seed, Kills& kills);
};

void Conservation::disturb(unsigned seed, Kills& kills) {
  const TemporaryFolder folder;
  const GeneratedFiles files(folder.path(), seed);
  const Installation undisturbed(folder / "undisturbed", files.config(), folder / "keys");
  for (const GeneratedPublisher& publisher : files.publishers()) {
    const Ended ended = undisturbed.moot(publisher.publication());
    check_counts(publisher, json_of(ended.out), ended.err);
  }

  const Installation here(folder / "disturbed", files.config(), folder / "keys");
  Disturbance disturbance(here, files, seed);
  disturbance.publish_all();
  ASSERT_EQ(disturbance.ended().size(), files.publishers().size());
  for (const Disturbance::EndedRun& run : disturbance.ended()) check_counts(*run.publisher, run.printed, run.err);
  publish_again(here, files);

  const LoggedEvents expected(undisturbed.replay()), found(here.replay());
  std::set<LoggedEvents::Name> names;
  for (const auto& [name, event] : found.all()) names.insert(name);
  EXPECT_TRUE(names == files.events()) << names.size() << " events, and not the " << files.events().size()
                                       << " that the files tell of";
  EXPECT_TRUE(contents_of(found) == contents_of(expected)) << "the content of an event differs";
  const std::size_t read = disturbance.tail().names().size();
  disturbance.tail().read_on();
  EXPECT_EQ(disturbance.tail().names().size(), files.events().size()) << read << " before the last look";
  const std::vector<GeneratedFiles::Place> refusals(files.refusals().begin(), files.refusals().end());
  EXPECT_TRUE(inbox_of(here) == refusals) << inbox_of(here).size() << " in the inbox, of " << refusals.size();
  for (const auto& [agency, file, row] : refusals_missing(inbox_of(undisturbed), refusals))
    ADD_FAILURE() << "undisturbed: " << agency << ", " << file << ", row " << row << " is not in the inbox";
  EXPECT_TRUE(inbox_of(undisturbed) == refusals) << "undisturbed";
  EXPECT_TRUE(documents_of(here) == documents_of(undisturbed)) << "a document differs";
  disturbance.stop_broker();

  kills.add(disturbance.kills());
  std::cout << "seed " << seed << ": " << files.rows() << " rows, " << files.events().size() << " events, "
            << refusals.size() << " refused; " << disturbance.at_once() << " publisher(s) at once; "
            << disturbance.kills().brokers << " kills of the broker, " << disturbance.kills().publishers
            << " of a publisher\n";
}

TEST_P(Conservation, OfEveryRowWhoeverIsKilled) {
  const char* only = std::getenv("MOOT_SEED");
  const unsigned first = only != nullptr ? static_cast<unsigned>(std::stoul(only)) : 1 + GetParam() * kSeedsEach;
  const unsigned count = only != nullptr ? 1 : kSeedsEach;
  Kills kills;
  for (unsigned seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("MOOT_SEED=" + std::to_string(seed));
    disturb(seed, kills);
    ASSERT_FALSE(HasFailure()) << "with the seed " << seed;
  }
  std::cout << "kills with events in flight: " << kills.brokers_in_flight << " of " << kills.brokers
            << " of the broker, " << kills.publishers_in_flight << " of " << kills.publishers
            << " of a publisher; events stored but unacknowledged when the broker was killed: " << kills.unacknowledged
            << "\n";
  if (only != nullptr) return;
  EXPECT_GT(kills.brokers_in_flight, 0) << "no kill of the broker hit anything: the test has shown nothing";
  EXPECT_GT(kills.publishers_in_flight, 0) << "no kill of a publisher hit anything: the test has shown nothing";
  EXPECT_GT(kills.unacknowledged, 0) << "nothing was stored and unacknowledged at any kill";
}

unsigned batches() { return std::getenv("MOOT_LONG") != nullptr && std::getenv("MOOT_SEED") == nullptr ? 10 : 1; }

INSTANTIATE_TEST_SUITE_P(Seeds, Conservation, testing::Range(0u, batches()));

}  // namespace
}  // namespace moot
