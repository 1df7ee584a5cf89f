#include "broker/sealed_event.h"

namespace moot {

namespace {

// No field can hold a line feed (event_rules): the parts cannot run into each other.
std::string binding(const v1::Envelope& envelope, std::uint64_t key_number, std::string_view place) {
  std::string bound_to = envelope.source() + "\n" + envelope.id() + "\n" + std::to_string(key_number);
  if (!place.empty()) bound_to.append("\n").append(place);
  return bound_to;
}

std::string place_of_person(int index) { return "person " + std::to_string(index); }
constexpr std::string_view kRest = "rest";

Status seal_part(const v1::Envelope& envelope, const std::string& plain, std::uint64_t key_number,
                 std::string_view place, const KeyStore& keys, v1::SealedPart& part) {
  const Result<Key> key = keys.find(key_number);
  if (!key.ok()) return key.status();
  part.set_key_number(key_number);
  part.set_sealed(seal(*key, plain, binding(envelope, key_number, place)));
  return {};
}

Result<std::string> open_part(const v1::Envelope& envelope, const v1::SealedPart& part, std::string_view place,
                              const KeyStore& keys) {
  const Result<Key> key = keys.find(part.key_number());
  if (!key.ok()) return key.status();
  Result<std::string> plain = unseal(*key, part.sealed(), binding(envelope, part.key_number(), place));
  if (!plain.ok())
    return plain.status().with("the personal part of the event at offset " + std::to_string(envelope.offset()));
  return plain;
}

Status unreadable(const v1::Envelope& envelope) {
  return Status(Code::kCorrupt,
                "the personal part of the event at offset " + std::to_string(envelope.offset()) + " cannot be read");
}

// A log of format 1: the whole personal part under one key, its place not named.
Status open_format_1(const v1::StoredEvent& stored, const KeyStore& keys, v1::Personal& personal) {
  v1::SealedPart part;
  part.set_key_number(stored.key_number());
  part.set_sealed(stored.sealed_personal());
  const Result<std::string> plain = open_part(stored.envelope(), part, "", keys);
  if (!plain.ok()) return plain.status();
  return personal.ParseFromString(*plain) ? Status() : unreadable(stored.envelope());
}

}  // namespace

bool has_sealed_part(const v1::StoredEvent& stored) {
  return stored.people_size() > 0 || stored.has_rest() || !stored.sealed_personal().empty();
}

bool has_more_than_people(const v1::Personal& personal) {
  return personal.places_size() + personal.texts_size() > 0 ||
         !personal.GetReflection()->GetUnknownFields(personal).empty();
}

Status seal_event(v1::Event& event, const EventKeys& numbers, const KeyStore& keys, v1::StoredEvent& stored) {
  MOOT_CHECK(numbers.people.size() == static_cast<std::size_t>(event.personal().people_size()));
  stored.mutable_envelope()->Swap(event.mutable_envelope());
  stored.mutable_facts()->Swap(event.mutable_facts());
  std::string plain;
  for (int i = 0; i < event.personal().people_size(); ++i) {
    event.personal().people(i).SerializeToString(&plain);
    MOOT_RETURN_IF_ERROR(seal_part(stored.envelope(), plain, numbers.people[static_cast<std::size_t>(i)],
                                   place_of_person(i), keys, *stored.add_people()));
  }
  event.mutable_personal()->clear_people();
  if (!has_more_than_people(event.personal())) return {};
  event.personal().SerializeToString(&plain);
  return seal_part(stored.envelope(), plain, numbers.rest, kRest, keys, *stored.mutable_rest());
}

Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys) {
  v1::Event event;
  *event.mutable_envelope() = stored.envelope();
  *event.mutable_facts() = stored.facts();
  if (!has_sealed_part(stored)) return event;
  v1::Personal& personal = *event.mutable_personal();
  if (stored.has_rest()) {
    const Result<std::string> plain = open_part(stored.envelope(), stored.rest(), kRest, keys);
    if (!plain.ok()) return plain.status();
    if (!personal.ParseFromString(*plain)) return unreadable(stored.envelope());
  }
  for (int i = 0; i < stored.people_size(); ++i) {
    const Result<std::string> plain = open_part(stored.envelope(), stored.people(i), place_of_person(i), keys);
    if (!plain.ok()) return plain.status();
    if (!personal.add_people()->ParseFromString(*plain)) return unreadable(stored.envelope());
  }
  if (!stored.sealed_personal().empty()) MOOT_RETURN_IF_ERROR(open_format_1(stored, keys, personal));
  return event;
}

}  // namespace moot
