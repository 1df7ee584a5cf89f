// Backups of the keys of one log, apart from those of the log itself: who has both can read it.
//
// KEYDEST is a BackupPlace; the files stand under objects/<digest>, each once, whatever generations name it, so that
// only new ones are copied. Made after the log's copy, they are at least the keys of its events, for a key is durable
// before anything is sealed under it. Secrets are in the files in the clear, as they are in the key directory.
//
// Thread: one caller.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "broker/backup_manifest.h"
#include "broker/backup_place.h"
#include "broker/core/status.h"

namespace moot {

struct KeyBackup {
  BackupManifest manifest;
  std::uint64_t new_files = 0;
  std::optional<std::filesystem::path> missing;  // a file of keys that should be there: the copy is without it
};

// Adds a generation, and gives up those made before a person was last erased: their keys would open what was erased,
// and the new one opens everything else that they did. `about` says which log, how far, and when. kMissing when a key
// file that must be there is not.
Result<KeyBackup> back_up_keys(const BackupPlace& place, const std::filesystem::path& keys, BackupManifest about,
                               std::uint32_t generations_kept);

std::filesystem::path key_object(const BackupPlace& place, const BackupFile& file);
// Does the key directory hold another secret under one of these names? kExists: nothing must be written then.
Status check_no_other_keys(const std::filesystem::path& keys, const BackupManifest& manifest);
// Writes all files below `to`, each checked.
Status write_keys(const BackupPlace& place, const BackupManifest& manifest, const std::filesystem::path& to);
// Puts what was written to `from` into the key directory: all at once where there is none, else what it lacks.
Status take_in_keys(const std::filesystem::path& from, const std::filesystem::path& keys,
                    const BackupManifest& manifest);

}  // namespace moot
