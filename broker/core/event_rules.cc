#include "broker/core/event_rules.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/figure_rules.h"
#include "broker/core/governance_rules.h"
#include "broker/core/ids.h"
#include "broker/core/invalid_field.h"
#include "broker/core/text_form.h"

namespace moot {

namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// "CASE_CLOSED" as it stands in a type: "case-closed".
std::string stage_in_type(const EnumValueDescriptor& value) {
  std::string name = value.name();
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return name;
}

// A body of the language: its field, and for each of its stages the stage's name and the type.
struct Body {
  const FieldDescriptor* field = nullptr;
  const FieldDescriptor* stage = nullptr;
  struct Stage {
    std::string name, type;
  };
  std::map<int, Stage> stages;                // by number; 0, "unspecified", is none
  std::vector<const FieldDescriptor*> texts;  // its fields that hold strings
};

// By the number of its field. Looked up for every event, so made once.
const std::map<int, Body>& bodies() {
  static const std::map<int, Body> all = [] {
    std::map<int, Body> made;
    const auto* oneof = v1::Facts::descriptor()->FindOneofByName("body");
    for (int i = 0; i < oneof->field_count(); ++i) {
      Body body;
      body.field = oneof->field(i);
      body.stage = body.field->message_type()->FindFieldByName("stage");
      MOOT_CHECK(body.stage != nullptr);  // every body has one: DESIGN §4
      for (int j = 0; j < body.stage->enum_type()->value_count(); ++j) {
        const EnumValueDescriptor& value = *body.stage->enum_type()->value(j);
        if (value.number() == 0) continue;
        const std::string name = stage_in_type(value);
        body.stages[value.number()] = {name, "uk.csp." + body.field->name() + "." + name + ".v1"};
      }
      for (int f = 0; f < body.field->message_type()->field_count(); ++f) {
        const FieldDescriptor* field = body.field->message_type()->field(f);
        MOOT_CHECK(field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE);  // else check_facts would not see into it
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) body.texts.push_back(field);
      }
      made[body.field->number()] = std::move(body);
    }
    return made;
  }();
  return all;
}

const Body* body_of(const v1::Facts& facts) {
  const auto found = bodies().find(facts.body_case());
  return found == bodies().end() ? nullptr : &found->second;
}

// Nothing when the facts have no body, or no stage this version knows.
const Body::Stage* stage_of(const v1::Facts& facts) {
  const Body* body = body_of(facts);
  if (body == nullptr) return nullptr;
  const Message& message = facts.GetReflection()->GetMessage(facts, body->field);
  const auto found = body->stages.find(message.GetReflection()->GetEnumValue(message, body->stage));
  return found == body->stages.end() ? nullptr : &found->second;
}

// Ids, subjects and records are an agency's own keys: visible ASCII, so that they read the same everywhere, and without
// the blank and the semicolon that separate links where they are written in one line.
Status check_key(std::string_view field, const std::string& value, bool required) {
  if (value.empty()) return required ? invalid(field, "is required") : Status();
  if (!is_key(value)) return invalid(field, "must be 1 to 200 visible ASCII characters without spaces or semicolons");
  return {};
}

Status check_source(std::string_view field, const std::string& source) {
  MOOT_RETURN_IF_ERROR(check_key(field, source, true));
  if (!AgencyId::parse(agency_of_source(source)).ok())
    return invalid(field, "must have the form /<agency>/<system>, the agency in a to z, 0 to 9 and -");
  return {};
}

Status check_time(std::string_view field, bool present, const google::protobuf::Timestamp& time) {
  if (!present) return {};
  // What systems write where they have no time is a year before (1, 1601, 1753). The end is RFC 3339's.
  constexpr std::int64_t kFirst = -2'208'988'800;
  constexpr std::int64_t kLast = 253'402'300'799;
  if (time.seconds() < kFirst || time.seconds() > kLast || time.nanos() < 0 || time.nanos() > 999'999'999)
    return invalid(field, "must be a time in the years 1900 to 9999");
  return {};
}

Status check_optional_code(std::string_view field, const std::string& value) {
  return value.empty() ? Status() : check_code(field, value);
}

Status check_form(std::string_view field, const std::string& value, bool (*is_one)(std::string_view),
                  std::string_view rule) {
  return value.empty() || is_one(value) ? Status() : invalid(field, rule);
}

