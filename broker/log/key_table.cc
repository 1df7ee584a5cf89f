#include "broker/log/key_table.h"

#include <random>

namespace moot {

KeyTable make_key_table(std::size_t room) {
  static const std::uint64_t salt = [] {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) | device();
  }();
  return KeyTable(room, SaltedHash{salt});
}

}  // namespace moot
