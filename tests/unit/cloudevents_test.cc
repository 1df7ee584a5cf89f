// CloudEvents in JSON: the round trip of everything the language has, and what is refused.
#include "adapters/cloudevents.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "adapters/gateway_cloudevents.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"

namespace moot {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Two values of every repeated field, one of every other.
void fill(Message& message, std::mt19937_64& random);

std::string some_text(std::mt19937_64& random) {
  constexpr std::string_view kPieces[] = {"a", "Z", "9", "\"", "\\", "/", "<", "\n", "é", "€", "🏠", "\t", " ", "'"};
  std::string text = "t";
  for (unsigned i = 0; i < 6; ++i) text += kPieces[random() % std::size(kPieces)];
  return text;
}

void fill_field(Message& m, const FieldDescriptor* f, std::mt19937_64& random) {
  const auto& r = *m.GetReflection();
  switch (f->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      f->is_repeated() ? r.AddString(&m, f, some_text(random)) : r.SetString(&m, f, some_text(random));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      r.SetBool(&m, f, true);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      r.SetInt32(&m, f, static_cast<std::int32_t>(random()) | 1);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      r.SetInt64(&m, f, static_cast<std::int64_t>(random()) | 1);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      if (f->is_repeated()) {
        r.AddUInt32(&m, f, static_cast<std::uint32_t>(random()) | 1);
        break;
      }
      r.SetUInt32(&m, f, static_cast<std::uint32_t>(random()) | 1);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      f->is_repeated() ? r.AddUInt64(&m, f, random() | 1) : r.SetUInt64(&m, f, random() | 1);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      r.SetDouble(&m, f, std::uniform_real_distribution<double>(-180, 180)(random));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      r.SetEnumValue(&m, f, 1 + static_cast<int>(random() % static_cast<unsigned>(f->enum_type()->value_count() - 1)));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      fill(f->is_repeated() ? *r.AddMessage(&m, f) : *r.MutableMessage(&m, f), random);
      break;
    default:
      FAIL() << "a kind of field this test does not know: " << f->full_name();
  }
}

void fill(Message& message, std::mt19937_64& random) {
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i)
    for (int n = type.field(i)->is_repeated() ? 2 : 1; n > 0; --n) fill_field(message, type.field(i), random);
}