Status check_links(const v1::Envelope& envelope, const Limits& limits) {
  if (static_cast<std::size_t>(envelope.links_size()) > limits.links_max)
    return Status(Code::kTooLarge, "links: more than " + std::to_string(limits.links_max));
  for (const v1::Link& link : envelope.links()) {
    MOOT_RETURN_IF_ERROR(check_code("links.rel", link.rel()));
    MOOT_RETURN_IF_ERROR(check_source("links.source", link.source()));
    MOOT_RETURN_IF_ERROR(check_key("links.id", link.id(), true));
  }
  return {};
}

// What this version does not know it cannot keep out of the clear: it might be a name.
Status unknown_in(std::string_view name) {
  return invalid(name, "has a field this broker does not know; is the publisher's program newer?");
}

// Asked of the generated classes by name: by reflection it was a tenth of all that an event costs. event_rules_test
// tells when a message has been added to the envelope or a body, and is not asked here.
template <typename Type>
bool known(const Type& message) {
  static const Reflection& reflection = *Type::default_instance().GetReflection();
  return reflection.GetUnknownFields(message).empty();
}

Status check_envelope_is_known(const v1::Envelope& envelope) {
  if (!known(envelope)) return unknown_in("envelope");
  if (!known(envelope.time())) return unknown_in("envelope.time");
  if (!known(envelope.known_time())) return unknown_in("envelope.known_time");
  if (!known(envelope.recorded_time())) return unknown_in("envelope.recorded_time");
  for (const v1::Link& link : envelope.links())
    if (!known(link)) return unknown_in("envelope.links");
  return {};
}

Status check_envelope(const v1::Event& event, const Limits& limits) {
  const v1::Envelope& e = event.envelope();
  MOOT_RETURN_IF_ERROR(check_key("id", e.id(), true));
  MOOT_RETURN_IF_ERROR(check_source("source", e.source()));
  MOOT_RETURN_IF_ERROR(check_key("subject", e.subject(), false));
  MOOT_RETURN_IF_ERROR(check_key("record", e.record(), false));
  if (!e.has_time()) return invalid("time", "is required");
  MOOT_RETURN_IF_ERROR(check_time("time", true, e.time()));
  MOOT_RETURN_IF_ERROR(check_time("knowntime", e.has_known_time(), e.known_time()));
  if (!v1::TimePrecision_IsValid(e.time_precision())) return invalid("timeprecision", "is not one of the known ones");
  MOOT_RETURN_IF_ERROR(check_optional_code("area", e.area()));
  MOOT_RETURN_IF_ERROR(check_form("lsoa", e.lsoa(), is_lsoa, "must be E01 or W01 and six digits"));
  MOOT_RETURN_IF_ERROR(check_optional_code("marking", e.marking()));
  MOOT_RETURN_IF_ERROR(check_optional_code("compartment", e.compartment()));
  MOOT_RETURN_IF_ERROR(check_optional_code("regime", e.regime()));
  MOOT_RETURN_IF_ERROR(check_optional_code("basis", e.basis()));
  MOOT_RETURN_IF_ERROR(check_optional_code("consent", e.consent()));
  MOOT_RETURN_IF_ERROR(check_optional_code("retention", e.retention()));
  MOOT_RETURN_IF_ERROR(
      check_form("traceparent", e.traceparent(), is_traceparent, "must be a W3C trace context of version 00"));
  MOOT_RETURN_IF_ERROR(check_links(e, limits));
  if (event.facts().body_case() == v1::Facts::BODY_NOT_SET)
    return invalid("facts", "must hold one body this version knows");
  const Body::Stage* stage = stage_of(event.facts());
  if (stage == nullptr) return invalid("facts", "must give the stage of its body");
  if (e.type() != stage->type) return invalid("type", "does not agree with the facts, which say " + stage->type);
  return {};
}

Status check_fact(const FieldDescriptor& field, const std::string& value) {
  if (value.empty()) return {};
  if (!is_date_field(field.name())) return check_code(field.name(), value);
  return parse_date(value).ok() ? Status() : invalid(field.name(), "must be a date of the form 2021-03-02");
}

// Asked only of the bodies that has_rules_of_its_own names.
Status check_rules_of_its_own(const v1::Facts& facts) {
  MOOT_RETURN_IF_ERROR(check_figures(facts));
  return facts.has_governance() ? check_governance(facts.governance()) : Status();
}

