#include "broker/log_walk.h"

#include <algorithm>

namespace moot {

namespace {

constexpr std::size_t kReadAtOnce = 1000;
constexpr std::size_t kReadBytes = 1024 * 1024;

}  // namespace

Status walk_log(const EventLog& log, const v1::Filter& filter,
                const std::function<Status(const v1::StoredEvent&)>& look) {
  v1::StoredEvent stored;
  for (Offset at; at < log.end_offset();) {
    const Result<OffsetRange> range = log.candidates(at, filter);
    if (!range.ok()) return range.status();
    at = range->from;
    while (at < range->to) {
      const std::size_t most = std::min<std::size_t>(kReadAtOnce, range->to.value - at.value);
      const Result<std::vector<StoredRecord>> records = log.read(at, most, kReadBytes);
      if (!records.ok()) return records.status();
      for (const StoredRecord& record : *records) {
        if (!stored.ParseFromString(record.bytes))
          return Status(Code::kCorrupt,
                        "the event at offset " + std::to_string(record.offset.value) + " cannot be read");
        MOOT_RETURN_IF_ERROR(look(stored));
        at = Offset{record.offset.value + 1};
      }
    }
  }
  return {};
}

}  // namespace moot