// An event with every field of the envelope, of one body and of the personal part set.
v1::Event full_event(const FieldDescriptor* body, std::mt19937_64& random) {
  v1::Event event;
  v1::Envelope& e = *event.mutable_envelope();
  for (const char* name : {"id", "source", "subject", "record", "area", "lsoa", "marking", "compartment", "regime",
                           "basis", "consent", "retention"})
    e.GetReflection()->SetString(&e, v1::Envelope::descriptor()->FindFieldByName(name), some_text(random));
  *e.mutable_time() = to_proto(Instant{static_cast<std::int64_t>(random() % 2'000'000'000'000'000)});
  *e.mutable_known_time() = to_proto(Instant{-static_cast<std::int64_t>(random() % 2'000'000'000'000'000)});
  e.set_time_precision(static_cast<v1::TimePrecision>(random() % 4));
  e.set_revision(random());
  for (const std::string n : {"1", "2"}) {
    v1::Link& link = *e.add_links();
    link.set_rel("about" + n);
    link.set_source("/soha/cases");
    link.set_id("A%20/" + n);
  }
  fill(*event.mutable_facts()->GetReflection()->MutableMessage(event.mutable_facts(), body), random);
  e.set_type(type_of(event.facts()));
  fill(*event.mutable_personal(), random);
  return event;
}

TEST(CloudEventsTest, EveryFieldOfEveryBodyComesBackAsItWentOut) {
  const Descriptor& facts = *v1::Facts::descriptor();
  ASSERT_GE(facts.field_count(), 9);
  for (int i = 0; i < facts.field_count(); ++i) {
    for (unsigned seed = 0; seed < 40; ++seed) {
      std::mt19937_64 random(seed);
      const v1::Event event = full_event(facts.field(i), random);
      const std::string line = cloudevent_from_event(event);
      EXPECT_EQ(line.find('\n'), std::string::npos);
      const Result<v1::Event> back = event_from_cloudevent(line);
      ASSERT_TRUE(back.ok()) << back.status().to_string() << "\n" << line;
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(event, *back)) << line;
      EXPECT_EQ(cloudevent_from_event(*back), line);
    }
  }
}

TEST(CloudEventsTest, TheSmallestEventComesBackToo) {
  v1::Event event;
  event.mutable_envelope()->set_id("1");
  event.mutable_envelope()->set_source("/soha/cases");
  event.mutable_envelope()->set_type("uk.csp.closure.resolved.v1");
  *event.mutable_envelope()->mutable_time() = to_proto(Instant{0});
  event.mutable_facts()->mutable_closure()->set_stage(v1::Closure::RESOLVED);
  const std::string line = cloudevent_from_event(event);
  EXPECT_EQ(line, R"({"specversion":"1.0","id":"1","source":"/soha/cases","type":"uk.csp.closure.resolved.v1",)"
                  R"("time":"1970-01-01T00:00:00Z","datacontenttype":"application/json",)"
                  R"("data":{"facts":{"closure":{"stage":"RESOLVED"}}}})");
  EXPECT_EQ(event_from_cloudevent(line)->SerializeAsString(), event.SerializeAsString());
}

TEST(CloudEventsTest, WhatTheBrokerSetsIsWrittenAndIgnoredWhenRead) {
  v1::Event event;
  event.mutable_envelope()->set_id("1");
  event.mutable_envelope()->set_source("/soha/cases");
  event.mutable_envelope()->set_type("uk.csp.closure.resolved.v1");
  *event.mutable_envelope()->mutable_time() = to_proto(Instant{0});
  event.mutable_facts()->mutable_closure()->set_stage(v1::Closure::RESOLVED);
  v1::Event stored = event;
  stored.mutable_envelope()->set_agency("soha");
  stored.mutable_envelope()->set_backfill(true);
  *stored.mutable_envelope()->mutable_recorded_time() = to_proto(Instant{1'000'001});
  const std::string line = cloudevent_from_event(stored);
  EXPECT_NE(line.find(R"("backfill":true,"agency":"soha","offset":"0","recordedtime":"1970-01-01T00:00:01.000001Z")"),
            std::string::npos)
      << line;
  EXPECT_EQ(event_from_cloudevent(line)->SerializeAsString(), event.SerializeAsString());
}

constexpr std::string_view kGood =
    R"({"specversion":"1.0","id":"7","source":"/north-police/cad","type":"uk.csp.contact.received.v1",)"
    R"("time":"2021-03-02T09:05:00+01:00","datacontenttype":"application/json",)"
    R"("data":{"facts":{"contact":{"channel":"101","on_behalf_of":true}},)"
    R"("personal":{"people":[{"role":"caller","names":[{"full":"Ann Example"}]}]}}})";

std::string with(std::string_view from, std::string_view to) {
  std::string json(kGood);
  EXPECT_NE(json.find(from), std::string::npos) << from;
  return json.replace(json.find(from), from.size(), to);
}

TEST(CloudEventsTest, AMissingStageComesFromTheType) {
  const Result<v1::Event> event = event_from_cloudevent(kGood);
  ASSERT_TRUE(event.ok()) << event.status().to_string();
  EXPECT_EQ(event->facts().contact().stage(), v1::Contact::RECEIVED);
  EXPECT_EQ(event->facts().contact().channel(), "101");
  EXPECT_EQ(to_rfc3339(from_proto(event->envelope().time())), "2021-03-02T08:05:00Z");
  EXPECT_TRUE(validate(*event, Limits()).ok());
}

TEST(CloudEventsTest, AStageThatIsGivenStaysForTheRulesToJudge) {
  const Result<v1::Event> event = event_from_cloudevent(with("\"channel\"", "\"stage\":\"UPDATED\",\"channel\""));
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->facts().contact().stage(), v1::Contact::UPDATED);
  EXPECT_FALSE(validate(*event, Limits()).ok());
}

TEST(CloudEventsTest, BothSpellingsOfAFieldAreTaken) {
  EXPECT_TRUE(event_from_cloudevent(with("on_behalf_of", "onBehalfOf"))->facts().contact().on_behalf_of());
}

TEST(CloudEventsTest, AContentTypeMaySayThatItIsInUtf8) {
  for (const char* type : {"application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"})
    EXPECT_TRUE(event_from_cloudevent(with("application/json", type)).ok()) << type;
  EXPECT_FALSE(event_from_cloudevent(with("application/json", "application/json; charset=iso-8859-1")).ok());
}

// What programs make of a body that they have as bytes.
TEST(CloudEventsTest, DataMayComeAsBytesInBase64) {
  const std::string whole(kGood);
  const std::size_t data = whole.find("\"data\":");
  const std::string start = whole.substr(0, data) + "\"data_base64\":";
  // {"facts":{"contact":{"channel":"101"}}}
  const std::string wrapped = "\"eyJmYWN0cyI6eyJjb250YWN0Ijp7ImNoYW5uZWwiOiIxMDEifX19\"";
  const Result<v1::Event> event = event_from_cloudevent(start + wrapped + "}");
  ASSERT_TRUE(event.ok()) << event.status().to_string();
  EXPECT_EQ(event->facts().contact().channel(), "101");
  EXPECT_EQ(event->envelope().id(), "7");
  const auto why = [&](const std::string& value) {
    return event_from_cloudevent(start + value + "}").status().message();
  };
  EXPECT_EQ(why("\"eyJ\""), "data_base64: expected a text in base64");
  EXPECT_EQ(why("\"Ann Example\""), "data_base64: expected a text in base64");
  EXPECT_EQ(why("7"), "data_base64: expected a text in base64");
  EXPECT_EQ(why("\"QW5u\""), "data_base64: not JSON: wrong at character 1");
  EXPECT_EQ(why(wrapped + "," + whole.substr(data, whole.size() - data - 1)),
            "data_base64: stands beside data; an event has one of them");
}

// The HTTP binding's binary mode, with what the fields of its attributes hold.
Result<v1::Event> binary(std::string_view subject, const std::vector<HttpField>& more = {}) {
  HttpHead head;
  head.fields = {{"content-type", "application/json"},
                 {"ce-specversion", "1.0"},
                 {"ce-id", "7"},
                 {"ce-source", "/north-police/cad"},
                 {"ce-time", "2021-03-02T09:05:00Z"},
                 {"ce-type", "uk.csp.contact.received.v1"},
                 {"ce-subject", std::string(subject)}};
  head.fields.insert(head.fields.end(), more.begin(), more.end());
  const auto read = read_cloudevents(CloudEventsMode::kBinary, head, R"({"facts":{"contact":{}}})", Limits());
  if (const auto* event = std::get_if<v1::Event>(&read->at(0))) return *event;
  const auto& refused = std::get<v1::RefusedInput>(read->at(0));
  return Status(static_cast<Code>(refused.code()), refused.reason());
}

TEST(CloudEventsTest, AttributesInFieldsMayBeQuotedAndAreUnescapedOnce) {
  const auto subject = [](std::string_view field) { return binary(field)->envelope().subject(); };
  EXPECT_EQ(subject("A%2F1%2520"), "A/1%20");
  EXPECT_EQ(subject("\"A1\""), "A1");
  EXPECT_EQ(subject(R"("a\"b\\c")"), R"(a"b\c)");
  EXPECT_EQ(subject("\""), "\"");
  EXPECT_EQ(subject(R"("a\")"), "a\\") << "nothing is left for it to escape";
  EXPECT_EQ(binary("100%").status().message(), "an attribute has a % that two hexadecimal digits do not follow");
  EXPECT_EQ(binary("1", {{"ce-id", "8"}}).status().message(), "an attribute is given twice");
}

struct Bad {
  std::string_view from, to;
  Code code;
  std::string_view sentence;
};
class BadCloudEvents : public testing::TestWithParam<Bad> {};

TEST_P(BadCloudEvents, AreRefusedWithASentence) {
  const Result<v1::Event> event = event_from_cloudevent(with(GetParam().from, GetParam().to));
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(event.status().code(), GetParam().code);
  EXPECT_EQ(event.status().message(), GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadCloudEvents,
    testing::Values(
        Bad{"\"time\":\"2021-03-02T09:05:00+01:00\",", "", Code::kMissing, "time: is required"},
        Bad{"\"id\":\"7\",", "", Code::kMissing, "id: is required"},
        Bad{"\"specversion\":\"1.0\",", "", Code::kMissing, "specversion: is required"},
        Bad{"\"data\"", "\"date\"", Code::kMissing, "data: is required"},
        Bad{"\"1.0\"", "\"0.3\"", Code::kInvalid, "specversion: expected 1.0"},
        Bad{"\"7\"", "7", Code::kInvalid, "id: expected a text"},
        Bad{"application/json", "text/xml", Code::kInvalid, "datacontenttype: expected application/json"},
        Bad{"09:05:00+01:00", "09:05:00", Code::kInvalid,
            "time: expected a time with its offset, such as 2021-03-02T09:05:00Z"},
        Bad{"\"id\"", "\"colour\":\"red\",\"id\"", Code::kInvalid, "has no attribute \"colour\"; is it misspelt?"},
        Bad{"\"id\"", "\"Mr A. Example, Didcot\":1,\"id\"", Code::kInvalid,
            "has no attribute of that name, which is long or not plain; is it misspelt?"},
        Bad{"\"id\"", "\"revision\":-1,\"id\"", Code::kInvalid, "revision: expected a whole number from 0"},
        Bad{"\"id\"", "\"revision\":1.5,\"id\"", Code::kInvalid, "revision: expected a whole number from 0"},
        Bad{"\"id\"", "\"timeprecision\":\"EXACT\",\"id\"", Code::kInvalid,
            "timeprecision: expected exact, day, month or approximate"},
        Bad{"\"id\"", "\"links\":\"about 7\",\"id\"", Code::kInvalid,
            "links: expected `rel source id`, joined by semicolons"},
        Bad{"\"facts\"", "\"envelope\":{},\"facts\"", Code::kInvalid,
            "data: has no field \"envelope\"; expected facts and personal"},
        Bad{"\"channel\"", "\"chanel\"", Code::kInvalid,
            "data.facts.contact: has no field \"chanel\"; is it misspelt?"},
        Bad{"\"full\"", "\"fullname\"", Code::kInvalid,
            "data.personal.people[0].names[0]: has no field \"fullname\"; is it misspelt?"},
        Bad{"\"Ann Example\"", "[\"Ann Example\"]", Code::kInvalid,
            "data.personal.people[0].names[0].full: expected a text"},
        Bad{"[{\"full\":\"Ann Example\"}]", "\"Ann Example\"", Code::kInvalid,
            "data.personal.people[0].names: expected a list"},
        Bad{"{\"full\":\"Ann Example\"}", "\"Ann Example\"", Code::kInvalid,
            "data.personal.people[0].names[0]: expected an object in braces"},
        Bad{"true", "\"yes\"", Code::kInvalid, "data.facts.contact.on_behalf_of: expected true or false"},
        Bad{"true", "true,\"onBehalfOf\":false", Code::kInvalid, "data.facts.contact.on_behalf_of: is given twice"},
        Bad{"true}", "true},\"incident\":{}", Code::kInvalid, "data.facts: expected only one body"},
        Bad{"\"channel\"", "\"stage\":\"SHOUTED\",\"channel\"", Code::kInvalid,
            "data.facts.contact.stage: expected one of RECEIVED, UPDATED, WITHDRAWN"},
        Bad{"contact.received", "incident.reported", Code::kInvalid,
            "type: does not agree with data.facts, which hold another body"},
        Bad{"}]}}}", "}]}},\"data\":{}}", Code::kInvalid, "data: is given twice, or its name is written with escapes"},
        Bad{"\"people\":[", "\"places\":[{\"latitude\":\"north of Ann\"}],\"people\":[", Code::kInvalid,
            "data: a number is not one, or is out of its field's range"},
        Bad{"}]}}}", "", Code::kUnreadable, "not JSON: it ends before its last bracket; it seems cut off"},
        Bad{"}]}}}", "}]}}} x", Code::kUnreadable, "not JSON: more text after its end, at character 311"},
        Bad{"{\"specversion\"", "{specversion", Code::kUnreadable, "not JSON: wrong at character 2"},
        Bad{"Ann", "\xff", Code::kUnreadable, "not text in UTF-8"}));

// "When decoding … a null MUST be treated as the equivalent of unset or omitted" (CloudEvents, JSON format).
TEST(CloudEventsTest, NullIsAsIfItWereNotThere) {
  const Result<v1::Event> plain = event_from_cloudevent(kGood);
  const Result<v1::Event> event = event_from_cloudevent(
      with("\"id\"", R"("subject":null,"area":null,"knowntime":null,"revision":null,"data_base64":null,"id")"));
  ASSERT_TRUE(event.ok()) << event.status().message();
  EXPECT_EQ(event->SerializeAsString(), plain->SerializeAsString());
  EXPECT_EQ(event_from_cloudevent(with("\"7\"", "null")).status().message(), "id: is required");
}

TEST(CloudEventsTest, AttributesOfTheStandardThatSayNothingHereAreTaken) {
  const Result<v1::Event> plain = event_from_cloudevent(kGood);
  const Result<v1::Event> event =
      event_from_cloudevent(with("\"id\"", R"("dataschema":"https://a.example/s","tracestate":"a=b","id")"));
  ASSERT_TRUE(event.ok()) << event.status().message();
  EXPECT_EQ(event->SerializeAsString(), plain->SerializeAsString());
  EXPECT_TRUE(event_from_cloudevent(with("application/json", "application/vnd.a+json; charset=UTF-8")).ok());
}

TEST(CloudEventsTest, WhatIsNoObjectIsNoEvent) {
  for (const std::string_view text : {"null", "7", "\"x\"", "[]"})
    EXPECT_EQ(event_from_cloudevent(text).status().message(), "not an event: expected an object in braces") << text;
}

// An error that a server answered with, or another format's empty list.
TEST(CloudEventsTest, AnObjectWithNoneOfTheAttributesIsSaidToBeNoEvent) {
  for (const std::string_view text : {"{}", R"({"data":[]})", R"({"code":400,"description":"Ann"})"})
    EXPECT_EQ(event_from_cloudevent(text).status().message(),
              "not a CloudEvent: it has none of specversion, id, source, type and time")
        << text;
}

TEST(CloudEventsTest, DeepNestingIsRefused) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(event_from_cloudevent(with("true", deep)).status().message(),
            "not what it should be: brackets inside brackets, too deep");
}

TEST(CloudEventsTest, AnEventCutAnywhereIsRefusedWithoutACrash) {
  for (std::size_t length = 0; length < kGood.size(); ++length)
    EXPECT_FALSE(event_from_cloudevent(kGood.substr(0, length)).ok()) << length;
}

}  // namespace
}  // namespace moot
