#include "deploy/command_presence.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace moot {

namespace {

int open_lock(const std::filesystem::path& data) {
  const std::filesystem::path file = data / "commands.lock";
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

std::unique_ptr<CommandPresence> CommandPresence::alone(const std::filesystem::path& data) {
  std::unique_ptr<CommandPresence> alone(new CommandPresence(open_lock(data)));
  if (alone->lock_ >= 0 && ::flock(alone->lock_, LOCK_EX | LOCK_NB) != 0) return nullptr;
  return alone;
}

}  // namespace moot
