// Every limit (DESIGN §5) from outside, at three values: one under it and exactly at it all is taken, one over it what
// is over is refused by name, and nothing else (promise G9). The rules that judge an event have a test of their own
// below (tests/unit/event_rules_test.cc).
#include "broker/core/limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "broker/wire/frames.h"
#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/raw_dealer.h"

namespace moot {
namespace {

using std::chrono::seconds;

class LimitsFromOutside : public testing::Test {
 protected:
  static constexpr const char* kWardens = PartnershipFixture::kWardens;

  LimitsFromOutside() {
    v1::Request hello;
    hello.mutable_hello()->set_protocol(kProtocolVersion);
    const auto reply = ask(hello);
    EXPECT_TRUE(reply && reply->has_welcome());
  }

  std::unique_ptr<RawDealer> connected() const {
    Result<KeyFile> key = read_key_file(here_.key_file(kWardens));
    MOOT_CHECK_OK(key.status());
    return std::make_unique<RawDealer>(here_.bus_address(), *key);
  }
  std::optional<v1::Reply> ask(const v1::Request& request, const std::vector<std::string>& events = {}) const {
    dealer_->send(request, events);
    return dealer_->receive();
  }

  // Three events, for one under the limit, at it and over it, in one message: the last alone is refused, and why.
  void expect_the_last_is_refused(const std::vector<std::string>& events, const std::string& why) {
    const auto reply = ask(a_publish(++number_), events);
    ASSERT_TRUE(reply && reply->has_publish_ack()) << why;
    EXPECT_EQ(reply->publish_ack().stored(), 2u) << why;
    ASSERT_EQ(reply->publish_ack().exceptions_size(), 1) << why;
    EXPECT_EQ(reply->publish_ack().exceptions(0).frame(), 2u);
    EXPECT_EQ(reply->publish_ack().exceptions(0).code(), static_cast<std::uint32_t>(Code::kTooLarge));
    EXPECT_NE(reply->publish_ack().exceptions(0).reason().find(why), std::string::npos)
        << reply->publish_ack().exceptions(0).reason();
    stored_ += 2;
    ++refused_;
  }
  // A whole message; one over its limit is refused whole.
  void expect_answer(const v1::Request& request, const std::vector<std::string>& events, const std::string& refusal) {
    const auto reply = ask(request, events);
    ASSERT_TRUE(reply) << events.size();
    EXPECT_EQ(reply->number(), request.number());
    EXPECT_EQ(reply->refusal().reason(), refusal) << events.size();
    if (refusal.empty()) {
      EXPECT_EQ(reply->publish_ack().stored(), events.size());
      stored_ += events.size();
    } else {
      EXPECT_EQ(reply->refusal().code(), static_cast<std::uint32_t>(Code::kTooLarge));
      ++refused_;
    }
  }
  void expect_counts() const {
    EXPECT_EQ(here_.offset(), stored_);
    EXPECT_EQ(here_.refused("too-large"), refused_);
    EXPECT_EQ(here_.replay().size(), stored_);
  }
  std::string next_id() { return "MW-" + std::to_string(++ids_); }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::unique_ptr<Process> broker_ = here_.start_broker();
  const std::unique_ptr<RawDealer> dealer_ = connected();
  const Limits limits_;
  std::uint64_t number_ = 0, ids_ = 0, stored_ = 0, refused_ = 0;
};

TEST_F(LimitsFromOutside, OfAnEventAreTheLastThatIsTaken) {
  std::vector<std::string> sized;
  for (const std::size_t bytes : {limits_.event_bytes_max - 1, limits_.event_bytes_max, limits_.event_bytes_max + 1}) {
    sized.push_back(event_of_size(next_id(), bytes).SerializeAsString());
    ASSERT_EQ(sized.back().size(), bytes);
  }
  expect_the_last_is_refused(sized, "the event is over 65536 bytes");

  struct Limited {
    const char* why;
    std::size_t max;
    std::function<void(v1::Event&)> add;  // one more
  };
  const auto text = [](v1::Event& event) {
    v1::Text& one = *event.mutable_personal()->add_texts();
    one.set_field("description");
    one.set_text("x");
  };
  const Limited all[] = {
      {"over 4000 characters", limits_.field_characters_max,
       [&](v1::Event& event) {
         if (event.personal().texts().empty()) return text(event);
         *event.mutable_personal()->mutable_texts(0)->mutable_text() += "\xc3\xa9";  // two bytes, one character
       }},
      {"texts: more than 20", limits_.texts_max, text},
      {"people: more than 50", limits_.people_max,
       [](v1::Event& event) { event.mutable_personal()->add_people()->set_role("witness"); }},
      {"places: more than 50", limits_.places_max,
       [](v1::Event& event) { event.mutable_personal()->add_places()->set_role("scene"); }},
      {"links: more than 50", limits_.links_max,
       [](v1::Event& event) {
         v1::Link& link = *event.mutable_envelope()->add_links();
         link.set_rel("about");
         link.set_source("/brook-homes/cases");
         link.set_id("c" + std::to_string(event.envelope().links_size()));
       }},
      {"more than 20 of one kind", limits_.values_max,
       [](v1::Event& event) {
         if (event.personal().people().empty()) event.mutable_personal()->add_people()->set_role("witness");
         event.mutable_personal()->mutable_people(0)->add_phones("01632 960100");
       }},
      {"outcomes: more than 20 values", limits_.values_max,
       [](v1::Event& event) {
         event.mutable_envelope()->set_type("uk.csp.closure.resolved.v1");
         event.mutable_facts()->mutable_closure()->set_stage(v1::Closure::RESOLVED);
         event.mutable_facts()->mutable_closure()->add_outcomes("moved");
       }},
  };
  for (const Limited& one : all) {
    std::vector<std::string> events;
    for (const std::size_t count : {one.max - 1, one.max, one.max + 1}) {
      v1::Event event = event_of_size(next_id(), 0);
      event.clear_personal();
      for (std::size_t i = 0; i < count; ++i) one.add(event);
      events.push_back(event.SerializeAsString());
    }
    expect_the_last_is_refused(events, one.why);
  }
  expect_counts();
}

TEST_F(LimitsFromOutside, OfAMessageAreTheLastThatIsTaken) {
  for (const std::size_t count : {std::size_t{999}, std::size_t{1000}, std::size_t{1001}}) {
    std::vector<std::string> events;
    while (events.size() < count) events.push_back(event_of_size(next_id(), 120).SerializeAsString());
    expect_answer(a_publish(++number_), events, count > 1000 ? "the message has more than 1000 events" : "");
  }
  constexpr std::size_t kMebibyte = 1024 * 1024, kFraming = 4;
  for (const std::size_t bytes : {kMebibyte - 1, kMebibyte, kMebibyte + 1}) {
    const v1::Request request = a_publish(++number_);
    std::vector<std::string> events;
    std::size_t left = bytes - request.ByteSizeLong();
    for (; left > limits_.event_bytes_max + kFraming; left -= events.back().size() + kFraming)
      events.push_back(event_of_size(next_id(), limits_.event_bytes_max).SerializeAsString());
    events.push_back(event_of_size(next_id(), left - kFraming).SerializeAsString());
    ASSERT_EQ(request.ByteSizeLong() + packed_events(events).size(), bytes);
    expect_answer(request, events, bytes > kMebibyte ? "the message is over 1048576 bytes" : "");
  }
  expect_counts();
}

// Of a file of calls with a column that nobody asked for, which makes each row so long.
TEST_F(LimitsFromOutside, OfARowOfAFileIsTheLastThatIsRead) {
  const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(0, 4));
  std::string file = rows[0] + ",More\n";
  std::size_t bytes = limits_.csv_record_bytes_max - 1;
  for (std::size_t i = 1; i < 4; ++i, ++bytes)
    file += rows[i] + "," + std::string(bytes - rows[i].size() - 1, 'x') + "\n";
  write_text(folder_ / "calls.csv", file + rows[4] + ",\n");
  const Ended ended = here_.moot({"publish", (folder_ / "calls.csv").string(), "--as", kWardens, "--backfill", "--json",
                                  "--mapping", partnership_.calls_mapping().string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(number_in(json_of(ended.out), "accepted"), 3) << ended.out << ended.err;
  EXPECT_EQ(number_in(json_of(ended.out), "refused"), 1);
  EXPECT_NE(ended.err.find("row 4"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("over 1048576 bytes"), std::string::npos) << ended.err;
}

// The row that is put in the place of a refused one.
TEST_F(LimitsFromOutside, OfAMendedRowIsTheLastThatIsTaken) {
  const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(0, 1));
  write_text(folder_ / "calls.csv", rows[0] + ",More\none cell\n");
  EXPECT_EQ(here_
                .moot({"publish", (folder_ / "calls.csv").string(), "--as", kWardens, "--mapping",
                       partnership_.calls_mapping().string()})
                .exit_code,
            1);
  const Ended list = here_.moot({"inbox", "list", "--json"});
  const std::string item(json_of(list.out).at("items").at(0).at("item").as_string());
  for (const int over : {1, 0, -1}) {
    const std::size_t bytes = limits_.csv_record_bytes_max - 1 + static_cast<std::size_t>(over + 1);
    write_text(folder_ / "mended", rows[1] + "," + std::string(bytes - rows[1].size() - 1, 'x'));
    const Ended mended = here_.moot({"inbox", "mend", item, "--input", (folder_ / "mended").string()});
    EXPECT_EQ(mended.exit_code, over == 1 ? 1 : 0) << over << ": " << mended.err;
    if (over == 1) {
      EXPECT_NE(mended.err.find("over 1048576 bytes"), std::string::npos) << mended.err;
    }
  }
  EXPECT_EQ(here_.moot({"inbox", "retry", item}).exit_code, 0);
  EXPECT_EQ(here_.offset(), 1u);
}

class LimitsOfTheGateway : public GatewayFixture {};

TEST_F(LimitsOfTheGateway, OfABodyIsTheLastThatIsTaken) {
  constexpr std::size_t kMebibyte = 1024 * 1024;
  for (const std::size_t bytes : {kMebibyte - 1, kMebibyte, kMebibyte + 1}) {
    std::string body = event(kHomes, std::to_string(bytes));
    body += std::string(bytes - body.size(), ' ');
    EXPECT_EQ(post(kHomes, "/events", kStructured, body).status, bytes > kMebibyte ? 413 : 201) << bytes;
  }
  EXPECT_EQ(here_.offset(), 2u);
}

// Rows of nearly a mebibyte each, most of it a column that nobody asked for.
TEST_F(LimitsOfTheGateway, OfAnUploadIsTheLastThatIsTaken) {
  const std::size_t limit = Limits().upload_bytes_max;
  const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(0, 400));
  for (const std::size_t bytes : {limit - 1, limit, limit + 1}) {
    HttpWire wire(address());
    std::string head = request(kWardens, "/upload?mapping=calls&file=" + std::to_string(bytes), "text/csv", "");
    head.insert(head.size() - 2, "Content-Length: " + std::to_string(bytes) + "\r\n");
    wire.send(head);
    std::string text = lines_of_text(PartnershipFixture::calls_header())[0] + ",More\n";
    for (std::size_t left = bytes, row = 1; bytes <= limit; ++row) {
      ASSERT_TRUE(wire.send(text)) << left;
      left -= text.size();
      if (left == 0) break;
      text = rows[row] + ",";
      ASSERT_GT(left, text.size());
      text += std::string(std::min<std::size_t>(1'000'000, left - text.size() - 1), 'x') + "\n";
    }
    const auto response = wire.receive();
    ASSERT_TRUE(response) << bytes;
    EXPECT_EQ(response->status, bytes > limit ? 413 : bytes == limit ? 200 : 201) << bytes << response->body;
  }
}

// Lower ones, that the partnership's own configuration sets.
class ConfiguredLimits : public GatewayFixture {
 protected:
  ConfiguredLimits() {
    write_text(partnership_.config(), read_text(partnership_.config()) +
                                          "\n[limits]\nevent_bytes = 9000\nfield_characters = 300\npeople = 3\n"
                                          "csv_record_bytes = 2000\nbody_bytes = 3000\n"
                                          "upload_bytes = 5000\n");
    gateway_.reset();
    broker_.reset();
    start_broker();
    start_gateway();
  }
  // What the broker says to a message of these, which each has a value at its limit, one under it or one over.
  v1::Reply publish(const std::vector<v1::Event>& events) {
    Result<KeyFile> key = read_key_file(here_.key_file(kWardens));
    MOOT_CHECK_OK(key.status());
    RawDealer dealer(here_.bus_address(), *key);
    v1::Request hello;
    hello.mutable_hello()->set_protocol(kProtocolVersion);
    dealer.send(hello);
    EXPECT_TRUE(dealer.receive());
    std::vector<std::string> frames;
    for (const v1::Event& event : events) frames.push_back(event.SerializeAsString());
    dealer.send(a_publish(1), frames);
    return dealer.receive().value_or(v1::Reply());
  }
  void expect_the_last_is_refused(const std::vector<v1::Event>& events, const std::string& why) {
    const v1::PublishAck ack = publish(events).publish_ack();
    EXPECT_EQ(ack.stored(), events.size() - 1) << why;
    ASSERT_EQ(ack.exceptions_size(), 1) << why;
    EXPECT_NE(ack.exceptions(0).reason().find(why), std::string::npos) << ack.exceptions(0).reason();
  }
  Ended publish_row_of(std::size_t bytes) const {
    const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(bytes, 1));
    const std::string row = rows[1] + "," + std::string(bytes - rows[1].size() - 1, 'x');
    write_text(folder_ / "calls.csv", rows[0] + ",More\n" + row + "\n");
    return here_.moot({"publish", (folder_ / "calls.csv").string(), "--as", kWardens, "--mapping",
                       partnership_.calls_mapping().string()});
  }
  static v1::Event bare(const std::string& id) {
    v1::Event event = event_of_size(id, 0);
    event.clear_personal();
    return event;
  }
  // Exactly so many bytes, none of whose texts is over its own limit.
  static v1::Event of_short_texts(const std::string& id, std::size_t bytes) {
    v1::Event event = bare(id);
    const auto with = [](v1::Event made, std::size_t characters) {
      v1::Place& place = *made.mutable_personal()->add_places();
      place.set_role("scene");
      place.mutable_address()->set_lines(std::string(characters, 'x'));
      return made;
    };
    while (event.ByteSizeLong() + 320 < bytes) event = with(event, 200);
    for (std::size_t last = 1; last <= 300; ++last)
      if (with(event, last).ByteSizeLong() == bytes) return with(event, last);
    MOOT_CHECK(false);
    return event;
  }
};

TEST_F(ConfiguredLimits, OfAnEventAreEnforcedByTheBrokerAndNamed) {
  std::vector<v1::Event> sized, long_texts, crowds;
  for (const std::size_t over : {0, 1, 2}) {
    const std::string id = std::to_string(over);
    sized.push_back(of_short_texts("s" + id, 8999 + over));
    long_texts.push_back(bare("t" + id));
    v1::Text& text = *long_texts.back().mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text(std::string(299 + over, 'x'));
    crowds.push_back(bare("p" + id));
    for (std::size_t i = 0; i < 2 + over; ++i) crowds.back().mutable_personal()->add_people()->set_role("witness");
  }
  expect_the_last_is_refused(sized, "the event is over 9000 bytes");
  expect_the_last_is_refused(long_texts, "over 300 characters");
  expect_the_last_is_refused(crowds, "people: more than 3");
}

TEST_F(ConfiguredLimits, OfAMendedRowIsEnforced) {
  const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(0, 1));
  write_text(folder_ / "calls.csv", rows[0] + ",More\none cell\n");
  EXPECT_EQ(here_
                .moot({"publish", (folder_ / "calls.csv").string(), "--as", kWardens, "--mapping",
                       partnership_.calls_mapping().string()})
                .exit_code,
            1);
  const std::string item(json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").at(0).at("item").as_string());
  for (const std::size_t bytes : {1999, 2000, 2001}) {
    write_text(folder_ / "mended", rows[1] + "," + std::string(bytes - rows[1].size() - 1, 'x'));
    const Ended mended = here_.moot({"inbox", "mend", item, "--input", (folder_ / "mended").string()});
    EXPECT_EQ(mended.exit_code, bytes > 2000 ? 1 : 0) << bytes << ": " << mended.err;
    EXPECT_EQ(mended.err.find("at most 2000 bytes") != std::string::npos, bytes > 2000) << mended.err;
  }
}

TEST_F(ConfiguredLimits, OfRowsBodiesAndUploadsAreEnforced) {
  EXPECT_EQ(publish_row_of(1999).exit_code, 0);
  EXPECT_EQ(publish_row_of(2000).exit_code, 0);
  const Ended row = publish_row_of(2001);
  EXPECT_EQ(row.exit_code, 1);
  EXPECT_NE(row.err.find("over 2000 bytes"), std::string::npos) << row.err;
  for (const std::size_t bytes : {2999, 3000, 3001}) {
    std::string body = event(kHomes, std::to_string(bytes));
    body += std::string(bytes - body.size(), ' ');
    EXPECT_EQ(post(kHomes, "/events", "application/cloudevents+json", body).status, bytes > 3000 ? 413 : 201) << bytes;
  }
  std::filesystem::copy(partnership_.calls_mapping(), partnership_.folder() / "mappings/calls.toml");
  start_gateway();
  for (const std::size_t bytes : {4999, 5000, 5001}) {
    const std::vector<std::string> rows = lines_of_text(PartnershipFixture::calls_csv(bytes, 3));
    std::string file = rows[0] + ",More\n";
    for (std::size_t i = 1; i < 4; ++i) {
      const std::size_t left = (bytes - file.size()) / (4 - i);
      file += rows[i] + "," + std::string(left - rows[i].size() - 2, 'x') + "\n";
    }
    ASSERT_EQ(file.size(), bytes);
    EXPECT_EQ(post(kWardens, "/upload?mapping=calls&file=" + std::to_string(bytes), "text/csv", file).status,
              bytes > 5000 ? 413 : 201)
        << bytes;
  }
}

TEST_F(ConfiguredLimits, ThatMakeNoSenseAreRefusedWithTheirPlace) {
  const std::string sound = read_text(partnership_.config());
  const std::pair<std::string, std::string> all[] = {{"event_bytes = 9000", "event_bytes = 8191"},
                                                     {"event_bytes = 9000", "event_bytes = 65537"},
                                                     {"people = 3", "people = 0"},
                                                     {"people = 3", "people = \"three\""},
                                                     {"field_characters = 300", "field_characters = 4001"},
                                                     {"csv_record_bytes = 2000", "csv_record_bytes = -1"},
                                                     {"body_bytes = 3000", "body_bytes = 1048577"},
                                                     {"upload_bytes = 5000", "upload_bytes = 268435457"},
                                                     {"people = 3", "peopel = 3"},
                                                     {"people = 3", "message_bytes = 1048576"},
                                                     {"people = 3", "message_events = 1000"}};
  for (const auto& [good, bad] : all) {
    std::string text = sound;
    const std::size_t at = text.rfind(good);
    text.replace(at, good.size(), bad);
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    write_text(partnership_.folder() / "bad.toml", text);
    const Ended ended = Installation(folder_ / "new", partnership_.folder() / "bad.toml").moot({"status"});
    EXPECT_EQ(ended.exit_code, 1) << bad;
    const std::string key = bad.substr(0, bad.find(' '));
    EXPECT_NE(ended.err.find("bad.toml, line " + std::to_string(line) + ", key \"limits." + key + "\": "),
              std::string::npos)
        << ended.err;
    // Of a message nothing can be set: programs elsewhere go by it.
    const bool unknown = key == "peopel" || key.starts_with("message_");
    EXPECT_NE(ended.err.find(unknown ? "" : "expected a whole number from "), std::string::npos) << ended.err;
  }
}

}  // namespace
}  // namespace moot
