// Why a RocksDB database is not opened, for whoever has to mend it: which file, and RocksDB's own words last.
// kDisk: the disk does not do what is asked of it. kCorrupt: what is there is not what was written, or part of it is
// missing. Thread: a pure function.
#pragma once

#include <rocksdb/status.h>

#include <filesystem>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// `what`: "the log".
Status not_opened(const std::filesystem::path& folder, std::string_view what, const rocksdb::Status& status);

// kCorrupt where a database has lost its CURRENT, which is synced before anything is written to one: RocksDB would make
// a new database in its place, and delete the tables of the old one. To be asked before one may be made.
Status check_none_is_lost(const std::filesystem::path& folder, std::string_view what);

}  // namespace moot
