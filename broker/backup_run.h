// One backup of a data directory that a broker is at work on: the log, the inbox, and what is small; and of its keys,
// to another place. Everything acknowledged before run() began is in it.
//
// DEST is a BackupPlace (backup_place.h); beside its manifests:
//   log/  audit/  inbox/  copies of the three databases (broker/log/database_backup.h)
//   files/<generation>/   moot.id, agencies.toml, config
// Not in it: keys; views, which are made anew; watermarks, which restoring makes from what the copies hold; how far
// readers have come (DATA/readers), which is known again when they come.
//
// Order: audit log (whose entries tell how far the log went), log, inbox, then the registry (so that it knows whoever
// published), then the keys (so that they open whatever is in the log), then the manifest. Interrupted at any moment,
// earlier generations are as they were.
//
// Thread: one, of its own; stop() and progress() from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "broker/backup_manifest.h"
#include "broker/backup_place.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "broker/data_folder.h"
#include "broker/key_backup.h"
#include "broker/log/database_backup.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/log/log_backup.h"

namespace moot {

inline constexpr std::uint32_t kGenerationsKept = 7;

struct BackupOrder {
  std::filesystem::path to;       // absolute
  std::filesystem::path keys_to;  // empty = keys are not backed up
  std::uint32_t keep = kGenerationsKept;
  Offset log_end;  // when it was ordered
};

struct BackupDone {
  BackupManifest manifest;
  std::uint64_t new_bytes = 0;
  std::optional<KeyBackup> keys;
  std::string note;  // what did not go well although the backup is whole
};

class BackupRun {
 public:
  struct Parts {  // all outlive it
    const DataFolder* folder;
    const EventLog* log;
    const EventLog* audit;
    const Inbox* inbox;
    const Clock* clock;
  };
  BackupRun(const Parts& parts, BackupOrder order) : parts_(parts), order_(std::move(order)) {}

  Result<BackupDone> run();
  void stop();
  std::uint64_t done_bytes() const { return done_; }
  std::uint64_t total_bytes() const { return total_; }

 private:
  Status check_places() const;
  Status check_not_backwards() const;
  void look_at_small_files(BackupDone& done) const;
  Status open_databases();
  Status copy_databases(BackupDone& done);
  Result<LogEnd> copy_log(const EventLog& log, const std::string& name, DatabaseBackup& backup, BackupDone& done) const;
  Status add_copy(const std::string& name, const DatabaseBackup& backup, BackupDone& done) const;
  Status copy_small_files(BackupDone& done) const;
  Status add_digested(BackupDone& done, const std::string& path) const;
  Status forget_old() const;

  const Parts parts_;
  const BackupOrder order_;
  std::optional<BackupPlace> place_;
  std::mutex mutex_;  // guards the pointers, not what they point to
  std::unique_ptr<DatabaseBackup> log_;
  std::unique_ptr<DatabaseBackup> audit_;
  std::unique_ptr<DatabaseBackup> inbox_;
  bool stopped_ = false;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
};

}  // namespace moot
