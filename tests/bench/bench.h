// The bench: every part of it measures the systems and adds to the findings. A system that fails is noted there and
// left out; the rest goes on.
//
// Thread: one, which starts and ends all servers.
#pragma once

#include <memory>
#include <vector>

#include "deploy/stop_signal.h"
#include "tests/bench/disk.h"
#include "tests/bench/findings.h"
#include "tests/bench/load.h"
#include "tests/bench/options.h"
#include "tests/bench/system.h"

namespace moot::bench {

class Bench {
 public:
  // `folder` exists, is empty and is on the disk to be measured.
  Bench(const Options& options, std::filesystem::path folder, const StopSignal& stop);

  // All parts that the options want. An error when it was asked to stop; the findings hold what there is.
  Status run();
  const Findings& findings() const { return findings_; }

 private:
  void describe();
  Status compare();
  Status compare_in(const Shape& shape, int repetition);
  void measure_disk(const Shape& shape, int repetition);
  Status measure(System& system, const Shape& shape, int repetition, Measurement& measurement);
  Status count_syncs();
  Status count_syncs_of(System& system, const Shape& shape, SyncCount& count);
  Status sustain();
  Status sustain(System& system, const Shape& shape, Sustained& sustained);
  Status kill_and_wait(System& system, Load& load, const Shape& shape, Sustained& sustained);
  Status replay();
  Status replay(System& system, int repetition);

  // Ends the server and lets the disk come to rest, so that nobody pays for another's unwritten data.
  void end(System& system);
  void note(const std::string& what, const Status& status);
  std::chrono::nanoseconds seconds(double count) const;

  const Options options_;
  const std::filesystem::path folder_;
  const StopSignal& stop_;
  const Payload payload_;
  std::vector<std::unique_ptr<System>> systems_;
  std::unique_ptr<Disk> disk_;
  Findings findings_;
};

}  // namespace moot::bench
