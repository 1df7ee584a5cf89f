#include "tests/simulation/model.h"

#include <algorithm>

#include "broker/core/calendar.h"

namespace moot::simulation {

namespace {

constexpr Span kWithin{1'100'000};  // a change counts for live sessions within a second
constexpr std::int64_t kCreditMax = 64 * 1024 * 1024;
constexpr std::int64_t kOneEvent = 8 * 1024;  // credit may be overdrawn by one event, and here none is larger

template <typename List>
bool has(const List& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

void Model::synced(const SealedRecord& record, Offset offset) {
  v1::StoredEvent event;
  MOOT_CHECK(event.ParseFromString(record.bytes));
  const v1::Envelope& envelope = event.envelope();
  if (offset.value != stored_.size() || envelope.offset() != offset.value)
    find("G2: offset " + std::to_string(offset.value) + " is not the next one");
  if (!keys_.emplace(envelope.source(), envelope.id()).second)
    find("G3: " + envelope.source() + " " + envelope.id() + " has a second offset, " + std::to_string(offset.value));
  if (!envelope.source().starts_with("/" + envelope.agency() + "/"))
    find("G8: " + envelope.agency() + " published as " + envelope.source());
  const auto revoked = revoked_.find(envelope.agency());
  if (revoked != revoked_.end() && timeline_.passed() > revoked->second)
    find("G8: an event of " + envelope.agency() + " was taken after its key was revoked");
  if (event.facts().has_governance()) governance_.push_back(stored_.size());
  stored_.push_back(
      {envelope.source(), envelope.id(), envelope.agency(), event.facts().governance(), timeline_.passed()});
}

void Model::arrived(const std::string& peer, std::string_view header) {
  v1::Request request;
  if (!request.ParseFromArray(header.data(), static_cast<int>(header.size()))) return;
  if (request.has_consume()) {
    Reading& reading = readings_[{peer, request.number()}];
    reading.credit = std::min<std::int64_t>(kCreditMax, static_cast<std::int64_t>(request.consume().credit_bytes()));
    reading.through = request.consume().from_offset();
    reading.purpose = request.consume().purpose();
  }
  if (!request.has_credit()) return;
  for (auto& [key, reading] : readings_)
    if (key.first == peer) reading.credit += static_cast<std::int64_t>(request.credit().bytes());
}

void Model::sent(const std::string& connection, const std::string& peer, const v1::Reply& reply,
                 const std::vector<std::string>& events, Offset end) {
  if (!reply.has_batch()) return;
  const std::string reader = connection.substr(0, connection.find('/'));
  const auto revoked = revoked_.find(reader);
  if (revoked != revoked_.end() && timeline_.passed() > revoked->second + kWithin)
    find("G8: " + reader + " was sent events after its key was revoked");
  const auto found = readings_.find({peer, reply.number()});
  if (found == readings_.end()) return find("G5: a batch that nobody asked for");
  Reading& reading = found->second;
  std::int64_t bytes = 0;
  for (const std::string& event : events) bytes += static_cast<std::int64_t>(event.size());
  if (reading.credit <= 0 || bytes > reading.credit + kOneEvent)
    find("G9: " + reader + " was sent " + std::to_string(bytes) + " bytes with a credit of " +
         std::to_string(reading.credit));
  reading.credit -= bytes;
  if (reading.credit <= 0 && reply.batch().through_offset() < end.value) ++faults_.credit_pauses;
  for (const std::string& bytes_of : events) {
    v1::Event event;
    MOOT_CHECK(event.ParseFromString(bytes_of));
    check_event(reader, reading, event);
    reading.through = event.envelope().offset() + 1;
  }
  if (reply.batch().through_offset() < reading.through) find("G5: a batch goes on before its last event");
  reading.through = reply.batch().through_offset();
}

void Model::check_event(const std::string& reader, const Reading& reading, const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  if (envelope.offset() < reading.through || envelope.offset() >= stored_.size())
    return find("G5: " + reader + " was sent offset " + std::to_string(envelope.offset()) + " after " +
                std::to_string(reading.through) + ", of " + std::to_string(stored_.size()) + " that are stored");
  const Stored& stored = stored_[envelope.offset()];
  if (stored.source != envelope.source() || stored.id != envelope.id())
    return find("G2: " + reader + " was sent " + envelope.id() + " for offset " + std::to_string(envelope.offset()));
  const Span now = timeline_.passed();
  const Span before = std::max(Span(0), now - kWithin);
  const int allowed =
      std::max(may_see(reader, reading.purpose, stored, now), may_see(reader, reading.purpose, stored, before));
  if (static_cast<int>(shown_of(event)) > allowed)
    find("G8: " + reader + " was shown too much of " + envelope.source() + " " + envelope.id());
}

// A clause, at that time; its agreement may have ended, at once or on a day.
bool Model::in_force(const Stored& clause, Span at) const {
  const v1::Governance& said = clause.governance;
  const std::string day = to_iso(local_date(Instant{timeline_.now().us - (timeline_.passed() - at).count()}));
  if (clause.at > at || said.starts() > day || (!said.ends().empty() && said.ends() <= day)) return false;
  return std::none_of(governance_.begin(), governance_.end(), [&](std::size_t place) {
    const Stored& other = stored_[place];
    return other.governance.stage() == v1::Governance::AGREEMENT_ENDED && other.at <= at &&
           other.governance.definition() == said.definition() && other.governance.ends() <= day;
  });
}

int Model::may_see(const std::string& reader, const std::string& purpose, const Stored& event, Span at) const {
  constexpr int kAll = static_cast<int>(Shown::kContent);
  if (reader == kOperator || reader == event.agency) return kAll;
  int most = -1;
  bool any_signed = false;
  for (const std::size_t place : governance_) {
    const v1::Governance& said = stored_[place].governance;
    if (said.stage() != v1::Governance::AGREEMENT_SIGNED) continue;
    any_signed = any_signed || stored_[place].at <= at;
    if (!has(said.readers(), reader) || !has(said.providers(), event.agency)) continue;
    if ((!said.purposes().empty() && !has(said.purposes(), purpose)) || !in_force(stored_[place], at)) continue;
    most = std::max(most, said.grade() == "content" ? 2 : said.grade() == "identity" ? 1 : 0);
  }
  return reader == kCasebook && !any_signed ? kAll : most;
}

std::vector<Seen> Model::view_of(const Reader& reader) const {
  std::vector<Seen> view;
  const auto& wanted = reader.habits().filter.agencies();
  for (std::size_t offset = 0; offset < stored_.size(); ++offset) {
    const Stored& event = stored_[offset];
    const int seen = may_see(reader.agency(), reader.habits().purpose, event, timeline_.passed());
    if (seen < 0 || (!wanted.empty() && !has(wanted, event.agency))) continue;
    view.push_back({offset, event.source, event.id, static_cast<Shown>(seen)});
  }
  return view;
}

void Model::check_acked(const Publisher& publisher) {
  for (std::size_t place = 0; place < publisher.list().size(); ++place) {
    const std::optional<Offset>& offset = publisher.offsets()[place];
    if (!offset) continue;
    const v1::Envelope& envelope = publisher.list()[place].event.envelope();
    const bool there = offset->value < stored_.size() && stored_[offset->value].source == envelope.source() &&
                       stored_[offset->value].id == envelope.id();
    if (!there)
      find("G1: " + envelope.id() + " of " + publisher.file() + " was acknowledged at offset " +
           std::to_string(offset->value) + ", and is not there");
  }
}

}  // namespace moot::simulation
