#include "broker/data_repair.h"

#include "broker/access/registry.h"
#include "broker/audit_log.h"
#include "broker/backup_place.h"
#include "broker/core/whole_file.h"
#include "broker/data_folder.h"
#include "broker/event_content.h"
#include "broker/event_tags.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "broker/log/log_salvage.h"
#include "broker/log/watermark.h"
#include "broker/sealed_event.h"
#include "broker/staging.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

class Repair {
 public:
  Repair(fs::path data, fs::path keys, fs::path to)
      : data_(std::move(data)),
        keys_(std::move(keys)),
        to_(std::move(to)),
        staging_(to_, "repair", "repairing"),
        making_(staging_.whole()) {}

  Status run(const std::function<void(std::uint64_t)>& progress) {
    if (!is_vacant(to_))
      return Status(Code::kExists, to_.string() + ": is not empty; what can be saved is written to a new directory");
    MOOT_RETURN_IF_ERROR(identify());
    MOOT_RETURN_IF_ERROR(open_keys());
    MOOT_RETURN_IF_ERROR(staging_.begin());
    MOOT_RETURN_IF_ERROR(write_whole_file(making_ / "moot.id", "moot-data 1 " + log_id_ + "\n"));
    MOOT_RETURN_IF_ERROR(save_audit());  // it tells how far the log went
    MOOT_RETURN_IF_ERROR(save_log(progress));
    MOOT_RETURN_IF_ERROR(note_repair());
    MOOT_RETURN_IF_ERROR(save_inbox());
    MOOT_RETURN_IF_ERROR(save_small_files());
    Result<DataCheck> check = check_data(making_, keys_, progress);
    if (!check.ok()) return check.status();
    repair_.check = std::move(*check);
    std::error_code failed;
    fs::remove(to_, failed);  // an empty folder is as good as none
    fs::rename(making_, to_, failed);
    if (failed) return Status(Code::kDisk, to_.string() + ": cannot be made: " + failed.message());
    for (Finding& one : repair_.check.findings) {
      if (is_inside(one.file, making_)) one.file = to_ / one.file.lexically_relative(making_);
      name_as_it_is_now(one.text);
    }
    return sync_folder(fs::absolute(to_).parent_path());
  }
  DataRepair&& repair() { return std::move(repair_); }

 private:
  // Sentences may name files of the new directory, which was called otherwise when they were written.
  void name_as_it_is_now(std::string& text) const {
    const std::string was = making_.string(), is = to_.string();
    for (std::size_t at = text.find(was); at != std::string::npos; at = text.find(was, at + is.size()))
      text.replace(at, was.size(), is);
  }

  // Without its name the log is known by the only keys there are.
  Status identify() {
    log_id_ = read_log_id(data_);
    std::error_code failed;
    if (log_id_.empty() || !fs::is_directory(keys_ / "logs" / log_id_, failed)) {
      std::vector<std::string> ids;
      for (const auto& entry : fs::directory_iterator(keys_ / "logs", failed))
        ids.push_back(entry.path().filename().string());
      if (ids.size() != 1)
        return Status(Code::kMissing, (data_ / "moot.id").string() + ": does not tell which of the keys in " +
                                          (keys_ / "logs").string() + " are this log's");
      log_id_ = ids.front();
      repair_.notes.push_back((data_ / "moot.id").string() + ": is damaged or missing; the log is taken to be " +
                              log_id_ + ", whose keys are the only ones there");
    }
    return {};
  }

  // Keys are asked for only where a head is lost, and for the inbox; what they are missing for is noted there.
  Status open_keys() {
    const fs::path log_keys = keys_ / "logs" / log_id_;
    const Result<Key> partnership = read_secret(keys_ / "partnership.key");
    if (!partnership.ok()) return partnership.status();
    contents_.emplace(derive_key(*partnership, "content digest"));
    const Result<FileKeys> epoch = FileKeys::read(log_keys / "epoch.key");
    if (!epoch.ok()) return epoch.status();
    key_store_ = std::make_unique<KeyStore>(log_keys / "events", *epoch);
    const Result<Key> inbox = read_secret(log_keys / "inbox.key");
    if (!inbox.ok()) return inbox.status();
    inbox_key_ = *inbox;
    return {};
  }

