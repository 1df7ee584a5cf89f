#include "broker/backup_run.h"

#include <iterator>
#include <set>
#include <vector>

#include "broker/core/checksum_line.h"
#include "broker/core/whole_file.h"
#include "proto/event.pb.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

std::string files_of(std::uint64_t generation) { return "files/" + std::to_string(generation); }

Status apart(const fs::path& one, const fs::path& other, const std::string& what) {
  if (!is_inside(one, other) && !is_inside(other, one)) return {};
  return Status(Code::kUsage,
                one.string() + ": must be apart from " + what + " (" + other.string() + "), neither inside the other");
}

}  // namespace

Status BackupRun::check_places() const {
  if (!order_.to.is_absolute() || (!order_.keys_to.empty() && !order_.keys_to.is_absolute()))
    return Status(Code::kUsage, "a backup needs a whole path, from / on");
  if (order_.keep == 0) return Status(Code::kUsage, "at least one generation must be kept");
  const fs::path data = parts_.folder->data(), keys = parts_.folder->keys();
  MOOT_RETURN_IF_ERROR(apart(order_.to, data, "the data directory"));
  MOOT_RETURN_IF_ERROR(apart(order_.to, keys, "the key directory"));
  if (order_.keys_to.empty()) return {};
  MOOT_RETURN_IF_ERROR(apart(order_.keys_to, data, "the data directory"));
  MOOT_RETURN_IF_ERROR(apart(order_.keys_to, keys, "the key directory"));
  return apart(order_.keys_to, order_.to, "the backup of the data");
}

// An older copy of the data directory must not push out the generations that know more than it does.
Status BackupRun::check_not_backwards() const {
  const Result<BackupManifest> last = place_->manifest(std::nullopt);
  if (!last.ok() || last->events <= order_.log_end.value) return {};  // what is wrong with a manifest is told elsewhere
  return Status(Code::kNotAllowed,
                order_.to.string() + ": generation " + std::to_string(last->generation) + " holds " +
                    std::to_string(last->events) + " events, but " + parts_.folder->data().string() + " holds only " +
                    std::to_string(order_.log_end.value) +
                    ": it has lost events, or is an older copy. Nothing was written. Find out why first (`moot "
                    "verify`); to back up this directory as it is, name a new folder");
}

// Damaged, they do not make the rest of the backup worthless; but nobody may think that they are in it as they were.
void BackupRun::look_at_small_files(BackupDone& done) const {
  const fs::path tokens = parts_.folder->data() / "tokens.toml";
  const Status sound = check_first_lines(tokens, parts_.folder->log_id());
  if (!sound.ok())
    done.note = tokens.string() + ": " + sound.message() + ", and so it stands in the backup; put it back from an " +
                "earlier generation, or move it away and give the agencies new tokens (`moot token add`)";
}

Status BackupRun::open_databases() {
  const DatabaseBackup::Copied copied = [this](std::uint64_t done, std::uint64_t total) {
    done_ = done;
    total_ = total;
  };
  for (const auto& [name, database] : {std::pair{"log", &log_}, {"audit", &audit_}, {"inbox", &inbox_}}) {
    Result<std::unique_ptr<DatabaseBackup>> opened = DatabaseBackup::open(order_.to / name, copied);
    if (!opened.ok()) return opened.status();
    const std::lock_guard lock(mutex_);
    *database = std::move(*opened);
  }
  const std::lock_guard lock(mutex_);
  if (stopped_) return Status(Code::kUnavailable, "the backup was stopped");
  return {};
}

void BackupRun::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto* database : {&log_, &audit_, &inbox_})
    if (*database) (*database)->stop();
}

Status BackupRun::add_copy(const std::string& name, const DatabaseBackup& backup, BackupDone& done) const {
  for (const CopiedFile& file : backup.copy().files)
    done.manifest.files.push_back({name + "/" + file.path, file.bytes, ""});
  done.new_bytes += backup.copy().new_bytes;
  return add_digested(done, name / meta_file_of_copy(backup.copy().number));
}

// The end of what is in the copy, opened as it stands in the backup: what it says is what it holds.
Result<LogEnd> BackupRun::copy_log(const EventLog& log, const std::string& name, DatabaseBackup& backup,
                                   BackupDone& done) const {
  MOOT_RETURN_IF_ERROR(log.copy_to(backup));
  MOOT_RETURN_IF_ERROR(add_copy(name, backup, done));
  return end_of_log_copy(order_.to / name, backup.copy().number);
}

