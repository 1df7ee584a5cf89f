#include "broker/log/log_backup.h"

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/log_database.h"
#include "broker/log/opened_copy.h"

namespace moot {

Result<LogEnd> end_of_log_copy(const std::filesystem::path& folder, std::uint32_t number) {
  const Result<std::unique_ptr<OpenedCopy>> copy = OpenedCopy::open(folder, number);
  if (!copy.ok()) return copy.status();
  const auto corrupt = [&](std::string_view what) {
    return Status(Code::kCorrupt, folder.string() + ": copy " + std::to_string(number) + ": " + std::string(what));
  };
  rocksdb::ColumnFamilyHandle* const blocks = (*copy)->family("blocks");
  if (blocks == nullptr) return corrupt("holds no log");
  const std::unique_ptr<rocksdb::Iterator> entry((*copy)->db().NewIterator(rocksdb::ReadOptions(), blocks));
  entry->SeekToLast();
  if (!entry->status().ok()) return corrupt("the last block cannot be read: " + entry->status().ToString());
  if (!entry->Valid()) return LogEnd();
  const Result<std::vector<std::string_view>> records = records_of(view(entry->value()));
  if (!records.ok()) return corrupt(records.status().message());
  if (records->empty()) return corrupt("the last block is empty");
  return LogEnd{Offset{from_be(view(entry->key())) + records->size()}, std::string(records->back())};
}

}  // namespace moot
