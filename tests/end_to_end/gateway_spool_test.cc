// The gateway while no broker runs: what is sent is kept, sealed, and handed over in order when the broker is back;
// kills of the gateway lose and double nothing. MOOT_LONG: a million events.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/logged_events.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int kBatchEvents = 100;

std::string id_of(int number) { return "C-" + std::to_string(1'000'000 + number); }

class GatewaySpool : public GatewayFixture {
 protected:
  // Until nothing waits at the gateway any more.
  void wait_until_handed_over(std::chrono::seconds patience) const {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!here_.status().at("spool").as_array().empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << boost::json::serialize(here_.status().at("spool"));
      std::this_thread::sleep_for(milliseconds(300));
    }
  }
  std::string batch(int first, const std::string& category = "asb") const {
    std::string body = "[";
    for (int i = first; i < first + kBatchEvents; ++i)
      body += (i > first ? "," : "") + event(kHomes, id_of(i), category);
    return body + "]";
  }
  // By id, of this agency's events.
  std::vector<std::pair<std::string, std::uint64_t>> stored() const {
    std::vector<std::pair<std::string, std::uint64_t>> found;
    const LoggedEvents logged(here_.replay());  // fails when one is there twice
    for (const auto& [name, one] : logged.all())
      if (name.first == std::string("/") + kHomes + "/desk")
        found.emplace_back(name.second, std::stoull(text_in(one.said, "offset")));
    return found;
  }
};

TEST_F(GatewaySpool, KeepsWhatComesWhileTheBrokerIsAwayAndHandsItOverInOrder) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 201);
  broker_->kill();
  const WireResponse kept = post(kHomes, "/events", kStructured, event(kHomes, id_of(1)));
  EXPECT_EQ(kept.status, 202) << kept.body;
  EXPECT_EQ(number_in(json(kept), "kept"), 1);
  EXPECT_EQ(text_in(json(kept).at("results").as_array().at(0).as_object(), "outcome"), "kept");
  EXPECT_EQ(post(kHomes, "/events", kBatch, batch(2)).status, 202);
  EXPECT_EQ(post(kWardens, "/events", kStructured, event(kWardens, "W-1")).status, 202);
  const ByteScan scan({"Inventedname"});
  const ByteScan::Below data = scan.found_below(here_.data()), keys = scan.found_below(here_.keys());
  EXPECT_TRUE(data.findings.empty()) << data.findings.front();
  EXPECT_TRUE(keys.findings.empty()) << keys.findings.front();
  EXPECT_GT(data.bytes, 10'000u);
  const fs::path spool = here_.data() / "spool";
  EXPECT_TRUE(fs::exists(spool / kHomes / "CURRENT")) << "this test would look at nothing";
  start_broker();
  wait_until_handed_over(std::chrono::seconds(30));
  const auto found = stored();
  ASSERT_EQ(found.size(), 2u + kBatchEvents);
  for (std::size_t i = 1; i < found.size(); ++i) EXPECT_LT(found[i - 1].second, found[i].second) << found[i].first;
  const WireResponse again = post(kHomes, "/events", kStructured, event(kHomes, id_of(1)));
  EXPECT_EQ(again.status, 200) << "its receipt, for whoever wants it: " << again.body;
}

TEST_F(GatewaySpool, KeepsTheRowsOfAFileToo) {
  const std::string file = PartnershipFixture::calls_csv(0, 40);
  const std::string target = "/upload?mapping=calls&file=calls.csv";
  broker_->kill();
  const WireResponse kept = post(kWardens, target, "text/csv", file);
  EXPECT_EQ(kept.status, 202) << kept.body;
  EXPECT_EQ(number_in(json(kept), "kept"), 40);
  start_broker();
  wait_until_handed_over(std::chrono::seconds(30));
  const WireResponse again = post(kWardens, target, "text/csv", file);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(number_in(json(again), "duplicate"), 40);
}

