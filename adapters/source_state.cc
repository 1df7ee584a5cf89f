#include "adapters/source_state.h"

#include <algorithm>
#include <memory>

#include "broker/core/event_rules.h"

namespace moot {

namespace {

constexpr std::string_view kWithdrawn = "withdrawn";

void erase(v1::Person& person) {
  const std::string role = person.role();
  person.Clear();
  person.set_role(role);
}

// Of a record's version. The first is called by the record's key alone, unless that reads like a version of another
// record: "A/1" is of record "A", so record "A/1" begins with "A/1/0".
std::string id_of(const std::string& key, std::uint64_t number) {
  const std::size_t digits = key.find_last_not_of("0123456789");
  const bool like_a_version = digits != std::string::npos && key[digits] == '/' && digits + 1 < key.size();
  return number == 0 && !like_a_version ? key : key + "/" + std::to_string(number);
}

// What it says, whichever version it is and however it was sent.
Digest said_by(v1::Event event, const std::vector<bool>& erased_people, bool erased_rest) {
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.clear_id();
  envelope.clear_record();
  envelope.clear_revision();
  envelope.clear_agency();
  envelope.clear_offset();
  envelope.clear_recorded_time();
  envelope.clear_backfill();
  envelope.clear_traceparent();
  for (int i = 0; i < event.personal().people_size(); ++i)
    if (static_cast<std::size_t>(i) < erased_people.size() && erased_people[static_cast<std::size_t>(i)])
      erase(*event.mutable_personal()->mutable_people(i));
  if (erased_rest) {
    event.mutable_personal()->clear_places();
    event.mutable_personal()->clear_texts();
    event.mutable_personal()->clear_erased();
  }
  if (event.personal().ByteSizeLong() == 0) event.clear_personal();
  return keyed_digest(Key{}, event.SerializeAsString());  // it holds no maps: the bytes follow from what it says
}

}  // namespace

OwnEvents own_events_of(const KeyFile& key, std::int64_t timeout_ms) {
  auto consumer = std::make_shared<std::unique_ptr<Consumer>>();
  return [=]() -> Result<std::vector<v1::Event>> {
    constexpr std::int64_t kStepMs = 1000;
    if (*consumer == nullptr) {
      ConsumerOptions options;
      options.purpose = "own-records";
      options.filter.add_agencies(key.agency.value());
      options.timeout_ms = timeout_ms;
      Result<std::unique_ptr<Consumer>> connected = Consumer::connect(key, options);
      if (!connected.ok()) return connected.status();
      *consumer = std::move(*connected);
    }
    for (;;) {
      Result<Delivery> delivery = (*consumer)->next(kStepMs);
      if (!delivery.ok()) return delivery.status();
      if (!delivery->events.empty() || (delivery->end != Delivery::kNotKnown && delivery->caught_up()))
        return std::move(delivery->events);
    }
  };
}

Result<SourceState> SourceState::read(const std::string& source, const OwnEvents& events) {
  SourceState state(source);
  for (;;) {
    const Result<std::vector<v1::Event>> some = events();
    if (!some.ok()) return some.status();
    if (some->empty()) return state;
    for (const v1::Event& event : *some)
      if (event.envelope().source() == source) state.take(event);
  }
}

void SourceState::take(const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  Version& latest = records_[record_of(envelope)];
  if (!latest.id.empty() && envelope.revision() < latest.number) return;
  latest.number = envelope.revision();
  latest.id = envelope.id();
  latest.withdrawn = stage_name(event.facts()) == kWithdrawn;
  latest.body = std::string(body_name(event.facts()));
  latest.area = envelope.area();
  latest.time_us = from_proto(envelope.time()).us;
  latest.erased_people.clear();
  for (const v1::Person& person : event.personal().people()) latest.erased_people.push_back(person.erased());
  latest.erased_rest = event.personal().erased();
  latest.said = said_by(event, latest.erased_people, latest.erased_rest);
}

void SourceState::number(v1::Event& event) {
  v1::Envelope& envelope = *event.mutable_envelope();
  const std::string key = envelope.id();
  const auto found = records_.find(key);
  if (found == records_.end()) {
    envelope.set_id(id_of(key, 0));
    if (envelope.id() != key) envelope.set_record(key);
    take(event);
    records_[key].seen = true;
    return;
  }
  const Version& latest = found->second;
  const bool same = !latest.withdrawn && said_by(event, latest.erased_people, latest.erased_rest) == latest.said;
  const std::uint64_t number = same ? latest.number : latest.number + 1;
  envelope.set_id(same ? latest.id : id_of(key, number));
  if (envelope.id() != key) envelope.set_record(key);
  envelope.set_revision(number);
  if (!same) take(event);
  found->second.seen = true;
}

void SourceState::seen(const std::string& key) {
  const auto found = records_.find(key);
  if (found != records_.end()) found->second.seen = true;
}

std::size_t SourceState::live() const {
  return static_cast<std::size_t>(
      std::count_if(records_.begin(), records_.end(), [](const auto& record) { return !record.second.withdrawn; }));
}

std::size_t SourceState::gone() const {
  return static_cast<std::size_t>(std::count_if(records_.begin(), records_.end(), [](const auto& record) {
    return !record.second.withdrawn && !record.second.seen;
  }));
}

std::vector<v1::Event> SourceState::withdrawals(Instant now) {
  std::vector<v1::Event> events;
  for (auto& [key, latest] : records_) {
    if (latest.withdrawn || latest.seen) continue;
    v1::Event event;
    // A body that cannot be withdrawn stays.
    const std::string type = "uk.csp." + latest.body + "." + std::string(kWithdrawn) + ".v1";
    if (!set_body_and_stage(type, *event.mutable_facts()).ok()) continue;
    v1::Envelope& envelope = *event.mutable_envelope();
    envelope.set_source(source_);
    envelope.set_type(type);
    envelope.set_record(key);
    envelope.set_revision(++latest.number);
    envelope.set_id(latest.id = id_of(key, latest.number));
    envelope.set_area(latest.area);
    *envelope.mutable_time() = to_proto(Instant{latest.time_us});
    *envelope.mutable_known_time() = to_proto(now);
    latest.withdrawn = true;
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace moot
