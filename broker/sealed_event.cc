#include "broker/sealed_event.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>

#include "broker/erasure_book.h"

namespace moot {

namespace {

// No field can hold a line feed (event_rules): the parts cannot run into each other.
class Binding {
 public:
  Binding(std::string_view source, std::string_view id) {
    text_.reserve(source.size() + id.size() + 64);
    text_.append(source).append("\n").append(id).append("\n");
    event_ = text_.size();
  }
  // Good until the next.
  std::string_view of(std::uint64_t key_number, std::string_view place) {
    text_.resize(event_);
    text_.append(std::to_string(key_number));
    if (!place.empty()) text_.append("\n").append(place);
    return text_;
  }

 private:
  std::string text_;
  std::size_t event_ = 0;  // how much of the text is the event's
};

std::string place_of_person(std::size_t index) { return "person " + std::to_string(index); }
constexpr std::string_view kRest = "rest";

// Protobuf's own encoding, written by hand so that parts already serialised are taken as they are.
constexpr std::uint32_t kVarint = 0, kLengthDelimited = 2;
constexpr std::size_t kVarintMax = 10;

void append_varint(std::string& out, std::uint64_t value) {
  std::uint8_t bytes[kVarintMax];
  const std::uint8_t* end = google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(value, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(end - bytes));
}

void append_number(std::string& out, int field, std::uint64_t value) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | kVarint);
  append_varint(out, value);
}

void append_length(std::string& out, int field, std::size_t length) {
  append_varint(out, static_cast<std::uint64_t>(field) << 3 | kLengthDelimited);
  append_varint(out, length);
}

Status append_part(std::string& out, int field, Binding& binding, std::string_view plain, std::uint64_t key_number,
                   std::string_view place, const KeyStore& keys) {
  const Result<Key> key = keys.find(key_number);
  if (!key.ok()) return key.status();
  std::string head;  // of the SealedPart, until its sealed bytes
  append_number(head, v1::SealedPart::kKeyNumberFieldNumber, key_number);
  append_length(head, v1::SealedPart::kSealedFieldNumber, kSealBytes + plain.size());
  append_length(out, field, head.size() + kSealBytes + plain.size());
  out += head;
  append_sealed(out, *key, plain, binding.of(key_number, place));
  return {};
}

Result<std::string> open_part(const v1::Envelope& envelope, const v1::SealedPart& part, std::string_view place,
                              const KeyStore& keys) {
  const Result<Key> key = keys.find(part.key_number());
  if (!key.ok()) return key.status();
  Binding binding(envelope.source(), envelope.id());
  Result<std::string> plain = unseal(*key, part.sealed(), binding.of(part.key_number(), place));
  if (!plain.ok())
    return plain.status().with("the personal part of the event at offset " + std::to_string(envelope.offset()));
  return plain;
}

// What is left of somebody who was erased.
std::string erased_person(const std::string& role) {
  v1::Person person;
  person.set_role(role);
  person.set_erased(true);
  return person.SerializeAsString();
}

std::string erased_rest() {
  v1::Personal personal;
  personal.set_erased(true);
  return personal.SerializeAsString();
}

std::string role_in(std::string_view person) {
  v1::Person said;
  MOOT_CHECK(said.ParseFromArray(person.data(), static_cast<int>(person.size())));  // it was validated
  return said.role();
}

}  // namespace

bool anything_erased(const v1::Event& event) {
  const auto& people = event.personal().people();
  return event.personal().erased() ||
         std::any_of(people.begin(), people.end(), [](const v1::Person& person) { return person.erased(); });
}

bool has_sealed_part(const v1::StoredEvent& stored) {
  return stored.people_size() > 0 || stored.has_rest() || !stored.sealed_personal().empty();
}

