#include "broker/core/event_shape.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <string>

#include "broker/core/event_rules.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::uint8_t kVarint = 0, kFixed64 = 1, kLengthDelimited = 2;

std::uint64_t bit(int number) { return std::uint64_t{1} << number; }

FieldForm form_of_text(const FieldDescriptor& field) {
  static const std::map<std::string, FieldForm, std::less<>> kForms = {
      {"moot.v1.Envelope.id", FieldForm::kKey},
      {"moot.v1.Envelope.source", FieldForm::kSource},
      {"moot.v1.Envelope.type", FieldForm::kText},
      {"moot.v1.Envelope.subject", FieldForm::kKey},
      {"moot.v1.Envelope.record", FieldForm::kKey},
      {"moot.v1.Envelope.area", FieldForm::kCode},
      {"moot.v1.Envelope.lsoa", FieldForm::kLsoa},
      {"moot.v1.Envelope.marking", FieldForm::kCode},
      {"moot.v1.Envelope.compartment", FieldForm::kCode},
      {"moot.v1.Envelope.regime", FieldForm::kCode},
      {"moot.v1.Envelope.basis", FieldForm::kCode},
      {"moot.v1.Envelope.consent", FieldForm::kCode},
      {"moot.v1.Envelope.retention", FieldForm::kCode},
      {"moot.v1.Link.rel", FieldForm::kCode},
      {"moot.v1.Link.source", FieldForm::kSource},
      {"moot.v1.Link.id", FieldForm::kKey},
      {"moot.v1.Person.role", FieldForm::kCode},
      {"moot.v1.Person.reference", FieldForm::kText},
      {"moot.v1.Person.born", FieldForm::kPartialDate},
      {"moot.v1.Person.sex", FieldForm::kText},
      {"moot.v1.Person.phones", FieldForm::kText},
      {"moot.v1.Person.emails", FieldForm::kText},
      {"moot.v1.Name.full", FieldForm::kText},
      {"moot.v1.Name.given", FieldForm::kText},
      {"moot.v1.Name.family", FieldForm::kText},
      {"moot.v1.Address.uprn", FieldForm::kUprn},
      {"moot.v1.Address.lines", FieldForm::kText},
      {"moot.v1.Address.postcode", FieldForm::kText},
      {"moot.v1.Place.role", FieldForm::kCode},
      {"moot.v1.Text.field", FieldForm::kCode},
      {"moot.v1.Text.text", FieldForm::kText}};
  const auto found = kForms.find(field.full_name());
  return found == kForms.end() ? FieldForm::kNever : found->second;
}

bool is_the_brokers_to_say(const FieldDescriptor& field) {
  return field.full_name() == "moot.v1.Envelope.backfill" || field.name() == "erased";
}

// Every message of the language that an event may hold, made from its descriptors. What is not told here how to look
// at goes the long way.
class Shapes {
 public:
  Shapes() {
    const Descriptor& event = *v1::Event::descriptor();
    envelope_ = add(*event.FindFieldByName("envelope")->message_type());
    require(v1::Envelope::descriptor(), {"id", "source", "type", "time"});
    person_ = add(*v1::Person::descriptor());
    require(v1::Person::descriptor(), {"role"});
    require(v1::Link::descriptor(), {"rel", "source", "id"});
    personal_ = add(*event.FindFieldByName("personal")->message_type());
    require(v1::Place::descriptor(), {"role"});
    require(v1::Text::descriptor(), {"field"});
    shapes_.at(v1::Name::descriptor()->full_name()).may_be_empty = false;
    const Descriptor& facts = *event.FindFieldByName("facts")->message_type();
    for (int i = 0; i < facts.field_count(); ++i) add_body(*facts.field(i));
  }

  const EventShape& envelope() const { return *envelope_; }
  const EventShape& personal() const { return *personal_; }
  const EventShape& person() const { return *person_; }
  // Nothing where the body goes the long way.
  const EventShape* body(int number) const {
    const auto found = bodies_.find(number);
    return found == bodies_.end() ? nullptr : found->second;
  }