// Facts hold codes, numbers and dates only, whatever the body: the check is on the kind of field, so that a body added
// to the language is covered without new code here.
Status check_facts(const v1::Facts& facts, const Limits& limits) {
  const Body& kind = *body_of(facts);
  const FieldDescriptor* body = kind.field;
  const Message& message = facts.GetReflection()->GetMessage(facts, body);
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return unknown_in("facts." + body->name());
  const auto named = [&](const Status& wrong) { return Status(wrong.code(), body->name() + "." + wrong.message()); };
  std::string held;
  for (const FieldDescriptor* field : kind.texts) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    if (static_cast<std::size_t>(count) > limits.values_max)
      return named(
          Status(Code::kTooLarge, field->name() + ": more than " + std::to_string(limits.values_max) + " values"));
    for (int i = 0; i < count; ++i) {
      const Status fact =
          check_fact(*field, field->is_repeated() ? reflection.GetRepeatedStringReference(message, field, i, &held)
                                                  : reflection.GetStringReference(message, field, &held));
      if (!fact.ok()) return named(fact);
    }
  }
  return has_rules_of_its_own(facts.body_case()) ? check_rules_of_its_own(facts) : Status();
}

Status check_text(std::string_view field, const std::string& value, const Limits& limits) {
  if (count_characters(value) > limits.field_characters_max)
    return Status(Code::kTooLarge,
                  std::string(field) + ": over " + std::to_string(limits.field_characters_max) + " characters");
  return {};
}

// Every text of a message and of the messages in it, with its path for the sentence.
Status check_texts(const Message& message, const std::string& path, const Limits& limits) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> present;
  reflection.ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    const std::string name = path + "." + field->name();
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                    : reflection.GetMessage(message, field);
        MOOT_RETURN_IF_ERROR(check_texts(inner, name, limits));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        MOOT_RETURN_IF_ERROR(check_text(name,
                                        field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                             : reflection.GetString(message, field),
                                        limits));
      }
    }
  }
  return {};
}

Status check_person(const v1::Person& person, const Limits& limits) {
  if (person.erased()) return invalid("people.erased", "is the broker's to say");
  MOOT_RETURN_IF_ERROR(check_code("people.role", person.role()));
  if (!person.born().empty() && !is_partial_date(person.born()))
    return invalid("people.born", "must be a date (2021-03-02), a month (2021-03) or a year (2021)");
  for (const v1::Name& name : person.names()) {
    if (name.full().empty() && name.given().empty() && name.family().empty())
      return invalid("people.names", "must not be empty");
  }
  const std::size_t most = static_cast<std::size_t>(
      std::max({person.names_size(), person.addresses_size(), person.phones_size(), person.emails_size()}));
  if (most > limits.values_max)
    return Status(Code::kTooLarge, "people: more than " + std::to_string(limits.values_max) + " of one kind");
  for (const v1::Address& address : person.addresses())
    MOOT_RETURN_IF_ERROR(check_form("people.addresses.uprn", address.uprn(), is_uprn, "must be 1 to 12 digits"));
  return {};
}

Status check_place(const v1::Place& place) {
  MOOT_RETURN_IF_ERROR(check_code("places.role", place.role()));
  MOOT_RETURN_IF_ERROR(check_form("places.address.uprn", place.address().uprn(), is_uprn, "must be 1 to 12 digits"));
  if (!(place.latitude() >= -90 && place.latitude() <= 90) || !(place.longitude() >= -180 && place.longitude() <= 180))
    return invalid("places", "must have a latitude of -90 to 90 and a longitude of -180 to 180");
  return {};
}

Status check_personal(const v1::Personal& personal, const Limits& limits) {
  const auto most = [](std::string_view what, std::size_t have, std::size_t limit) {
    return have <= limit ? Status()
                         : Status(Code::kTooLarge, std::string(what) + ": more than " + std::to_string(limit));
  };
  MOOT_RETURN_IF_ERROR(most("people", static_cast<std::size_t>(personal.people_size()), limits.people_max));
  MOOT_RETURN_IF_ERROR(most("places", static_cast<std::size_t>(personal.places_size()), limits.places_max));
  MOOT_RETURN_IF_ERROR(most("texts", static_cast<std::size_t>(personal.texts_size()), limits.texts_max));
  if (personal.erased()) return invalid("personal.erased", "is the broker's to say");
  for (const v1::Person& person : personal.people()) MOOT_RETURN_IF_ERROR(check_person(person, limits));
  for (const v1::Place& place : personal.places()) MOOT_RETURN_IF_ERROR(check_place(place));
  for (const v1::Text& text : personal.texts()) MOOT_RETURN_IF_ERROR(check_code("texts.field", text.field()));
  // No text is longer than all of them together, and most events are short.
  if (personal.ByteSizeLong() <= limits.field_characters_max) return {};
  return check_texts(personal, "personal", limits);
}

}  // namespace

