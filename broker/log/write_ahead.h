// What a RocksDB's write-ahead log holds beyond what RocksDB takes of it (kPointInTimeRecovery: where it stops making
// sense it ends). Every group is synced before the next is written, so a crash can tear the last group only:
//
//   the last group is torn      it was never acknowledged: it is dropped, and that is said
//   a later group is sound      no crash does that: the file was damaged, and acknowledged writes would be dropped
//
// What nobody can tell apart is a damaged last group from a torn one: the watermark does, where it had been raised.
// Thread: one caller; the database is open to be read and nobody writes.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "broker/core/status.h"

namespace moot {

struct TornEnd {
  std::filesystem::path file;
  std::uint64_t from = 0;   // where in the file
  std::uint64_t bytes = 0;  // 0: nothing is torn
};

// kCorrupt, naming file and place, when there are sound writes that RocksDB would drop.
Result<TornEnd> check_write_ahead(const std::filesystem::path& folder, rocksdb::DB& as_it_stands);

// To be called once a database is opened for writing, before the first write. A file whose very first group is torn
// gives RocksDB nothing to put into tables, so it leaves the file where it is and on its list: with the next write
// there would be a sound group behind a torn one, which check_write_ahead must refuse. This makes RocksDB put the list
// in order; nothing that can be read changes, and a crash in the middle of it leaves what was there. kDisk.
Status let_go_of_torn_files(const std::filesystem::path& folder, rocksdb::DB& opened);

// For the sentence when RocksDB refuses without saying where: the first place of the write-ahead log or of the list of
// tables that is not as it was written, "FILE: from byte N on"; empty when there is none.
std::string damaged_place(const std::filesystem::path& folder);

}  // namespace moot
