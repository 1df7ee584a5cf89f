#include "broker/log/database_backup.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/write_batch.h>

#include <limits>

#include "broker/core/whole_file.h"
#include "broker/log/counted_files.h"
#include "broker/log/opened_copy.h"

namespace moot {

namespace {

constexpr std::uint64_t kTellEvery = 1 << 20;
// As fast as the disk takes it, a copy makes the slowest of a hundred acks wait three times as long; at this rate, in
// small portions, hardly longer than without.
constexpr std::int64_t kBytesPerSecond = 64 << 20;
constexpr std::int64_t kRefillUs = 10'000;
constexpr const char* kShared = "shared_checksum";

Status status_of(const rocksdb::Status& status, const std::filesystem::path& folder, std::string_view doing) {
  if (status.ok()) return {};
  if (status.IsIncomplete())
    return Status(Code::kUnavailable, folder.string() + ": the backup was stopped; what there was before is unharmed");
  const Code code = status.IsCorruption() ? Code::kCorrupt : status.IsNotFound() ? Code::kMissing : Code::kDisk;
  return Status(code, folder.string() + ": " + std::string(doing) + ": " + status.ToString());
}

DatabaseCopy copy_of(const rocksdb::BackupInfo& info) {
  DatabaseCopy copy;
  copy.number = info.backup_id;
  for (const rocksdb::BackupFileInfo& file : info.file_details) {
    copy.files.push_back({file.relative_filename, file.size});
    copy.bytes += file.size;
  }
  return copy;
}

// Only to read; `files` must outlive it.
Result<std::unique_ptr<rocksdb::BackupEngineReadOnly>> open_to_read(const std::filesystem::path& folder,
                                                                    rocksdb::Env* files) {
  rocksdb::BackupEngineOptions options(folder.string());
  options.backup_env = files;
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  const rocksdb::Status there = rocksdb::BackupEngineReadOnly::Open(options, rocksdb::Env::Default(), &opened);
  std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  MOOT_RETURN_IF_ERROR(status_of(there, folder, "the copies cannot be read"));
  return engine;
}

// Tables that a backup has, by number and size: "000009_s<session>_1031620.sst".
std::set<std::pair<std::uint64_t, std::uint64_t>> tables_below(const std::filesystem::path& folder) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> tables;
  std::error_code ignored;  // none there yet, or one that goes away: then more is to be copied
  for (const auto& file : std::filesystem::directory_iterator(folder / kShared, ignored))
    tables.emplace(std::strtoull(file.path().filename().c_str(), nullptr, 10), file.file_size(ignored));
  return tables;
}

}  // namespace

class DatabaseBackup::Engine {
 public:
  explicit Engine(rocksdb::BackupEngine* engine) : engine_(engine) {}
  rocksdb::BackupEngine* operator->() const { return engine_.get(); }

 private:
  const std::unique_ptr<rocksdb::BackupEngine> engine_;
};

DatabaseBackup::DatabaseBackup(std::filesystem::path folder, Copied copied)
    : folder_(std::move(folder)), copied_(std::move(copied)) {}

DatabaseBackup::~DatabaseBackup() = default;

Result<std::unique_ptr<DatabaseBackup>> DatabaseBackup::open(const std::filesystem::path& folder, Copied copied) {
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  std::unique_ptr<DatabaseBackup> backup(new DatabaseBackup(folder, std::move(copied)));
  rocksdb::BackupEngineOptions options(folder.string());
  options.callback_trigger_interval_size = kTellEvery;
  options.backup_rate_limiter.reset(rocksdb::NewGenericRateLimiter(kBytesPerSecond, kRefillUs));
  rocksdb::BackupEngine* engine = nullptr;
  const rocksdb::Status opened = rocksdb::BackupEngine::Open(options, rocksdb::Env::Default(), &engine);
  backup->engine_ = std::make_unique<Engine>(engine);
  MOOT_RETURN_IF_ERROR(status_of(opened, folder, "the backup cannot be opened"));
  return backup;
}

// How much is to be copied, nearly; a backup that cannot be finished is not begun, for the disk may be the log's own.
Status DatabaseBackup::check_room(rocksdb::DB& database) {
  rocksdb::LiveFilesStorageInfoOptions options;
  options.wal_size_for_flush = std::numeric_limits<std::uint64_t>::max();  // only looks
  std::vector<rocksdb::LiveFileStorageInfo> files;
  MOOT_RETURN_IF_ERROR(
      status_of(database.GetLiveFilesStorageInfo(options, &files), database.GetName(), "the files cannot be listed"));
  const auto there = tables_below(folder_);
  to_copy_ = 0;
  for (const rocksdb::LiveFileStorageInfo& file : files)
    if (file.file_type != rocksdb::kTableFile || there.count({file.file_number, file.size}) == 0) to_copy_ += file.size;
  std::error_code failed;
  const std::filesystem::space_info space = std::filesystem::space(folder_, failed);
  if (failed || to_copy_ <= space.available) return {};
  return Status(Code::kDisk, folder_.string() + ": the backup needs " + std::to_string(to_copy_) + " bytes, and only " +
                                 std::to_string(space.available) + " are free there; nothing is written");
}

