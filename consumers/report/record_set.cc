#include "consumers/report/record_set.h"

#include <set>

#include "broker/core/event_rules.h"

namespace moot {

const v1::Event* RecordState::just_before(Instant instant) const {
  for (const v1::Event* version : versions) {
    if (from_proto(version->envelope().time()) >= instant) continue;
    return stage_name(version->facts()) == "withdrawn" ? nullptr : version;
  }
  return nullptr;
}

std::vector<const v1::Event*> RecordState::stages() const {
  std::vector<const v1::Event*> latest;
  std::set<std::string_view> seen;
  for (const v1::Event* version : versions)
    if (stage_name(version->facts()) != "withdrawn" && seen.insert(version->envelope().type()).second)
      latest.push_back(version);
  return latest;
}

RecordSet::RecordSet(Instant as_at, std::unique_ptr<google::protobuf::Arena> arena, std::vector<RecordState> records,
                     int loaded_later, DatedAheadBy dated_ahead)
    : as_at_(as_at),
      arena_(std::move(arena)),
      records_(std::move(records)),
      loaded_later_(loaded_later),
      dated_ahead_(std::move(dated_ahead)) {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    for (const v1::Event* version : records_[i].versions) {
      const v1::Envelope& envelope = version->envelope();
      by_id_.try_emplace(envelope.source() + "\n" + envelope.id(), i);
      if (!envelope.record().empty()) by_id_.try_emplace(envelope.source() + "\n" + envelope.record(), i);
    }
  }
}

std::optional<std::size_t> RecordSet::find(const v1::Link& link) const {
  const auto found = by_id_.find(link.source() + "\n" + link.id());
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace moot
