// Which files of a watched folder have arrived whole. A file that was renamed into the folder is whole at once; any
// other when its size and its time of change have stood still for a while and nobody has it open for writing. Names
// that begin with "." or end as transfers name what is on its way (.part, .tmp, .filepart, …) are not looked at: their
// writer renames them when they are whole. Nor is what Windows and its programs put beside a folder's files: "~$…"
// while one is open, Thumbs.db, desktop.ini. Folders are not looked into.
// Thread: one, the watch's. Owns an inotify descriptor; where the kernel has none to give, renamed files wait too.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

// What is in a watched folder and not on its way, whether or not anybody watches it now.
struct WaitingFiles {
  std::uint64_t count = 0;
  Instant oldest;  // since when the first of them has been there as it is; meaningless when there is none
};
Result<WaitingFiles> waiting_files(const std::filesystem::path& folder);  // kDisk when it cannot be read

class Arrivals {
 public:
  Arrivals(std::filesystem::path folder, std::chrono::milliseconds settle);
  ~Arrivals();
  Arrivals(const Arrivals&) = delete;

  // Names of what is whole now, what was written first before the rest (an older export must not be taken for a newer
  // one), then by name: files, and links and other things that only look like files. kDisk when the folder cannot be
  // read.
  Result<std::vector<std::string>> ready();
  // Returns when something may have changed, at the latest after that long.
  void wait(std::chrono::milliseconds at_most);

 private:
  struct Seen {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changed_ns = 0;
    std::chrono::steady_clock::time_point since;
  };
  void read_notices();
  bool stands_still(const std::string& name, const Seen& now);

  const std::filesystem::path folder_;
  const std::chrono::milliseconds settle_;
  int notices_ = -1;
  std::map<std::string, Seen> seen_;
  std::set<std::string> renamed_in_;
};

}  // namespace moot
