#include "broker/reading.h"

#include <algorithm>

#include "broker/access/entitlement.h"
#include "broker/core/filter.h"
#include "broker/sealed_event.h"

namespace moot {

Result<Reading::Portion> Reading::next(const AgencyId& reader, const v1::Filter& filter, Offset from,
                                       std::size_t bytes_max) const {
  Portion portion;
  portion.through = from;
  for (std::size_t considered = 0, looks = 0; considered < kRecordsMax && looks < kLooksMax; ++looks) {
    const Result<OffsetRange> range = log_.candidates(portion.through, filter);
    if (!range.ok()) return range.status();
    portion.through = range->from;
    if (range->from >= log_.end_offset() || portion.bytes >= bytes_max) break;
    const std::size_t most = std::min<std::size_t>(kRecordsMax - considered, range->to.value - range->from.value);
    const Result<std::vector<StoredRecord>> records = log_.read(range->from, most, bytes_max - portion.bytes);
    if (!records.ok()) return records.status();
    considered += records->size();
    for (const StoredRecord& record : *records) MOOT_RETURN_IF_ERROR(consider(record, reader, filter, portion));
  }
  return portion;
}

Status Reading::consider(const StoredRecord& record, const AgencyId& reader, const v1::Filter& filter,
                         Portion& portion) const {
  v1::StoredEvent stored;
  if (!stored.ParseFromString(record.bytes))
    return Status(Code::kCorrupt, "the event at offset " + std::to_string(record.offset.value) + " cannot be read");
  portion.through = Offset{record.offset.value + 1};
  if (grade_of(reader, stored.envelope()) != Grade::kContent) return {};
  if (!matches(filter, stored.envelope(), stored.facts())) return {};
  const Result<v1::Event> event = open_event(stored, keys_);
  if (!event.ok()) return event.status();
  portion.events.push_back(event->SerializeAsString());
  portion.bytes += portion.events.back().size();
  return {};
}

}  // namespace moot