Status BackupRun::copy_databases(BackupDone& done) {
  BackupManifest& manifest = done.manifest;
  const Result<LogEnd> audit_end = copy_log(*parts_.audit, "audit", *audit_, done);
  if (!audit_end.ok()) return audit_end.status();
  manifest.audit_copy = audit_->copy().number;
  manifest.audit_entries = audit_end->end.value;
  const Result<LogEnd> end = copy_log(*parts_.log, "log", *log_, done);
  if (!end.ok()) return end.status();
  manifest.log_copy = log_->copy().number;
  manifest.events = end->end.value;
  if (manifest.events > 0) {
    v1::StoredEvent last;
    if (!last.ParseFromString(end->last_record))
      return Status(Code::kCorrupt, (order_.to / "log").string() + ": the last event cannot be read");
    manifest.recorded = to_rfc3339(from_proto(last.envelope().recorded_time()));
  }
  MOOT_RETURN_IF_ERROR(parts_.inbox->copy_to(*inbox_));
  MOOT_RETURN_IF_ERROR(add_copy("inbox", *inbox_, done));
  manifest.inbox_copy = inbox_->copy().number;
  const Result<std::uint64_t> last_write = last_write_in_copy(order_.to / "inbox", manifest.inbox_copy);
  if (!last_write.ok()) return last_write.status();
  manifest.inbox_last_write = *last_write;
  return {};
}

Status BackupRun::copy_small_files(BackupDone& done) const {
  const std::string folder = files_of(done.manifest.generation);
  MOOT_RETURN_IF_ERROR(make_folder(order_.to / folder));
  std::vector<SmallFile> files = {{"moot.id", true}};
  files.insert(files.end(), std::begin(kSmallFiles), std::end(kSmallFiles));
  for (const SmallFile& file : files) {
    const Result<std::string> bytes = read_whole_file(parts_.folder->data() / file.name);
    if (bytes.status().code() == Code::kMissing && !file.must_be_there) continue;
    if (!bytes.ok()) return bytes.status();
    MOOT_RETURN_IF_ERROR(write_whole_file(order_.to / folder / file.name, *bytes));
    MOOT_RETURN_IF_ERROR(add_digested(done, folder + "/" + file.name));
  }
  return {};
}

// A file that RocksDB's checksums do not cover.
Status BackupRun::add_digested(BackupDone& done, const std::string& path) const {
  Result<BackupFile> file = digest_file(order_.to, path);
  if (!file.ok()) return file.status();
  done.new_bytes += file->bytes;
  done.manifest.files.push_back(std::move(*file));
  return {};
}

Status BackupRun::forget_old() const {
  const Result<std::vector<BackupManifest>> kept = place_->keep(order_.keep);
  if (!kept.ok()) return kept.status();
  std::set<std::uint32_t> logs, audits, inboxes;
  std::set<std::string> folders;
  for (const BackupManifest& manifest : *kept) {
    logs.insert(manifest.log_copy);
    audits.insert(manifest.audit_copy);
    inboxes.insert(manifest.inbox_copy);
    folders.insert(std::to_string(manifest.generation));
  }
  MOOT_RETURN_IF_ERROR(log_->keep_only(logs));
  MOOT_RETURN_IF_ERROR(audit_->keep_only(audits));
  MOOT_RETURN_IF_ERROR(inbox_->keep_only(inboxes));
  std::error_code failed;
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(order_.to / "files", failed))
    if (folders.count(entry.path().filename().string()) == 0) old.push_back(entry.path());
  for (const fs::path& folder : old) fs::remove_all(folder, failed);
  if (failed) return Status(Code::kDisk, (order_.to / "files").string() + ": cannot be tidied: " + failed.message());
  return {};
}

Result<BackupDone> BackupRun::run() {
  MOOT_RETURN_IF_ERROR(check_places());
  Result<BackupPlace> place = BackupPlace::begin(order_.to, BackupKind::kData, parts_.folder->log_id());
  if (!place.ok()) return place.status();
  place_.emplace(std::move(*place));
  MOOT_RETURN_IF_ERROR(check_not_backwards());
  std::optional<BackupPlace> key_place;
  if (!order_.keys_to.empty()) {
    Result<BackupPlace> keys = BackupPlace::begin(order_.keys_to, BackupKind::kKeys, parts_.folder->log_id());
    if (!keys.ok()) return keys.status();
    key_place.emplace(std::move(*keys));
  }
  BackupDone done;
  done.manifest.generation = place_->next_generation();
  done.manifest.log_id = parts_.folder->log_id();
  MOOT_RETURN_IF_ERROR(open_databases());
  MOOT_RETURN_IF_ERROR(copy_databases(done));
  MOOT_RETURN_IF_ERROR(copy_small_files(done));
  look_at_small_files(done);
  done.manifest.made = to_rfc3339(parts_.clock->now());
  // Before the manifest: a generation that counts can be read with what stands there by then.
  if (key_place) {
    Result<KeyBackup> keys = back_up_keys(*key_place, parts_.folder->keys(), done.manifest, order_.keep);
    if (!keys.ok()) return keys.status().with("the keys could not be backed up, so the data are not either");
    done.keys = std::move(*keys);
    if (done.keys->missing)
      done.note += (done.note.empty() ? "" : "; ") + done.keys->missing->string() +
                   ": is missing, and so it is in the backup of the keys, whose earlier generations since somebody was "
                   "last erased are all kept: put it back from one of them";
  }
  MOOT_RETURN_IF_ERROR(place_->add(done.manifest));
  const Status forgotten = forget_old();
  if (!forgotten.ok())
    done.note += (done.note.empty() ? "" : "; ") + ("earlier generations could not be tidied: " + forgotten.message());
  return done;
}

}  // namespace moot
