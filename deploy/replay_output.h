// The file that a replay is written to. Beside it while it grows, and in its place only when it is complete; readable
// by its owner only, for it holds names:
//
//   F.part          the lines so far; after a crash perhaps with a torn one at the end, which is cut off. Locked
//   (flock)
//                   by the replay that writes it: of two to one file the second does not begin
//   F.part.order    "<digest of what is replayed> <coverage>\n": another order, or another entitlement, begins again
//
// Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

class ReplayOutput {
 public:
  // `order`: all that decides which lines there are, but the log and the entitlement. kExists while another replay
  // writes the file; kUsage for what is no file.
  static Result<ReplayOutput> open(const std::filesystem::path& file, const std::string& order);

  // What an interrupted replay of the same order left: the offset after its last line, and under which coverage.
  // Nothing: it begins.
  bool resumes() const { return !coverage_.empty(); }
  Offset next() const { return next_; }
  const std::string& coverage() const { return coverage_; }
  Status begin_again();

  // Of the first delivery; before any line is written.
  Status remember(const std::string& coverage);
  std::ostream& lines() { return out_; }
  Status finish();

  ReplayOutput(ReplayOutput&& other) noexcept;
  ~ReplayOutput();

 private:
  explicit ReplayOutput(const std::filesystem::path& file)
      : file_(file), part_(file.string() + ".part"), order_file_(file.string() + ".part.order") {}
  Status lock();
  Status take_up();

  std::filesystem::path file_, part_, order_file_;
  std::string order_digest_, coverage_;
  Offset next_;
  std::ofstream out_;
  int lock_ = -1;  // of the part; owned
};

}  // namespace moot
