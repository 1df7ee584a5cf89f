// What one generation of a backup is: written last, whole and synced, so that a generation without it does not count.
// Text, one thing a line, for people and programs alike:
//
//   moot-backup 2                                   or "moot-key-backup 2"; 1: without the line "audit"
//   generation 3
//   log 0f3c…                                       which log it is of (DATA/moot.id)
//   made 2021-03-02T06:00:00Z
//   events 1234                                     offsets 0 to 1233; of keys: how far the log was, at least
//   recorded 2021-03-02T05:59:58.120000Z            when the last of them was; "-" when there is none
//   copies 3 2 17                                   of the log, of the inbox; number of the inbox's last write
//   audit 3 85                                      the copy of the audit log, and how many entries it has
//   file 45056 - log/shared_checksum/000012_s….sst  bytes, digest, path; "-": the copy's meta file has its CRC32C
//   file 812 <64 hex> log/meta/3                    BLAKE2b-256
//   checksum <16 hex>                               XXH3 of all above
//
// So the manifest vouches for the meta files, and they for everything else. Paths of a key backup are those below the
// key directory; what is in the files stands under objects/<digest>. Thread: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"

namespace moot {

enum class BackupKind { kData, kKeys };
std::string_view mark_of(BackupKind kind);  // "moot-backup", "moot-key-backup"

struct BackupFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::string digest;  // 64 hex digits; empty = RocksDB's own
  bool operator==(const BackupFile&) const = default;
};

struct BackupManifest {
  BackupKind kind = BackupKind::kData;
  std::uint64_t generation = 0;
  std::string log_id;
  std::string made;  // RFC 3339
  std::uint64_t events = 0;
  std::string recorded;  // RFC 3339; empty when there is no event
  std::uint32_t log_copy = 0;
  std::uint32_t inbox_copy = 0;
  std::uint64_t inbox_last_write = 0;
  std::uint32_t audit_copy = 0;  // 0 = there is none: it was made before there were audit logs
  std::uint64_t audit_entries = 0;
  std::vector<BackupFile> files;

  bool operator==(const BackupManifest&) const = default;
  std::uint64_t bytes() const;
};

std::string to_text(const BackupManifest& manifest);
// kCorrupt when it is not what was written, kInvalid when a newer program wrote it.
Result<BackupManifest> manifest_from(std::string_view text, BackupKind kind);

}  // namespace moot
