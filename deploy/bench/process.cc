#include "deploy/bench/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "broker/core/status.h"

namespace moot {

namespace {

constexpr std::chrono::milliseconds kLookEvery{5};

// What happens in the child between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, int in, int out, int err, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);  // the parent died before the line above
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<int, 2> out{}, err{};
  MOOT_CHECK(::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(err.data(), O_CLOEXEC) == 0);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  MOOT_CHECK(pid_ >= 0);
  if (pid_ == 0) become(arguments.data(), nothing, out[1], err[1], parent);
  for (const int fd : {nothing, out[1], err[1]}) ::close(fd);
  out_pipe_ = out[0];
  err_pipe_ = err[0];
  reader_ = std::thread([this] { read_pipes(); });
}

Process::~Process() {
  kill();
  ::close(out_pipe_);
  ::close(err_pipe_);
}

void Process::read_pipes() {
  std::array<pollfd, 2> pipes = {pollfd{out_pipe_, POLLIN, 0}, pollfd{err_pipe_, POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&out_, &err_};
  while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
    if (::poll(pipes.data(), pipes.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = 0; i < pipes.size(); ++i) {
      if (pipes[i].fd < 0 || pipes[i].revents == 0) continue;
      std::array<char, 16384> bytes{};
      const ssize_t length = ::read(pipes[i].fd, bytes.data(), bytes.size());
      if (length < 0 && errno == EINTR) continue;
      if (length <= 0) {
        pipes[i].fd = -1;  // poll passes over it
        continue;
      }
      const std::lock_guard lock(mutex_);
      texts[i]->append(bytes.data(), static_cast<std::size_t>(length));
    }
  }
}

void Process::reap(int status) {
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  reader_.join();  // the pipes end with the child
}

bool Process::running() {
  if (exit_code_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) reap(status);
  return !exit_code_;
}

void Process::signal(int number) {
  if (running()) ::kill(pid_, number);
}

void Process::kill() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) MOOT_CHECK(errno == EINTR);
  reap(status);
}

std::optional<int> Process::wait(std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (running() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(kLookEvery);
  return exit_code_;
}

std::string Process::out() const {
  const std::lock_guard lock(mutex_);
  return out_;
}

std::string Process::err() const {
  const std::lock_guard lock(mutex_);
  return err_;
}

Ended run(const std::vector<std::string>& command, std::chrono::milliseconds deadline) {
  Process process(command);
  const std::optional<int> code = process.wait(deadline);
  if (!code) process.kill();
  Ended ended{code.value_or(-1), process.out(), process.err()};
  if (!code) ended.err += "\n(killed by the test: it had not ended in time)";
  return ended;
}

}  // namespace moot
