#include "broker/sealed_event.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

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
constexpr std::string_view kWhole = "";  // of a log of format 1: its place is not named

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

void append_part(std::string& out, int field, Binding& binding, std::string_view plain, const SealingKey& key,
                 std::string_view place) {
  std::string head;  // of the SealedPart, until its sealed bytes
  append_number(head, v1::SealedPart::kKeyNumberFieldNumber, key.number);
  append_length(head, v1::SealedPart::kSealedFieldNumber, kSealBytes + plain.size());
  append_length(out, field, head.size() + kSealBytes + plain.size());
  out += head;
  append_sealed(out, key.key, plain, binding.of(key.number, place));
}

// The words for what did not open are the caller's.
Status append_opened_part(std::string& out, const StoredParts::Sealed& part, Binding& binding, std::string_view place,
                          const KeyStore& keys) {
  const Result<Key> key = keys.find(part.key_number);
  if (!key.ok()) return key.status();
  return append_unsealed(out, *key, part.bytes, binding.of(part.key_number, place));
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

void seal_event(const SaidEvent& said, const Sealing& sealing, std::string& stored) {
  const PlainEvent& parts = said.parts();
  const EventKeys& keys = *sealing.keys;
  MOOT_CHECK(keys.people.size() == parts.people.size());
  Binding binding(parts.source, parts.id);
  const std::size_t brokers_bytes = sealing.brokers->ByteSizeLong();
  constexpr std::size_t kFraming = 64;  // tags, lengths and numbers of one part
  stored.reserve(said.whole().size() + brokers_bytes + (parts.people.size() + 2) * (kFraming + kSealBytes));
  // Two runs of one message's fields, one after the other, are that message.
  append_length(stored, v1::StoredEvent::kEnvelopeFieldNumber, parts.envelope.size() + brokers_bytes);
  stored.append(parts.envelope);
  stored.resize(stored.size() + brokers_bytes);
  auto* const brokers_end = reinterpret_cast<std::uint8_t*>(stored.data() + stored.size());
  sealing.brokers->SerializeWithCachedSizesToArray(brokers_end - brokers_bytes);
  append_length(stored, v1::StoredEvent::kFactsFieldNumber, parts.facts.size());
  stored.append(parts.facts);
  const std::vector<bool>& erased = keys.erased;
  for (std::size_t i = 0; i < parts.people.size(); ++i) {
    const bool gone = !erased.empty() && erased[i];
    const std::string left = gone ? erased_person(role_in(parts.people[i])) : std::string();
    append_part(stored, v1::StoredEvent::kPeopleFieldNumber, binding, gone ? std::string_view(left) : parts.people[i],
                keys.people[i], place_of_person(i));
  }
  if (!parts.rest.empty()) {
    const std::string left = erased.empty() ? std::string() : erased_rest();
    append_part(stored, v1::StoredEvent::kRestFieldNumber, binding,
                erased.empty() ? parts.rest : std::string_view(left), keys.rest, kRest);
  }
  append_number(stored, v1::StoredEvent::kNextKeyFieldNumber, sealing.next_key);
}

namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Takes one value off a message that is being read; false when it is not of that kind or not whole.
bool take_bytes(CodedInputStream& in, std::string_view message, std::string_view& value) {
  std::uint32_t length = 0;
  if (!in.ReadVarint32(&length)) return false;
  const auto start = static_cast<std::size_t>(in.CurrentPosition());
  if (length > message.size() - start || !in.Skip(static_cast<int>(length))) return false;
  value = message.substr(start, length);
  return true;
}

CodedInputStream reading(std::string_view message) {
  return CodedInputStream(reinterpret_cast<const std::uint8_t*>(message.data()), static_cast<int>(message.size()));
}

bool take_sealed(std::string_view message, StoredParts::Sealed& part) {
  constexpr std::uint32_t kNumber = v1::SealedPart::kKeyNumberFieldNumber << 3 | kVarint;
  constexpr std::uint32_t kSealed = v1::SealedPart::kSealedFieldNumber << 3 | kLengthDelimited;
  part = {};
  CodedInputStream in = reading(message);
  while (const std::uint32_t tag = in.ReadTag()) {
    const bool taken = tag == kNumber   ? in.ReadVarint64(&part.key_number)
                       : tag == kSealed ? take_bytes(in, message, part.bytes)
                                        : WireFormatLite::SkipField(&in, tag);
    if (!taken) return false;
  }
  return in.ConsumedEntireMessage();
}

// Appends the people as the personal part holds them.
Status append_people(const StoredParts& parts, const StoredPlace& place, Binding& binding, const KeyStore& keys,
                     const ErasureBook* book, std::string& personal) {
  std::string plain;
  for (std::size_t i = 0; i < parts.people.size(); ++i) {
    plain.clear();
    const Status opened = append_opened_part(plain, parts.people[i], binding, place_of_person(i), keys);
    if (opened.code() == Code::kErased) {
      const EventKey event = event_key(place.source, place.id);
      plain = erased_person(book == nullptr ? std::string() : book->role_of(event, static_cast<int>(i)).value_or(""));
    } else if (!opened.ok()) {
      return opened;
    }
    append_length(personal, v1::Personal::kPeopleFieldNumber, plain.size());
    personal += plain;
  }
  return {};
}

// In the place of a personal part that was all under one key.
std::string erased_whole(const StoredPlace& place, const ErasureBook* book) {
  v1::Personal left;
  left.set_erased(true);
  const EventKey event = event_key(place.source, place.id);
  for (int i = 0; book != nullptr && book->role_of(event, i); ++i) {
    left.add_people()->set_role(*book->role_of(event, i));
    left.mutable_people(i)->set_erased(true);
  }
  return left.SerializeAsString();
}

Status append_personal(const StoredParts& parts, const StoredPlace& place, const KeyStore& keys,
                       const ErasureBook* book, std::string& personal) {
  Binding binding(place.source, place.id);
  MOOT_RETURN_IF_ERROR(append_people(parts, place, binding, keys, book, personal));
  if (parts.rest) {
    const Status opened = append_opened_part(personal, *parts.rest, binding, kRest, keys);
    if (opened.code() == Code::kErased)
      personal += erased_rest();
    else if (!opened.ok())
      return opened;
  }
  if (!parts.whole) return {};
  const Status opened = append_opened_part(personal, *parts.whole, binding, kWhole, keys);
  if (opened.code() != Code::kErased) return opened;
  personal += erased_whole(place, book);
  return {};
}

}  // namespace

