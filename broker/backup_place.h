// A folder that holds backups of one log, or of its keys, generation by generation:
//
//   moot-backup          "moot-backup 1 <log id>": this is ours, and whose; of keys: moot-key-backup
//   generation-000003    the manifest of one (backup_manifest.h); without it a generation does not count
//   …                    what the manifests name
//
// The first file is locked by whoever adds a generation, so that two brokers cannot. Thread: one owner.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "broker/backup_manifest.h"
#include "broker/core/status.h"

namespace moot {

class BackupPlace {
 public:
  // To add to: makes the folder where there is none. kInvalid when it holds something else, or another log's backups;
  // kExists when somebody is just adding to it.
  static Result<BackupPlace> begin(const std::filesystem::path& folder, BackupKind kind, const std::string& log_id);
  // To read. kInvalid when it is no such backup.
  static Result<BackupPlace> open(const std::filesystem::path& folder, BackupKind kind);
  static bool is_one(const std::filesystem::path& folder, BackupKind kind);

  BackupPlace(BackupPlace&& other) noexcept;
  BackupPlace& operator=(BackupPlace&&) = delete;
  ~BackupPlace();

  const std::filesystem::path& folder() const { return folder_; }
  const std::string& log_id() const { return log_id_; }
  std::vector<std::uint64_t> generations() const;  // ascending
  std::uint64_t next_generation() const;
  std::filesystem::path manifest_file(std::uint64_t generation) const;
  // The latest where none is named. kMissing when there is none, kCorrupt when it is not what was written.
  Result<BackupManifest> manifest(std::optional<std::uint64_t> generation) const;

  // From now on the generation counts.
  Status add(const BackupManifest& manifest) const;
  // Forgets all but the latest so many, and returns what is left. An unreadable manifest stays, and is an error: what
  // it names is not known.
  Result<std::vector<BackupManifest>> keep(std::uint32_t generations) const;

 private:
  BackupPlace(std::filesystem::path folder, BackupKind kind) : folder_(std::move(folder)), kind_(kind) {}
  Status read_mark();
  Status take_lock();

  std::filesystem::path folder_;
  BackupKind kind_;
  std::string log_id_;
  int lock_ = -1;
};

// Is `path` the folder or below it? By where they really are, symbolic links followed.
bool is_inside(const std::filesystem::path& path, const std::filesystem::path& folder);
// Length and digest of a file as they are now.
Result<BackupFile> digest_file(const std::filesystem::path& root, const std::string& path);
// What is wrong with the file; kCorrupt or kMissing.
Status check_file(const std::filesystem::path& file, const BackupFile& expected);

}  // namespace moot
