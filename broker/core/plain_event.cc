#include "broker/core/plain_event.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "broker/core/event_rules.h"
#include "broker/core/event_shape.h"
#include "broker/core/ids.h"
#include "broker/core/text_form.h"
#include "proto/event.pb.h"

namespace moot {

namespace {

constexpr std::uint64_t kLengthDelimited = 2;  // a wire type of protobuf

std::uint64_t bit(int number) { return std::uint64_t{1} << number; }

// Letters that a code may hold are 1, those that a key may hold besides 2.
constexpr std::array<std::uint8_t, 256> kLetters = [] {
  std::array<std::uint8_t, 256> letters{};
  for (int c = 0x21; c < 0x7f; ++c) letters[static_cast<std::size_t>(c)] = c == ';' ? 0 : 2;
  for (const char* c = "abcdefghijklmnopqrstuvwxyz0123456789-_./:"; *c != '\0'; ++c)
    letters[static_cast<unsigned char>(*c)] = 1 | 2;
  return letters;
}();

bool all_are(std::string_view text, std::uint8_t kind) {
  std::uint8_t all = kind;
  for (const char c : text) all &= kLetters[static_cast<unsigned char>(c)];
  return (all & kind) != 0;
}

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    seen |= word;
  }
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080808080808080) == 0;
}

bool is_key(std::string_view text) { return text.size() <= 200 && all_are(text, 2); }

bool has_form(std::string_view text, FieldForm form) {
  switch (form) {
    case FieldForm::kText:
      return is_ascii(text);
    case FieldForm::kCode:
      return text.size() <= 64 && all_are(text, 1);
    case FieldForm::kKey:
      return is_key(text);
    case FieldForm::kSource:
      return is_key(text) && AgencyId::is_one(agency_of_source(text));
    case FieldForm::kDate:
      return text.size() == 10 && is_partial_date(text);
    case FieldForm::kPartialDate:
      return is_partial_date(text);
    case FieldForm::kUprn:
      return is_uprn(text);
    case FieldForm::kLsoa:
      return is_lsoa(text);
    default:
      return false;
  }
}

// What is left of a message.
struct Bytes {
  std::string_view rest;

  // In its shortest form only.
  bool varint(std::uint64_t& value) {
    value = 0;
    for (std::size_t i = 0; i < 10 && i < rest.size(); ++i) {
      const auto byte = static_cast<unsigned char>(rest[i]);
      if (i == 9 && byte > 1) return false;
      value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
      if (byte >= 0x80) continue;
      rest.remove_prefix(i + 1);
      return byte != 0 || i == 0;
    }
    return false;
  }
  bool text(std::string_view& value) {
    std::uint64_t length = 0;
    if (!varint(length) || length > rest.size()) return false;
    value = rest.substr(0, length);
    rest.remove_prefix(length);
    return true;
  }
};

struct Value {
  int number = 0;  // of the field
  std::string_view text;
  std::uint64_t whole = 0;
};

// One value of the field, which is told as `value`; what has the value of an absent field is not written by protobuf,
// but for a number that may be absent: such an event is parsed.
bool read_value(const FieldShape& field, Bytes& bytes, Value& value) {
  switch (field.form) {
    case FieldForm::kNever:
      return false;
    case FieldForm::kMessage:
      return bytes.text(value.text);
    case FieldForm::kTrue:
      return bytes.varint(value.whole) && value.whole == 1;
    case FieldForm::kNumber:
    case FieldForm::kEnum:
    case FieldForm::kStage:
      return bytes.varint(value.whole) && value.whole != 0 && value.whole <= field.number_max;
    case FieldForm::kDegrees: {
      if (bytes.rest.size() < 8) return false;
      double degrees = 0;
      std::memcpy(&degrees, bytes.rest.data(), 8);
      bytes.rest.remove_prefix(8);
      return degrees != 0 && degrees >= -field.degrees_max && degrees <= field.degrees_max;
    }
    default:
      return bytes.text(value.text) && !value.text.empty() && has_form(value.text, field.form);
  }
}

template <typename Take>
bool read_message(const EventShape& shape, std::string_view message, const Limits& limits, const Take& take) {
  Bytes bytes{message};
  std::uint64_t there = 0;
  int last = 0;
  std::size_t times = 0;  // that the last field was there
  Value value;
  while (!bytes.rest.empty()) {
    const auto tag = static_cast<unsigned char>(bytes.rest.front());
    std::uint64_t whole_tag = tag;
    if (tag < 0x80)
      bytes.rest.remove_prefix(1);
    else if (!bytes.varint(whole_tag) || whole_tag >= EventShape::kFieldsMax << 3)
      return false;
    value.number = static_cast<int>(whole_tag >> 3);
    const FieldShape& field = shape.fields[static_cast<std::size_t>(value.number)];
    if (value.number < last || (value.number == last && !field.repeated) || (whole_tag & 7) != field.wire) return false;
    times = value.number == last ? times + 1 : 1;
    if (field.repeated && times > limits.*field.count_max) return false;
    last = value.number;
    there |= bit(value.number);
    if (!read_value(field, bytes, value)) return false;
    if (!take(field, value)) return false;
  }
  return (there & shape.required) == shape.required && (shape.may_be_empty || there != 0);
}

