#include "broker/key_backup.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

#include "broker/core/seal.h"
#include "broker/core/whole_file.h"
#include "broker/log/block.h"
#include "broker/log/file_keys.h"
#include "broker/log/key_store.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

constexpr const char* kObjects = "objects";

// What belongs to one log, and what is the partnership's: paths below the key directory. Snapshots' keys are not among
// them: views are made anew from the log.
Result<std::vector<std::string>> key_files(const fs::path& keys, const std::string& log_id) {
  const std::string of_log = "logs/" + log_id;
  std::vector<std::string> files = {"partnership.key", "broker.key", of_log + "/epoch.key", of_log + "/inbox.key"};
  for (const std::string& file : files)
    if (!fs::exists(keys / file)) return Status(Code::kMissing, (keys / file).string() + ": is missing");
  for (const std::string& folder : {std::string("agencies"), of_log + "/events"}) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(keys / folder, failed)) {
      const std::string kind = entry.path().extension().string();  // a file still being made has another
      if (kind == ".key" || kind == ".keys") files.push_back(folder + "/" + entry.path().filename().string());
    }
    // Events' keys have none until one of them is destroyed.
    if (failed && failed != std::errc::no_such_file_or_directory)
      return Status(Code::kDisk, (keys / folder).string() + ": cannot be read: " + failed.message());
  }
  const Result<FileKeys> epoch = FileKeys::read(keys / of_log / "epoch.key");
  if (!epoch.ok()) return epoch.status();
  const std::optional<fs::path> missing = KeyStore(keys / of_log / "events", *epoch).missing_file();
  if (missing) return Status(Code::kMissing, missing->string() + ": is missing");
  std::sort(files.begin(), files.end());
  return files;
}

Status forget_unnamed_objects(const BackupPlace& place, const std::vector<BackupManifest>& kept) {
  std::set<std::string> named;
  for (const BackupManifest& manifest : kept)
    for (const BackupFile& file : manifest.files) named.insert(file.digest);
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(place.folder() / kObjects, failed))
    if (named.count(entry.path().filename().string()) == 0) fs::remove(entry.path(), failed);
  if (failed) return Status(Code::kDisk, place.folder().string() + ": old keys cannot be deleted: " + failed.message());
  return {};
}

}  // namespace

fs::path key_object(const BackupPlace& place, const BackupFile& file) {
  return place.folder() / kObjects / file.digest;
}

namespace {

std::string epoch_path(const std::string& log_id) { return "logs/" + log_id + "/epoch.key"; }

const std::string* digest_in(const BackupManifest& manifest, const std::string& path) {
  for (const BackupFile& file : manifest.files)
    if (file.path == path) return &file.digest;
  return nullptr;
}

Status copy_files(const BackupPlace& place, const fs::path& keys, KeyBackup& backup) {
  const Result<std::vector<std::string>> files = key_files(keys, place.log_id());
  if (!files.ok()) return files.status();
  backup.manifest.files.clear();
  for (const std::string& path : *files) {
    const Result<std::string> bytes = read_whole_file(keys / path);
    if (!bytes.ok()) return bytes.status();
    const BackupFile file{path, bytes->size(), to_hex(digest_of(*bytes))};
    // One that is there and damaged is written anew.
    if (!check_file(key_object(place, file), file).ok()) {
      MOOT_RETURN_IF_ERROR(write_whole_file(key_object(place, file), *bytes));
      ++backup.new_files;
    }
    backup.manifest.files.push_back(file);
  }
  return {};
}

// Keys are destroyed while the broker goes on: files of one state are wanted, not of two.
Status copy_one_state(const BackupPlace& place, const fs::path& keys, KeyBackup& backup) {
  constexpr int kTries = 5;
  Status copied;
  for (int i = 0; i < kTries; ++i) {
    copied = copy_files(place, keys, backup);
    if (!copied.ok() && copied.code() != Code::kMissing) return copied;
    const Result<std::string> epoch = read_whole_file(keys / epoch_path(place.log_id()));
    if (!epoch.ok()) return epoch.status();
    const std::string* taken = digest_in(backup.manifest, epoch_path(place.log_id()));
    if (copied.ok() && taken != nullptr && *taken == to_hex(digest_of(*epoch))) return {};
  }
  return copied.ok() ? Status(Code::kUnavailable, "keys are being destroyed; try again") : copied;
}

// How many of the latest generations were made since a key was last destroyed. Those before would open what was erased;
// the newest opens all that they did, and what may still be opened.
std::uint32_t since_last_erasure(const std::vector<BackupManifest>& all, const std::string& log_id) {
  const std::string* now = digest_in(all.back(), epoch_path(log_id));
  std::uint32_t count = 0;
  for (auto manifest = all.rbegin(); manifest != all.rend(); ++manifest, ++count) {
    const std::string* then = digest_in(*manifest, epoch_path(log_id));
    if (then == nullptr || now == nullptr || *then != *now) break;
  }
  return std::max<std::uint32_t>(count, 1);
}

}  // namespace

