#include "broker/backup_restore.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "broker/backup_check.h"
#include "broker/backup_place.h"
#include "broker/core/whole_file.h"
#include "broker/key_backup.h"
#include "broker/log/database_backup.h"
#include "broker/log/inbox.h"
#include "broker/log/watermark.h"
#include "broker/staging.h"

namespace moot {

namespace fs = std::filesystem;

namespace {

Status as_status(const std::vector<Finding>& findings) {
  if (findings.empty()) return {};
  const Finding& first = findings.front();
  std::string text = first.text;
  if (first.offset) text = "offset " + std::to_string(first.offset->value) + ": " + text;
  if (findings.size() > 1) text += " (and " + std::to_string(findings.size() - 1) + " more)";
  return Status(Code::kCorrupt, "nothing is restored: " + first.file.string() + ": " + text);
}

class Restore {
 public:
  Restore(RestoreOrder order, const RestoreProgress& progress)
      : order_(std::move(order)),
        progress_(progress),
        data_(order_.data, "restore", "restoring"),
        keys_(order_.keys, "restore", "restoring") {}

  Result<Restored> run() {
    MOOT_RETURN_IF_ERROR(look_at_places());
    MOOT_RETURN_IF_ERROR(look_at_backup());
    if (key_place_) MOOT_RETURN_IF_ERROR(write_staged_keys());
    MOOT_RETURN_IF_ERROR(data_.begin());
    MOOT_RETURN_IF_ERROR(write_staged_data());
    MOOT_RETURN_IF_ERROR(verify());
    if (key_place_) MOOT_RETURN_IF_ERROR(take_in_keys(keys_.whole(), order_.keys, key_manifest_));
    if (std::rename(data_.whole().c_str(), order_.data.c_str()) != 0)
      return Status(Code::kDisk, order_.data.string() + ": cannot be put in its place: " + std::strerror(errno));
    MOOT_RETURN_IF_ERROR(sync_folder(order_.data.parent_path()));
    return std::move(restored_);
  }

 private:
  Status look_at_places() const {
    if (!is_vacant(order_.data))
      return Status(Code::kInvalid, order_.data.string() + ": is not empty; it is left as it is");
    for (const fs::path& source : {order_.from, order_.keys_from})
      for (const fs::path& target : {order_.data, order_.keys})
        if (!source.empty() && (is_inside(target, source) || is_inside(source, target)))
          return Status(Code::kUsage, target.string() + ": must be apart from the backup, neither inside the other");
    if (is_inside(order_.keys, order_.data) || is_inside(order_.data, order_.keys))
      return Status(Code::kUsage, order_.keys.string() + ": must be apart from the data directory");
    return {};
  }

  // Everything that can be refused before a byte is written.
  Status look_at_backup() {
    Result<BackupPlace> place = BackupPlace::open(order_.from, BackupKind::kData);
    if (!place.ok()) return place.status();
    place_.emplace(std::move(*place));
    Result<BackupManifest> manifest = place_->manifest(order_.generation);
    if (!manifest.ok()) return manifest.status();
    restored_.manifest = std::move(*manifest);
    MOOT_RETURN_IF_ERROR(as_status(check_files(*place_, restored_.manifest)));
    if (!order_.keys_from.empty()) return look_at_key_backup();
    for (const std::string& name :
         {std::string("partnership.key"), std::string("broker.key"), "logs/" + place_->log_id() + "/epoch.key"})
      if (!fs::exists(order_.keys / name))
        return Status(Code::kMissing, (order_.keys / name).string() +
                                          ": is missing: the keys of this backup must be there (--keys), or come "
                                          "from a backup of them (--keys-from)");
    return {};
  }

  Status look_at_key_backup() {
    Result<BackupPlace> place = BackupPlace::open(order_.keys_from, BackupKind::kKeys);
    if (!place.ok()) return place.status();
    if (place->log_id() != place_->log_id())
      return Status(Code::kInvalid, order_.keys_from.string() + ": holds the keys of another data directory");
    Result<BackupManifest> manifest = place->manifest(std::nullopt);
    if (!manifest.ok()) return manifest.status();
    key_manifest_ = std::move(*manifest);
    key_place_.emplace(std::move(*place));
    restored_.key_files = key_manifest_.files.size();
    return check_no_other_keys(order_.keys, key_manifest_);
  }

