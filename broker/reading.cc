#include "broker/reading.h"

#include "broker/access/entitlement.h"
#include "broker/core/filter.h"
#include "broker/sealed_event.h"

namespace moot {

Result<Reading::Portion> Reading::next(const AgencyId& reader, const v1::Filter& filter, Offset from,
                                       std::size_t bytes_max) const {
  Portion portion;
  portion.through = from;
  const Result<std::vector<StoredRecord>> records = log_.read(from, kRecordsMax, bytes_max);
  if (!records.ok()) return records.status();
  for (const StoredRecord& record : *records) {
    v1::StoredEvent stored;
    if (!stored.ParseFromString(record.bytes))
      return Status(Code::kCorrupt, "the event at offset " + std::to_string(record.offset.value) + " cannot be read");
    portion.through = Offset{record.offset.value + 1};
    if (grade_of(reader, stored.envelope()) != Grade::kContent) continue;
    if (!matches(filter, stored.envelope(), stored.facts())) continue;
    const Result<v1::Event> event = open_event(stored, keys_);
    if (!event.ok()) return event.status();
    portion.events.push_back(event->SerializeAsString());
    portion.bytes += portion.events.back().size();
  }
  return portion;
}

}  // namespace moot
