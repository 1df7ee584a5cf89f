#include "broker/log/watched_log.h"

namespace moot {

Result<WatchedLog> WatchedLog::open(const std::filesystem::path& folder, const std::filesystem::path& watermark_file) {
  const Result<Offset> acknowledged = Watermark::value_in(watermark_file);
  const bool marked = acknowledged.status().code() != Code::kMissing;
  if (!acknowledged.ok() && marked) return acknowledged.status();
  Result<std::unique_ptr<EventLog>> log = open_rocksdb_event_log(folder, acknowledged.ok() ? *acknowledged : Offset{});
  if (!log.ok()) return log.status();
  WatchedLog opened;
  opened.log = std::move(*log);
  const Offset end = opened.log->end_offset();
  if (end > Offset{0} && !marked)
    return Status(Code::kCorrupt, watermark_file.string() + ": is missing or empty, although there is a log; how far " +
                                      "it was acknowledged is not known");
  Result<Watermark> watermark = Watermark::open(watermark_file);
  if (!watermark.ok()) return watermark.status();
  opened.watermark = std::make_unique<Watermark>(std::move(*watermark));
  if (end < opened.watermark->value())
    return Status(Code::kCorrupt, folder.string() + ": ends at offset " + std::to_string(end.value) +
                                      ", but everything before offset " +
                                      std::to_string(opened.watermark->value().value) +
                                      " was acknowledged; nothing is touched");
  MOOT_RETURN_IF_ERROR(opened.raise_watermark());
  return opened;
}

}  // namespace moot
