#include "tests/bench/bench.h"

#include <cstdio>
#include <cstdlib>

#include "deploy/bench/server.h"
#include "tests/bench/systems.h"

namespace moot::bench {

Bench::Bench(const Options& options, std::filesystem::path folder, const StopSignal& stop)
    : options_(options),
      folder_(std::move(folder)),
      stop_(stop),
      payload_(options.payload),
      conditions_{options.seconds, options.warm_up, payload_, stop},
      owned_(all_systems({folder_, options.copies})) {
  for (const std::unique_ptr<System>& system : owned_)
    if (options.wants_system(system->name())) systems_.push_back(system.get());
}

void Bench::note(const std::string& what, const Status& status) {
  findings_.failures.push_back(what + ": " + status.message());
  std::fprintf(stderr, "%s\n", findings_.failures.back().c_str());
}

Status Bench::go_on() const { return stop_.asked() ? Status(Code::kUnavailable, "stopped when asked to") : Status(); }

void Bench::end_system(System& system) {
  const Status stopped = end(system);
  if (!stopped.ok()) note(system.name(), stopped);
}

Status Bench::for_each(const std::vector<System*>& systems, int repetition, const std::string& what, const Ask& ask) {
  for (std::size_t i = 0; i < systems.size(); ++i) {
    MOOT_RETURN_IF_ERROR(go_on());
    System& system = *systems[(i + static_cast<std::size_t>(repetition)) % systems.size()];
    const Status asked = ask(system);
    end_system(system);
    if (!asked.ok()) note(what + " of " + system.name(), asked);
  }
  return {};
}

double Bench::segment_rate() {
  const Result<Load::Part> part = disk_->segment_groups(seconds(options_.disk_seconds));
  return part.ok() ? part->events_per_second() : 0;
}

void Bench::describe() {
  findings_.machine = machine();
  if (const char* us = std::getenv("MOOT_SLOWER_SYNC_US"))
    findings_.machine += "; every fsync and fdatasync made " + std::string(us) + " us longer, by a library in front";
  findings_.payload = payload_.describe();
  char schedule[400];
  std::snprintf(
      schedule, sizeof schedule,
      "%d repetitions; in each, for each shape, disk, segment and every system one after the other, the first "
      "of them another each time; %.1f s each after %.1f s of warm-up on an empty store; the disk synced in "
      "between; publishers in one process with one thread (Moot's has ZeroMQ's too) on the same cores; TCP "
      "over 127.0.0.1 for everybody",
      options_.repetitions, options_.seconds, options_.warm_up);
  findings_.schedule = schedule;
  for (const System* system : systems_)
    findings_.descriptions.push_back({system->name(), system->version(), system->settings(), system->operation()});
}

Status Bench::run() {
  describe();
  Result<Disk> disk = Disk::open(folder_);
  if (!disk.ok()) return disk.status();
  disk_ = std::make_unique<Disk>(std::move(*disk));
  if (wants("compare")) MOOT_RETURN_IF_ERROR(compare());
  if (wants("curve")) MOOT_RETURN_IF_ERROR(compare_curve());
  if (wants("syncs")) MOOT_RETURN_IF_ERROR(count_syncs());
  if (wants("replay")) MOOT_RETURN_IF_ERROR(replay());
  if (wants("scan")) MOOT_RETURN_IF_ERROR(scan());
  if (wants("beside")) MOOT_RETURN_IF_ERROR(publish_beside_replay());
  if (wants("sustained") || wants("restart") || wants("memory")) MOOT_RETURN_IF_ERROR(write_histories());
  return {};
}

}  // namespace moot::bench