 private:
  const EventShape* add(const Descriptor& message) {
    const auto [at, fresh] = shapes_.try_emplace(message.full_name());
    if (!fresh) return &at->second;
    EventShape& shape = at->second;
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (field.number() >= EventShape::kFieldsMax) continue;  // a tag of more than one byte: the long way
      shape.fields[static_cast<std::size_t>(field.number())] = look(field);
    }
    return &shape;
  }

  void add_body(const FieldDescriptor& body) {
    if (has_rules_of_its_own(body.number())) return;
    const Descriptor& message = *body.message_type();
    shapes_.try_emplace(message.full_name());
    EventShape& shape = shapes_.at(message.full_name());
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      MOOT_CHECK(field.number() < EventShape::kFieldsMax);
      FieldShape& made = shape.fields[static_cast<std::size_t>(field.number())] = look(field);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        made.form = is_date_field(field.name()) ? FieldForm::kDate : FieldForm::kCode;
      if (field.name() == "stage") {
        made.form = FieldForm::kStage;
        shape.required = bit(field.number());
      }
    }
    bodies_[body.number()] = &shape;
  }

  FieldShape look(const FieldDescriptor& field) {
    FieldShape made;
    made.wire = kVarint;
    made.repeated = field.is_repeated();
    made.count_max = count_max(field);
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        made.wire = kLengthDelimited;
        made.form = form_of_text(field);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        made.wire = kLengthDelimited;
        made.form = field.full_name() == "moot.v1.Envelope.recorded_time" ? FieldForm::kNever : FieldForm::kMessage;
        made.inner = add(*field.message_type());
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        made.form = is_the_brokers_to_say(field) ? FieldForm::kNever : FieldForm::kTrue;
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        made.form = FieldForm::kEnum;
        for (int i = 0; i < field.enum_type()->value_count(); ++i)  // without gaps: event_rules_test
          made.number_max =
              std::max(made.number_max, static_cast<std::uint64_t>(field.enum_type()->value(i)->number()));
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        made.wire = kFixed64;
        made.form = field.name() == "latitude" || field.name() == "longitude" ? FieldForm::kDegrees : FieldForm::kNever;
        made.degrees_max = field.name() == "latitude" ? 90 : 180;
        break;
      default:  // whole numbers: those below 0 go the long way
        made.form =
            field.full_name() == "moot.v1.Envelope.offset" || made.repeated ? FieldForm::kNever : FieldForm::kNumber;
        made.number_max = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32    ? INT32_MAX
                          : field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ? UINT32_MAX
                                                                                : INT64_MAX;
        if (field.full_name() == "google.protobuf.Timestamp.seconds") made.number_max = 253'402'300'799;
        if (field.full_name() == "google.protobuf.Timestamp.nanos") made.number_max = 999'999'999;
    }
    // Said by the broker, not by the publisher.
    if (field.full_name() == "moot.v1.Envelope.agency") made.form = FieldForm::kNever;
    return made;
  }

  static std::size_t Limits::*count_max(const FieldDescriptor& field) {
    if (!field.is_repeated()) return nullptr;
    if (field.full_name() == "moot.v1.Personal.people") return &Limits::people_max;
    if (field.full_name() == "moot.v1.Personal.places") return &Limits::places_max;
    if (field.full_name() == "moot.v1.Personal.texts") return &Limits::texts_max;
    if (field.full_name() == "moot.v1.Envelope.links") return &Limits::links_max;
    return &Limits::values_max;
  }

  void require(const Descriptor* message, std::initializer_list<const char*> names) {
    for (const char* name : names)
      shapes_.at(message->full_name()).required |= bit(message->FindFieldByName(name)->number());
  }

  std::map<std::string, EventShape> shapes_;
  std::map<int, const EventShape*> bodies_;
  const EventShape* envelope_ = nullptr;
  const EventShape* personal_ = nullptr;
  const EventShape* person_ = nullptr;
};

const Shapes& shapes() {
  static const Shapes all;
  return all;
}

}  // namespace

const EventShape& shape_of_envelope() { return shapes().envelope(); }
const EventShape& shape_of_personal() { return shapes().personal(); }
const EventShape& shape_of_person() { return shapes().person(); }
const EventShape* shape_of_body(int body) { return shapes().body(body); }

}  // namespace moot
