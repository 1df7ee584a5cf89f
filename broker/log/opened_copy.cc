#include "broker/log/opened_copy.h"

#include "broker/log/silent_logger.h"

namespace moot {

Result<std::unique_ptr<OpenedCopy>> OpenedCopy::open(const std::filesystem::path& folder, std::uint32_t number) {
  const auto failed = [&](const rocksdb::Status& status) {
    return Status(status.IsNotFound() ? Code::kMissing : Code::kCorrupt,
                  folder.string() + ": copy " + std::to_string(number) + " cannot be opened: " + status.ToString());
  };
  std::unique_ptr<OpenedCopy> copy(new OpenedCopy());
  const std::string whole = std::filesystem::absolute(folder).lexically_normal().string();  // else it opens nothing
  {
    rocksdb::BackupEngineReadOnly* opened = nullptr;
    const rocksdb::Status there =
        rocksdb::BackupEngineReadOnly::Open(rocksdb::BackupEngineOptions(whole), rocksdb::Env::Default(), &opened);
    const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
    if (!there.ok()) return failed(there);
    const rocksdb::Status found = engine->GetBackupInfo(number, &copy->info_, true);
    if (!found.ok()) return failed(found);
  }
  rocksdb::DBOptions options;
  options.env = copy->info_.env_for_open.get();
  options.info_log = silent_logger();
  options.max_open_files = 64;
  // As the log itself is opened (log_database.h): a copy that lacks a file of its write-ahead log is found at once.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  options.track_and_verify_wals_in_manifest = true;
  std::vector<std::string> names;
  const rocksdb::Status listed = rocksdb::DB::ListColumnFamilies(options, copy->info_.name_for_open, &names);
  if (!listed.ok()) return failed(listed);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      rocksdb::DB::OpenForReadOnly(options, copy->info_.name_for_open, descriptors, &copy->families_, &db);
  if (!opened.ok()) return failed(opened);
  copy->db_.reset(db);
  return copy;
}

OpenedCopy::~OpenedCopy() {
  for (rocksdb::ColumnFamilyHandle* family : families_) MOOT_CHECK(db_->DestroyColumnFamilyHandle(family).ok());
}

rocksdb::ColumnFamilyHandle* OpenedCopy::family(const std::string& name) const {
  for (rocksdb::ColumnFamilyHandle* family : families_)
    if (family->GetName() == name) return family;
  return nullptr;
}

}  // namespace moot