Status seal_event(const SaidEvent& said, const Sealing& sealing, const KeyStore& keys, std::string& stored) {
  const PlainEvent& parts = said.parts();
  MOOT_CHECK(sealing.numbers->people.size() == parts.people.size());
  Binding binding(parts.source, parts.id);
  const std::string brokers = sealing.brokers->SerializeAsString();
  constexpr std::size_t kFraming = 64;  // tags, lengths and numbers of one part
  stored.reserve(said.whole().size() + brokers.size() + (parts.people.size() + 2) * (kFraming + kSealBytes));
  // Two runs of one message's fields, one after the other, are that message.
  append_length(stored, v1::StoredEvent::kEnvelopeFieldNumber, parts.envelope.size() + brokers.size());
  stored.append(parts.envelope).append(brokers);
  append_length(stored, v1::StoredEvent::kFactsFieldNumber, parts.facts.size());
  stored.append(parts.facts);
  const std::vector<bool>& erased = sealing.numbers->erased;
  for (std::size_t i = 0; i < parts.people.size(); ++i) {
    const bool gone = !erased.empty() && erased[i];
    const std::string left = gone ? erased_person(role_in(parts.people[i])) : std::string();
    MOOT_RETURN_IF_ERROR(append_part(stored, v1::StoredEvent::kPeopleFieldNumber, binding,
                                     gone ? std::string_view(left) : parts.people[i], sealing.numbers->people[i],
                                     place_of_person(i), keys));
  }
  if (!parts.rest.empty()) {
    const std::string left = erased.empty() ? std::string() : erased_rest();
    MOOT_RETURN_IF_ERROR(append_part(stored, v1::StoredEvent::kRestFieldNumber, binding,
                                     erased.empty() ? parts.rest : std::string_view(left), sealing.numbers->rest, kRest,
                                     keys));
  }
  append_number(stored, v1::StoredEvent::kNextKeyFieldNumber, sealing.next_key);
  return {};
}

Result<std::string> open_person(const v1::StoredEvent& stored, int index, const KeyStore& keys) {
  return open_part(stored.envelope(), stored.people(index), place_of_person(static_cast<std::size_t>(index)), keys);
}

namespace {

// Appends the people as the personal part holds them. A log of format 1 has all of them in the rest.
Status append_people(const v1::StoredEvent& stored, const KeyStore& keys, const ErasureBook* book,
                     std::string& personal) {
  for (int i = 0; i < stored.people_size(); ++i) {
    Result<std::string> plain = open_person(stored, i, keys);
    if (plain.status().code() == Code::kErased) {
      const EventKey event = event_key(stored.envelope().source(), stored.envelope().id());
      plain = erased_person(book == nullptr ? std::string() : book->role_of(event, i).value_or(""));
    }
    if (!plain.ok()) return plain.status();
    append_length(personal, v1::Personal::kPeopleFieldNumber, plain->size());
    personal += *plain;
  }
  return {};
}

// In the place of a personal part that was all under one key.
std::string erased_whole(const v1::Envelope& envelope, const ErasureBook* book) {
  v1::Personal left;
  left.set_erased(true);
  const EventKey event = event_key(envelope.source(), envelope.id());
  for (int i = 0; book != nullptr && book->role_of(event, i); ++i) {
    left.add_people()->set_role(*book->role_of(event, i));
    left.mutable_people(i)->set_erased(true);
  }
  return left.SerializeAsString();
}

}  // namespace

Result<std::string> opened_event(const v1::StoredEvent& stored, const KeyStore& keys, const ErasureBook* book) {
  std::string personal;
  MOOT_RETURN_IF_ERROR(append_people(stored, keys, book, personal));
  if (stored.has_rest()) {
    const Result<std::string> plain = open_part(stored.envelope(), stored.rest(), kRest, keys);
    if (!plain.ok() && plain.status().code() != Code::kErased) return plain.status();
    personal += plain.ok() ? *plain : erased_rest();
  }
  if (!stored.sealed_personal().empty()) {
    // A log of format 1: the whole personal part under one key, its place not named.
    v1::SealedPart part;
    part.set_key_number(stored.key_number());
    part.set_sealed(stored.sealed_personal());
    const Result<std::string> plain = open_part(stored.envelope(), part, "", keys);
    if (!plain.ok() && plain.status().code() != Code::kErased) return plain.status();
    personal += plain.ok() ? *plain : erased_whole(stored.envelope(), book);
  }
  std::string event;
  append_length(event, v1::Event::kEnvelopeFieldNumber, stored.envelope().ByteSizeLong());
  stored.envelope().AppendToString(&event);
  append_length(event, v1::Event::kFactsFieldNumber, stored.facts().ByteSizeLong());
  stored.facts().AppendToString(&event);
  if (!has_sealed_part(stored)) return event;
  append_length(event, v1::Event::kPersonalFieldNumber, personal.size());
  event += personal;
  return event;
}

Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys, const ErasureBook* book) {
  const Result<std::string> bytes = opened_event(stored, keys, book);
  if (!bytes.ok()) return bytes.status();
  v1::Event event;
  if (!event.ParseFromString(*bytes))
    return Status(Code::kCorrupt, "the personal part of the event at offset " +
                                      std::to_string(stored.envelope().offset()) + " cannot be read");
  return event;
}

}  // namespace moot
