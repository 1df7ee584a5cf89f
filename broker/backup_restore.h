// Makes a data directory, and where asked its keys, out of a backup. Kill -9 at any moment leaves nothing, or all of
// it:
//
//   DIR.restoring/moot-restoring    this is ours, and may be deleted by the next restore
//   DIR.restoring/whole/            the directory while it is made; renamed to DIR when it has been verified
//   KEYS.restoring/…                likewise
//
// Every file is held against the manifest as it is read; then the whole directory is looked over with its keys
// (data_check.h), before anything gets its name. The keys come first: a directory without keys is never there.
// Nothing that is there already is changed: DIR must be absent or empty; a key directory gains what it lacks, and one
// with other keys under the same names is refused.
//
// Thread: one caller; a large log takes minutes, and `progress` is called on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "broker/backup_manifest.h"
#include "broker/core/status.h"
#include "broker/data_check.h"

namespace moot {

struct RestoreOrder {
  std::filesystem::path from;
  std::filesystem::path data;
  std::filesystem::path keys_from;  // empty = the keys are in `keys` already
  std::filesystem::path keys;
  std::optional<std::uint64_t> generation;  // of the data; none = the latest. Of the keys it is always the latest
};

struct Restored {
  BackupManifest manifest;
  DataCheck check;
  std::uint64_t key_files = 0;  // in the backup of keys
  std::string note;             // what is not as it was although the events are
};

// Bytes read of bytes, then events looked over of events.
struct RestoreProgress {
  std::function<void(std::uint64_t done, std::uint64_t total)> read;
  std::function<void(std::uint64_t events, std::uint64_t total)> verified;
};

Result<Restored> restore_backup(const RestoreOrder& order, const RestoreProgress& progress);

}  // namespace moot
