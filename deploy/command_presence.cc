#include "deploy/command_presence.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

#include "broker/core/status.h"
#include "broker/core/whole_file.h"
#include "broker/data_folder.h"

namespace moot {

namespace {

constexpr const char* kLockFile = "commands.lock";

int open_lock(const std::filesystem::path& data) {
  const std::filesystem::path file = data / kLockFile;
  const int made = ::open(file.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
  return made >= 0 ? made : ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

}  // namespace

// Waits at most while a broker inside a command stops.
CommandPresence::CommandPresence(const std::filesystem::path& data) : lock_(open_lock(data)) {
  if (lock_ >= 0) ::flock(lock_, LOCK_SH);
}

CommandPresence::~CommandPresence() {
  if (lock_ >= 0) ::close(lock_);
}

// In its place: another file of the name would have another lock.
void CommandPresence::say_broker_is_ours(const std::filesystem::path& data) {
  const int file = ::open((data / kLockFile).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) return;
  const std::string text = std::to_string(::getpid()) + "\n";
  (void)!::write(file, text.data(), text.size());  // not said, nobody waits
  ::close(file);
}

bool CommandPresence::broker_is_a_commands(const std::filesystem::path& data) {
  const Result<std::string> process = read_whole_file(data / kLockFile);
  const Result<std::string> run = read_whole_file(DataFolder::run_file(data));
  if (!process.ok() || !run.ok() || process->size() < 2) return false;
  return run->find("\"pid\":" + process->substr(0, process->size() - 1) + ",") != std::string::npos;
}

std::unique_ptr<CommandPresence> CommandPresence::alone(const std::filesystem::path& data) {
  std::unique_ptr<CommandPresence> alone(new CommandPresence(open_lock(data)));
  if (alone->lock_ >= 0 && ::flock(alone->lock_, LOCK_EX | LOCK_NB) != 0) return nullptr;
  return alone;
}

}  // namespace moot