Status validate(const v1::Event& event, const Limits& limits) {
  if (!known(event)) return invalid("event", "has a part this broker does not know; is the publisher's program newer?");
  MOOT_RETURN_IF_ERROR(check_envelope_is_known(event.envelope()));
  if (!known(event.facts())) return unknown_in("facts");
  MOOT_RETURN_IF_ERROR(check_envelope(event, limits));
  MOOT_RETURN_IF_ERROR(check_facts(event.facts(), limits));
  MOOT_RETURN_IF_ERROR(check_notification(event));
  MOOT_RETURN_IF_ERROR(check_records_named(event));
  return check_personal(event.personal(), limits);
}

bool has_rules_of_its_own(int body) {
  static constexpr int kOnes[] = {v1::Facts::kReferralFieldNumber, v1::Facts::kGovernanceFieldNumber,
                                  v1::Facts::kMeasureFieldNumber, v1::Facts::kNotificationFieldNumber};
  return std::find(std::begin(kOnes), std::end(kOnes), body) != std::end(kOnes);
}

bool is_date_field(std::string_view name) {
  static constexpr std::string_view kDates[] = {"on",     "set_on", "due",    "next_review", "until",
                                                "starts", "ends",   "review", "as_at"};
  return std::find(std::begin(kDates), std::end(kDates), name) != std::end(kDates);
}

std::string_view name_of_body(int body) {
  const auto found = bodies().find(body);
  return found == bodies().end() ? std::string_view() : std::string_view(found->second.field->name());
}

std::string_view type_of(int body, int stage) {
  const auto found = bodies().find(body);
  if (found == bodies().end()) return {};
  const auto at = found->second.stages.find(stage);
  return at == found->second.stages.end() ? std::string_view() : std::string_view(at->second.type);
}

std::string_view body_name(const v1::Facts& facts) { return name_of_body(facts.body_case()); }

std::string stage_name(const v1::Facts& facts) {
  const Body::Stage* stage = stage_of(facts);
  return stage == nullptr ? "" : stage->name;
}

std::string type_of(const v1::Facts& facts) {
  const Body::Stage* stage = stage_of(facts);
  return stage == nullptr ? "" : stage->type;
}

Status set_body_and_stage(std::string_view type, v1::Facts& facts) {
  const Status wrong =
      invalid("type", "is not of the form uk.csp.<body>.<stage>.v1 with a body and stage of the language");
  constexpr std::string_view kStart = "uk.csp.", kEnd = ".v1";
  if (!type.starts_with(kStart) || !type.ends_with(kEnd) || type.size() < kStart.size() + kEnd.size()) return wrong;
  const std::string_view middle = type.substr(kStart.size(), type.size() - kStart.size() - kEnd.size());
  const std::size_t dot = middle.find('.');
  if (dot == std::string_view::npos) return wrong;
  const FieldDescriptor* body = v1::Facts::descriptor()->FindFieldByName(std::string(middle.substr(0, dot)));
  if (body == nullptr) return wrong;
  const FieldDescriptor* stage = body->message_type()->FindFieldByName("stage");
  for (int i = 1; i < stage->enum_type()->value_count(); ++i) {
    const EnumValueDescriptor* value = stage->enum_type()->value(i);
    if (stage_in_type(*value) != middle.substr(dot + 1)) continue;
    Message* message = facts.GetReflection()->MutableMessage(&facts, body);
    message->GetReflection()->SetEnum(message, stage, value);
    return {};
  }
  return wrong;
}

bool is_code(std::string_view value) {
  return !value.empty() && value.size() <= 64 && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/' || c == ':';
  });
}

bool is_key(std::string_view value) {
  return !value.empty() && value.size() <= 200 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f && c != ';'; });
}

Status check_code(std::string_view field, std::string_view value) {
  if (value.empty()) return invalid(field, "is required");
  if (!is_code(value))
    return invalid(field,
                   "must be a code: 1 to 64 of a to z, 0 to 9 and - _ . / : (free text belongs in personal.texts)");
  return {};
}

const std::string& record_of(const v1::Envelope& envelope) {
  return envelope.record().empty() ? envelope.id() : envelope.record();
}

}  // namespace moot
