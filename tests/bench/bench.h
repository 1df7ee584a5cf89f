// The bench: every part of it measures the systems and adds to the findings. A system that fails is noted there and
// left out; the rest goes on.
//
// Thread: one, which starts and ends all servers.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "deploy/bench/measure.h"
#include "deploy/bench/moot_system.h"
#include "tests/bench/findings.h"
#include "tests/bench/options.h"

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
  Status compare_curve();
  Status compare_in(const Shape& shape, int repetition, const std::vector<System*>& systems,
                    std::vector<Measurement>& into);
  void measure_disk_in(const Shape& shape, int repetition);
  Status count_syncs();
  Status count_syncs_of(System& system, SyncCount& count);
  Status send_again(System& system, const UnderLoad& running, const Shape& shape, SyncCount& count);
  Status hold_syncs_of(System& system, SyncCount& count);
  Status write_histories();
  Status write_history(System& system, const Shape& shape, History& history);
  Status fill(Load& load, System& system, History& history);
  Status replay();
  Status replay(System& system, int repetition);
  Status scan();
  Status fill_up(System& system, std::uint64_t events, const Conditions& conditions);
  Status publish_beside_replay();
  Status publish_beside_replay(MootSystem& moot);
  Result<Measurement> publish_for_a_while(MootSystem& moot, const Shape& shape);

  // Asks every system in turn, another first each time, and ends it; what fails is noted and left out.
  using Ask = std::function<Status(System&)>;
  Status for_each(const std::vector<System*>& systems, int repetition, const std::string& what, const Ask& ask);
  Status go_on() const;  // an error when it was asked to stop
  void end_system(System& system);
  void note(const std::string& what, const Status& status);
  bool wants(const char* part) const { return options_.parts.contains(part); }
  double segment_rate();

  const Options options_;
  const std::filesystem::path folder_;
  const StopSignal& stop_;
  const Payload payload_;
  const Conditions conditions_;
  std::vector<std::unique_ptr<System>> owned_;
  std::vector<System*> systems_;
  std::unique_ptr<Disk> disk_;
  Findings findings_;
};

}  // namespace moot::bench
