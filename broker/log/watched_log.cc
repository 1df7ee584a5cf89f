#include "broker/log/watched_log.h"

#include "broker/log/log_format_1.h"
#include "broker/log/log_look.h"

namespace moot {

namespace {

// Of a log: kMissing is an answer too, where it holds nothing.
Status check_marked(const EventLog& log, const std::filesystem::path& watermark_file, const Result<Offset>& mark) {
  if (mark.ok() || log.end_offset() == Offset{0}) return {};
  return Status(Code::kCorrupt, watermark_file.string() + ": is missing or empty, although there is a log; how far " +
                                    "it was acknowledged is not known; nothing is touched");
}

}  // namespace

Result<LogSeen> WatchedLog::look(const std::filesystem::path& folder, const std::filesystem::path& watermark_file) {
  const Result<Offset> acknowledged = Watermark::value_in(watermark_file);
  if (!acknowledged.ok() && acknowledged.status().code() != Code::kMissing) return acknowledged.status();
  if (is_log_of_format_1(folder)) return LogSeen{};
  Result<LogSeen> seen = look_at_rocksdb_event_log(folder, acknowledged.ok() ? *acknowledged : Offset{});
  if (!seen.ok() || seen->log == nullptr) return seen;
  MOOT_RETURN_IF_ERROR(check_marked(*seen->log, watermark_file, acknowledged));
  return seen;
}

Result<WatchedLog> WatchedLog::open(const std::filesystem::path& folder, const std::filesystem::path& watermark_file) {
  Result<LogSeen> seen = look(folder, watermark_file);
  if (!seen.ok()) return seen.status();
  return open(folder, watermark_file, std::move(*seen));
}

Result<WatchedLog> WatchedLog::open(const std::filesystem::path& folder, const std::filesystem::path& watermark_file,
                                    LogSeen seen) {
  const Result<Offset> acknowledged = Watermark::value_in(watermark_file);
  if (!acknowledged.ok() && acknowledged.status().code() != Code::kMissing) return acknowledged.status();
  // Of a log of an older format nothing is seen before it is one of today's.
  Result<std::unique_ptr<EventLog>> log =
      seen.log != nullptr ? open_rocksdb_event_log(folder, std::move(seen))
                          : open_rocksdb_event_log(folder, acknowledged.ok() ? *acknowledged : Offset{});
  if (!log.ok()) return log.status();
  WatchedLog opened;
  opened.log = std::move(*log);
  // Seen before, and asked again of what is to be written to.
  if (acknowledged.ok() && opened.log->end_offset() < *acknowledged)
    return ends_too_early(folder, opened.log->end_offset(), *acknowledged, TornEnd{});
  MOOT_RETURN_IF_ERROR(check_marked(*opened.log, watermark_file, acknowledged));
  Result<Watermark> watermark = Watermark::open(watermark_file);
  if (!watermark.ok()) return watermark.status();
  opened.watermark = std::make_unique<Watermark>(std::move(*watermark));
  MOOT_RETURN_IF_ERROR(opened.raise_watermark());
  return opened;
}

}  // namespace moot
