#include "consumers/report/record_set.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "broker/core/event_rules.h"

namespace moot {

const v1::Event& RecordState::read(const KeptVersion& version) const {
  if (version.event == nullptr) {
    auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena_);
    MOOT_CHECK(event->ParseFromArray(version.bytes.data(), static_cast<int>(version.bytes.size())));  // by ourselves
    version.event = event;
  }
  return *version.event;
}

const KeptVersion* RecordState::just_before(Instant instant) const {
  for (const KeptVersion& version : versions_)
    if (version.time < instant) return version.withdrawn ? nullptr : &version;
  return nullptr;
}

const KeptVersion* RecordState::state_by(Instant end) const {
  for (std::size_t i = 0; i < versions_.size();) {
    if (versions_[i].time < end) return versions_[i].withdrawn ? nullptr : &versions_[i];
    const std::string& stage = read(versions_[i]).envelope().type();
    do ++i;
    while (i < versions_.size() && read(versions_[i]).envelope().type() == stage);
  }
  return nullptr;
}

std::vector<const v1::Event*> RecordState::stages() const {
  std::vector<const v1::Event*> latest;
  std::set<std::string_view> seen;
  for (const KeptVersion& version : versions_)
    if (!version.withdrawn && seen.insert(read(version).envelope().type()).second) latest.push_back(version.event);
  return latest;
}

RecordSet::RecordSet(Instant as_at, std::vector<KeptVersion> versions, const std::vector<Counted>& records,
                     int loaded_later, DatedAheadBy dated_ahead)
    : as_at_(as_at),
      arena_(std::make_unique<google::protobuf::Arena>()),
      versions_(std::move(versions)),
      loaded_later_(loaded_later),
      dated_ahead_(std::move(dated_ahead)) {
  records_.reserve(records.size());
  std::span<const KeptVersion> left(versions_);
  for (const Counted& record : records) {
    const auto position = static_cast<std::uint32_t>(records_.size());
    const RecordState& state = records_.emplace_back(record.key, left.first(record.versions), arena_.get());
    left = left.subspan(record.versions);
    for (const KeptVersion& version : state.versions()) {
      MOOT_CHECK(version.body < kBodies);
      std::vector<std::uint32_t>& list = of_body_[version.body];
      if (list.empty() || list.back() != position) list.push_back(position);
    }
  }
}

std::vector<std::uint32_t> RecordSet::of_bodies(const std::vector<v1::Facts::BodyCase>& bodies) const {
  std::vector<std::uint32_t> positions;
  if (bodies.empty()) {
    positions.resize(records_.size());
    std::iota(positions.begin(), positions.end(), 0);
    return positions;
  }
  for (const v1::Facts::BodyCase body : bodies) {
    const std::vector<std::uint32_t>& list = of_body_[static_cast<std::size_t>(body)];
    positions.insert(positions.end(), list.begin(), list.end());
  }
  if (bodies.size() < 2) return positions;
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

std::optional<std::size_t> RecordSet::find(const v1::Link& link) const {
  if (by_id_.empty())
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const std::string_view key = records_[i].key();
      const std::string source(key.substr(0, key.find('\n') + 1));
      for (const KeptVersion& version : records_[i].versions()) by_id_.try_emplace(source + std::string(version.id), i);
      by_id_.try_emplace(std::string(key), i);
    }
  const auto found = by_id_.find(link.source() + "\n" + link.id());
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

}  // namespace moot
