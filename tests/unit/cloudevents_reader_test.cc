// Files of CloudEvents: one a line, or one list.
#include "adapters/cloudevents_reader.h"

#include <gtest/gtest.h>

#include <sstream>

namespace moot {
namespace {

std::string line(const std::string& id) {
  return R"({"specversion":"1.0","id":")" + id +
         R"(","source":"/soha/cases","type":"uk.csp.contact.received.v1","time":"2021-03-02T09:05:00Z",)"
         R"("data":{"facts":{"contact":{"channel":"landlord"}},)"
         R"("personal":{"texts":[{"field":"note","text":"a]},{[\"\\"}]}}})";
}

// "id@row", or "code@row" of a refusal, of each record.
std::vector<std::string> read_json(const std::string& text, const Limits& limits = {}) {
  const std::unique_ptr<Reader> reader =
      open_cloudevents(std::make_unique<std::istringstream>(text), "answers.jsonl", limits);
  std::vector<std::string> seen;
  while (true) {
    const Result<std::optional<InputRecord>> record = reader->next();
    EXPECT_TRUE(record.ok());
    if (!record->has_value()) return seen;
    const auto* event = std::get_if<v1::Event>(&(*record)->content);
    const auto* refused = std::get_if<v1::RefusedInput>(&(*record)->content);
    EXPECT_EQ((*record)->origin.file(), "answers.jsonl");
    const std::string what =
        event != nullptr ? event->envelope().id() : std::string(code_name(static_cast<Code>(refused->code())));
    seen.push_back(what + "@" + std::to_string((*record)->origin.row()));
  }
}

using Seen = std::vector<std::string>;

TEST(CloudEventsReaderTest, ReadsOneEventALineAndSkipsBlankLines) {
  EXPECT_EQ(read_json(line("a") + "\n" + line("b") + "\r\n\n  \n" + line("c")), (Seen{"a@1", "b@2", "c@5"}));
  EXPECT_EQ(read_json("\xef\xbb\xbf\n" + line("a")), (Seen{"a@2"}));
  EXPECT_EQ(read_json(""), Seen{});
}

TEST(CloudEventsReaderTest, ReadsEventsThatAreIndentedOverManyLines) {
  const auto indented = [](const std::string& id) {
    return R"({
  "specversion": "1.0",
  "id": ")" +
           id + R"(",
  "source": "/soha/cases",
  "type": "uk.csp.contact.received.v1",
  "time": "2021-03-02T09:05:00Z",
  "data": {
    "facts": {"contact": {"channel": "landlord"}},
    "personal": {"texts": [{"field": "note", "text": "a]},{[\"\\"}]}
  }
}
)";
  };
  EXPECT_EQ(read_json(indented("a")), Seen{"a@1"});
  EXPECT_EQ(read_json("\n" + indented("a") + "\n" + indented("b")), (Seen{"a@2", "b@14"}));
  EXPECT_EQ(read_json(indented("a") + indented("b").substr(0, 60)), (Seen{"a@1", "unreadable@12"}));
}

TEST(CloudEventsReaderTest, ABadLineTakesNoOtherWithIt) {
  EXPECT_EQ(read_json(line("a") + "\n{\"id\"\n" + line("b") + "\nnull\n{}\n" + line("c").substr(0, 50)),
            (Seen{"a@1", "unreadable@2", "b@3", "unreadable@4", "missing@5", "unreadable@6"}));
}

TEST(CloudEventsReaderTest, ALineOverItsLimitIsRefusedAndTheNextIsRead) {
  Limits limits;
  limits.message_bytes_max = line("a").size();
  EXPECT_EQ(read_json(line("a") + "\n" + line("bb") + "\n" + std::string(100'000, '{') + "\n" + line("c"), limits),
            (Seen{"a@1", "too-large@2", "too-large@3", "c@4"}));
}

TEST(CloudEventsReaderTest, ReadsOneListOfEvents) {
  EXPECT_EQ(read_json(" [\n" + line("a") + ",\n" + line("b") + "\n]\n"), (Seen{"a@1", "b@2"}));
  EXPECT_EQ(read_json("[]"), Seen{});
  EXPECT_EQ(read_json("[" + line("a") + ",7," + line("b") + "]"), (Seen{"a@1", "unreadable@2", "b@3"}));
}

TEST(CloudEventsReaderTest, AnElementOverItsLimitIsRefusedAndTheNextIsRead) {
  Limits limits;
  limits.message_bytes_max = line("a").size();
  EXPECT_EQ(read_json("[" + line("a") + "," + line("bb") + "," + line("c") + "]", limits),
            (Seen{"a@1", "too-large@2", "c@3"}));
}

TEST(CloudEventsReaderTest, AListThatIsCutOffSaysSoOnce) {
  const std::string whole = "[" + line("a") + "," + line("b") + "]";
  EXPECT_EQ(read_json(whole.substr(0, whole.size() - 20)), (Seen{"a@1", "unreadable@2"}));
  EXPECT_EQ(read_json("[" + line("a") + ","), (Seen{"a@1", "unreadable@2"}));
  EXPECT_EQ(read_json("["), (Seen{"unreadable@1"}));
}

TEST(CloudEventsReaderTest, WhatFollowsAListIsRefusedNotLost) {
  EXPECT_EQ(read_json("[" + line("a") + "]\nrest"), (Seen{"a@1", "unreadable@3"}));
  EXPECT_EQ(read_json("[]rest").size(), 1U);
  EXPECT_EQ(read_json("[" + line("a") + "]]").size(), 2U);
}

TEST(CloudEventsReaderTest, TheRefusedInputIsTheLineAsItStood) {
  const std::unique_ptr<Reader> reader =
      open_cloudevents(std::make_unique<std::istringstream>("{\"id\": 1}\r\n"), "answers.jsonl", Limits());
  const Result<std::optional<InputRecord>> record = reader->next();
  EXPECT_EQ(std::get<v1::RefusedInput>((*record)->content).input(), "{\"id\": 1}");
}

}  // namespace
}  // namespace moot
