// A command run under the preloaded library: `env LD_PRELOAD=… COMMAND…`, so that the process keeps its number. Its
// journal, its fault plan and its clock are files in a folder of the test.
//
// Thread: the test's.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace moot {

class Recording {
 public:
  // `files`: where the journal, the plan and the clock are kept; outside `root`, the folder that is watched.
  // `journal`: elsewhere than there.
  Recording(std::filesystem::path root, std::filesystem::path files, std::filesystem::path journal = {});

  std::vector<std::string> command(const std::vector<std::string>& words) const;
  const std::filesystem::path& root() const { return root_; }
  const std::filesystem::path& journal() const { return journal_; }
  // Bytes of the journal by now: everything recorded before has happened.
  std::size_t journal_bytes() const;

  // From now on these rules hold (tests/faults/preloaded/fault_plan.h). Once in a recording.
  void arm(const std::string& rules) const;
  // The process's wall clock is so much ahead of the real one, from now on.
  void set_clock(std::chrono::microseconds ahead) const;

 private:
  const std::filesystem::path root_;
  const std::filesystem::path files_;
  const std::filesystem::path journal_;
};

}  // namespace moot
