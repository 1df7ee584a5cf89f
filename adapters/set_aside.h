// Where a watched folder's files go once they were read, below that folder:
//
//   done/      every record was taken, or was there already
//   partly/    some were refused: NAME, and NAME.report.txt, which says which rows and why, never with a cell of them
//   refused/   none was taken: likewise
//
// A file keeps its name; where there is one of that name already it becomes NAME-2, NAME-3, …, and both stay. A name so
// long that a number or a report finds no room beside it loses its end, but for ".csv" and the like. To move
// is one rename, which never replaces anything. A report is written before its file is moved, so that no crash leaves a
// file without one. Files stay as they are, in the clear, as their agency put them there: clean_up removes what has
// been in done/ or partly/ for longer than it is to be kept. Refused files wait for a person. A link in the place of
// one of the three folders is not followed. Thread: one, the watch's, which holds the folder's lock.
#pragma once

#include <filesystem>
#include <string>

#include "broker/core/status.h"

namespace moot {

enum class Disposal { kDone, kPartly, kRefused };

class SetAside {
 public:
  explicit SetAside(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the three folders.
  Status prepare() const;
  // `report` empty = none is written. Returns where it is now. kConflict, and nothing is moved, when the name is
  // another file's (its inode differs) by now.
  Result<std::filesystem::path> move(const std::string& name, std::uint64_t inode, Disposal disposal,
                                     const std::string& report) const;
  // Removes files, and their reports, that were moved longer ago. Returns how many files.
  std::size_t clean_up(std::chrono::seconds older_than) const;

 private:
  const std::filesystem::path folder_;
};

}  // namespace moot
