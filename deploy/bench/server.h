// A server under measurement as a process: started on a free port, ended with the bench, its CPU time and memory read
// from /proc.
//
// Thread: one, the bench's; it must be the one that starts the server (the kernel ties the child to it).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "deploy/bench/process.h"

namespace moot::bench {

// A TCP port of this machine that nobody listens on.
std::uint16_t free_port();

class Server {
 public:
  // Starts it and returns when `ready` says so; an error, with what it printed, when it ends or takes too long.
  static Result<std::unique_ptr<Server>> start(const std::vector<std::string>& command,
                                               const std::function<bool()>& ready);
  // Somebody listens on that port. What to give start() where nothing better is known.
  static bool listens(std::uint16_t port);

  pid_t pid() const { return process_.pid(); }
  // With its children.
  std::vector<pid_t> processes() const;
  // Asks it to end with this signal; SIGKILL when it does not.
  void stop(int signal);
  void kill() { process_.kill(); }

 private:
  explicit Server(const std::vector<std::string>& command) : process_(command) {}
  Process process_;
};

// User and system time of these processes and of their children that have ended.
double cpu_seconds(const std::vector<pid_t>& processes);
double own_cpu_seconds();
// Of the whole machine, with what the host took away from it.
double machine_cpu_seconds();
// Resident memory; of several processes their proportional shares, so that what they share counts once.
std::uint64_t memory_bytes(const std::vector<pid_t>& processes);
// The most resident memory that any one of them ever had.
std::uint64_t peak_memory_bytes(const std::vector<pid_t>& processes);
// Blocks that a folder takes up on the disk.
std::uint64_t disk_bytes(const std::filesystem::path& folder);

// The first line that a command prints; "not found" when it cannot be run.
std::string first_line_of(const std::vector<std::string>& command);

// This machine in a line: its processors, memory and kernel.
std::string machine();

}  // namespace moot::bench
