// What can be saved of a damaged log: every block that is as it was written, in order, wherever it stands. The damaged
// log is read only.
//
// What is given out is dense: where events are lost those behind them move up, and take the offsets that have become
// free. Thread: one caller; a large log takes minutes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/log/event_log.h"

namespace moot {

struct LogSalvage {
  std::uint64_t saved = 0;
  std::vector<OffsetRange> lost;   // offsets of the damaged log
  std::vector<std::string> notes;  // sentences
};

struct LogSalvageCalls {
  std::function<EventKey(std::string_view bytes)> key_of;
  // The event as a record for `to`: bytes, tags, key. `content` too where there is none yet (its head is lost). An
  // error is noted, and the event is lost.
  std::function<Result<SealedRecord>(Offset from, Offset to, std::string_view bytes, const Digest* content)> make;
  std::function<Status(std::span<const SealedRecord>)> append;
  std::function<void(std::uint64_t saved)> progress;
};

// `acknowledged`: how far the log should reach. An error is one of append's.
Result<LogSalvage> salvage_log(const std::filesystem::path& folder, Offset acknowledged, const LogSalvageCalls& calls);

}  // namespace moot
