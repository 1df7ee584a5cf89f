// What stands on the command line of every command.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace moot {

struct Options {
  std::filesystem::path config;  // the partnership; empty = the one this data directory was last used with
  std::filesystem::path data = "moot-data";
  bool data_given = false;
  std::filesystem::path keys;  // empty = DATA.keys
  std::string bus;             // overrides the configured address
  std::string http;
  bool json = false;
  std::string as;             // an agency; empty = the operator
  std::filesystem::path key;  // a key file, instead of --as
  std::string purpose;        // what is read for; empty = the usual one of the command
  std::int64_t timeout_s = 30;

  std::filesystem::path keys_folder() const {
    if (!keys.empty()) return keys;
    // Beside the data, never inside: "D", "D/" and "." all have a name once they are whole.
    std::filesystem::path folder = std::filesystem::absolute(data).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    return folder.string() + ".keys";
  }
  std::int64_t timeout_ms() const { return timeout_s * 1000; }
};

// How a command ends: 0 done, 1 refused or found wanting, 2 usage (DESIGN §6).
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;
inline constexpr int kUsageError = 2;

}  // namespace moot
