// The RocksDB under the log: its column families, opened with the settings that durability and speed ask for.
//
//   "default"  "format" -> "moot-log 4"                     until its first group, an older one says its own still
//   "blocks"   first offset:be64 -> block     (block.h)     "heads"  first offset:be64 -> head  (block.h)
//   "spans"    end offset:be64 -> checksum:be64 v1::Span    one for at least 1,024 events; the tail has none yet
//   "ids"      the index of keys (id_index.h): derived from the heads, and made again from them where it lacks any
//
// Blocks, heads and spans are written with keys that only grow, in one synced WriteBatch for each group; nothing else
// is in the commit path. Nothing is ever deleted.
//
// The write-ahead log is recovered in kPointInTimeRecovery: where it stops making sense it ends, and nothing after that
// is taken, so that a log is always a prefix of what was written. A power cut may leave parts of an unsynced write out
// of order, which must not keep a log shut; but RocksDB alone would also drop what was acknowledged, and without a
// word. Therefore whoever opens a log for writing says how far it was acknowledged, and that is looked up read-only
// before a byte is written. A missing or shortened file of the write-ahead log is found by its name and size in the
// manifest.
//
// Format 3 is format 2 with digests of what was said that a program of before would take for those of other events
// (event_content.h): it must not open such a log. The audit log, which has none, becomes one likewise. Format 4 is
// format 3 with other digests in the chain of blocks (chain.h).
//
// What is sealed does not compress, and an uncompressed file can be searched for what must not be in it: no
// compression. Flush and compaction go past the page cache where the file system can (1.4 to 1.6 times the rate: they
// no longer throw out what the log itself needs).
//
// Thread: opened and closed by the log's owner; RocksDB itself may be used from any.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

class LogDatabase {
 public:
  // Makes it where there is none. kCorrupt names what is wrong; nothing is repaired or deleted.
  static Result<std::unique_ptr<LogDatabase>> open(const std::filesystem::path& folder);
  // As it stands, without writing a byte: what has not been flushed is replayed in memory only.
  static Result<std::unique_ptr<LogDatabase>> open_to_read(const std::filesystem::path& folder);
  // kInvalid, by name, when the database in the folder says that it is of another format: one that has other families
  // opens no further. Ok where that cannot be told.
  static Status check_format_of(const std::filesystem::path& folder);
  ~LogDatabase();

  const std::filesystem::path& folder() const { return folder_; }
  rocksdb::DB& db() const { return *db_; }
  rocksdb::ColumnFamilyHandle* meta() const { return families_[0]; }
  rocksdb::ColumnFamilyHandle* blocks() const { return families_[1]; }
  rocksdb::ColumnFamilyHandle* heads() const { return families_[2]; }
  rocksdb::ColumnFamilyHandle* spans() const { return families_[3]; }
  rocksdb::ColumnFamilyHandle* ids() const { return families_[4]; }
  // Writes a group, synced. The first that is written to a log of an earlier format makes it one of this.
  rocksdb::Status write(rocksdb::WriteBatch& group);

  // For tables that are made outside and taken in: as "ids" wants them.
  rocksdb::Options ids_options() const;
  const rocksdb::Statistics& statistics() const { return *statistics_; }

  Status status(const rocksdb::Status& status, std::string_view doing) const;

 private:
  explicit LogDatabase(std::filesystem::path folder);
  Status open_with(bool read_only);
  Status check_format(bool may_write);

  const std::filesystem::path folder_;
  const std::shared_ptr<rocksdb::Statistics> statistics_;
  const std::shared_ptr<rocksdb::Cache> cache_;      // of blocks, heads, spans and meta
  const std::shared_ptr<rocksdb::Cache> ids_cache_;  // of the index: its filters above all
  std::unique_ptr<rocksdb::Env> disk_;               // only where the list of tables has a torn end (table_list.h)
  std::unique_ptr<rocksdb::DB> db_;
  bool is_of_format_before_ = false;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
};

inline rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace moot
