// Messages out of JSON: the same as protobuf reads where both take it, and nothing taken that is not one thing.
#include "adapters/json_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>
#include <random>

#include "proto/event.pb.h"

namespace moot {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// "taken", or why not.
std::string filled(const std::string& text, Message& message) {
  const Status status = fill_from_json(boost::json::parse(text), text, "data", message);
  return status.ok() ? "taken" : status.message();
}
std::string filled(const std::string& text) {
  v1::Event event;
  return filled(text, event);
}

class RandomMessages {
 public:
  explicit RandomMessages(unsigned seed) : random_(seed) {}

  // Some fields of it, and of a choice of one at most one.
  void fill(Message& message, int depth = 0) {
    const auto* reflection = message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      const bool chosen =
          field->containing_oneof() != nullptr && reflection->HasOneof(message, field->containing_oneof());
      if (pick(2) == 0 || chosen || depth > 6) continue;
      for (int count = field->is_repeated() ? pick(3) : 1; count > 0; --count) fill(message, *field, depth);
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  template <typename Number>
  Number number() {
    const Number some[] = {0, 1, 7, std::numeric_limits<Number>::max(), std::numeric_limits<Number>::min()};
    return some[pick(5)];
  }
  void fill(Message& message, const FieldDescriptor& field, int depth) {
    const auto* r = message.GetReflection();
    const bool many = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(many ? *r->AddMessage(&message, &field) : *r->MutableMessage(&message, &field), depth + 1);
      case FieldDescriptor::CPPTYPE_STRING: {
        const char* const texts[] = {"", "Ash", "1: \"2\", {3}\\4\n", "Łódź 7½", "\x01"};
        const std::string text = texts[pick(5)];
        return many ? r->AddString(&message, &field, text) : r->SetString(&message, &field, text);
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        return many ? r->AddBool(&message, &field, true) : r->SetBool(&message, &field, true);
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto* value = field.enum_type()->value(pick(field.enum_type()->value_count()));
        return many ? r->AddEnum(&message, &field, value) : r->SetEnum(&message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_INT32:
        return many ? r->AddInt32(&message, &field, number<std::int32_t>())
                    : r->SetInt32(&message, &field, number<std::int32_t>());
      case FieldDescriptor::CPPTYPE_UINT32:
        return many ? r->AddUInt32(&message, &field, number<std::uint32_t>())
                    : r->SetUInt32(&message, &field, number<std::uint32_t>());
      case FieldDescriptor::CPPTYPE_INT64:
        return many ? r->AddInt64(&message, &field, number<std::int64_t>())
                    : r->SetInt64(&message, &field, number<std::int64_t>());
      case FieldDescriptor::CPPTYPE_UINT64:
        return many ? r->AddUInt64(&message, &field, number<std::uint64_t>())
                    : r->SetUInt64(&message, &field, number<std::uint64_t>());
      default: {
        const double value = (static_cast<double>(random_()) - 2e9) / 3e7;
        return many ? r->AddDouble(&message, &field, value) : r->SetDouble(&message, &field, value);
      }
    }
  }

  std::mt19937 random_;
};

TEST(JsonMessage, WhatProtobufWritesIsReadBackByteForByte) {
  std::size_t bytes = 0;
  for (unsigned seed = 1; seed <= 1500; ++seed) {
    v1::Event event;
    RandomMessages random(seed);
    random.fill(*event.mutable_facts());
    random.fill(*event.mutable_personal());
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = seed % 2 == 0;
    options.add_whitespace = seed % 3 == 0;
    std::string text;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(event, &text, options).ok());
    v1::Event ours, theirs;
    ASSERT_EQ(filled(text, ours), "taken") << text;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &theirs).ok());
    ASSERT_EQ(ours.SerializeAsString(), theirs.SerializeAsString()) << text;
    ASSERT_EQ(ours.SerializeAsString(), event.SerializeAsString()) << text;
    bytes += text.size();
  }
  EXPECT_GT(bytes, 100'000u) << "hardly anything was compared";
}

TEST(JsonMessage, NumbersAreReadAsTheyAreWrittenAndOnlyWithinTheirFields) {
  const auto risk = [](const std::string& number) {
    v1::Event event;
    const std::string said = filled(R"({"facts":{"risk":{"score":)" + number + "}}}", event);
    return said == "taken" ? std::to_string(event.facts().risk().score()) : said;
  };
  for (const auto& [text, value] : std::map<std::string, std::string>{{"7", "7"},
                                                                      {"-7", "-7"},
                                                                      {"7.0", "7"},
                                                                      {"7e0", "7"},
                                                                      {"0.7e1", "7"},
                                                                      {"\"7\"", "7"},
                                                                      {"\"7.0\"", "7"},
                                                                      {"2147483647", "2147483647"},
                                                                      {"-2147483648", "-2147483648"},
                                                                      {"null", "0"}})
    EXPECT_EQ(risk(text), value) << text;
  for (const char* text : {"7.5", "2147483648", "-2147483649", "1e10", "1e999", "18446744073709551616", "\"\"",
                           "\" 7\"", "\"7 \"", "\"+7\"", "\"0x7\"", "\"seven\"", "\"NaN\""})
    EXPECT_EQ(risk(text), "data: a number is not one, or is out of its field's range") << text;
  for (const char* text : {"true", "{}", "[7]"})
    EXPECT_EQ(risk(text), "data.facts.risk.score: expected a number") << text;
  // Boost.JSON 1.81 reads these off by the last bit.
  for (const char* text : {"51.60731940000001", "-1.2418920000000003", "51.607319400000006", "0.1", "5e-324"}) {
    v1::Event event;
    ASSERT_EQ(filled(R"({"personal":{"places":[{"latitude":)" + std::string(text) + "}]}}", event), "taken");
    EXPECT_EQ(event.personal().places(0).latitude(), std::strtod(text, nullptr)) << text;
  }
}

TEST(JsonMessage, WhatIsGivenTwiceIsRefusedWhateverItIs) {
  EXPECT_EQ(filled(R"({"facts":{"contact":{"ageBand":"1","age_band":"2"}}})"),
            "data.facts.contact.age_band: is given twice");
  for (const char* text :
       {R"({"facts":{"contact":{"channel":"101","channel":"999"}}})", R"({"facts":{"risk":{"score":1,"score":1}}})",
        R"({"facts":{"risk":{"tool":null,"tool":"ram"}}})",
        R"({"personal":{"people":[{"names":[{"full":"Ash"}],"names":[{"full":"Elm"}]}]}})",
        R"({"facts":{"contact":{}},"facts":{"contact":{}}})"})
    EXPECT_EQ(filled(text), "data: a name is given twice") << text;
  EXPECT_EQ(filled(R"({"facts":{"contact":{},"risk":{}}})"), "data.facts: expected only one body");
  EXPECT_EQ(filled(R"({"personal":{"texts":[{"field":"a: \"b\": 7","text":"{\"c\": -1}\\"}]}})"), "taken");
}

