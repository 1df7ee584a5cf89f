// How the broker is doing, as an administrator and a monitoring system see it; and an agency's daily limit.
#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{60};  // a broker may have to wait for its turn

class Watching : public GatewayFixture {
 protected:
  static WireResponse get(const std::string& address, const std::string& path) {
    const auto response = HttpWire(address).ask(http_request("GET", path));
    EXPECT_TRUE(response.has_value()) << path;
    return response.value_or(WireResponse());
  }
  // The value of a line of /metrics that begins so; -1 when there is none.
  static double metric(const std::string& address, const std::string& name) {
    const std::string text = get(address, "/metrics").body;
    const std::size_t line = text.find("\n" + name + " ");
    return line == std::string::npos ? -1 : std::stod(text.substr(line + name.size() + 2));
  }
  // Figures are shown once a second, by a broker that may have to wait for its turn: it is waited for as long as it
  // runs.
  bool comes_to(const std::string& address, const std::string& name, double value) const {
    double last = metric(address, name);
    for (const auto began = std::chrono::steady_clock::now();
         last != value && broker_->running() && std::chrono::steady_clock::now() - began < kPatience;
         last = metric(address, name))
      std::this_thread::sleep_for(milliseconds(50));
    EXPECT_EQ(last, value) << name;
    return last == value;
  }
  Ended publish_calls(std::size_t first, std::size_t count) {
    const std::filesystem::path file = folder_ / ("calls-of-today-" + std::to_string(first) + ".csv");
    write_text(file, PartnershipFixture::calls_csv(first, count));
    return here_.moot(
        {"publish", file.string(), "--as", kWardens, "--mapping", partnership_.calls_mapping().string(), "--backfill"});
  }
  // A broker in the place of the fixture's, that tells its figures: where.
  std::string watch_a_broker_alone() {
    gateway_->kill();
    broker_->signal(SIGTERM);
    EXPECT_EQ(broker_->wait(kPatience), 0);
    broker_ = here_.start({"broker", "--http", "http://127.0.0.1:0"});
    EXPECT_TRUE(here_.wait_until_up(*broker_));
    const auto told = [this] { return json_of(read_text(here_.data() / "run.json")).if_contains("http") != nullptr; };
    for (const auto began = std::chrono::steady_clock::now();
         !told() && broker_->running() && std::chrono::steady_clock::now() - began < kPatience;)
      std::this_thread::sleep_for(milliseconds(50));
    MOOT_CHECK(told());  // where else would its figures be asked for
    return http_in_run_file(here_);
  }
  static std::string http_in_run_file(const Installation& here) {
    return std::string(json_of(read_text(here.data() / "run.json")).at("http").as_string());
  }
};

TEST_F(Watching, ABrokerAloneTellsItsFiguresAsTheyChange) {
  const std::string address = watch_a_broker_alone();
  EXPECT_EQ(get(address, "/healthz").status, 200);
  for (int i = 0; i < 100 && get(address, "/readyz").status != 200; ++i) std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(get(address, "/readyz").status, 200);
  EXPECT_EQ(get(address, "/events").status, 404) << "it is no gateway";
  ASSERT_EQ(publish_calls(0, 25).exit_code, 0);
  EXPECT_TRUE(comes_to(address, "moot_log_events", 25));
  EXPECT_TRUE(comes_to(address, std::string("moot_events_stored_total{agency=\"") + kWardens + "\"}", 25));
  EXPECT_GT(metric(address, "moot_commit_seconds_count"), 0);
  EXPECT_EQ(publish_calls(0, 25).exit_code, 0);
  EXPECT_TRUE(comes_to(address, "moot_log_events", 25)) << "what was there already is not stored again";
  const std::string text = get(address, "/metrics").body;
  EXPECT_EQ(text.find("Inventedname"), std::string::npos);
}

// As Prometheus reads it: the rows of one name stand together below one line of help, one for each agency.
TEST_F(Watching, EachFigureHasARowForEachAgency) {
  const std::string address = watch_a_broker_alone();
  ASSERT_EQ(publish_calls(0, 25).exit_code, 0);
  const std::filesystem::path mixed = folder_ / "mixed.json";
  write_text(mixed, "[" + event(kHomes, "1") + "," + event(kHomes, "2") + "," + event(kWardens, "3") + "]");
  EXPECT_EQ(here_.moot({"publish", mixed.string(), "--as", kHomes}).exit_code, 1) << "one is not its own";
  const auto row = [](const std::string& name, const std::string& agency) {
    return name + "{agency=\"" + agency + "\"}";
  };
  EXPECT_TRUE(comes_to(address, row("moot_events_stored_total", kHomes), 2));
  EXPECT_TRUE(comes_to(address, row("moot_events_stored_total", kWardens), 25));
  EXPECT_TRUE(
      comes_to(address, "moot_refusals_total{agency=\"" + std::string(kHomes) + "\",code=\"wrong-agency\"}", 1));
  EXPECT_TRUE(comes_to(address, row("moot_sessions", kHomes), 0));
  std::set<std::string> families;
  std::string family;
  for (const std::string& line : lines_of_text(get(address, "/metrics").body)) {
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_TRUE(families.insert(family).second) << family << " stands twice";
    }
    EXPECT_TRUE(line.starts_with("#") || line.starts_with(family)) << line << " stands below " << family;
  }
  EXPECT_GT(families.size(), 15u);
}

