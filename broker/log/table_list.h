// RocksDB's list of the tables in use (MANIFEST-n): edits, each of which says which tables came and which went.
//
// Edits are written, several at a time, and then synced. A power cut may leave some sectors of such a write and not
// others. RocksDB leaves off an end that is cut short, but will not open a database whose list has a hole near its end.
// Here a database is opened with its list up to where it is no longer as it was written, and check_list tells whether
// that is right: what an edit is about is still in the write-ahead log, or in the tables that were merged, until the
// edit is synced. Where it is not, the list was damaged.
//
// Thread: one caller.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "broker/core/status.h"
#include "broker/log/write_ahead.h"

namespace moot {

// kMissing when there is no database.
Result<std::filesystem::path> list_of_tables(const std::filesystem::path& folder);

// What of the list is not as it was written; nothing when all of it is, or there is no list. kDisk.
Result<TornEnd> torn_end_of_list(const std::filesystem::path& folder);

// The disk, but for the list, which ends where `torn` begins. Must outlive the database opened with it.
std::unique_ptr<rocksdb::Env> without_torn_end(const TornEnd& torn);

// kCorrupt when the list has a torn end and a table that is not on what is left of it holds something that the database
// does not. Looks at the tables of `families` alone.
Status check_list(const std::filesystem::path& folder, rocksdb::DB& as_it_stands,
                  const std::vector<rocksdb::ColumnFamilyHandle*>& families);

}  // namespace moot
