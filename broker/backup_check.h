// Looks over a backup (backup_run.h) or a backup of keys (key_backup.h), and writes nothing: `moot verify`. Every byte
// of one generation is read and held against its manifest; of the others, that their manifests can be read.
// Thread: one caller; a large backup takes minutes, and `progress` is called on the way.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "broker/backup_manifest.h"
#include "broker/backup_place.h"
#include "broker/core/status.h"
#include "broker/data_check.h"

namespace moot {

struct BackupCheck {
  BackupManifest manifest;        // of the generation that was looked at
  std::uint64_t generations = 0;  // how many there are
  std::vector<Finding> findings;

  bool ok() const { return findings.empty(); }
};

using BytesRead = std::function<void(std::uint64_t done, std::uint64_t total)>;

// kInvalid when the folder is no such backup, kMissing when there is no such generation.
Result<BackupCheck> check_backup(const std::filesystem::path& folder, BackupKind kind,
                                 std::optional<std::uint64_t> generation, const BytesRead& progress);

// The manifest against what stands there, but for the contents of the two databases.
std::vector<Finding> check_files(const BackupPlace& place, const BackupManifest& manifest);

}  // namespace moot
