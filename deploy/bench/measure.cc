#include "deploy/bench/measure.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "deploy/bench/server.h"

namespace moot::bench {

namespace {

constexpr double kBeforeTheKillSeconds = 0.2;

Measurement measurement_of(const std::string& system, const Load::Part& part) {
  Measurement m;
  m.system = system;
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

}  // namespace

std::chrono::nanoseconds seconds(double count) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(count));
}

Result<UnderLoad> UnderLoad::start(System& system, const Shape& shape, const Conditions& conditions) {
  MOOT_RETURN_IF_ERROR(system.start());
  Result<std::unique_ptr<Publishers>> publishers = system.connect(shape.publishers, conditions.payload);
  if (!publishers.ok()) return publishers.status();
  UnderLoad running;
  running.publishers = std::move(*publishers);
  running.load = std::make_unique<Load>(*running.publishers, shape, 0, conditions.stop);
  const Result<Load::Part> warm_up = running.load->run(seconds(conditions.warm_up));
  if (!warm_up.ok()) return warm_up.status();
  return running;
}

Result<Measurement> measure(System& system, const Shape& shape, const Conditions& conditions) {
  const Result<UnderLoad> running = UnderLoad::start(system, system.own_shape(shape), conditions);
  if (!running.ok()) return running.status();
  Load& load = *running->load;
  const CpuMeter cpu(system.processes());
  const Result<Load::Part> part = load.run(seconds(conditions.seconds));
  if (!part.ok()) return part.status();
  const std::vector<pid_t> processes = system.processes();
  Measurement measurement = measurement_of(system.name(), *part);
  measurement.shape = shape.name;
  cpu.read(processes, part->seconds, measurement);
  measurement.memory_bytes = memory_bytes(processes);
  MOOT_RETURN_IF_ERROR(load.finish());
  const Result<std::uint64_t> stored = system.stored();
  if (!stored.ok()) return stored.status();
  if (*stored != load.acknowledged())
    return Status(Code::kCorrupt, std::to_string(load.acknowledged()) +
                                      " events were acknowledged, but the server has " + std::to_string(*stored));
  return measurement;
}

Result<Measurement> measure_disk(Disk& disk, const std::string& work, double time_s) {
  const CpuMeter cpu({});
  const Result<Load::Part> part = work == "segment"    ? disk.segment_groups(seconds(time_s))
                                  : work == "disk-64k" ? disk.records(64 * 1024, seconds(time_s))
                                                       : disk.records(512, seconds(time_s));
  if (!part.ok()) return part.status();
  Measurement measurement = measurement_of(work, *part);
  cpu.read({}, part->seconds, measurement);
  std::swap(measurement.server_cpu_s, measurement.client_cpu_s);  // there is no client
  return measurement;
}

Status end(System& system) {
  const int fd = ::open(system.folder().parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const Status stopped = system.stop();
  if (fd >= 0) {
    ::syncfs(fd);
    ::close(fd);
  }
  return stopped;
}

Result<Recovery> kill_and_recover(System& system, Load& load, const Conditions& conditions) {
  // The messages that are in flight when this ends stay so: nothing is received any more.
  const Result<Load::Part> part = load.run(seconds(kBeforeTheKillSeconds));
  if (!part.ok()) return part.status();
  Recovery recovery;
  recovery.acknowledged = load.acknowledged();
  recovery.sent = load.sent();
  const auto begin = std::chrono::steady_clock::now();
  MOOT_RETURN_IF_ERROR(system.kill_and_start_again());
  Result<std::unique_ptr<Publishers>> publishers = system.connect(1, conditions.payload);
  if (!publishers.ok()) return publishers.status();
  Load one(**publishers, {"one", 1, 1, 1, 0}, load.sent(), conditions.stop);
  const Result<Load::Part> first = one.run(std::uint64_t{1});
  if (!first.ok()) return first.status();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  recovery.until_it_acknowledges_s = took.count();
  recovery.memory_bytes = memory_bytes(system.processes());
  const Result<std::uint64_t> stored = system.stored();
  if (!stored.ok()) return stored.status();
  recovery.stored = *stored - one.acknowledged();
  if (recovery.stored < recovery.acknowledged)
    return Status(Code::kCorrupt, std::to_string(recovery.acknowledged) +
                                      " events were acknowledged before the kill, and " +
                                      std::to_string(recovery.stored) + " are there after it");
  return recovery;
}

}  // namespace moot::bench