Result<KeyBackup> back_up_keys(const BackupPlace& place, const fs::path& keys, BackupManifest about,
                               std::uint32_t generations_kept) {
  MOOT_RETURN_IF_ERROR(make_folder(place.folder() / kObjects));
  KeyBackup backup;
  backup.manifest = std::move(about);
  backup.manifest.kind = BackupKind::kKeys;
  backup.manifest.generation = place.next_generation();
  MOOT_RETURN_IF_ERROR(copy_one_state(place, keys, backup));
  MOOT_RETURN_IF_ERROR(place.add(backup.manifest));
  Result<std::vector<BackupManifest>> kept = place.keep(generations_kept);
  if (!kept.ok()) return kept.status();
  kept = place.keep(since_last_erasure(*kept, place.log_id()));
  if (!kept.ok()) return kept.status();
  MOOT_RETURN_IF_ERROR(forget_unnamed_objects(place, *kept));
  return backup;
}

Status check_no_other_keys(const fs::path& keys, const BackupManifest& manifest) {
  for (const BackupFile& file : manifest.files) {
    const Status same = check_file(keys / file.path, file);
    if (same.ok() || same.code() == Code::kMissing) continue;
    if (same.code() != Code::kCorrupt) return same;
    return Status(Code::kExists, (keys / file.path).string() +
                                     ": is another key than the backup's; restore into a key directory of its own");
  }
  return {};
}

Status write_keys(const BackupPlace& place, const BackupManifest& manifest, const fs::path& to) {
  for (const BackupFile& file : manifest.files) {
    const fs::path object = key_object(place, file);
    const Result<std::string> bytes = read_whole_file(object);
    if (!bytes.ok()) return bytes.status();
    if (bytes->size() != file.bytes || to_hex(digest_of(*bytes)) != file.digest)
      return Status(Code::kCorrupt, object.string() + ": is not what was written");
    MOOT_RETURN_IF_ERROR(make_folder((to / file.path).parent_path()));
    MOOT_RETURN_IF_ERROR(write_whole_file(to / file.path, *bytes));
  }
  return {};
}

Status take_in_keys(const fs::path& from, const fs::path& keys, const BackupManifest& manifest) {
  std::error_code ignored;
  if (!fs::exists(keys, ignored) || fs::is_empty(keys, ignored)) {
    if (std::rename(from.c_str(), keys.c_str()) == 0) return sync_folder(keys.parent_path());
    return Status(Code::kDisk, keys.string() + ": cannot be put in its place: " + std::strerror(errno));
  }
  for (const BackupFile& file : manifest.files) {
    if (fs::exists(keys / file.path, ignored)) continue;  // the same: check_no_other_keys
    const Result<std::string> bytes = read_whole_file(from / file.path);
    if (!bytes.ok()) return bytes.status();
    MOOT_RETURN_IF_ERROR(make_folder((keys / file.path).parent_path()));
    const Status created = create_whole_file(keys / file.path, *bytes);
    if (!created.ok() && created.code() != Code::kExists) return created;
  }
  return {};
}

}  // namespace moot