TEST_F(GatewaySpool, TakesOverWhatABrokerThatHangsDoesNotAnswer) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 201);
  broker_->signal(SIGSTOP);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(1))).status, 202);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(2))).status, 202);
  broker_->signal(SIGCONT);
  wait_until_handed_over(std::chrono::seconds(30));
  EXPECT_EQ(stored().size(), 3u);
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(3))).status, 201) << "directly again";
}

TEST_F(GatewaySpool, WhatIsRefusedWhenTheBrokerIsBackWaitsInTheInbox) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(1))).status, 201);
  broker_->kill();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(1), "noise")).status, 202) << "a conflict";
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kWardens, "W-1")).status, 202) << "another agency's";
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(2))).status, 202);
  start_broker();
  wait_until_handed_over(std::chrono::seconds(30));
  EXPECT_EQ(stored().size(), 2u);
  const boost::json::object inbox = json_of(here_.moot({"inbox", "list", "--json"}).out);
  std::set<std::string> codes;
  for (const auto& item : inbox.at("items").as_array()) codes.insert(text_in(item.as_object(), "code"));
  EXPECT_EQ(codes, (std::set<std::string>{"conflict", "wrong-agency"}));
}

TEST_F(GatewaySpool, IsSaidByStatusAndSurvivesTheGatewaysOwnEnd) {
  const std::string unused = token(kHomes);
  broker_->kill();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(1))).status, 202);
  gateway_->kill();
  start_broker();
  const boost::json::object row = here_.status().at("spool").as_array().at(0).as_object();
  EXPECT_EQ(text_in(row, "agency"), kHomes);
  EXPECT_EQ(number_in(row, "events"), 1);
  EXPECT_NE(here_.moot({"status"}).out.find("1 event"), std::string::npos);
  start_gateway();  // and nobody sends anything
  wait_until_handed_over(std::chrono::seconds(30));
  EXPECT_EQ(stored().size(), 1u);
}

TEST_F(GatewaySpool, KillsOfTheGatewayDuringAnOutageLoseAndDoubleNothing) {
  const bool whole = std::getenv("MOOT_LONG") != nullptr;
  const int batches = whole ? 10'000 : 120;
  const int kills = whole ? 250 : 6;
  (void)request(kHomes, "/events", kBatch, "");  // its token
  broker_->kill();
  std::mutex mutex;  // guards where
  std::string where = address();
  std::atomic<int> told{0}, broken_off{0}, unexpected{0};
  std::thread sender([&] {
    for (int i = 0; i < batches;) {
      std::string to;
      {
        const std::lock_guard<std::mutex> lock(mutex);
        to = where;
      }
      HttpWire wire(to);
      const std::optional<WireResponse> response =
          wire.ask(request(kHomes, "/events", kBatch, batch(i * kBatchEvents)));
      if (response && response->status == 202) {
        ++told;
        ++i;
      } else if (response) {
        ++unexpected;
        break;
      } else {
        ++broken_off;
        std::this_thread::sleep_for(milliseconds(2));
      }
    }
  });
  std::mt19937 random(7);
  int killed = 0;
  for (; killed < kills && unexpected == 0; ++killed) {
    const int enough = std::min(batches - 1, (killed + 1) * batches / (kills + 1));
    while (told < enough && unexpected == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    gateway_->kill();
    start_gateway();
    const std::lock_guard<std::mutex> lock(mutex);
    where = address();
  }
  sender.join();
  ASSERT_EQ(unexpected, 0);
  std::cout << killed << " kills, " << broken_off << " requests broken off or refused a connection\n";
  EXPECT_GT(broken_off, 0) << "no kill has hit anything";
  const ByteScan scan({"Inventedname"});
  EXPECT_TRUE(scan.found_below(here_.data()).findings.empty());
  start_broker();
  wait_until_handed_over(std::chrono::seconds(whole ? 600 : 60));
  const auto found = stored();
  ASSERT_EQ(found.size(), static_cast<std::size_t>(batches * kBatchEvents));
  for (std::size_t i = 1; i < found.size(); ++i) ASSERT_LT(found[i - 1].second, found[i].second) << found[i].first;
}

}  // namespace
}  // namespace moot