bool take_apart(std::string_view stored, StoredParts& parts) {
  std::vector<StoredParts::Sealed> people = std::move(parts.people);
  people.clear();
  parts = StoredParts();
  parts.people = std::move(people);
  StoredParts::Sealed whole;
  CodedInputStream in = reading(stored);
  while (const std::uint32_t tag = in.ReadTag()) {
    std::string_view bytes;
    bool taken = true;
    switch (tag) {
      case v1::StoredEvent::kEnvelopeFieldNumber << 3 | kLengthDelimited:
        taken = take_bytes(in, stored, parts.envelope);
        break;
      case v1::StoredEvent::kFactsFieldNumber << 3 | kLengthDelimited:
        taken = take_bytes(in, stored, parts.facts);
        break;
      case v1::StoredEvent::kSealedPersonalFieldNumber << 3 | kLengthDelimited:
        taken = take_bytes(in, stored, whole.bytes);
        break;
      case v1::StoredEvent::kKeyNumberFieldNumber << 3 | kVarint:
        taken = in.ReadVarint64(&whole.key_number);
        break;
      case v1::StoredEvent::kPeopleFieldNumber << 3 | kLengthDelimited:
        taken = take_bytes(in, stored, bytes) && take_sealed(bytes, parts.people.emplace_back());
        break;
      case v1::StoredEvent::kRestFieldNumber << 3 | kLengthDelimited: {
        StoredParts::Sealed rest;
        taken = take_bytes(in, stored, bytes) && take_sealed(bytes, rest);
        parts.rest = rest;
        break;
      }
      default:  // the next key, and what a later version may have added: no reader is given it
        taken = WireFormatLite::SkipField(&in, tag);
    }
    if (!taken) return false;
  }
  if (!whole.bytes.empty()) parts.whole = whole;
  return in.ConsumedEntireMessage() && !parts.envelope.empty();
}

bool read_place(std::string_view envelope, StoredPlace& place) {
  constexpr std::uint32_t kId = v1::Envelope::kIdFieldNumber << 3 | kLengthDelimited;
  constexpr std::uint32_t kSource = v1::Envelope::kSourceFieldNumber << 3 | kLengthDelimited;
  constexpr std::uint32_t kOffset = v1::Envelope::kOffsetFieldNumber << 3 | kVarint;
  CodedInputStream in = reading(envelope);
  while (const std::uint32_t tag = in.ReadTag()) {
    const bool read = tag == kId       ? take_bytes(in, envelope, place.id)
                      : tag == kSource ? take_bytes(in, envelope, place.source)
                      : tag == kOffset ? in.ReadVarint64(&place.offset)
                                       : WireFormatLite::SkipField(&in, tag);
    if (!read) return false;
  }
  return in.ConsumedEntireMessage();
}

Status append_opened(const StoredParts& parts, const StoredPlace& place, const KeyStore& keys, const ErasureBook* book,
                     std::string& event) {
  append_length(event, v1::Event::kEnvelopeFieldNumber, parts.envelope.size());
  event.append(parts.envelope);
  append_length(event, v1::Event::kFactsFieldNumber, parts.facts.size());
  event.append(parts.facts);
  if (!parts.anything_sealed()) return {};
  std::string personal;
  const Status opened = append_personal(parts, place, keys, book, personal);
  if (opened.code() == Code::kCorrupt)
    return opened.with("the personal part of the event at offset " + std::to_string(place.offset));
  MOOT_RETURN_IF_ERROR(opened);
  append_length(event, v1::Event::kPersonalFieldNumber, personal.size());
  event += personal;
  return {};
}

Result<std::string> opened_event(const v1::StoredEvent& stored, const KeyStore& keys, const ErasureBook* book) {
  const v1::Envelope& envelope = stored.envelope();
  const std::string envelope_bytes = envelope.SerializeAsString(), facts_bytes = stored.facts().SerializeAsString();
  StoredParts parts;
  parts.envelope = envelope_bytes;
  parts.facts = facts_bytes;
  for (const v1::SealedPart& person : stored.people()) parts.people.push_back({person.key_number(), person.sealed()});
  if (stored.has_rest()) parts.rest = {stored.rest().key_number(), stored.rest().sealed()};
  if (!stored.sealed_personal().empty()) parts.whole = {stored.key_number(), stored.sealed_personal()};
  std::string event;
  MOOT_RETURN_IF_ERROR(append_opened(parts, {envelope.source(), envelope.id(), envelope.offset()}, keys, book, event));
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
