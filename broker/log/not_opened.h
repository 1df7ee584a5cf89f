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

}  // namespace moot
