// The broker is killed with SIGKILL while a publisher has events in flight, five times over. The publisher finishes by
// itself, every event is there exactly once, and the documents are those of a run that nobody disturbed (G1, G2, G3).
#include <gtest/gtest.h>

#include <csignal>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kKills = 5;
constexpr std::size_t kCalls = 36'000;
constexpr std::size_t kNoteCharacters = 3'000;  // a bus message then holds some 300 events, and the file 40 messages
constexpr std::uint64_t kWholeGroup = 5 * 1024 * 1024;
constexpr unsigned kSeed = 20220614;

// The size of the write-ahead file in use: it grows before the publisher is told anything.
std::uint64_t written_bytes(const std::filesystem::path& data) {
  std::map<std::string, std::uint64_t> sizes;  // by name: numbers of equal length, the newest is the last
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator(data / "log", gone))
    if (entry.path().extension() == ".log") sizes[entry.path().filename().string()] = entry.file_size(gone);
  return sizes.empty() ? 0 : sizes.rbegin()->second;
}

class Kill : public testing::Test {
 protected:
  Kill() { write_text(calls_, PartnershipFixture::calls_csv(0, kCalls, kNoteCharacters)); }

  Words publication() const {
    return {"publish",    calls_.string(),
            "--as",       PartnershipFixture::kWardens,
            "--backfill", "--json",
            "--timeout",  "60",
            "--mapping",  partnership_.calls_mapping().string()};
  }

  FileTexts documents_of(const Installation& here) const {
    FileTexts documents;
    const std::filesystem::path out = here.data().string() + ".out";
    for (const char* format : {"html", "json"}) {
      const std::filesystem::path agenda = out / (std::string("agenda.") + format);
      const std::filesystem::path callers = out / (std::string("callers.") + format);
      std::filesystem::create_directories(out);
      for (const Words& words : {Words{"agenda", "table", "--on", "2022-06-14", "--output", agenda.string()},
                                 Words{"callers", "--on", "2022-06-14", "--output", callers.string()}}) {
        Words all = words;
        all.insert(all.end(), {"--format", format});
        const Ended ended = here.moot(all, seconds(120));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
      }
    }
    return read_files(out);
  }

  // Waits until the log has grown, then a little: a moment at which something is being written, or is written and not
  // yet acknowledged, or is acknowledged and the next is on its way.
  static void wait_for_growth(const Installation& here, Process& publisher, milliseconds then, std::uint64_t by_bytes) {
    const std::uint64_t before = written_bytes(here.data());
    while (publisher.running() && written_bytes(here.data()) < before + by_bytes)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    std::this_thread::sleep_for(then);
  }

  struct Kills {
    int bit = 0;   // the publisher was at work, something was stored and something still to come
    int torn = 0;  // what was being written was not whole yet: recovery discarded it
    std::uint64_t stored = 0;
    std::string stored_at_each;
  };

  // Five kills, each with a restart.
  static Kills kill_again_and_again(const Installation& here, std::unique_ptr<Process>& broker, Process& publisher) {
    Kills kills;
    std::mt19937 random(kSeed);
    for (int i = 0; i < kKills; ++i) {
      // More than is ever written at once, so that something is stored for certain; and by then the publisher has been
      // told that it may have several messages unacknowledged.
      // What else is done between two kills takes as long as it takes: meanwhile the publisher stands still, or it
      // would be done before the fifth.
      publisher.signal(SIGCONT);
      wait_for_growth(here, publisher, milliseconds(random() % 12), kWholeGroup);
      const bool publishing = publisher.running();
      broker->kill();
      publisher.signal(SIGSTOP);
      broker = here.start_broker();
      const std::uint64_t now = here.offset();
      EXPECT_GE(now, kills.stored) << "what was stored is gone";
      if (publishing && now > 0 && now < kCalls) ++kills.bit;
      if (publishing && now == kills.stored) ++kills.torn;
      kills.stored = now;
      kills.stored_at_each += " " + std::to_string(now);
    }
    publisher.signal(SIGCONT);
    return kills;
  }

