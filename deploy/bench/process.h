// A child process of a bench or a test: started with fork and exec, its output collected through pipes.
//
// A Process ends with its parent: the destructor kills and reaps what is still running, and the kernel kills it should
// the parent itself die. Nothing but this one child is ever signalled, and only while it has not been reaped, so that
// its number cannot have passed to a stranger.
//
// Thread: its owner's, which must be the one that starts it (the kernel ties the child to that thread); a thread of its
// own reads the pipes, so that a child that prints much is never held up.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace moot {

class Process {
 public:
  explicit Process(const std::vector<std::string>& command);
  ~Process();
  Process(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);
  // SIGKILL, and waits for the end.
  void kill();
  // The exit code, 128 + n when signal n ended it; nothing when it still runs at the deadline.
  std::optional<int> wait(std::chrono::milliseconds deadline);

  // What it has printed so far; all of it once it has ended.
  std::string out() const;
  std::string err() const;

 private:
  void read_pipes();
  void reap(int status);

  pid_t pid_ = -1;
  int out_pipe_ = -1;
  int err_pipe_ = -1;
  std::optional<int> exit_code_;  // set when reaped
  mutable std::mutex mutex_;      // guards out_ and err_
  std::string out_;
  std::string err_;
  std::thread reader_;
};

// A command that has ended.
struct Ended {
  int exit_code = -1;  // -1: killed at its deadline
  std::string out;
  std::string err;
};

// Runs a command to its end; at the deadline it is killed.
Ended run(const std::vector<std::string>& command, std::chrono::milliseconds deadline = std::chrono::seconds(60));

}  // namespace moot
