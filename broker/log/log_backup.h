// What a copy of a log (database_backup.h) holds, read from the copy as it stands. Thread: one caller.
#pragma once

#include <filesystem>
#include <string>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

struct LogEnd {
  Offset end;               // one past the last event
  std::string last_record;  // its bytes; empty when there is no event
};

// kCorrupt when the last block is not what was written.
Result<LogEnd> end_of_log_copy(const std::filesystem::path& folder, std::uint32_t number);

}  // namespace moot