// Nothing of it is wanted but that it is in order.
bool is_in_order(const EventShape& shape, std::string_view message, const Limits& limits) {
  return read_message(shape, message, limits, [&](const FieldShape& field, const Value& value) {
    return field.form != FieldForm::kMessage || is_in_order(*field.inner, value.text, limits);
  });
}

bool read_time(const FieldShape& field, std::string_view message, const Limits& limits, Instant& time) {
  time = Instant{0};
  return read_message(*field.inner, message, limits, [&](const FieldShape&, const Value& value) {
    const auto whole = static_cast<std::int64_t>(value.whole);
    time.us += value.number == google::protobuf::Timestamp::kSecondsFieldNumber ? whole * kSecondUs : whole / 1000;
    return true;
  });
}

bool read_envelope(const Limits& limits, PlainEvent& event) {
  return read_message(shape_of_envelope(), event.envelope, limits, [&](const FieldShape& field, const Value& value) {
    switch (value.number) {
      case v1::Envelope::kIdFieldNumber:
        event.id = value.text;
        return true;
      case v1::Envelope::kSourceFieldNumber:
        event.source = value.text;
        return true;
      case v1::Envelope::kTypeFieldNumber:
        event.type = value.text;
        return true;
      case v1::Envelope::kSubjectFieldNumber:
        event.subject = value.text;
        return true;
      case v1::Envelope::kRecordFieldNumber:
        event.record = value.text;
        return true;
      case v1::Envelope::kAreaFieldNumber:
        event.area = value.text;
        return true;
      case v1::Envelope::kTimeFieldNumber:
        return read_time(field, value.text, limits, event.time);
      case v1::Envelope::kKnownTimeFieldNumber:
        return read_time(field, value.text, limits, event.known_time.emplace());
      default:
        return field.form != FieldForm::kMessage || is_in_order(*field.inner, value.text, limits);
    }
  });
}

// One body with a stage, and the type that they make.
bool read_facts(const Limits& limits, PlainEvent& event) {
  Bytes facts{event.facts};
  std::uint64_t tag = 0;
  std::string_view body;
  if (!facts.varint(tag) || (tag & 7) != kLengthDelimited || !facts.text(body) || !facts.rest.empty()) return false;
  const int number = static_cast<int>(std::min<std::uint64_t>(tag >> 3, INT32_MAX));
  const EventShape* shape = shape_of_body(number);
  if (shape == nullptr) return false;
  int stage = 0;
  const bool in_order = read_message(*shape, body, limits, [&](const FieldShape& field, const Value& value) {
    if (field.form == FieldForm::kStage) stage = static_cast<int>(value.whole);
    return true;
  });
  event.body = name_of_body(number);
  return in_order && event.type == type_of(number, stage);
}

bool read_person(std::string_view person, const Limits& limits, PlainEvent& event) {
  event.people.push_back(person);
  std::string_view& reference = event.references.emplace_back();
  return read_message(shape_of_person(), person, limits, [&](const FieldShape& field, const Value& value) {
    if (value.number == v1::Person::kReferenceFieldNumber) reference = value.text;
    return field.form != FieldForm::kMessage || is_in_order(*field.inner, value.text, limits);
  });
}

bool read_personal(std::string_view personal, const Limits& limits, PlainEvent& event) {
  // No text is longer than all of them together.
  if (personal.size() > limits.field_characters_max) return false;
  event.rest = personal;
  return read_message(shape_of_personal(), personal, limits, [&](const FieldShape& field, const Value& value) {
    if (value.number != v1::Personal::kPeopleFieldNumber) return is_in_order(*field.inner, value.text, limits);
    event.rest = personal.substr(static_cast<std::size_t>(value.text.data() + value.text.size() - personal.data()));
    return read_person(value.text, limits, event);
  });
}

}  // namespace

bool read_plain_event(std::string_view frame, const Limits& limits, PlainEvent& event) {
  std::vector<std::string_view> people = std::move(event.people), references = std::move(event.references);
  people.clear();
  references.clear();
  event = PlainEvent();
  event.people = std::move(people);
  event.references = std::move(references);
  if (frame.size() > limits.event_bytes_max) return false;
  constexpr std::uint64_t kTags[] = {v1::Event::kEnvelopeFieldNumber << 3 | kLengthDelimited,
                                     v1::Event::kFactsFieldNumber << 3 | kLengthDelimited,
                                     v1::Event::kPersonalFieldNumber << 3 | kLengthDelimited};
  Bytes bytes{frame};
  std::uint64_t tag = 0;
  std::string_view personal;
  if (!bytes.varint(tag) || tag != kTags[0] || !bytes.text(event.envelope)) return false;
  if (!bytes.varint(tag) || tag != kTags[1] || !bytes.text(event.facts)) return false;
  if (!bytes.rest.empty() && (!bytes.varint(tag) || tag != kTags[2] || !bytes.text(personal) || !bytes.rest.empty()))
    return false;
  return read_envelope(limits, event) && read_facts(limits, event) && read_personal(personal, limits, event);
}

}  // namespace moot
