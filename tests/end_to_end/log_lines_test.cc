// What a process says while it runs, as a collector of logs reads it.
#include <gtest/gtest.h>

#include <set>

#include "broker/core/instant.h"
#include "broker/wire/frames.h"
#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/logged_events.h"
#include "tests/end_to_end/raw_dealer.h"

namespace moot {
namespace {

namespace fs = std::filesystem;

class LogLines : public GatewayFixture {
 protected:
  static std::vector<boost::json::object> lines(const std::string& said) {
    std::vector<boost::json::object> all;
    for (const std::string& line : lines_of_text(said)) all.push_back(json_of(line));
    return all;
  }
};

TEST_F(LogLines, AreJsonWhereAskedAndNameNobody) {
  gateway_->kill();
  start_gateway({"--http", "http://127.0.0.1:0", "--log-json"});
  broker_->kill();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "C-1")).status, 202);
  gateway_->kill();
  const fs::path file = fs::directory_iterator(here_.data() / "spool" / kHomes)->path();
  fs::resize_file(file, fs::file_size(file) / 2);
  start_gateway({"--http", "http://127.0.0.1:0", "--log-json"});
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "C-2")).status, 503);
  const std::vector<boost::json::object> said = lines(gateway_->err());
  std::set<std::string> levels;
  for (const boost::json::object& line : said) {
    EXPECT_TRUE(parse_rfc3339(text_in(line, "time")).ok()) << text_in(line, "time");
    EXPECT_EQ(text_in(line, "part"), "gateway");
    EXPECT_FALSE(text_in(line, "message").empty());
    levels.insert(text_in(line, "level"));
  }
  EXPECT_EQ(levels, (std::set<std::string>{"info", "warning"}));
  EXPECT_EQ(gateway_->err().find("Inventedname"), std::string::npos);

  const Ended mistaken = here_.moot({"publish", "absent.csv", "--as", kHomes, "--log-json"});
  EXPECT_EQ(mistaken.exit_code, 2);
  ASSERT_EQ(lines(mistaken.err).size(), 1u) << mistaken.err;
  EXPECT_EQ(text_in(lines(mistaken.err)[0], "level"), "error");
  EXPECT_EQ(text_in(lines(mistaken.err)[0], "code"), "usage");
}

// A peer's mistakes are answered to the peer: a line for each would be a flood, and is no JSON where a library says it.
TEST_F(LogLines, OfABrokerAreNotWrittenByItsPeers) {
  broker_->kill();
  broker_ = here_.start({"broker", "--log-json"});
  ASSERT_TRUE(here_.wait_until_up(*broker_));
  RawDealer dealer(here_.bus_address(), *read_key_file(here_.key_file(kHomes)));
  v1::Request hello;
  hello.mutable_hello()->set_protocol(kProtocolVersion);
  dealer.send(hello);
  ASSERT_TRUE(dealer.receive().has_value());
  // An AuditNote whose act is a byte that is no text.
  const std::string no_text = {0x08, 0x05, char(0x92), 0x01, 0x05, 0x0a, 0x03, 0x22, 0x01, char(0xff)};
  for (int i = 0; i < 20; ++i) {
    dealer.send(std::vector<std::string>{no_text});
    const auto answer = dealer.receive();
    ASSERT_TRUE(answer.has_value() && answer->has_refusal());
  }
  EXPECT_LE(lines(broker_->err()).size(), 1u) << broker_->err();
}

}  // namespace
}  // namespace moot
