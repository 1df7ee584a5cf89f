// The disk refuses, at each place where the broker writes: a failed sync, a failed write, a full disk, a short write.
// The broker stops and says why in a sentence that names the place, and nothing it acknowledged is lost: neither by the
// process's end, nor by a power cut right then (a failed sync leaves pages behind that look clean). Once the disk is
// mended it starts, and goes on where the acknowledgements ended (promises G1, G4; design, section 9).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
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
using std::chrono::seconds;

constexpr std::size_t kEventsBefore = 12;  // acknowledged before the fault
constexpr std::size_t kEventsMax = 4000;   // by then it must have struck
constexpr std::size_t kEventsAfter = 15;

// When the fault is armed.
enum class When { kFirstStart, kLaterStart, kServing };

struct Site {
  const char* name;
  When when;
  const char* rules;
  const char* names;  // what the sentence must contain
};

const Site kSites[] = {
    {"SyncOfTheLog", When::kServing, "EIO sync 2 always */data/log/*.log", "/data/log"},
    {"OneSyncOfTheLog", When::kServing, "EIO sync 2 once */data/log/*.log", "/data/log"},
    {"WriteOfTheLog", When::kServing, "EIO write 3 always */data/log/*.log", "/data/log"},
    {"FullDiskAtTheLog", When::kServing, "ENOSPC write 3 always */data/log/*.log", "/data/log"},
    {"ShortWriteOfTheLog", When::kServing,
     "short write 2 once */data/log/*.log\nENOSPC write 3 always */data/log/*.log", "/data/log"},
    {"TablesAtAStart", When::kLaterStart, "ENOSPC write 1 always */data/log/*.sst", "/data/log"},
    {"SyncOfTablesAtAStart", When::kLaterStart, "EIO sync 1 always */data/log/*.sst", "/data/log"},
    {"ListOfTables", When::kLaterStart, "EIO sync 1 always */data/log/MANIFEST-*", "/data/log"},
    {"FullDiskAtTheListOfTables", When::kLaterStart, "ENOSPC write 1 always */data/log/MANIFEST-*", "/data/log"},
    {"FolderOfTheLog", When::kFirstStart, "EIO sync 1 always */data/log", "/data/log"},
    {"EpochKey", When::kFirstStart, "ENOSPC write 1 always */epoch.key*", "epoch.key"},
    {"SyncOfTheEpochKey", When::kFirstStart, "EIO sync 1 always */epoch.key*", "epoch.key"},
    {"InboxWrite", When::kServing, "ENOSPC write 2 always */data/inbox/*.log", "inbox"},
    {"InboxSync", When::kServing, "EIO sync 2 always */data/inbox/*.log", "inbox"},
    {"InboxAtAStart", When::kLaterStart, "EIO sync 1 always */data/inbox/MANIFEST-*", "inbox"},
    {"WatermarkWrite", When::kServing, "ENOSPC write 2 always */data/watermark", "watermark"},
    {"WatermarkSync", When::kServing, "EIO sync 1 always */data/watermark", "watermark"},
    {"InboxWatermark", When::kServing, "EIO sync 1 always */data/inbox.watermark", "inbox.watermark"},
    {"RunFile", When::kLaterStart, "ENOSPC write 1 always */data/run.json*", "run.json"},
    {"RenameOfTheRunFile", When::kLaterStart, "EIO rename 1 always */data/run.json", "run.json"},
    {"Registry", When::kFirstStart, "ENOSPC write 1 always */data/agencies.toml*", "agencies.toml"},
    {"KeyFiles", When::kFirstStart, "EIO sync 1 always *.keys/agencies/*", "agencies"},
    {"IdentityOfTheFolder", When::kFirstStart, "EIO sync 1 always */data/moot.id*", "moot.id"},
    {"EverythingFullWhileServing", When::kServing,
     "ENOSPC write 9 always *\nENOSPC create 1 always *\nENOSPC folder 1 always *\nENOSPC size 1 always *", "/data"},
    {"EverythingFullAtAFirstStart", When::kFirstStart,
     "ENOSPC write 1 always *\nENOSPC create 1 always *\nENOSPC folder 1 always *", "/data"},
    {"EverythingFullAtALaterStart", When::kLaterStart,
     "ENOSPC write 1 always *\nENOSPC create 1 always *\nENOSPC folder 1 always *", "/data"},
};