TEST_F(Watching, AGatewayIsReadyWhileThereIsABroker) {
  EXPECT_EQ(get(address(), "/readyz").status, 200);
  EXPECT_EQ(get(address(), "/metrics").status, 404) << "they are the broker's";
  broker_->kill();
  EXPECT_EQ(get(address(), "/healthz").status, 200);
  const WireResponse gone = get(address(), "/readyz");
  EXPECT_EQ(gone.status, 503);
  EXPECT_NE(gone.body.find("no broker runs"), std::string::npos) << gone.body;
}

TEST_F(Watching, AGatewayIsNotReadyWhileItCannotTellWhoMayComeIn) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201);  // with a token
  const std::filesystem::path tokens = here_.data() / "tokens.toml";
  const std::string whole = read_text(tokens);
  write_text(tokens, whole + "# by hand\n");
  const WireResponse damaged = get(address(), "/readyz");
  EXPECT_EQ(damaged.status, 503);
  EXPECT_NE(damaged.body.find("tokens cannot be checked"), std::string::npos) << damaged.body;
  EXPECT_EQ(get(address(), "/healthz").status, 200);
  write_text(tokens.string() + ".mended", whole);  // in its place as a whole, as Moot itself does it
  std::filesystem::rename(tokens.string() + ".mended", tokens);
  EXPECT_EQ(get(address(), "/readyz").status, 200);
}

TEST_F(Watching, AnAgencyOverItsDailyLimitIsToldWhichAndLosesNothing) {
  ASSERT_EQ(here_.moot({"agency", "limit", kWardens, "--events", "40"}).exit_code, 0);
  ASSERT_EQ(publish_calls(0, 30).exit_code, 0);
  const Ended over = publish_calls(100, 30);
  EXPECT_EQ(over.exit_code, 1);
  EXPECT_NE(over.err.find("may publish 40 events a day and has published 30 today"), std::string::npos) << over.err;
  EXPECT_EQ(here_.offset(), 30u) << "a message is taken whole or not at all";
  EXPECT_GE(here_.refused("quota"), 1u);
  // Over HTTP: not now, and when again.
  ASSERT_EQ(here_.moot({"agency", "limit", kWardens, "--events", "30"}).exit_code, 0);
  const WireResponse busy = post(kWardens, "/events", kStructured, event(kWardens, "1"));
  EXPECT_EQ(busy.status, 429) << busy.body;
  EXPECT_TRUE(busy.fields.contains("retry-after")) << busy.body;
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "1")).status, 201) << "it is nobody else's limit";
  // It is on record, and ends.
  broker_->kill();
  start_broker();
  const boost::json::object list = json_of(here_.moot({"agency", "list", "--json"}).out);
  std::int64_t limit = -1;
  for (const boost::json::value& row : list.at("agencies").as_array())
    if (row.at("agency").as_string() == kWardens) limit = number_in(row.as_object(), "events_per_day");
  EXPECT_EQ(limit, 30);
  ASSERT_EQ(here_.moot({"agency", "limit", kWardens, "--events", "0"}).exit_code, 0);
  EXPECT_EQ(publish_calls(100, 30).exit_code, 0);
  EXPECT_EQ(here_.moot({"agency", "limit", "nobody-here", "--events", "1"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"agency", "limit", "operator", "--events", "1"}).exit_code, 1) << "who could lift it again?";
}

TEST_F(Watching, StatusTellsOfAReaderThatLagsBehind) {
  ASSERT_EQ(publish_calls(0, 30).exit_code, 0);
  ASSERT_EQ(here_.moot({"replay", "--as", kWardens, "--offset", "0..10"}).exit_code, 0);
  const boost::json::object status = here_.status();
  for (const boost::json::value& row : status.at("agencies").as_array()) {
    if (row.at("agency").as_string() != kWardens) continue;
    EXPECT_EQ(number_in(row.as_object(), "stored"), 30);
    EXPECT_TRUE(row.at("last").is_string());
  }
  EXPECT_GT(number_in(status, "audit_entries"), 0);
  EXPECT_TRUE(status.at("started").is_string());
}

}  // namespace
}  // namespace moot
