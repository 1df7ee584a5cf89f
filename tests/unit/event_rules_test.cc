#include "broker/core/event_rules.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "broker/core/plain_event.h"
#include "tests/unit/example_event.h"

namespace moot {
namespace {

Status judge(const v1::Event& event) { return validate(event, Limits()); }

TEST(EventRules, TheExampleKeepsThem) { EXPECT_TRUE(judge(example_event()).ok()) << judge(example_event()).message(); }

struct Refused {
  std::string name;
  std::function<void(v1::Event&)> spoil;
  Code code;
  std::string names;  // what the sentence must name
};

class EventRulesRefuse : public testing::TestWithParam<Refused> {};

TEST_P(EventRulesRefuse, WithASentenceThatNamesTheField) {
  v1::Event event = example_event();
  GetParam().spoil(event);
  const Status status = judge(event);
  EXPECT_EQ(status.code(), GetParam().code) << status.message();
  EXPECT_NE(status.message().find(GetParam().names), std::string::npos) << status.message();
  PlainEvent plain;
  EXPECT_FALSE(read_plain_event(event.SerializeAsString(), Limits(), plain)) << "nor does the short way take it";
}

std::string of_length(std::size_t length) { return std::string(length, 'a'); }

const Refused kRefused[] = {
    {"NoId", [](v1::Event& e) { e.mutable_envelope()->clear_id(); }, Code::kInvalid, "id"},
    {"ASpaceInTheId", [](v1::Event& e) { e.mutable_envelope()->set_id("a b"); }, Code::kInvalid, "id"},
    {"ALineFeedInTheId", [](v1::Event& e) { e.mutable_envelope()->set_id("a\nb"); }, Code::kInvalid, "id"},
    {"AnIdOf201", [](v1::Event& e) { e.mutable_envelope()->set_id(of_length(201)); }, Code::kInvalid, "id"},
    {"NoSource", [](v1::Event& e) { e.mutable_envelope()->clear_source(); }, Code::kInvalid, "source"},
    {"ASourceWithoutSystem", [](v1::Event& e) { e.mutable_envelope()->set_source("/north-police"); }, Code::kInvalid,
     "source"},
    {"ASourceWithAnEmptySystem", [](v1::Event& e) { e.mutable_envelope()->set_source("/north-police/"); },
     Code::kInvalid, "source"},
    {"ASourceInCapitals", [](v1::Event& e) { e.mutable_envelope()->set_source("/North/cad"); }, Code::kInvalid,
     "source"},
    {"ANameInTheSubject", [](v1::Event& e) { e.mutable_envelope()->set_subject("Avery Inventedname"); }, Code::kInvalid,
     "subject"},
    {"NoTime", [](v1::Event& e) { e.mutable_envelope()->clear_time(); }, Code::kInvalid, "time"},
    {"ATimeInTheYear12000", [](v1::Event& e) { e.mutable_envelope()->mutable_time()->set_seconds(316'000'000'000); },
     Code::kInvalid, "time"},
    {"ATimeThatStandsForNone", [](v1::Event& e) { e.mutable_envelope()->mutable_time()->set_seconds(-62'135'596'800); },
     Code::kInvalid, "time"},
    {"ATimeBefore1900", [](v1::Event& e) { e.mutable_envelope()->mutable_known_time()->set_seconds(-2'208'988'801); },
     Code::kInvalid, "knowntime"},
    {"NegativeNanoseconds", [](v1::Event& e) { e.mutable_envelope()->mutable_known_time()->set_nanos(-1); },
     Code::kInvalid, "knowntime"},
    {"AnAreaThatIsFreeText", [](v1::Event& e) { e.mutable_envelope()->set_area("near the Green Man"); }, Code::kInvalid,
     "area"},
    {"AnLsoaThatIsNone", [](v1::Event& e) { e.mutable_envelope()->set_lsoa("E02000001"); }, Code::kInvalid, "lsoa"},
    {"ARegimeInWords", [](v1::Event& e) { e.mutable_envelope()->set_regime("Part 3"); }, Code::kInvalid, "regime"},
    {"ALinkWithoutAnId",
     [](v1::Event& e) {
       e.mutable_envelope()->add_links()->set_rel("about");
       e.mutable_envelope()->mutable_links(0)->set_source("/north-police/cad");
     },
     Code::kInvalid, "links.id"},
    {"FiftyOneLinks",
     [](v1::Event& e) {
       for (int i = 0; i < 51; ++i) e.mutable_envelope()->add_links();
     },
     Code::kTooLarge, "links"},
    {"AnUnknownFieldInTheEnvelope",
     [](v1::Event& e) {
       auto& unknown = *e.mutable_envelope()->GetReflection()->MutableUnknownFields(e.mutable_envelope());
       unknown.AddLengthDelimited(90, "Avery Inventedname");
     },
     Code::kInvalid, "envelope"},
    {"AnUnknownFieldInAFact",
     [](v1::Event& e) {
       auto& contact = *e.mutable_facts()->mutable_contact();
       contact.GetReflection()->MutableUnknownFields(&contact)->AddLengthDelimited(90, "Avery Inventedname");
     },
     Code::kInvalid, "facts.contact"},
    {"AnUnknownPart",
     [](v1::Event& e) { e.GetReflection()->MutableUnknownFields(&e)->AddLengthDelimited(90, "Avery"); }, Code::kInvalid,
     "event"},
    {"NoBody", [](v1::Event& e) { e.clear_facts(); }, Code::kInvalid, "facts"},
    {"NoStage", [](v1::Event& e) { e.mutable_facts()->mutable_contact()->clear_stage(); }, Code::kInvalid, "stage"},
    {"AStageOfTheFuture",
     [](v1::Event& e) { e.mutable_facts()->mutable_contact()->set_stage(static_cast<v1::Contact::Stage>(99)); },
     Code::kInvalid, "stage"},
    {"ATypeThatSaysSomethingElse", [](v1::Event& e) { e.mutable_envelope()->set_type("uk.csp.incident.reported.v1"); },
     Code::kInvalid, "type"},
    {"FreeTextInAFact",
     [](v1::Event& e) { e.mutable_facts()->mutable_contact()->set_category("Shouting in Mill Lane"); }, Code::kInvalid,
     "contact.category"},
    {"FreeTextInARepeatedFact",
     [](v1::Event& e) {
       e.mutable_facts()->mutable_closure()->set_stage(v1::Closure::RESOLVED);
       e.mutable_facts()->mutable_closure()->add_outcomes("Spoke to Mr Smith");
       e.mutable_envelope()->set_type("uk.csp.closure.resolved.v1");
     },
     Code::kInvalid, "closure.outcomes"},
    {"ADateThatIsNone",
     [](v1::Event& e) {
       e.mutable_facts()->mutable_action()->set_stage(v1::Action::SET);
       e.mutable_facts()->mutable_action()->set_due("2021-02-30");
       e.mutable_envelope()->set_type("uk.csp.action.set.v1");
     },
     Code::kInvalid, "action.due"},
    {"ANegativeCost",
     [](v1::Event& e) {
       e.mutable_facts()->mutable_referral()->set_stage(v1::Referral::MADE);
       e.mutable_facts()->mutable_referral()->set_cost_pence(-1);
       e.mutable_envelope()->set_type("uk.csp.referral.made.v1");
     },
     Code::kInvalid, "cost_pence"},
    {"FiftyOnePeople",
     [](v1::Event& e) {
       for (int i = 0; i < 50; ++i) *e.mutable_personal()->add_people() = e.personal().people(0);
     },
     Code::kTooLarge, "people"},
    {"APersonWithoutARole", [](v1::Event& e) { e.mutable_personal()->mutable_people(0)->clear_role(); }, Code::kInvalid,
     "people.role"},
    {"ABirthDateThatIsNone", [](v1::Event& e) { e.mutable_personal()->mutable_people(0)->set_born("1980-13-01"); },
     Code::kInvalid, "people.born"},
    {"AnEmptyName", [](v1::Event& e) { e.mutable_personal()->mutable_people(0)->add_names(); }, Code::kInvalid,
     "people.names"},
    {"AUprnOf13Digits",
     [](v1::Event& e) { e.mutable_personal()->mutable_people(0)->add_addresses()->set_uprn("1234567890123"); },
     Code::kInvalid, "uprn"},
    {"APlaceOffTheGlobe",
     [](v1::Event& e) {
       e.mutable_personal()->add_places()->set_role("scene");
       e.mutable_personal()->mutable_places(0)->set_latitude(91);
     },
     Code::kInvalid, "places"},
    {"ALatitudeThatIsNotANumber",
     [](v1::Event& e) {
       e.mutable_personal()->add_places()->set_role("scene");
       e.mutable_personal()->mutable_places(0)->set_latitude(std::numeric_limits<double>::quiet_NaN());
     },
     Code::kInvalid, "places"},
    {"ATextOf4001Characters",
     [](v1::Event& e) {
       v1::Text& text = *e.mutable_personal()->add_texts();
       text.set_field("description");
       text.set_text(of_length(4001));
     },
     Code::kTooLarge, "personal.texts.text"},
    {"TwentyOneTexts",
     [](v1::Event& e) {
       for (int i = 0; i < 21; ++i) e.mutable_personal()->add_texts()->set_field("description");
     },
     Code::kTooLarge, "texts"},
};

INSTANTIATE_TEST_SUITE_P(Each, EventRulesRefuse, testing::ValuesIn(kRefused),
                         [](const auto& info) { return info.param.name; });

void add_unknown_field(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(9999, "Avery Inventedname");
}

// The event with an unknown field in each message that stands in the clear, one after the other.
std::vector<v1::Event> with_unknown_fields_in_the_clear() {
  std::vector<v1::Event> spoiled(3, example_event());
  add_unknown_field(spoiled[0]);
  add_unknown_field(*spoiled[1].mutable_envelope());
  add_unknown_field(*spoiled[2].mutable_facts());
  const auto& envelope = *v1::Envelope::descriptor();
  for (int i = 0; i < envelope.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = envelope.field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    v1::Envelope& clear = *spoiled.emplace_back(example_event()).mutable_envelope();
    const auto* reflection = clear.GetReflection();
    add_unknown_field(field->is_repeated() ? *reflection->AddMessage(&clear, field)
                                           : *reflection->MutableMessage(&clear, field));
  }
  const auto& bodies = *v1::Facts::descriptor();
  for (int i = 0; i < bodies.field_count(); ++i) {
    v1::Event& event = spoiled.emplace_back(example_event());
    auto* body = event.facts().GetReflection()->MutableMessage(event.mutable_facts(), bodies.field(i));
    body->GetReflection()->SetEnumValue(body, body->GetDescriptor()->FindFieldByName("stage"), 1);
    if (event.facts().has_measure()) event.mutable_facts()->mutable_measure()->set_measure("what-is-required");
    if (event.facts().has_governance()) {
      event.mutable_facts()->mutable_governance()->set_reason("what-is-required");
      v1::Link& link = *event.mutable_envelope()->add_links();
      link.set_rel("record");
      link.set_source("/north-police/cad");
      link.set_id("1");
    }
    event.mutable_envelope()->set_type(type_of(event.facts()));
    EXPECT_TRUE(judge(event).ok()) << judge(event).message();
    add_unknown_field(*body);
  }
  return spoiled;
}

TEST(EventRules, WhatIsNotKnownIsRefusedInEveryMessageThatStandsInTheClear) {
  const std::vector<v1::Event> spoiled = with_unknown_fields_in_the_clear();
  EXPECT_GT(spoiled.size(), 15U);
  for (const v1::Event& event : spoiled) {
    const Status status = judge(event);
    EXPECT_EQ(status.code(), Code::kInvalid) << event.DebugString();
    EXPECT_NE(status.message().find("newer"), std::string::npos) << status.message();
    PlainEvent plain;
    EXPECT_FALSE(read_plain_event(event.SerializeAsString(), Limits(), plain));
  }
}

TEST(EventRules, AFigureIsANumberThatCanBeCounted) {
  v1::Event event = example_event();
  v1::Measure& measure = *event.mutable_facts()->mutable_measure();
  measure.set_stage(v1::Measure::REPORTED);
  measure.set_measure("staff");
  event.mutable_envelope()->set_type(type_of(event.facts()));
  const auto says = [&](double value, double denominator) {
    measure.set_value(value);
    measure.set_denominator(denominator);
    return judge(event).message();
  };
  EXPECT_EQ(says(-12.5, 0), "");
  EXPECT_EQ(says(999'999'999'999'999, 999'999'999'999'999), "");
  for (const double wrong : {1e300, -1e15, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(says(wrong, 1).find("measure.value"), std::string::npos) << wrong;
    EXPECT_NE(says(1, wrong).find("measure.denominator"), std::string::npos) << wrong;
  }
  EXPECT_NE(says(1, -1).find("measure.denominator"), std::string::npos);
}

TEST(EventRules, RefusalsNeverRepeatAPersonalValue) {
  v1::Event event = example_event();
  event.mutable_personal()->mutable_people(0)->set_born("17th of May 1980");
  EXPECT_EQ(judge(event).message().find("1980"), std::string::npos) << judge(event).message();
  event = example_event();
  event.mutable_facts()->mutable_contact()->set_category("Avery Inventedname shouting");
  EXPECT_EQ(judge(event).message().find("Avery"), std::string::npos) << judge(event).message();
}

TEST(EventRules, CountsCharactersNotBytes) {
  v1::Event event = example_event();
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  for (int i = 0; i < 4000; ++i) *text.mutable_text() += "é";
  EXPECT_TRUE(judge(event).ok()) << judge(event).message();
  *text.mutable_text() += "é";
  EXPECT_EQ(judge(event).code(), Code::kTooLarge);
}

// At a limit, one under it and one over it: the short way and the whole one agree.
TEST(EventRules, ALimitIsTheLastThatIsTaken) {
  const Limits limits;
  struct Limited {
    const char* name;
    std::size_t max;
    std::function<void(v1::Event&, std::size_t)> grow;
  };
  const auto text = [](v1::Event& e, std::size_t characters) {
    v1::Text& text = *e.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text(of_length(characters));
  };
  const Limited all[] = {
      {"characters", limits.field_characters_max, text},
      {"texts", limits.texts_max,
       [&](v1::Event& e, std::size_t n) {
         for (std::size_t i = 0; i < n; ++i) text(e, 3);
       }},
      {"people", limits.people_max,
       [](v1::Event& e, std::size_t n) {
         const v1::Person person = e.personal().people(0);
         e.mutable_personal()->clear_people();
         for (std::size_t i = 0; i < n; ++i) *e.mutable_personal()->add_people() = person;
       }},
      {"places", limits.places_max,
       [](v1::Event& e, std::size_t n) {
         e.mutable_personal()->clear_places();
         for (std::size_t i = 0; i < n; ++i) e.mutable_personal()->add_places()->set_role("scene");
       }},
      {"links", limits.links_max,
       [](v1::Event& e, std::size_t n) {
         e.mutable_envelope()->clear_links();
         for (std::size_t i = 0; i < n; ++i) {
           v1::Link& link = *e.mutable_envelope()->add_links();
           link.set_rel("about");
           link.set_source("/soha/cases");
           link.set_id("c" + std::to_string(i));
         }
       }},
      {"names", limits.values_max,
       [](v1::Event& e, std::size_t n) {
         v1::Person& person = *e.mutable_personal()->mutable_people(0);
         person.clear_names();
         for (std::size_t i = 0; i < n; ++i) person.add_names()->set_family("Inventedname");
       }},
  };
  for (const Limited& one : all) {
    SCOPED_TRACE(one.name);
    for (const std::size_t count : {one.max - 1, one.max, one.max + 1}) {
      v1::Event event = example_event();
      event.mutable_personal()->clear_texts();
      one.grow(event, count);
      const Status status = judge(event);
      EXPECT_EQ(status.code(), count > one.max ? Code::kTooLarge : Code::kOk) << count << ": " << status.message();
      PlainEvent plain;
      if (count > one.max) {
        EXPECT_FALSE(read_plain_event(event.SerializeAsString(), limits, plain)) << count;
      }
    }
  }
}

TEST(EventRules, EveryStageOfEveryBodyHasATypeThatLeadsBackToIt) {
  int types = 0;
  const auto* descriptor = v1::Facts::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* stage = descriptor->field(i)->message_type()->FindFieldByName("stage");
    ASSERT_NE(stage, nullptr) << descriptor->field(i)->name();
    for (int value = 1; value < stage->enum_type()->value_count(); ++value) {
      v1::Facts facts;
      auto* body = facts.GetReflection()->MutableMessage(&facts, descriptor->field(i));
      body->GetReflection()->SetEnum(body, stage, stage->enum_type()->value(value));
      v1::Facts again;
      ASSERT_TRUE(set_body_and_stage(type_of(facts), again).ok()) << type_of(facts);
      EXPECT_EQ(again.SerializeAsString(), facts.SerializeAsString());
      ++types;
    }
  }
  EXPECT_GT(types, 50);
}

TEST(EventRules, TypesAreWrittenWithHyphens) {
  v1::Facts facts;
  facts.mutable_closure()->set_stage(v1::Closure::CASE_CLOSED);
  EXPECT_EQ(type_of(facts), "uk.csp.closure.case-closed.v1");
}

TEST(EventRules, OtherTypesAreNotUnderstood) {
  for (const std::string type : {"", "contact", "uk.csp.contact.received", "uk.csp.contact.received.v2", "uk.csp..v1",
                                 "uk.csp.contact.v1", "uk.csp.nothing.received.v1", "uk.csp.contact.RECEIVED.v1",
                                 "uk.csp.contact.stage-unspecified.v1", "uk.csp.v1"}) {
    v1::Facts facts;
    EXPECT_EQ(set_body_and_stage(type, facts).code(), Code::kInvalid) << type;
  }
}

}  // namespace
}  // namespace moot
