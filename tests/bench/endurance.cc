// The sustained run with its kill, and the reading back of everything.
#include <cstdio>

#include "tests/bench/bench.h"
#include "tests/bench/server.h"

namespace moot::bench {

namespace {

constexpr int kSlices = 10;
constexpr double kBeforeTheKillSeconds = 0.2;

}  // namespace

Status Bench::kill_and_wait(System& system, Load& load, const Shape& shape, Sustained& sustained) {
  // The messages that are in flight now stay so: nothing is received any more.
  const Result<Load::Part> part = load.run(seconds(kBeforeTheKillSeconds));
  if (!part.ok()) return part.status();
  sustained.acknowledged_at_kill = load.acknowledged();
  sustained.sent_at_kill = load.sent();
  const auto begin = std::chrono::steady_clock::now();
  MOOT_RETURN_IF_ERROR(system.kill_and_start_again());
  Result<std::unique_ptr<Publishers>> publishers = system.connect(1, payload_);
  if (!publishers.ok()) return publishers.status();
  Load one(**publishers, {shape.name, 1, 1, 1, 0}, load.sent(), stop_);
  const Result<Load::Part> first = one.run(std::uint64_t{1});
  if (!first.ok()) return first.status();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  sustained.until_it_acknowledges_s = took.count();
  sustained.memory_after_bytes = memory_bytes(system.processes());
  const Result<std::uint64_t> stored = system.stored();
  if (!stored.ok()) return stored.status();
  sustained.stored_after = *stored - one.acknowledged();
  if (sustained.stored_after < sustained.acknowledged_at_kill)
    return Status(Code::kCorrupt, std::to_string(sustained.acknowledged_at_kill) +
                                      " events were acknowledged before the kill, and " +
                                      std::to_string(sustained.stored_after) + " are there after it");
  return {};
}

Status Bench::sustain(System& system, const Shape& shape, Sustained& sustained) {
  const auto ceiling = [&]() -> double {
    const Result<Load::Part> part = disk_->segment_groups(seconds(options_.disk_seconds));
    return part.ok() ? part->events_per_second() : 0;
  };
  sustained.system = system.name();
  sustained.shape = shape.name;
  sustained.segment_rate_before = ceiling();
  MOOT_RETURN_IF_ERROR(system.start());
  const Shape own = system.own_shape(shape);
  Result<std::unique_ptr<Publishers>> publishers = system.connect(own.publishers, payload_);
  if (!publishers.ok()) return publishers.status();
  Load load(**publishers, own, 0, stop_);
  const double cpu_before = cpu_seconds(system.processes());
  Latencies all;
  double time = 0;
  for (int i = 0; i < kSlices; ++i) {
    const Result<Load::Part> part = load.run(options_.sustained_events / kSlices);
    if (!part.ok()) return part.status();
    all.add(part->latencies);
    time += part->seconds;
    sustained.slices.push_back(
        {part->events_per_second(), part->latencies.milliseconds(0.99), memory_bytes(system.processes())});
    std::fprintf(stderr, "sustained %s %s: %llu events, %.0f events/s\n", system.name().c_str(), shape.name.c_str(),
                 static_cast<unsigned long long>(load.acknowledged()), part->events_per_second());
  }
  sustained.events = load.acknowledged();
  sustained.rate = static_cast<double>(sustained.events) / time;
  sustained.p50_ms = all.milliseconds(0.5);
  sustained.p99_ms = all.milliseconds(0.99);
  sustained.p999_ms = all.milliseconds(0.999);
  sustained.cpu_per_million =
      (cpu_seconds(system.processes()) - cpu_before) * 1e6 / static_cast<double>(sustained.events);
  sustained.disk_bytes = disk_bytes(system.folder());
  const Status killed = kill_and_wait(system, load, own, sustained);
  end(system);
  sustained.segment_rate_after = ceiling();
  return killed;
}

Status Bench::sustain() {
  for (const std::unique_ptr<System>& system : systems_) {
    if (!system->can_be_killed()) continue;
    for (const Shape& shape : all_shapes()) {
      if (shape.name != "16x100" && shape.name != "16x4-frames") continue;
      if (!options_.wants_shape(shape.name) || !system->takes(shape)) continue;
      if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
      Sustained sustained;
      const Status done = sustain(*system, shape, sustained);
      end(*system);
      if (!done.ok()) note("the sustained run of " + system->name() + " in " + shape.name, done);
      if (sustained.events > 0) findings_.sustained.push_back(sustained);
    }
  }
  return {};
}

Status Bench::replay(System& system, int repetition) {
  MOOT_RETURN_IF_ERROR(system.start());
  {
    const Shape filling = system.own_shape({"filling", 4, 4, 100, 0});
    Result<std::unique_ptr<Publishers>> publishers = system.connect(filling.publishers, payload_);
    if (!publishers.ok()) return publishers.status();
    Load load(**publishers, filling, 0, stop_);
    const Result<Load::Part> filled = load.run(options_.replay_events);
    if (!filled.ok()) return filled.status();
    MOOT_RETURN_IF_ERROR(load.finish());
  }
  for (const std::string& way : system.ways_to_read()) {
    const double server_before = cpu_seconds(system.processes()), client_before = own_cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    MOOT_RETURN_IF_ERROR(system.read(way, options_.replay_events));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    Reading reading{system.name(), way, repetition, options_.replay_events, 0, 0, 0};
    reading.rate = static_cast<double>(options_.replay_events) / took.count();
    reading.server_cpu_s = cpu_seconds(system.processes()) - server_before;
    reading.client_cpu_s = own_cpu_seconds() - client_before;
    std::fprintf(stderr, "%d replay %s, %s: %.0f events/s\n", repetition + 1, system.name().c_str(), way.c_str(),
                 reading.rate);
    findings_.readings.push_back(reading);
  }
  return {};
}

Status Bench::replay() {
  for (int repetition = 0; repetition < options_.repetitions; ++repetition) {
    for (std::size_t i = 0; i < systems_.size(); ++i) {
      System& system = *systems_[(i + static_cast<std::size_t>(repetition)) % systems_.size()];
      if (system.ways_to_read().empty()) continue;
      if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
      const Status read = replay(system, repetition);
      end(system);
      if (!read.ok()) note("replay of " + system.name(), read);
    }
  }
  return {};
}

}  // namespace moot::bench
