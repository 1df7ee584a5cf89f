// One copy of a backup (database_backup.h), opened as it stands there and only to be read. Thread: one owner.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/status.h"

namespace moot {

class OpenedCopy {
 public:
  // kMissing when there is no such copy, kCorrupt when it cannot be opened.
  static Result<std::unique_ptr<OpenedCopy>> open(const std::filesystem::path& folder, std::uint32_t number);
  ~OpenedCopy();

  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* family(const std::string& name) const;  // nullptr when there is none

 private:
  OpenedCopy() = default;
  // It knows where the tables that copies share are; the database needs it to its end.
  rocksdb::BackupInfo info_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

}  // namespace moot
