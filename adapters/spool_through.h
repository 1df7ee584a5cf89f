// How far a spool goes, beside its folder: so that entries that are lost at its end, or all of it, are missed.
//
//   FOLDER.through  "moot-spool 1 <end> <forgotten> <digest>\n"   the digest: 16 hexadecimal digits of the SHA-256 of
//                                                                 what stands before it
//
// Example: "moot-spool 1 12 7 …": 12 were ever kept, 7 of them are in the log, numbers 8 to 12 wait.
//
// Thread: functions that look at the disk.
#pragma once

#include <cstdint>
#include <filesystem>

#include "broker/core/status.h"

namespace moot {

struct SpoolThrough {
  std::uint64_t end = 0;        // so many were ever kept
  std::uint64_t forgotten = 0;  // of them these are in the log

  bool operator==(const SpoolThrough&) const = default;
  bool some_wait() const { return end > forgotten; }
};

std::filesystem::path spool_through_file(const std::filesystem::path& folder);
// kMissing; kCorrupt when it is not what was written; kDisk.
Result<SpoolThrough> read_spool_through(const std::filesystem::path& folder);
Status write_spool_through(const std::filesystem::path& folder, const SpoolThrough& through);  // durable; kDisk

}  // namespace moot