TEST(JsonMessage, WhatIsWrongIsNamedByItsPathAndNeverByItsValue) {
  EXPECT_EQ(filled("7"), "data: expected an object in braces");
  EXPECT_EQ(filled(R"({"personal":{"people":[{},{"names":[{"full":7}]}]}})"),
            "data.personal.people[1].names[0].full: expected a text");
  EXPECT_EQ(filled(R"({"personal":{"people":{"born":"Zaphod"}}})"), "data.personal.people: expected a list");
  EXPECT_EQ(filled(R"({"personal":{"people":[null]}})"), "data.personal.people[0]: expected an object in braces");
  EXPECT_EQ(filled(R"({"facts":{"incident":{"hate":"true"}}})"), "data.facts.incident.hate: expected true or false");
  EXPECT_EQ(filled(R"({"facts":{"closure":{"stage":"Zaphod"}}})"),
            "data.facts.closure.stage: expected one of CASE_CLOSED, RESOLVED, ONGOING, WITHDRAWN");
  EXPECT_EQ(filled(R"({"facts":{"closure":{"Stage":"RESOLVED"}}})"),
            "data.facts.closure: has no field \"Stage\"; is it misspelt?");
  EXPECT_EQ(filled(R"({"facts":{"closure":{"Zaphod Ficklestone":1}}})"),
            "data.facts.closure: has no field of that name, which is long or not plain; is it misspelt?");
}

}  // namespace
}  // namespace moot