  void check_every_event_is_there_once(const Installation& here) const {
    const std::vector<std::string> events = here.replay();
    ASSERT_EQ(events.size(), kCalls);
    std::set<std::string> ids;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const json::object event = json_of(events[i]);
      ASSERT_EQ(event.at("offset").as_string(), std::to_string(i)) << "offsets have a hole";
      ids.insert(event.at("id").as_string().c_str());
    }
    EXPECT_EQ(ids.size(), kCalls) << "an event is there twice";
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const std::filesystem::path calls_ = folder_ / "many-calls.csv";
};

TEST_F(Kill, FiveTimesInMidPublishLosesNothingAndDoublesNothing) {
  const Installation undisturbed(folder_ / "undisturbed", partnership_.config(), folder_ / "keys");
  const Ended published = undisturbed.moot(publication());
  ASSERT_EQ(published.exit_code, 0) << published.err;
  const FileTexts expected = documents_of(undisturbed);

  const Installation here(folder_ / "killed", partnership_.config(), folder_ / "keys");
  std::unique_ptr<Process> broker = here.start_broker();
  const std::unique_ptr<Process> publisher = here.start(publication());
  const Kills kills = kill_again_and_again(here, broker, *publisher);
  ASSERT_EQ(publisher->wait(seconds(120)), 0) << publisher->err();
  const json::object counts = json_of(publisher->out());
  // Sent again because the acknowledgement never came although they were stored.
  const std::int64_t unacknowledged = number_in(counts, "recovered");
  std::cout << "kills in mid-publish: " << kills.bit << " of " << kKills << ", of which in mid-write: " << kills.torn
            << "; stored at each:" << kills.stored_at_each << " of " << kCalls
            << "; stored but unacknowledged at a kill: " << unacknowledged << "\n";
  EXPECT_EQ(kills.bit, kKills) << "a kill missed the publish; the test has shown less than it says";
  EXPECT_GT(unacknowledged + kills.torn, 0) << "no kill came before the acknowledgement of what was in flight";
  EXPECT_EQ(number_in(counts, "read"), static_cast<std::int64_t>(kCalls));
  EXPECT_EQ(number_in(counts, "accepted"), static_cast<std::int64_t>(kCalls)) << "none of them is somebody else's";
  check_every_event_is_there_once(here);
  EXPECT_TRUE(documents_of(here) == expected) << "a document differs";
  broker->signal(SIGINT);
  EXPECT_EQ(broker->wait(seconds(10)), 0) << broker->err();
}

// The first events of a new directory are a moment of their own: the log holds something and little else has been
// written about it yet.
TEST_F(Kill, AtTheVeryFirstEventsLeavesADirectoryThatOpensAgain) {
  const std::filesystem::path calls = folder_ / "few-calls.csv";
  write_text(calls, PartnershipFixture::calls_csv(0, 300));
  for (int time = 0; time < 6; ++time) {
    const Installation here(folder_ / ("new-" + std::to_string(time)), partnership_.config());
    const std::unique_ptr<Process> broker = here.start_broker();
    Words words = publication();
    words[1] = calls.string();
    const std::unique_ptr<Process> publisher = here.start(words);
    wait_for_growth(here, *publisher, milliseconds(time * 4), 1);
    broker->kill();
    publisher->kill();
    const Ended again = here.moot(words);
    ASSERT_EQ(again.exit_code, 0) << "killed " << time * 4 << " ms after the first events: " << again.err;
    EXPECT_EQ(here.offset(), 300u);
  }
}

// A publisher that dies is started again with the same file: only what is missing is taken.
TEST_F(Kill, OfThePublisherIsMadeGoodByPublishingAgain) {
  const Installation here(folder_ / "data", partnership_.config());
  const std::unique_ptr<Process> broker = here.start_broker();
  const std::unique_ptr<Process> publisher = here.start(publication());
  wait_for_growth(here, *publisher, milliseconds(5), 1);
  publisher->kill();
  const Ended again = here.moot(publication(), seconds(120));
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const std::int64_t duplicates = number_in(json_of(again.out), "duplicate");
  EXPECT_GT(duplicates, 0) << "the first one had published nothing";
  EXPECT_LT(duplicates, static_cast<std::int64_t>(kCalls)) << "the first one had finished";
  EXPECT_EQ(number_in(json_of(again.out), "accepted") + duplicates, static_cast<std::int64_t>(kCalls));
  EXPECT_EQ(here.offset(), kCalls);
}

}  // namespace
}  // namespace moot