  Status write_staged_keys() {
    MOOT_RETURN_IF_ERROR(keys_.begin());
    return write_keys(*key_place_, key_manifest_, keys_.whole());
  }

  Status write_staged_data() {
    const BackupManifest& manifest = restored_.manifest;
    const fs::path to = data_.whole();
    std::error_code failed;
    const fs::space_info space = fs::space(to, failed);
    if (!failed && space.available < manifest.bytes())
      return Status(Code::kDisk, order_.data.string() + ": needs " + std::to_string(manifest.bytes()) +
                                     " bytes, and only " + std::to_string(space.available) + " are free there");
    std::uint64_t before = 0;
    const auto read = [&](std::uint64_t done) {
      if (progress_.read) progress_.read(before + done, manifest.bytes());
    };
    const auto restore = [&](const std::string& name, std::uint32_t number) {
      MOOT_RETURN_IF_ERROR(restore_copy(place_->folder() / name, number, to / name, read));
      for (const BackupFile& file : manifest.files)
        if (file.path.starts_with(name + "/")) before += file.bytes;
      return Status();
    };
    MOOT_RETURN_IF_ERROR(restore("log", manifest.log_copy));
    MOOT_RETURN_IF_ERROR(mark_restored(to / "watermark", manifest.events));
    if (manifest.audit_copy != 0) {
      MOOT_RETURN_IF_ERROR(restore("audit", manifest.audit_copy));
      MOOT_RETURN_IF_ERROR(mark_restored(to / "audit.watermark", manifest.audit_entries));
    }
    MOOT_RETURN_IF_ERROR(restore("inbox", manifest.inbox_copy));
    MOOT_RETURN_IF_ERROR(Inbox::mark_restored(to / "inbox", manifest.inbox_last_write));
    return write_small_files(to);
  }

  static Status mark_restored(const fs::path& file, std::uint64_t end) {
    Result<Watermark> mark = Watermark::open(file);
    return mark.ok() ? mark->raise(Offset{end}) : mark.status();
  }

  Status write_small_files(const fs::path& to) const {
    for (const BackupFile& file : restored_.manifest.files) {
      if (!file.path.starts_with("files/")) continue;
      const fs::path target = to / fs::path(file.path).filename();
      const Result<std::string> bytes = read_whole_file(place_->folder() / file.path);
      if (!bytes.ok()) return bytes.status();
      MOOT_RETURN_IF_ERROR(write_whole_file(target, *bytes));
      // What was written is what the manifest tells of, whatever the disk said between two readings.
      MOOT_RETURN_IF_ERROR(check_file(target, file));
    }
    return {};
  }

  Status verify() {
    const std::uint64_t total = restored_.manifest.events;
    Result<DataCheck> check = check_data(data_.whole(), key_place_ ? keys_.whole() : order_.keys, [&](std::uint64_t n) {
      if (progress_.verified) progress_.verified(n, total);
    });
    if (!check.ok()) return check.status();
    restored_.check = std::move(*check);
    // New tokens can be given at any time: events are not kept back for want of the old ones.
    std::vector<Finding>& findings = restored_.check.findings;
    const auto tokens = std::find_if(findings.begin(), findings.end(),
                                     [](const Finding& f) { return f.file.filename() == "tokens.toml"; });
    if (tokens != findings.end()) {
      restored_.note = (order_.data / "tokens.toml").string() + ": " + tokens->text;
      findings.erase(tokens);
    }
    MOOT_RETURN_IF_ERROR(as_status(findings));
    if (restored_.check.events == total) return {};
    return Status(Code::kCorrupt, "nothing is restored: the backup holds " + std::to_string(restored_.check.events) +
                                      " events, and its manifest tells of " + std::to_string(total));
  }

  const RestoreOrder order_;
  const RestoreProgress& progress_;
  Staging data_;
  Staging keys_;
  std::optional<BackupPlace> place_;
  std::optional<BackupPlace> key_place_;
  BackupManifest key_manifest_;
  Restored restored_;
};

}  // namespace

Result<Restored> restore_backup(const RestoreOrder& order, const RestoreProgress& progress) {
  RestoreOrder whole = order;
  whole.data = whole_path(order.data);
  whole.keys = whole_path(order.keys);
  return Restore(std::move(whole), progress).run();
}

}  // namespace moot
