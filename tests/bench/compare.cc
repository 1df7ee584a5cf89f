// The interleaved comparison, and the counting of every server's syncs.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/server.h"

namespace moot::bench {

namespace {

constexpr const char* kStrace = "/usr/bin/strace";
constexpr const char* kTraced = "trace=fsync,fdatasync,sync_file_range,msync,pwrite64,pwritev,write,writev";
constexpr double kTracedSeconds = 3;

Measurement measurement_of(const std::string& system, const Shape& shape, int repetition, const Load::Part& part) {
  Measurement m;
  m.system = system;
  m.shape = shape.name;
  m.repetition = repetition;
  m.events = part.events;
  m.rate = part.events_per_second();
  m.p50_ms = part.latencies.milliseconds(0.5);
  m.p99_ms = part.latencies.milliseconds(0.99);
  m.p999_ms = part.latencies.milliseconds(0.999);
  return m;
}

// The CPU time used since it was made, by whom.
class CpuMeter {
 public:
  explicit CpuMeter(const std::vector<pid_t>& server) : server_(cpu_seconds(server)) {}

  void read(const std::vector<pid_t>& server, double seconds, Measurement& m) const {
    m.server_cpu_s = cpu_seconds(server) - server_;
    m.client_cpu_s = own_cpu_seconds() - own_;
    const double others = machine_cpu_seconds() - machine_ - m.server_cpu_s - m.client_cpu_s;
    m.others_share = std::max(0.0, others) / (seconds * std::thread::hardware_concurrency());
  }

 private:
  const double server_;
  const double own_ = own_cpu_seconds();
  const double machine_ = machine_cpu_seconds();
};

void say(const Measurement& m) {
  std::fprintf(stderr, "%d %-14s %-15s %10.0f events/s  p50 %8.3f  p99 %8.3f ms\n", m.repetition + 1, m.shape.c_str(),
               m.system.c_str(), m.rate, m.p50_ms, m.p99_ms);
}

// "% time seconds usecs/call calls errors syscall", a line for each call.
std::map<std::string, std::uint64_t> calls_in(const std::filesystem::path& table) {
  std::map<std::string, std::uint64_t> calls;
  std::ifstream in(table);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    double share = 0, time = 0;
    std::uint64_t each = 0, count = 0;
    std::string name, word;
    if (!(words >> share >> time >> each >> count)) continue;
    while (words >> word) name = word;
    if (name != "total" && !name.empty()) calls[name] = count;
  }
  return calls;
}

}  // namespace

void Bench::measure_disk(const Shape& shape, int repetition) {
  for (const bool groups : {false, true}) {
    const CpuMeter cpu({});
    const std::chrono::nanoseconds time = seconds(options_.disk_seconds);
    const Result<Load::Part> part = groups ? disk_->segment_groups(time) : disk_->single_records(time);
    if (!part.ok()) return note("disk", part.status());
    Measurement m = measurement_of(groups ? "segment" : "disk", shape, repetition, *part);
    cpu.read({}, part->seconds, m);
    std::swap(m.server_cpu_s, m.client_cpu_s);  // there is no client
    say(m);
    findings_.measurements.push_back(m);
  }
}

Status Bench::measure(System& system, const Shape& shape, int repetition, Measurement& measurement) {
  MOOT_RETURN_IF_ERROR(system.start());
  const Shape own = system.own_shape(shape);
  Result<std::unique_ptr<Publishers>> publishers = system.connect(own.publishers, payload_);
  if (!publishers.ok()) return publishers.status();
  Load load(**publishers, own, 0, stop_);
  const Result<Load::Part> warm_up = load.run(seconds(options_.warm_up));
  if (!warm_up.ok()) return warm_up.status();
  const CpuMeter cpu(system.processes());
  const Result<Load::Part> part = load.run(seconds(options_.seconds));
  if (!part.ok()) return part.status();
  const std::vector<pid_t> processes = system.processes();
  measurement = measurement_of(system.name(), shape, repetition, *part);
  cpu.read(processes, part->seconds, measurement);
  measurement.memory_bytes = memory_bytes(processes);
  MOOT_RETURN_IF_ERROR(load.finish());
  const Result<std::uint64_t> stored = system.stored();
  if (!stored.ok()) return stored.status();
  if (*stored != load.acknowledged())
    return Status(Code::kCorrupt, std::to_string(load.acknowledged()) +
                                      " events were acknowledged, but the server has " + std::to_string(*stored));
  return {};
}

Status Bench::compare_in(const Shape& shape, int repetition) {
  measure_disk(shape, repetition);
  for (std::size_t i = 0; i < systems_.size(); ++i) {
    System& system = *systems_[(i + static_cast<std::size_t>(repetition)) % systems_.size()];
    if (!system.takes(shape)) continue;
    if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
    Measurement measurement;
    const Status measured = measure(system, shape, repetition, measurement);
    end(system);
    if (!measured.ok()) {
      note(system.name() + " in " + shape.name, measured);
      continue;
    }
    say(measurement);
    findings_.measurements.push_back(measurement);
  }
  return {};
}

Status Bench::compare() {
  for (int repetition = 0; repetition < options_.repetitions; ++repetition)
    for (const Shape& shape : all_shapes())
      if (options_.wants_shape(shape.name)) MOOT_RETURN_IF_ERROR(compare_in(shape, repetition));
  return {};
}

Status Bench::count_syncs_of(System& system, const Shape& shape, SyncCount& count) {
  MOOT_RETURN_IF_ERROR(system.start());
  const Shape own = system.own_shape(shape);
  Result<std::unique_ptr<Publishers>> publishers = system.connect(own.publishers, payload_);
  if (!publishers.ok()) return publishers.status();
  Load load(**publishers, own, 0, stop_);
  const Result<Load::Part> warm_up = load.run(seconds(options_.warm_up));
  if (!warm_up.ok()) return warm_up.status();
  const std::filesystem::path table = folder_ / "strace";
  std::vector<std::string> command = {kStrace, "-f", "-c", "-e", kTraced, "-o", table.string()};
  for (const pid_t pid : system.processes()) command.insert(command.end(), {"-p", std::to_string(pid)});
  Process strace(command);
  const Result<Load::Part> part = load.run(seconds(kTracedSeconds));
  const bool ran = strace.running();
  strace.signal(SIGINT);
  const bool ended = strace.wait(std::chrono::seconds(20)).has_value();
  if (!part.ok()) return part.status();
  if (!ran || !ended) return Status(Code::kUnavailable, "strace did not run to its end: " + strace.err());
  count = {system.name(), shape.name, part->events, part->seconds, calls_in(table)};
  return load.finish();
}

Status Bench::count_syncs() {
  for (const std::unique_ptr<System>& system : systems_) {
    for (const Shape& shape : all_shapes()) {
      if (shape.name != (system->takes({}) ? "16x100" : "16x4-frames")) continue;
      if (stop_.asked()) return Status(Code::kUnavailable, "stopped when asked to");
      SyncCount count;
      const Status counted = count_syncs_of(*system, shape, count);
      end(*system);
      if (!counted.ok()) {
        note("counting the syncs of " + system->name(), counted);
        continue;
      }
      findings_.syncs.push_back(count);
    }
  }
  return {};
}

}  // namespace moot::bench
