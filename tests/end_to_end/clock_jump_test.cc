// The machine's clock is set forward and back, while the broker runs and while it does not. Recorded times never go
// back, nothing is refused or lost for it, and documents are those of a partnership whose clock ran on (promises G2,
// G6).
#include <gtest/gtest.h>

#include <csignal>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/faults/log_reading.h"
#include "tests/faults/recording.h"
#include "tests/faults/stream.h"

namespace moot {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr hours kJumps[] = {hours(0),   hours(24 * 400), hours(1),     hours(-24 * 700),
                            hours(-24), hours(24 * 399), hours(24 * 2)};

class ClockJump : public testing::Test {
 protected:
  std::vector<std::string> broker_of(const Installation& here) const {
    return recording_.command(here.command({"broker", "--bus", "tcp://127.0.0.1:0"}));
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 60};
  const Recording recording_{folder_ / "disk", folder_ / "recording", "/dev/null"};
};

TEST_F(ClockJump, NeverMakesARecordedTimeGoBack) {
  const Installation here(folder_ / "disk/data", partnership_.config());
  Stream stream(PartnershipFixture::kWardens, 5);
  const std::atomic<bool> gone = false;
  for (int start = 0; start < 3; ++start) {
    recording_.set_clock(kJumps[start + 2]);  // while it did not run
    Process broker(broker_of(here));
    ASSERT_TRUE(here.wait_until_up(broker)) << broker.err();
    for (const hours jump : kJumps) {
      recording_.set_clock(jump);
      Result<KeyFile> key_file = read_key_file(here.key_file(stream.agency()));
      ASSERT_TRUE(key_file.ok());
      key_file->run_file = here.data() / "run.json";
      stream.run(recording_, *key_file, gone, 12);
      ASSERT_TRUE(stream.ended().ok()) << stream.ended().message();
    }
    const LogReading reading = read_log(here, broker);
    EXPECT_EQ(broken_promise(reading, {&stream}, 0), "");
    EXPECT_GE(reading.events.size(), 12u * std::size(kJumps));
    broker.signal(SIGTERM);
    EXPECT_EQ(broker.wait(seconds(10)), 0) << broker.err();
  }
}

TEST_F(ClockJump, ChangesNoDocumentOfAHistory) {
  // The same keys: people's ids are made with them.
  const Installation undisturbed(folder_ / "undisturbed", partnership_.config(), folder_ / "disk/keys");
  const FileTexts expected = undisturbed.documents(folder_ / "undisturbed.out");
  const Installation here(folder_ / "disk/data", partnership_.config(), folder_ / "disk/keys");
  {
    Process broker(broker_of(here));
    ASSERT_TRUE(here.wait_until_up(broker)) << broker.err();
    std::size_t jump = 0;
    for (const Words& words : partnership_.publications()) {
      recording_.set_clock(kJumps[jump++ % std::size(kJumps)]);
      const Ended published = run(recording_.command(here.command(words)));
      EXPECT_EQ(published.exit_code, 0) << published.err;
    }
    EXPECT_TRUE(broker.running()) << broker.err();
    broker.signal(SIGTERM);
    EXPECT_EQ(broker.wait(seconds(10)), 0) << broker.err();
  }
  const FileTexts documents = here.documents(folder_ / "out");
  ASSERT_EQ(documents.size(), expected.size());
  for (const auto& [name, text] : expected) EXPECT_TRUE(documents.at(name) == text) << name << " differs";
}

}  // namespace
}  // namespace moot
