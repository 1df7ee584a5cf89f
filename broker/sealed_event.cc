#include "broker/sealed_event.h"

namespace moot {

namespace {

std::string binding(const v1::Envelope& envelope, std::uint64_t key_number) {
  // No field can hold a line feed (event_rules): the parts cannot run into each other.
  return envelope.source() + "\n" + envelope.id() + "\n" + std::to_string(key_number);
}

}  // namespace

Result<v1::StoredEvent> seal_event(const v1::Event& event, std::uint64_t key_number, KeyStore& keys) {
  v1::StoredEvent stored;
  *stored.mutable_envelope() = event.envelope();
  *stored.mutable_facts() = event.facts();
  const std::string personal = event.personal().SerializeAsString();
  if (personal.empty()) return stored;
  const Result<Key> key = keys.make(key_number);
  if (!key.ok()) return key.status();
  stored.set_key_number(key_number);
  stored.set_sealed_personal(seal(*key, personal, binding(event.envelope(), key_number)));
  return stored;
}

Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys) {
  v1::Event event;
  *event.mutable_envelope() = stored.envelope();
  *event.mutable_facts() = stored.facts();
  if (stored.sealed_personal().empty()) return event;
  const Result<Key> key = keys.find(stored.key_number());
  if (!key.ok()) return key.status();
  const Result<std::string> personal =
      unseal(*key, stored.sealed_personal(), binding(stored.envelope(), stored.key_number()));
  if (!personal.ok())
    return personal.status().with("the personal part of the event at offset " +
                                  std::to_string(stored.envelope().offset()));
  if (!event.mutable_personal()->ParseFromString(*personal))
    return Status(Code::kCorrupt, "the personal part of an event cannot be read");
  return event;
}

}  // namespace moot