class DiskError : public testing::TestWithParam<Site> {
 protected:
  DiskError() {
    fs::create_directories(folder_ / "disk");
    if (GetParam().when == When::kLaterStart) publish_on(folder_ / "disk", kEventsBefore);
    fs::copy(folder_ / "disk", folder_ / "before", fs::copy_options::recursive);
  }

  Installation in(const fs::path& root) const { return Installation(root / "data", partnership_.config()); }

  KeyFile key_file(const Installation& here) const {
    Result<KeyFile> key_file = read_key_file(here.key_file(stream_.agency()));
    EXPECT_TRUE(key_file.ok()) << key_file.status().message();
    if (!key_file.ok()) return {};
    key_file->run_file = here.data() / "run.json";
    return *key_file;
  }

  // A broker on a sound disk takes so many more events, keeps all promises, and is killed.
  void publish_on(const fs::path& root, std::size_t events) {
    const Recording sound(root, folder_ / "sound");
    const Installation here = in(root);
    Process broker(sound.command(here.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    ASSERT_TRUE(here.wait_until_up(broker)) << "on a sound disk it does not start: " << broker.err();
    stream_.begin_again(Stream::kNever - 1);
    EXPECT_EQ(broken_promise(read_log(here, broker), {&stream_}, 0), "") << broker.err();
    stream_.run(sound, key_file(here), gone_, events);
    EXPECT_TRUE(stream_.ended().ok()) << stream_.ended().message();
    EXPECT_EQ(broken_promise(read_log(here, broker), {&stream_}, sound.journal_bytes()), "") << broker.err();
  }

  // Runs the broker into the fault; what it said.
  std::string run_into_the_fault(const Recording& recording) {
    const Site& site = GetParam();
    const Installation here = in(recording.root());
    stream_.begin_again(Stream::kNever - 1);
    if (site.when != When::kServing) recording.arm(std::string(site.rules) + "\n");
    Process broker(recording.command(here.command({"broker", "--bus", "tcp://127.0.0.1:0"})));
    if (here.wait_until_up(broker)) {
      stream_.run(recording, key_file(here), gone_, kEventsBefore);
      if (site.when == When::kServing) recording.arm(std::string(site.rules) + "\n");
      std::thread publisher([&] { stream_.run(recording, key_file(here), gone_, kEventsMax); });
      EXPECT_EQ(broker.wait(seconds(20)), 1) << "it goes on; " << broker.err();
      gone_ = true;
      broker.kill();
      publisher.join();
      gone_ = false;
    } else {
      EXPECT_NE(site.when, When::kServing) << broker.err();
      EXPECT_EQ(broker.wait(seconds(1)), 1) << broker.err();
    }
    return broker.err();
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 9};
  Stream stream_{PartnershipFixture::kWardens, 17};
  std::atomic<bool> gone_ = false;
};

TEST_P(DiskError, StopsTheBrokerAndLosesNothing) {
  const Recording recording(folder_ / "disk", folder_ / "recording");
  const std::string said = run_into_the_fault(recording);
  std::cout << "it says: " << said;
  EXPECT_NE(said.find(GetParam().names), std::string::npos) << "it does not name the place";
  const bool why =
      said.find("No space left on device") != std::string::npos || said.find("Input/output error") != std::string::npos;
  EXPECT_TRUE(why) << "it does not say why";
  RecordedDisk disk(folder_ / "before", recording.root(), recording.journal());
  disk.play_to(disk.operations().size());
  const auto struck = std::find_if(disk.operations().begin(), disk.operations().end(),
                                   [](const Operation& o) { return o.act == DiskAct::kFault; });
  ASSERT_NE(struck, disk.operations().end()) << "the fault was never reached";
  std::cout << "it struck first at " << struck->path << "\n";
  // After a power cut with all of the unsynced gone, with some of it there; after the process's end alone.
  const std::size_t promised = recording.journal_bytes();
  disk.survive(folder_ / "nothing", Survival::kNothing, 1);
  disk.survive(folder_ / "torn", Survival::kPrefix, 5);
  const Stream after = stream_;
  std::vector<fs::path> roots = {folder_ / "nothing", folder_ / "disk"};
  if (std::getenv("MOOT_LONG") != nullptr) roots.push_back(folder_ / "torn");
  for (const fs::path& root : roots) {
    SCOPED_TRACE(root);
    stream_ = after;
    stream_.begin_again(promised);
    publish_on(root, kEventsAfter);
  }
}

INSTANTIATE_TEST_SUITE_P(Sites, DiskError, testing::ValuesIn(kSites),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace moot
