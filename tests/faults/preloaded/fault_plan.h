// Which calls of the process fail, are cut short, are delayed or kill it. One rule a line:
//
//   WHAT KIND NTH once|always PATTERN
//   WHAT    EIO, ENOSPC, EROFS, short (half is written), slow (a millisecond each), kill-before, kill-after
//   KIND    write, sync, size, create, open (of what is there, to write), rename, link, unlink, folder
//   NTH     the how many-th call that matches, from 1; with "always" that one and all later ones
//   PATTERN of the absolute path, as fnmatch has it; a star matches slashes too
//
// Example, every sync of the write-ahead log from the third on fails:  EIO sync 3 always */data/log/*.log
//
// Read when the file first exists, so that a test can arm it in a running process. A mistake in it ends the process.
// Thread: under the recorder's lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moot {

struct Strike {
  int error = 0;  // errno, 0 = none
  bool half = false;
  bool slow = false;
  bool kill_before = false;
  bool kill_after = false;
  std::string rule;  // the line; empty when nothing strikes
};

class FaultPlan {
 public:
  explicit FaultPlan(std::string file) : file_(std::move(file)) {}

  // What strikes this call. Counts it.
  Strike strike(std::string_view kind, const std::string& path);

 private:
  struct Rule {
    std::string line, what, kind, pattern;
    std::uint64_t nth = 1;
    bool always = false;
    std::uint64_t seen = 0;
  };
  void load();
  static std::optional<Rule> parse(const std::string& line);

  const std::string file_;
  bool loaded_ = false;
  std::vector<Rule> rules_;
};

}  // namespace moot
