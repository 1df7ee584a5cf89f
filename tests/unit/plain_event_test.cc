// An event taken as it stands must be one that the rules let through and that protobuf would write the same; the short
// way and the long way must tell the same of it.
#include "broker/core/plain_event.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "broker/core/event_rules.h"
#include "broker/event_content.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

using google::protobuf::FieldDescriptor;

bool is_plain(const std::string& frame) {
  PlainEvent event;
  return read_plain_event(frame, Limits(), event);
}
bool is_plain(const v1::Event& event) { return is_plain(event.SerializeAsString()); }

// Everything an event may hold is drawn: what the rules let through more often than what they do not.
class DrawnEvents {
 public:
  explicit DrawnEvents(unsigned seed) : random_(seed) {}

  v1::Event draw() {
    v1::Event event;
    fill(event);
    // Mostly with what makes an event one at all.
    if (!one_in(10)) {
      v1::Envelope& envelope = *event.mutable_envelope();
      envelope.set_id("C-" + std::to_string(random_() % 1000));
      envelope.set_source("/north-police/cad");
      if (!envelope.has_time()) envelope.mutable_time()->set_seconds(1'614'675'900);
      for (const char* name : {"agency", "recorded_time", "offset", "backfill", "traceparent"})
        envelope.GetReflection()->ClearField(&envelope, envelope.GetDescriptor()->FindFieldByName(name));
      envelope.set_type(type_of(event.facts()));
    }
    return event;
  }
  // One byte of it changed, doubled or left out.
  std::string spoil(std::string frame) {
    if (frame.empty()) return frame;
    const std::size_t at = random_() % frame.size();
    switch (random_() % 4) {
      case 0:
        frame[at] = static_cast<char>(random_());
        break;
      case 1:
        frame[at] = static_cast<char>(frame[at] ^ (1 << random_() % 8));
        break;
      case 2:
        frame.insert(at, 1, frame[at]);
        break;
      default:
        frame.erase(at, 1);
    }
    return frame;
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }
  template <typename T, std::size_t N>
  T pick(const T (&from)[N]) {
    return from[random_() % N];
  }

  std::string text(const FieldDescriptor& field) {
    static const char* kGood[] = {"asb", "a", "case-7/b", "2021:x"};
    static const char* kDates[] = {"2021-03-02", "2020-02-29", "1980-05", "1975"};
    static const char* kOdd[] = {"", "A b", "caf\xc3\xa9", "2021-02-30", "semi;colon", "line\nfeed", "0"};
    if (one_in(40)) return pick(kOdd);
    if (field.name() == "source") return one_in(20) ? "/Police/x" : "/soha/cases";
    if (field.name() == "lsoa") return "E01028650";
    if (field.name() == "uprn") return "100120001";
    if (is_date_field(field.name()) || field.name() == "born") return pick(kDates);
    if (one_in(200)) return std::string(65 + random_() % 200, 'x');
    return pick(kGood);
  }

  void fill(google::protobuf::Message& message) {
    const auto& reflection = *message.GetReflection();
    const int fields = message.GetDescriptor()->field_count();
    // Of the bodies one, each as often as the others: of several that are set the last would stay.
    if (message.GetDescriptor() == v1::Facts::descriptor())
      return set(message, reflection, *message.GetDescriptor()->field(static_cast<int>(random_() % 1000) % fields));
    for (int i = 0; i < fields; ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      const bool nearly_always = field.message_type() == v1::Facts::descriptor() || field.name() == "stage" ||
                                 field.name() == "role" || field.name() == "field" || field.name() == "rel";
      if (nearly_always ? one_in(50) : one_in(2)) continue;
      const unsigned times = field.is_repeated() ? 1 + random_() % (one_in(50) ? 25 : 3) : 1;
      for (unsigned time = 0; time < times; ++time) set(message, reflection, field);
    }
  }

  void set(google::protobuf::Message& message, const google::protobuf::Reflection& reflection,
           const FieldDescriptor& field) {
    static constexpr std::int64_t kWhole[] = {0, 1, 2, 127, 128, 999'999, 1'614'675'900, -1, 253'402'300'800};
    static constexpr double kDegrees[] = {51.6, -1.24, 0.0, -0.0, 90.5, 180.0};
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.is_repeated()) return reflection.AddString(&message, &field, text(field));
        return reflection.SetString(&message, &field, text(field));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                        : *reflection.MutableMessage(&message, &field));
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, &field, !one_in(3));
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(&message, &field, static_cast<int>(random_() % (one_in(20) ? 60 : 3)));
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection.SetDouble(&message, &field, pick(kDegrees));
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, &field, static_cast<std::int32_t>(pick(kWhole)));
      case FieldDescriptor::CPPTYPE_UINT32:
        if (field.is_repeated())
          return reflection.AddUInt32(&message, &field, static_cast<std::uint32_t>(pick(kWhole)));
        return reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(pick(kWhole)));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, pick(kWhole));
      case FieldDescriptor::CPPTYPE_UINT64:
        if (field.is_repeated())
          return reflection.AddUInt64(&message, &field, static_cast<std::uint64_t>(pick(kWhole)));
        return reflection.SetUInt64(&message, &field, static_cast<std::uint64_t>(pick(kWhole)));
      default:
        FAIL() << field.full_name() << ": a kind of field that this test does not draw";
    }
  }

  std::mt19937 random_;
};

