#include "broker/log/log_format_1.h"

#include <rocksdb/db.h>

#include <algorithm>

#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "broker/core/whole_file.h"
#include "broker/log/big_endian.h"
#include "broker/log/event_log.h"
#include "proto/event.pb.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kGroup = 1000;
constexpr std::size_t kChecksum1Bytes = 4;  // before each event; RocksDB's own checksums cover the copying

fs::path beside(const fs::path& folder, const char* suffix) { return folder.string() + suffix; }

Status move_folder(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::rename(from, to, failed);
  if (failed) return Status(Code::kDisk, from.string() + ": cannot be renamed: " + failed.message());
  return sync_folder(to.parent_path());
}

// "default", "events" and "ids" of format 1, as they stand.
class OldLog {
 public:
  static bool is_one(const fs::path& folder) {
    std::vector<std::string> names;
    const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), folder.string(), &names);
    return listed.ok() && std::find(names.begin(), names.end(), "events") != names.end();
  }

  explicit OldLog(fs::path folder) : folder_(std::move(folder)) {}
  ~OldLog() {
    for (rocksdb::ColumnFamilyHandle* family : families_) MOOT_CHECK(db_->DestroyColumnFamilyHandle(family).ok());
  }
  OldLog(const OldLog&) = delete;

  Status open() {
    rocksdb::DBOptions options;
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
        {rocksdb::kDefaultColumnFamilyName, {}}, {"events", {}}, {"ids", {}}};
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(options, folder_.string(), families, &families_, &db);
    db_.reset(db);
    return status(opened);
  }

  Status copy_to(EventLog& log) const {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    const std::unique_ptr<rocksdb::Iterator> entry(db_->NewIterator(options, families_[1]));
    std::vector<SealedRecord> group;
    std::uint64_t offset = 0;
    for (entry->SeekToFirst(); entry->Valid(); entry->Next(), ++offset) {
      if (from_be({entry->key().data(), entry->key().size()}) != offset)
        return Status(Code::kCorrupt, folder_.string() + ": offset " + std::to_string(offset) + " is missing");
      group.emplace_back();
      MOOT_RETURN_IF_ERROR(read({entry->value().data(), entry->value().size()}, offset, group.back()));
      if (group.size() < kGroup) continue;
      MOOT_RETURN_IF_ERROR(log.append(group).status());
      group.clear();
    }
    MOOT_RETURN_IF_ERROR(status(entry->status()));
    return group.empty() ? Status() : log.append(group).status();
  }

 private:
  Status status(const rocksdb::Status& status) const {
    if (status.ok()) return {};
    return Status(status.IsCorruption() ? Code::kCorrupt : Code::kDisk,
                  folder_.string() + ": the log of format 1 cannot be read: " + status.ToString());
  }

  Result<Known> known(const EventKey& key) const {
    std::string value;
    MOOT_RETURN_IF_ERROR(status(db_->Get(rocksdb::ReadOptions(), families_[2],
                                         {reinterpret_cast<const char*>(key.data()), key.size()}, &value)));
    Known known;
    if (value.size() != 8 + known.content.size())
      return Status(Code::kCorrupt, folder_.string() + ": an entry of the index has the wrong length");
    known.value = from_be(std::string_view(value).substr(0, 8));
    std::copy_n(value.data() + 8, known.content.size(), reinterpret_cast<char*>(known.content.data()));
    return known;
  }

  Status read(std::string_view value, std::uint64_t offset, SealedRecord& record) const {
    v1::StoredEvent stored;
    if (value.size() < kChecksum1Bytes)
      return Status(Code::kCorrupt, folder_.string() + ": offset " + std::to_string(offset) + " is too short");
    record.bytes = value.substr(kChecksum1Bytes);
    if (!stored.ParseFromString(record.bytes))
      return Status(Code::kCorrupt, folder_.string() + ": offset " + std::to_string(offset) + " cannot be read");
    const v1::Envelope& envelope = stored.envelope();
    record.key = event_key(envelope.source(), envelope.id());
    const Result<Known> own = known(record.key);
    if (!own.ok()) return own.status();
    record.content = own->content;
    if (!envelope.record().empty()) {
      const EventKey of_record = record_key(envelope.source(), envelope.record());
      const Result<Known> first = known(of_record);
      if (!first.ok()) return first.status();
      if (first->value == offset) record.more.push_back({of_record, *first});
    }
    record.tags = {.agency = envelope.agency(),
                   .type = envelope.type(),
                   .body = std::string(body_name(stored.facts())),
                   .area = envelope.area(),
                   .subject = envelope.subject(),
                   .time_us = from_proto(envelope.time()).us};
    return {};
  }

  const fs::path folder_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

Status copy_events(const fs::path& folder, const fs::path& to) {
  OldLog old(folder);
  MOOT_RETURN_IF_ERROR(old.open());
  Result<std::unique_ptr<EventLog>> made = open_rocksdb_event_log(to);
  if (!made.ok()) return made.status();
  return old.copy_to(**made);
}

}  // namespace

bool is_log_of_format_1(const fs::path& folder) {
  std::error_code failed;
  return fs::exists(beside(folder, ".upgraded"), failed) ||
         (fs::exists(folder / "CURRENT", failed) && OldLog::is_one(folder));
}

Status upgrade_from_format_1(const fs::path& folder) {
  const fs::path upgrading = beside(folder, ".upgrading"), upgraded = beside(folder, ".upgraded");
  const bool there = fs::exists(folder / "CURRENT");
  const bool old = there && OldLog::is_one(folder);
  std::error_code failed;
  if (!fs::exists(upgraded)) {
    if (!old) return {};
    fs::remove_all(upgrading, failed);  // a copy that a crash cut off
    if (failed) return Status(Code::kDisk, upgrading.string() + ": cannot be removed: " + failed.message());
    MOOT_RETURN_IF_ERROR(make_folder(upgrading));
    MOOT_RETURN_IF_ERROR(copy_events(folder, upgrading));
    MOOT_RETURN_IF_ERROR(move_folder(upgrading, upgraded));
  }
  if (there && !old)
    return Status(Code::kCorrupt, upgraded.string() + ": is a log that waits to take a place that another log has");
  if (old) MOOT_RETURN_IF_ERROR(move_folder(folder, beside(folder, ".format-1")));
  fs::remove(folder, failed);  // an empty folder that the start made; one with something in it stays, and is told
  return move_folder(upgraded, folder);
}

}  // namespace moot