  Result<SealedRecord> make(Offset from, Offset to, std::string_view bytes, const Digest* content) const {
    v1::StoredEvent stored;
    if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        stored.envelope().offset() != from.value)
      return Status(Code::kCorrupt, "the event cannot be read, or says that it stands elsewhere");
    SealedRecord record;
    record.key = event_key(stored.envelope().source(), stored.envelope().id());
    record.tags = tags_of(stored.envelope().agency(), stored.envelope(), stored.facts());
    if (content != nullptr) {
      record.content = *content;
    } else {
      Result<v1::Event> event = open_event(stored, *key_store_);
      if (!event.ok()) return event.status();
      SaidEvent said;
      said.take(*event);
      record.content = anything_erased(*event) ? kContentNotKnown : contents_->of(said);
    }
    stored.mutable_envelope()->set_offset(to.value);
    record.bytes = from == to ? std::string(bytes) : stored.SerializeAsString();
    return record;
  }

  Status save_log(const std::function<void(std::uint64_t)>& progress) {
    Result<std::unique_ptr<EventLog>> log = open_rocksdb_event_log(making_ / "log");
    if (!log.ok()) return log.status();
    const Result<Offset> mark = Watermark::value_in(data_ / "watermark");
    if (!mark.ok())
      repair_.notes.push_back(mark.status().message() + "; whether events are lost behind the last is not known");
    std::optional<Offset> moved_from;
    const LogSalvageCalls calls = {
        [](std::string_view bytes) {
          v1::StoredEvent stored;
          (void)stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));  // then the key is no entry's
          return event_key(stored.envelope().source(), stored.envelope().id());
        },
        [&](Offset from, Offset to, std::string_view bytes, const Digest* content) {
          if (from != to && !moved_from) moved_from = from;
          return make(from, to, bytes, content);
        },
        [&](std::span<const SealedRecord> group) { return (*log)->append(group).status(); }, progress};
    Result<LogSalvage> found = salvage_log(data_ / "log", std::max(mark.ok() ? *mark : Offset{}, reached_), calls);
    if (!found.ok()) return found.status();
    repair_.events = found->saved;
    repair_.lost = std::move(found->lost);
    repair_.moved_from = moved_from;
    repair_.notes.insert(repair_.notes.end(), found->notes.begin(), found->notes.end());
    Result<Watermark> made = Watermark::open(making_ / "watermark");
    return made.ok() ? made->raise((*log)->end_offset()) : made.status();
  }

  // Entries behind a hole move up, as events do, and are numbered anew, also where others tell of them.
  Status save_audit() {
    std::error_code failed;
    if (!fs::exists(data_ / "audit", failed)) return {};
    MOOT_RETURN_IF_ERROR(make_folder(making_ / "audit"));
    Result<std::unique_ptr<EventLog>> audit = open_rocksdb_event_log(making_ / "audit");
    if (!audit.ok()) return audit.status();
    const Result<Offset> mark = Watermark::value_in(data_ / "audit.watermark");
    if (!mark.ok())
      repair_.notes.push_back(mark.status().message() + "; whether entries of the audit log are lost is not known");
    const auto entry_in = [](std::string_view bytes) {
      v1::AuditEntry entry;
      (void)entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));  // then its key is no entry's
      return entry;
    };
    MovedEntries moved;
    std::string foreign;  // what is wrong with all of it
    const LogSalvageCalls calls = {
        [&](std::string_view bytes) { return audit_record(entry_in(bytes)).key; },
        [&](Offset from, Offset to, std::string_view bytes, const Digest*) -> Result<SealedRecord> {
          v1::AuditEntry entry = entry_in(bytes);
          if (from == Offset{0}) foreign = not_of(log_id_, entry);
          if (!foreign.empty()) return Status(Code::kInvalid, foreign);
          moved.moved(from.value, to.value);
          moved.mend(entry);
          entry.set_number(to.value);
          reached_ = Offset{entry.log_end()};
          last_entry_us_ = entry.at_us();
          return audit_record(entry);
        },
        [&](std::span<const SealedRecord> group) { return (*audit)->append(group).status(); }, [](std::uint64_t) {}};
    const Result<LogSalvage> found = salvage_log(data_ / "audit", mark.ok() ? *mark : Offset{}, calls);
    if (!foreign.empty()) return leave_out_audit(std::move(*audit), foreign);
    if (!found.ok()) return found.status();
    repair_.audit_entries = found->saved;
    for (const OffsetRange& range : found->lost) repair_.audit_lost += range.to.value - range.from.value;
    for (const std::string& note : found->notes) repair_.notes.push_back("audit log: " + note);
    Result<Watermark> made = Watermark::open(making_ / "audit.watermark");
    return made.ok() ? made->raise((*audit)->end_offset()) : made.status();
  }

  // Without one a new audit log begins with the next start.
  Status leave_out_audit(std::unique_ptr<EventLog> begun, const std::string& why) {
    begun.reset();
    std::error_code failed;
    fs::remove_all(making_ / "audit", failed);
    if (failed) return Status(Code::kDisk, (making_ / "audit").string() + ": cannot be removed: " + failed.message());
    repair_.notes.push_back((data_ / "audit").string() + ": " + why + "; it is left out");
    reached_ = Offset{};
    return {};
  }

  // From here on the log is as long as it is now.
  Status note_repair() {
    std::error_code failed;
    if (!fs::exists(making_ / "audit", failed)) return {};
    Result<std::unique_ptr<EventLog>> audit = open_rocksdb_event_log(making_ / "audit");
    if (!audit.ok()) return audit.status();
    v1::AuditEntry entry;
    entry.set_number((*audit)->end_offset().value);
    entry.set_at_us(std::max(last_entry_us_, SystemClock().now().us));
    entry.set_actor("operator");
    entry.set_act("repair");
    for (const OffsetRange& range : repair_.lost) entry.set_count(entry.count() + range.to.value - range.from.value);
    entry.set_log_end(repair_.events);
    const SealedRecord record = audit_record(entry);
    MOOT_RETURN_IF_ERROR((*audit)->append({&record, 1}).status());
    Result<Watermark> mark = Watermark::open(making_ / "audit.watermark");
    return mark.ok() ? mark->raise((*audit)->end_offset()) : mark.status();
  }

  Status save_inbox() {
    const Result<std::uint64_t> saved =
        Inbox::salvage(data_ / "inbox", inbox_key_, making_ / "inbox", repair_.inbox_lost);
    if (!saved.ok()) return saved.status();
    repair_.inbox_items = *saved;
    return {};
  }

  Status save_small_files() {
    for (const SmallFile& file : kSmallFiles) {
      const Result<std::string> text = read_whole_file(data_ / file.name);
      if (text.ok())
        MOOT_RETURN_IF_ERROR(write_whole_file(making_ / file.name, *text));
      else if (file.must_be_there)
        repair_.notes.push_back(text.status().message() + "; the agencies must be added again");
    }
    MOOT_RETURN_IF_ERROR(make_folder(making_ / "views"));
    return sync_folder(making_);
  }

  const fs::path data_, keys_, to_;
  Staging staging_;
  const fs::path making_;
  std::string log_id_;
  std::optional<ContentDigests> contents_;
  Key inbox_key_{};
  std::unique_ptr<KeyStore> key_store_;
  Offset reached_;  // of the log, as the audit log tells
  std::int64_t last_entry_us_ = 0;
  DataRepair repair_;
};

}  // namespace

Result<DataRepair> repair_data(const fs::path& data, const fs::path& keys, const fs::path& to,
                               const std::function<void(std::uint64_t)>& progress) {
  for (const BackupKind kind : {BackupKind::kData, BackupKind::kKeys})
    if (BackupPlace::is_one(data, kind))
      return Status(Code::kInvalid, data.string() +
                                        ": is a backup, not a data directory; `moot restore` makes a data "
                                        "directory of it, and `moot verify` says whether it is whole");
  std::error_code failed;
  if (!fs::is_directory(data / "log", failed))
    return Status(Code::kInvalid, data.string() + ": is not a data directory of Moot");
  if (DataFolder::in_use(data)) return Status(Code::kExists, data.string() + ": a broker runs on it; stop it first");
  for (const auto& [other, what] : {std::pair{data, "the damaged directory"}, {keys, "the key directory"}})
    if (is_inside(to, other) || is_inside(other, to))
      return Status(Code::kUsage, to.string() + ": must be apart from " + what + " (" + other.string() +
                                      "), neither inside the other; name another with --to");
  Repair repair(data, keys, whole_path(to));
  MOOT_RETURN_IF_ERROR(repair.run(progress));
  return repair.repair();
}

}  // namespace moot
