// Commands of one data directory without a broker of its own: the first runs one inside itself, which stays until the
// last of them is done, and for nobody else.
#include <gtest/gtest.h>

#include <thread>

#include "tests/end_to_end/gateway_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class CommandsAtOnce : public GatewayFixture {
 protected:
  // Publishes so many calls, a quarter of a second for each.
  std::unique_ptr<Process> publish_slowly(const std::string& name, std::size_t first, std::size_t count) const {
    const std::filesystem::path file = folder_ / name;
    write_text(file, PartnershipFixture::calls_csv(first, count));
    return here_.start({"publish", file.string(), "--as", kWardens, "--mapping", partnership_.calls_mapping().string(),
                        "--backfill", "--rate", "4"});
  }
};

TEST_F(CommandsAtOnce, AGatewayBesideDoesNotKeepACommandFromEnding) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "A-1")).status, 201);
  broker_->kill();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "A-2")).status, 202);
  // Longer than the gateway rests between its tries, so that it finds the broker inside.
  const std::unique_ptr<Process> command = publish_slowly("slow.csv", 0, 40);
  here_.wait_until_up(*command);
  std::string waiting = "not asked yet";
  for (int i = 0; i < 40 && waiting != "[]" && command->running(); ++i) {
    std::this_thread::sleep_for(milliseconds(200));
    waiting = boost::json::serialize(here_.status().at("spool"));
  }
  EXPECT_EQ(waiting, "[]") << "this test would show nothing: the gateway did not find the broker inside";
  EXPECT_EQ(command->wait(seconds(20)), 0) << command->err();
  start_broker();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, "A-2")).status, 200);
}

TEST_F(CommandsAtOnce, ABrokerThatIsToStayWaitsForACommandThatRunsItsOwn) {
  broker_->kill();
  const std::unique_ptr<Process> command = publish_slowly("slow.csv", 0, 12);
  here_.wait_until_up(*command);
  const std::unique_ptr<Process> stays = here_.start({"broker", "--bus", "tcp://127.0.0.1:0"});
  EXPECT_EQ(command->wait(seconds(20)), 0) << command->err();
  EXPECT_TRUE(here_.wait_until_up(*stays)) << stays->err();
  EXPECT_NE((stays->out() + stays->err()).find("waits for it to end"), std::string::npos);
  EXPECT_EQ(here_.offset(), 12u);
}

TEST_F(CommandsAtOnce, TheBrokerInsideOneStaysForAnother) {
  broker_->kill();
  const std::unique_ptr<Process> first = publish_slowly("first.csv", 0, 4);
  here_.wait_until_up(*first);
  const std::unique_ptr<Process> second = publish_slowly("second.csv", 100, 24);
  EXPECT_EQ(second->wait(seconds(20)), 0) << second->err();
  EXPECT_EQ(first->wait(seconds(20)), 0) << first->err();
  EXPECT_NE(first->err().find("other commands still use the broker inside this one"), std::string::npos);
  EXPECT_EQ(here_.offset(), 28u);
}

}  // namespace
}  // namespace moot