Status DatabaseBackup::add(rocksdb::DB& database) {
  MOOT_RETURN_IF_ERROR(check_room(database));
  done_ = 0;
  std::vector<rocksdb::BackupInfo> before;
  (*engine_)->GetBackupInfo(&before, true);
  std::set<std::string> known;
  for (const rocksdb::BackupInfo& info : before)
    for (const rocksdb::BackupFileInfo& file : info.file_details) known.insert(file.relative_filename);
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;
  options.progress_callback = [this] {
    done_ += kTellEvery;
    if (copied_) copied_(std::min(done_.load(), to_copy_), to_copy_);
  };
  rocksdb::BackupID number = 0;
  const rocksdb::Status made = (*engine_)->CreateNewBackup(options, &database, &number);
  MOOT_RETURN_IF_ERROR(status_of(made, folder_, "the backup cannot be written"));
  // The copy may hold the end of a write-ahead log that was not synced yet: it must not say more than the database
  // will after a crash. By a synced write of nothing: after SyncWAL, RocksDB before 7.10 may take a whole write-ahead
  // log for a shortened one at the next start.
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::WriteBatch nothing;
  MOOT_RETURN_IF_ERROR(status_of(database.Write(synced, &nothing), database.GetName(), "cannot be synced"));
  rocksdb::BackupInfo info;
  MOOT_RETURN_IF_ERROR(
      status_of((*engine_)->GetBackupInfo(number, &info, true), folder_, "the new copy cannot be read"));
  copy_ = copy_of(info);
  for (const CopiedFile& file : copy_.files)
    if (known.count(file.path) == 0) copy_.new_bytes += file.bytes;
  return {};
}

void DatabaseBackup::stop() { (*engine_)->StopBackup(); }

Status DatabaseBackup::keep_only(const std::set<std::uint32_t>& numbers) {
  std::vector<rocksdb::BackupInfo> there;
  (*engine_)->GetBackupInfo(&there);
  for (const rocksdb::BackupInfo& info : there)
    if (numbers.count(info.backup_id) == 0)
      MOOT_RETURN_IF_ERROR(
          status_of((*engine_)->DeleteBackup(info.backup_id), folder_, "an old copy cannot be deleted"));
  return {};
}

std::filesystem::path meta_file_of_copy(std::uint32_t number) {
  return std::filesystem::path("meta") / std::to_string(number);
}

Result<DatabaseCopy> find_copy(const std::filesystem::path& folder, std::uint32_t number) {
  const auto engine = open_to_read(folder, nullptr);
  if (!engine.ok()) return engine.status();
  rocksdb::BackupInfo info;
  MOOT_RETURN_IF_ERROR(status_of((*engine)->GetBackupInfo(number, &info, true), folder,
                                 "copy " + std::to_string(number) + " cannot be read"));
  return copy_of(info);
}

Status verify_copy(const std::filesystem::path& folder, std::uint32_t number, const BytesSoFar& read) {
  const std::unique_ptr<rocksdb::Env> files = counted_files(read);
  const auto engine = open_to_read(folder, files.get());
  if (!engine.ok()) return engine.status();
  return status_of((*engine)->VerifyBackup(number, true), folder,
                   "copy " + std::to_string(number) + " is not as it was written");
}

Status restore_copy(const std::filesystem::path& folder, std::uint32_t number, const std::filesystem::path& to,
                    const BytesSoFar& read) {
  const std::unique_ptr<rocksdb::Env> files = counted_files(read);
  const auto engine = open_to_read(folder, files.get());
  if (!engine.ok()) return engine.status();
  MOOT_RETURN_IF_ERROR(make_folder(to));
  MOOT_RETURN_IF_ERROR(status_of((*engine)->RestoreDBFromBackup(number, to.string(), to.string()), folder,
                                 "copy " + std::to_string(number) + " cannot be restored"));
  return sync_folder(to);
}

Result<std::uint64_t> last_write_in_copy(const std::filesystem::path& folder, std::uint32_t number) {
  const Result<std::unique_ptr<OpenedCopy>> copy = OpenedCopy::open(folder, number);
  if (!copy.ok()) return copy.status();
  return (*copy)->db().GetLatestSequenceNumber();
}

}  // namespace moot
