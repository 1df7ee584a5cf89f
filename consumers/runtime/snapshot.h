// One sealed file per view with the cursor inside, so that view and cursor can never disagree.
//
//   FOLDER/<view>.snapshot   "moot-snapshot 2 <key id>\n", then the sealed bytes of: cursor (8 bytes, big-endian),
//                            length of the coverage (1 byte), coverage, state
//   KEYS/snapshot-<view>-<log>-<key id>.key   the key, hexadecimal, 0600; <log> is a digest of the log's id
//
// Each save has a fresh random key; the key of the snapshot it replaces is removed afterwards, which makes every copy
// of the old snapshot unreadable. Version, view, log and key id are authenticated by the seal (bound to it). The order
// of a save — key, folder, snapshot beside, folder, rename, folder, old keys — leaves the old or the new snapshot
// readable wherever it stops. Errors: kDisk on writing; on reading kNotFound (there is none) or kCorrupt. Thread: pure
// functions on files; only the holder of the view's lock may write or set aside.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

struct SnapshotPlace {
  std::filesystem::path folder;
  std::filesystem::path keys_folder;
  std::string view;
  std::string log_id;

  std::filesystem::path file() const { return folder / (view + ".snapshot"); }
};

struct Snapshot {
  Offset cursor;         // the next offset to fold
  std::string coverage;  // what its reader was entitled to when it folded, under 256 bytes
  std::string state;
};

// Hand the state over: a casebook's may be gigabytes, and it is in memory twice while it is sealed, or opened.
Status write_snapshot(const SnapshotPlace& place, Snapshot snapshot);
Result<Snapshot> read_snapshot(const SnapshotPlace& place);
// Moves a snapshot that cannot be read out of the way, under a name that is still free. Nothing is deleted.
Status set_snapshot_aside(const SnapshotPlace& place);

}  // namespace moot
