#include "tests/bench/bench.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "tests/bench/server.h"

namespace moot::bench {

namespace {

std::string line_with(const char* file, const std::string& start) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start)) return line.substr(line.find_first_not_of(" \t:", start.size()));
  return "not known";
}

std::string machine() {
  return std::to_string(std::thread::hardware_concurrency()) + " x " + line_with("/proc/cpuinfo", "model name") + ", " +
         line_with("/proc/meminfo", "MemTotal") + " memory, " + first_line_of({"/usr/bin/uname", "-sr"});
}

}  // namespace

Bench::Bench(const Options& options, std::filesystem::path folder, const StopSignal& stop)
    : options_(options), folder_(std::move(folder)), stop_(stop), payload_(options.payload) {
  for (std::unique_ptr<System>& system : all_systems({folder_, options.copies}))
    if (options.wants_system(system->name())) systems_.push_back(std::move(system));
}

std::chrono::nanoseconds Bench::seconds(double count) const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(count));
}

void Bench::note(const std::string& what, const Status& status) {
  findings_.failures.push_back(what + ": " + status.message());
  std::fprintf(stderr, "%s\n", findings_.failures.back().c_str());
}

void Bench::end(System& system) {
  const Status stopped = system.stop();
  if (!stopped.ok()) note(system.name(), stopped);
  const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::syncfs(fd);
  ::close(fd);
}

void Bench::describe() {
  findings_.machine = machine();
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
  for (const std::unique_ptr<System>& system : systems_)
    findings_.descriptions.push_back({system->name(), system->version(), system->settings(), system->operation()});
}

Status Bench::run() {
  describe();
  Result<Disk> disk = Disk::open(folder_);
  if (!disk.ok()) return disk.status();
  disk_ = std::make_unique<Disk>(std::move(*disk));
  const auto wants = [&](const char* part) { return options_.parts.contains(part); };
  if (wants("compare")) MOOT_RETURN_IF_ERROR(compare());
  if (wants("syncs")) MOOT_RETURN_IF_ERROR(count_syncs());
  if (wants("replay")) MOOT_RETURN_IF_ERROR(replay());
  if (wants("sustained")) MOOT_RETURN_IF_ERROR(sustain());
  return {};
}

}  // namespace moot::bench