void expect_the_same(const SaidEvent& one, const SaidEvent& other, const std::string& what) {
  const PlainEvent &a = one.parts(), &b = other.parts();
  EXPECT_EQ(one.whole(), other.whole()) << what;
  EXPECT_EQ(a.envelope, b.envelope) << what;
  EXPECT_EQ(a.facts, b.facts) << what;
  EXPECT_EQ(a.people, b.people) << what;
  EXPECT_EQ(a.references, b.references) << what;
  EXPECT_EQ(a.rest, b.rest) << what;
  for (const auto member : {&PlainEvent::id, &PlainEvent::source, &PlainEvent::type, &PlainEvent::body,
                            &PlainEvent::subject, &PlainEvent::record, &PlainEvent::area})
    EXPECT_EQ(a.*member, b.*member) << what;
  EXPECT_EQ(a.time, b.time) << what;
  EXPECT_EQ(a.known_time, b.known_time) << what;
}

// True when the short way takes it; then the long way must too, and tell the same.
bool check_against_the_long_way(const std::string& frame) {
  SaidEvent read, taken;
  if (!read.read(frame, Limits())) return false;
  v1::Event event;
  EXPECT_TRUE(event.ParseFromString(frame));
  const Status valid = validate(event, Limits());
  EXPECT_TRUE(valid.ok()) << valid.message() << "\n" << event.DebugString();
  EXPECT_FALSE(event.facts().has_governance()) << "who governs is asked of the parsed event";
  taken.take(event);
  expect_the_same(read, taken, event.DebugString());
  return true;
}

TEST(PlainEvent, WhatIsTakenAsItStandsTheLongWayWouldTakeTheSame) {
  DrawnEvents events(20210302);
  int plain = 0, valid = 0, spoiled_plain = 0;
  constexpr int kTimes = 20'000;
  for (int i = 0; i < kTimes && !testing::Test::HasFailure(); ++i) {
    const v1::Event event = events.draw();
    const std::string frame = event.SerializeAsString();
    valid += validate(event, Limits()).ok() ? 1 : 0;
    plain += check_against_the_long_way(frame) ? 1 : 0;
    spoiled_plain += check_against_the_long_way(events.spoil(frame)) ? 1 : 0;
  }
  std::cout << kTimes << " drawn: " << valid << " valid, " << plain << " plain; of them spoiled " << spoiled_plain
            << " plain\n";
  EXPECT_GT(plain, kTimes / 20);
  EXPECT_GT(spoiled_plain, 20) << "nothing is shown by frames of which none is taken";
}

TEST(PlainEvent, EveryStageOfEveryBodyWithoutRulesOfItsOwnIsPlain) {
  int shown = 0;
  const auto& bodies = *v1::Facts::descriptor();
  for (int i = 0; i < bodies.field_count(); ++i) {
    const FieldDescriptor& field = *bodies.field(i);
    const auto& stages = *field.message_type()->FindFieldByName("stage")->enum_type();
    for (int s = 1; s < stages.value_count(); ++s) {
      v1::Event event = example_event();
      auto* body = event.facts().GetReflection()->MutableMessage(event.mutable_facts(), &field);
      body->GetReflection()->SetEnumValue(body, field.message_type()->FindFieldByName("stage"),
                                          stages.value(s)->number());
      event.mutable_envelope()->set_type(type_of(event.facts()));
      EXPECT_EQ(is_plain(event), !has_rules_of_its_own(field.number())) << event.envelope().type();
      shown += is_plain(event) ? 1 : 0;
      event.mutable_envelope()->set_type("uk.csp.incident.reported.v2");
      EXPECT_FALSE(is_plain(event));
    }
  }
  EXPECT_GT(shown, 20);
}

TEST(PlainEvent, WhatProtobufWouldWriteInAnotherWayIsNot) {
  const v1::Event event = example_event();
  const std::string whole = event.SerializeAsString(), facts = event.facts().SerializeAsString();
  ASSERT_TRUE(is_plain(whole));
  EXPECT_FALSE(is_plain(whole + "\x12" + static_cast<char>(facts.size()) + facts)) << "the facts twice";
  v1::Event parts[3];
  *parts[0].mutable_envelope() = event.envelope();
  *parts[1].mutable_facts() = event.facts();
  *parts[2].mutable_personal() = event.personal();
  EXPECT_TRUE(is_plain(parts[0].SerializeAsString() + parts[1].SerializeAsString() + parts[2].SerializeAsString()));
  EXPECT_FALSE(is_plain(parts[1].SerializeAsString() + parts[0].SerializeAsString())) << "in another order";
  EXPECT_FALSE(is_plain(std::string("\x8a\x00", 2) + whole.substr(1))) << "a number longer than it need be";
}

TEST(PlainEvent, WhatTheBrokerSaysOfAnEventIsNotThePublishersToSay) {
  for (const auto& say :
       {+[](v1::Envelope& e) { e.set_agency("soha"); }, +[](v1::Envelope& e) { e.set_offset(7); },
        +[](v1::Envelope& e) { e.set_backfill(true); },
        +[](v1::Envelope& e) { e.set_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"); },
        +[](v1::Envelope& e) { e.mutable_recorded_time()->set_seconds(1); }}) {
    v1::Event event = example_event();
    ASSERT_TRUE(is_plain(event));
    say(*event.mutable_envelope());
    EXPECT_FALSE(is_plain(event)) << "it is cleared, which the long way does";
  }
}

}  // namespace
}  // namespace moot
