// Where a command makes a folder before it gets its name: TARGET.restoring/whole, beside which stands a mark that says
// what it is, so that what an interruption left is known to be ours until the folder has its name. Deleted with the
// object, whatever became of it.
//
// Thread: one owner.
#pragma once

#include <filesystem>
#include <string>

#include "broker/core/status.h"

namespace moot {

class Staging {
 public:
  // `command` as in "left by a restore", `doing` as in "TARGET.restoring".
  Staging(const std::filesystem::path& target, std::string command, const std::string& doing);
  ~Staging();
  Staging(const Staging&) = delete;

  // Deletes what an earlier one left. kInvalid when something else stands there.
  Status begin();
  std::filesystem::path whole() const { return folder_ / "whole"; }

 private:
  bool is_left_over() const;
  bool clear() const;

  const std::filesystem::path folder_;
  const std::string command_, mark_;
  bool ours_ = false;
};

// Is there nothing, or an empty folder?
bool is_vacant(const std::filesystem::path& folder);
// Without "." and "..", and without a "/" at its end.
std::filesystem::path whole_path(const std::filesystem::path& path);

}  // namespace moot
