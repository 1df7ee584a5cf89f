// What a process says while it runs, as a collector of logs reads it.
#include <gtest/gtest.h>

#include <set>

#include "broker/core/instant.h"
#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/logged_events.h"

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

}  // namespace
}  // namespace moot
