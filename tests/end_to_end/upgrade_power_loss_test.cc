// The power fails while a log of format 1 becomes one of today's: at the next start everything is there, and the old
// log is kept. MOOT_LONG: cuts after every record that may be lost.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "tests/faults/format_1_log.h"
#include "tests/faults/prepared_log.h"
#include "tests/faults/recorded_disk.h"
#include "tests/faults/recording.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

TEST(UpgradePowerLoss, LosesNothing) {
  const TemporaryFolder folder;
  const PreparedLog prepared;
  fs::copy(prepared.sound(), folder / "before", fs::copy_options::recursive);
  make_format_1(folder / "before/data/log");
  fs::copy(folder / "before", folder / "disk", fs::copy_options::recursive);
  const Recording recording(folder / "disk", folder / "recording");
  {
    Process broker(recording.command(prepared.installation(folder / "disk").command({"broker"})));
    ASSERT_TRUE(prepared.installation(folder / "disk").wait_until_up(broker)) << broker.err();
    broker.kill();
  }
  RecordedDisk disk(folder / "before", recording.root(), recording.journal());
  std::vector<std::size_t> cuts;  // after what may be lost
  for (std::size_t i = 0; i < disk.operations().size(); ++i) {
    const DiskAct act = disk.operations()[i].act;
    if (act != DiskAct::kOpen && act != DiskAct::kSync) cuts.push_back(i + 1);
  }
  const std::size_t step = std::getenv("MOOT_LONG") != nullptr ? 1 : cuts.size() / 36;
  std::map<std::string, int> survivals;
  int lost_bytes = 0, lost_names = 0;
  int number = 0;
  for (std::size_t i = 0; i < cuts.size(); i += step, ++number) {
    const std::size_t cut = cuts[i];
    disk.play_to(cut);
    const auto survival = static_cast<Survival>(number % kSurvivals);
    fs::remove_all(folder / "survivor");
    const SurvivorFigures figures = disk.survive(folder / "survivor", survival, static_cast<unsigned>(cut));
    ++survivals[word_of(survival)];
    lost_bytes += figures.lost_bytes > 0 ? 1 : 0;
    lost_names += figures.lost_names > 0 ? 1 : 0;
    const PreparedLog::Outcome outcome = prepared.outcome_of(folder / "survivor");
    ASSERT_EQ(outcome.kind, PreparedLog::Outcome::kServed)
        << outcome.said << "\n  cut after record " << cut << ", " << disk.operations()[cut - 1].path
        << "; survives: " << word_of(survival);
    EXPECT_TRUE(fs::exists(folder / "survivor/data/log.format-1/CURRENT")) << "the old log was not kept";
  }
  std::cout << number << " power cuts in an upgrade: " << lost_bytes << " lost bytes, " << lost_names
            << " lost names\n";
  EXPECT_GT(lost_bytes, 0);
  EXPECT_GT(lost_names, 0);
}

}  // namespace
}  // namespace moot
