// Saves what can be saved of a damaged data directory into a new one beside it (`moot repair`). The damaged one is read
// only: nothing in it is changed or deleted.
//
//   log        every block that is as it was written, in order; where events are lost those behind them move up
//   audit      likewise every entry of the audit log, and one that tells of the repair
//   inbox      every item that still opens
//   watermark  the end of what was saved
//   moot.id    the same, so that the key directory is the same; the small files (data_folder.h): as they are
//   spool      not its own: see deploy/spools.h
//   views      not taken over: they are made again from the log
//
// It is made in TO.repairing/whole (staging.h), which the next repair begins anew when this one is killed. In the end
// the new directory is looked over (data_check.h). Thread: one caller; a large log takes minutes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/data_check.h"
#include "broker/log/event_log.h"

namespace moot {

struct DataRepair {
  std::uint64_t events = 0;
  std::uint64_t inbox_items = 0;
  std::uint64_t inbox_lost = 0;
  std::uint64_t audit_entries = 0;
  std::uint64_t audit_lost = 0;
  std::vector<OffsetRange> lost;     // offsets of the damaged log
  std::optional<Offset> moved_from;  // of the damaged log: events from here on have other offsets now
  std::vector<std::string> notes;    // sentences
  DataCheck check;                   // of the new directory

  bool complete() const { return lost.empty() && inbox_lost == 0 && audit_lost == 0 && check.ok(); }
};

// kInvalid when it is no data directory, kExists when a broker runs on it or `to` is not empty, kMissing without keys.
Result<DataRepair> repair_data(const std::filesystem::path& data, const std::filesystem::path& keys,
                               const std::filesystem::path& to,
                               const std::function<void(std::uint64_t events)>& progress);

}  // namespace moot
