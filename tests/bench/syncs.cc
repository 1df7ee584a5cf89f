// Whether an ack means what a system says it means: its syncs are counted, and then held up; and its first message is
// sent once more.
//
// Counting: between two syncs a server cannot honestly acknowledge more than was in flight at one moment. Holding: with
// every sync held up for a while no ack may come sooner. The second finds an ack before the sync too.
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "deploy/bench/server.h"
#include "tests/bench/bench.h"

namespace moot::bench {

namespace {

constexpr const char* kStrace = "/usr/bin/strace";
constexpr const char* kTraced = "trace=fsync,fdatasync,sync_file_range,msync,pwrite64,pwritev,write,writev";
constexpr const char* kSyncs = "trace=fsync,fdatasync,sync_file_range,msync";
constexpr const char* kHold = "inject=fsync,fdatasync,sync_file_range,msync:delay_enter=20000";  // microseconds
constexpr double kHeldMs = 20;
constexpr double kHeldSeconds = 1.5;
constexpr double kTracedSeconds = 3;
constexpr std::chrono::seconds kAttachWithin{20};

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

bool is_traced(const std::filesystem::path& task) {
  std::ifstream status(task / "status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("TracerPid:")) return std::stoi(line.substr(10)) != 0;
  return false;
}

// strace on every thread of a server, from the constructor's end on.
class Strace {
 public:
  static Result<std::unique_ptr<Strace>> attach(const std::vector<std::string>& options,
                                                const std::vector<pid_t>& processes) {
    std::vector<std::string> command = {kStrace, "-f"};
    command.insert(command.end(), options.begin(), options.end());
    for (const pid_t pid : processes) command.insert(command.end(), {"-p", std::to_string(pid)});
    auto strace = std::unique_ptr<Strace>(new Strace(command));
    const auto deadline = std::chrono::steady_clock::now() + kAttachWithin;
    for (const pid_t pid : processes) {
      std::error_code gone;
      for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
        while (!is_traced(task.path()) && std::filesystem::exists(task.path(), gone)) {
          if (!strace->process_.running() || std::chrono::steady_clock::now() > deadline)
            return Status(Code::kUnavailable, "strace cannot look at the server: " + strace->process_.err());
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      }
    }
    return strace;
  }

  Status detach() {
    const bool ran = process_.running();
    process_.signal(SIGINT);
    const bool ended = process_.wait(kAttachWithin).has_value();
    if (ran && ended) return {};
    return Status(Code::kUnavailable, "strace did not run to its end: " + process_.err());
  }

 private:
  explicit Strace(const std::vector<std::string>& command) : process_(command) {}
  Process process_;
};

}  // namespace

Status Bench::count_syncs_of(System& system, SyncCount& count) {
  const std::string wanted = system.takes({}) ? kSingles : kFrames;
  Shape shape;
  for (const Shape& one : all_shapes())
    if (one.name == wanted) shape = system.own_shape(one);
  const Result<UnderLoad> running = UnderLoad::start(system, shape, conditions_);
  if (!running.ok()) return running.status();
  const std::filesystem::path table = folder_ / "strace";
  Result<std::unique_ptr<Strace>> strace =
      Strace::attach({"-c", "-e", kTraced, "-o", table.string()}, system.processes());
  if (!strace.ok()) return strace.status();
  const Result<Load::Part> part = running->load->run(seconds(kTracedSeconds));
  MOOT_RETURN_IF_ERROR((*strace)->detach());
  if (!part.ok()) return part.status();
  count.system = system.name();
  count.shape = wanted;
  count.events = part->events;
  count.seconds = part->seconds;
  count.calls = calls_in(table);
  MOOT_RETURN_IF_ERROR(running->load->finish());
  const auto in_flight = static_cast<std::uint64_t>(shape.publishers * shape.in_flight * shape.events_per_message);
  if (system.syncs_before_ack() && count.events > (count.syncs() + 1) * in_flight)
    return Status(Code::kCorrupt, "acknowledged " + std::to_string(count.events) + " events with " +
                                      std::to_string(count.syncs()) + " syncs and never more than " +
                                      std::to_string(in_flight) + " in flight: an ack did not mean fsynced");
  return send_again(system, *running, shape, count);
}

Status Bench::send_again(System& system, const UnderLoad& running, const Shape& shape, SyncCount& count) {
  Shape once = shape;
  once.publishers = once.in_flight = 1;
  Load again(*running.publishers, once, 0, stop_);
  (void)again.run(std::uint64_t{1});  // refused or taken: what counts is what is there afterwards
  const Result<std::uint64_t> stored = system.stored();
  if (!stored.ok()) return stored.status();
  const std::uint64_t acknowledged = running.load->acknowledged();
  if (*stored < acknowledged)
    return Status(Code::kCorrupt,
                  "has " + std::to_string(*stored) + " events after acknowledging " + std::to_string(acknowledged));
  count.duplicate_stored = *stored > acknowledged;
  if (system.finds_duplicates() && *count.duplicate_stored)
    return Status(Code::kCorrupt, "has " + std::to_string(*stored) + " events after acknowledging " +
                                      std::to_string(acknowledged) +
                                      " and being sent the first again: it does not find duplicates");
  return {};
}

Status Bench::hold_syncs_of(System& system, SyncCount& count) {
  Shape shape = system.own_shape({"held", 1, 1, system.takes({}) ? 1 : 100, 0});
  shape.publishers = shape.in_flight = 1;
  const Result<UnderLoad> running = UnderLoad::start(system, shape, conditions_);
  if (!running.ok()) return running.status();
  // What was in flight at the end of the warm-up is not held.
  MOOT_RETURN_IF_ERROR(running->load->finish());
  Result<std::unique_ptr<Strace>> strace =
      Strace::attach({"-e", kSyncs, "-e", kHold, "-o", "/dev/null"}, system.processes());
  if (!strace.ok()) return strace.status();
  Load load(*running->publishers, shape, running->load->sent(), stop_);
  const Result<Load::Part> part = load.run(seconds(kHeldSeconds));
  MOOT_RETURN_IF_ERROR((*strace)->detach());
  if (!part.ok()) return part.status();
  MOOT_RETURN_IF_ERROR(load.finish());
  if (part->events == 0) return Status(Code::kUnavailable, "acknowledged nothing while its syncs were held up");
  count.held_ms = kHeldMs;
  count.fastest_ack_held_ms = part->latencies.milliseconds(0);
  constexpr double kBucket = 0.98;  // how exactly the time is kept
  if (system.syncs_before_ack() && count.fastest_ack_held_ms < kHeldMs * kBucket)
    return Status(Code::kCorrupt, "acknowledged within " + std::to_string(count.fastest_ack_held_ms) +
                                      " ms although every sync took 20: an ack did not mean fsynced");
  return {};
}

Status Bench::count_syncs() {
  std::map<std::string, SyncCount> counts;
  MOOT_RETURN_IF_ERROR(for_each(systems_, 0, "counting the syncs",
                                [&](System& system) { return count_syncs_of(system, counts[system.name()]); }));
  MOOT_RETURN_IF_ERROR(for_each(systems_, 0, "holding up the syncs",
                                [&](System& system) { return hold_syncs_of(system, counts[system.name()]); }));
  for (const System* system : systems_)
    if (const SyncCount& count = counts[system->name()]; count.events > 0) findings_.syncs.push_back(count);
  return {};
}

}  // namespace moot::bench
