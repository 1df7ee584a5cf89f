// That a command uses the broker of a data directory: a shared lock (flock) on DATA/commands.lock, held by each command
// that found a broker running. A broker inside a command asks it who is left.
//
// Connections would not tell: a gateway, or an agency's own client, finds an inner broker too and stays connected for
// good, and a command would never end for it. They wait for an absent broker as long as it takes; a command does not.
//
// The file holds the number of the process whose broker is one inside a command, as long as it is that of
// DATA/run.json: a broker that is to stay can wait for its end.
//
// Thread: one owner. The lock goes with the process, however that ends.
#pragma once

#include <filesystem>
#include <memory>

namespace moot {

class CommandPresence {
 public:
  // Holds the lock. Where the directory may not be written, and there is no such file, nothing is held.
  explicit CommandPresence(const std::filesystem::path& data);
  ~CommandPresence();
  CommandPresence(const CommandPresence&) = delete;

  // Nothing while another command holds it. Else nobody can begin to as long as this lives: whoever would waits.
  static std::unique_ptr<CommandPresence> alone(const std::filesystem::path& data);

  // Says that the broker which runs now is inside this process, which is a command.
  static void say_broker_is_ours(const std::filesystem::path& data);
  static bool broker_is_a_commands(const std::filesystem::path& data);

 private:
  explicit CommandPresence(int lock) : lock_(lock) {}

  int lock_ = -1;
};

}  // namespace moot
