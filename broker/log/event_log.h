// The seam of the log: sealed records in commit order, each stored once, durable before append returns.
//
// What is in a record's bytes is the business of the layer above (broker/ingest); a backend never looks. Sealing and
// proofs therefore hold over every backend. Offsets are dense and start at 0 (promise G2); append is atomic: a group is
// in the log whole or not at all.
//
// A group of any size is one append; how it is laid out in blocks is the backend's affair.
// Thread: one owner. tests/contract/event_log_test.cc is what a backend must pass.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

// What the log remembers of a key, for ever: for an event's key its offset and what it said; for another key whatever
// was given with it.
struct Known {
  std::uint64_t value = 0;
  Digest content{};

  bool operator==(const Known&) const = default;
};

struct IndexEntry {
  EventKey key{};
  Known known;
};

// What filters ask of an event, in the clear; never personal.
struct Tags {
  std::string agency;
  std::string type;
  std::string body;  // the name of the body
  std::string area;  // may be empty, like the subject
  std::string subject;
  std::int64_t time_us = 0;
};

struct SealedRecord {
  EventKey key{};                // of source and id; never twice in a log (the caller asked find)
  Digest content{};              // keyed digest of what the publisher said, to tell a duplicate from a conflict
  std::vector<IndexEntry> more;  // other keys to remember with this event, each new to the log
  Tags tags;
  std::string bytes;
};

struct StoredRecord {
  Offset offset;
  std::string bytes;
};

// [from, to)
struct OffsetRange {
  Offset from;
  Offset to;
};

struct LogFigures {
  std::uint64_t disk_bytes = 0;
  std::uint64_t fsync_us_p50 = 0;  // since the log was opened; 0 when nothing was appended yet
  std::uint64_t fsync_us_p99 = 0;
  std::string torn_end;  // what opening it dropped, a sentence; empty when nothing was
};

class DatabaseBackup;

class EventLog {
 public:
  virtual ~EventLog() = default;

  // Appends the group at end_offset(), syncs, and returns the first offset. On kDisk nothing of the group is known to
  // be kept, and the log takes no more appends: the process must stop acknowledging and recover from disk.
  virtual Result<Offset> append(std::span<const SealedRecord> group) = 0;
  // From `from` on, in offset order, until `records_max` records or `bytes_max` bytes (at least one record where there
  // is one). Empty at the end. kCorrupt when what is stored is not what was appended.
  virtual Result<std::vector<StoredRecord>> read(Offset from, std::size_t records_max, std::size_t bytes_max) const = 0;
  // Where to look next for what the filter wants: nothing wanted lies between `from` and the range's start, and within
  // the range something may. An empty range says only that nothing lies before it: ask again from there, until the end.
  virtual Result<OffsetRange> candidates(Offset from, const v1::Filter& filter) const = 0;
  virtual Offset end_offset() const = 0;  // one past the last record
  virtual Result<std::optional<Known>> find(const EventKey& key) const = 0;
  virtual std::optional<Offset> last_of(std::string_view agency) const = 0;
  virtual LogFigures figures() const = 0;
  // Adds a copy of the log to the backup, with everything that was appended before the call. From any thread, while the
  // owner goes on.
  virtual Status copy_to(DatabaseBackup& /*backup*/) const {
    return Status(Code::kInvalid, "this log cannot be backed up");
  }
};

// A log as it stands, looked over before anybody opens it for writing: a start that is refused changes nothing.
struct LogSeen {
  std::unique_ptr<EventLog> log;  // only to be read; none where there is none yet
  std::string torn_end;           // what opening it for writing drops, a sentence; empty when that is nothing
};

// `acknowledged`: how far it must reach. kCorrupt names what is wrong; nothing is written.
Result<LogSeen> look_at_rocksdb_event_log(const std::filesystem::path& folder, Offset acknowledged);
// Opens the log in `folder`, or makes one there. kCorrupt names what is wrong; nothing is repaired or deleted. It is
// looked at before a byte is written; or was, just now.
Result<std::unique_ptr<EventLog>> open_rocksdb_event_log(const std::filesystem::path& folder, Offset acknowledged = {});
Result<std::unique_ptr<EventLog>> open_rocksdb_event_log(const std::filesystem::path& folder, LogSeen seen);

}  // namespace moot
