// A log and its watermark, opened together: what was acknowledged must be there.
//
// Thread: one owner, the bus thread.
#pragma once

#include <filesystem>
#include <memory>

#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "broker/log/watermark.h"

namespace moot {

struct WatchedLog {
  std::unique_ptr<EventLog> log;
  std::unique_ptr<Watermark> watermark;  // none: a log that keeps nothing, as in memory

  // As they stand; nothing is written. kCorrupt when the log is not what was written, ends before what was
  // acknowledged, or has lost its watermark.
  static Result<LogSeen> look(const std::filesystem::path& folder, const std::filesystem::path& watermark_file);
  // Makes both where there are neither, once they are looked at. What a crash left stored without an ack counts as
  // acknowledged from now on.
  static Result<WatchedLog> open(const std::filesystem::path& folder, const std::filesystem::path& watermark_file);
  // `seen`: what a look found just before.
  static Result<WatchedLog> open(const std::filesystem::path& folder, const std::filesystem::path& watermark_file,
                                 LogSeen seen);
  // Durable when it returns ok.
  Status raise_watermark() { return watermark == nullptr ? Status() : watermark->raise(log->end_offset()); }
};

}  // namespace moot
