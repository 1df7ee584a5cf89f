// The long history: writing it, a kill at its end, and reading all of it, with the memory that each takes.
#include <cstdio>

#include "deploy/bench/server.h"
#include "tests/bench/bench.h"

namespace moot::bench {

namespace {

constexpr int kSlices = 10;

}  // namespace

Status Bench::fill(Load& load, System& system, History& history) {
  const double cpu_before = cpu_seconds(system.processes());
  Latencies all;
  double time = 0;
  for (int i = 0; i < kSlices; ++i) {
    const Result<Load::Part> part = load.run(options_.events / kSlices);
    if (!part.ok()) return part.status();
    all.add(part->latencies);
    time += part->seconds;
    history.slices.push_back(
        {part->events_per_second(), part->latencies.milliseconds(0.99), memory_bytes(system.processes())});
    std::fprintf(stderr, "history of %s in %s: %llu events, %.0f events/s\n", system.name().c_str(),
                 history.shape.c_str(), static_cast<unsigned long long>(load.acknowledged()),
                 part->events_per_second());
  }
  history.events = load.acknowledged();
  history.rate = static_cast<double>(history.events) / time;
  history.p50_ms = all.milliseconds(0.5);
  history.p99_ms = all.milliseconds(0.99);
  history.p999_ms = all.milliseconds(0.999);
  history.cpu_per_million = (cpu_seconds(system.processes()) - cpu_before) * 1e6 / static_cast<double>(history.events);
  history.disk_bytes = disk_bytes(system.folder());
  history.peak_memory_bytes = peak_memory_bytes(system.processes());
  return {};
}

Status Bench::write_history(System& system, const Shape& shape, History& history) {
  const Conditions from_the_first_event{0, 0, payload_, stop_};
  history.system = system.name();
  history.shape = shape.name;
  history.segment_rate_before = segment_rate();
  const Result<UnderLoad> running = UnderLoad::start(system, system.own_shape(shape), from_the_first_event);
  if (!running.ok()) return running.status();
  MOOT_RETURN_IF_ERROR(fill(*running->load, system, history));
  if (wants("restart")) {
    const Result<Recovery> recovery = kill_and_recover(system, *running->load, from_the_first_event);
    if (!recovery.ok()) return recovery.status();
    history.recovery = *recovery;
  } else {
    MOOT_RETURN_IF_ERROR(running->load->finish());
  }
  if (wants("memory") && !system.ways_to_read().empty()) {
    MOOT_RETURN_IF_ERROR(system.read(system.ways_to_read().front(), history.events));
    history.peak_memory_reading_bytes = peak_memory_bytes(system.processes());
  }
  return {};
}

Status Bench::write_histories() {
  std::vector<System*> systems;
  for (System* system : systems_)
    if (system->can_be_killed()) systems.push_back(system);
  for (const Shape& shape : all_shapes()) {
    // Singles only where the rate itself is wanted: frames make a history sooner.
    if (shape.name != kFrames && (shape.name != kSingles || !wants("sustained"))) continue;
    if (!options_.wants_shape(shape.name)) continue;
    MOOT_RETURN_IF_ERROR(for_each(systems, 0, "the history in " + shape.name, [&](System& system) {
      History history;
      const Status written = write_history(system, shape, history);
      end_system(system);
      history.segment_rate_after = segment_rate();
      if (history.events > 0) findings_.histories.push_back(history);
      return written;
    }));
  }
  return {};
}

}  // namespace moot::bench
