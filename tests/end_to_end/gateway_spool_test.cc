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
  // A token is made while there is a broker: the command that makes it would be one for a moment, and what waits at the
  // gateway would be handed over to it.
  GatewaySpool() {
    for (const char* agency : {kHomes, kWardens}) tokens_[agency] = token(agency);
  }
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
  EXPECT_FALSE(fs::is_empty(spool / kHomes)) << "this test would look at nothing";
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

TEST_F(GatewaySpool, HasOneGatewayASecondDoesNotStart) {
  const Ended second = here_.moot({"gateway", "--http", "http://127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("another gateway of this data directory runs already"), std::string::npos) << second.err;
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 201);
  gateway_->signal(SIGKILL);
  (void)gateway_->wait(std::chrono::seconds(10));
  start_gateway();  // what a killed one held is free
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 200);
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

TEST_F(GatewaySpool, ThatIsFullSaysSoAndWhatItHoldsArrives) {
  gateway_->kill();
  write_text(partnership_.config(), "spool_megabytes = 1\n" + read_text(partnership_.config()));
  start_gateway();
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 201);
  broker_->kill();
  int first = 1, status = 202;
  for (; status == 202 && first < 20'000; first += kBatchEvents) {
    const WireResponse response = post(kHomes, "/events", kBatch, batch(first));
    status = response.status;
    if (status == 202) continue;
    EXPECT_EQ(status, 503) << response.body;
    EXPECT_EQ(response.fields.count("retry-after"), 1u);
    break;
  }
  ASSERT_EQ(status, 503) << "a megabyte held everything";
  ASSERT_GT(first, 1 + kBatchEvents);
  EXPECT_EQ(post(kWardens, "/events", kStructured, event(kWardens, "W-1")).status, 202) << "each has its own room";
  start_broker();
  wait_until_handed_over(std::chrono::seconds(60));
  EXPECT_EQ(stored().size(), static_cast<std::size_t>(first));
  EXPECT_EQ(post(kHomes, "/events", kBatch, batch(first)).status, 201) << "sent again later";
}

TEST_F(GatewaySpool, ThatIsDamagedShutsOutItsAgencyAloneAndRepairSavesTheRest) {
  EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(0))).status, 201);
  broker_->kill();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post(kHomes, "/events", kBatch, batch(1 + i * kBatchEvents)).status, 202);
  EXPECT_EQ(post(kWardens, "/events", kStructured, event(kWardens, "W-1")).status, 202);
  const Ended sound = here_.moot({"verify", "--json"});
  EXPECT_EQ(sound.exit_code, 0) << sound.out << "while the gateway has them";
  EXPECT_EQ(number_in(json_of(sound.out).at("checked").as_object(), "spool_events"), 3 * kBatchEvents + 1);
  gateway_->kill();
  const fs::path folder = here_.data() / "spool" / kHomes;
  const fs::path file = fs::directory_iterator(folder)->path();
  std::string bytes = read_text(file);
  bytes[bytes.size() / 2] ^= 4;
  write_text(file, bytes);

  start_gateway();
  const WireResponse refused = post(kHomes, "/events", kStructured, event(kHomes, id_of(900)));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body.find("spool/"), std::string::npos) << "a path on this machine is none of its business";
  EXPECT_NE(gateway_->err().find("number 2"), std::string::npos) << gateway_->err();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(post(kHomes, "/events", kStructured, event(kHomes, id_of(901))).status, 503);
  EXPECT_EQ(gateway_->err().find("number 2"), gateway_->err().rfind("number 2")) << "read again for each request";
  EXPECT_EQ(post(kWardens, "/events", kStructured, event(kWardens, "W-2")).status, 202);
  const Ended found = here_.moot({"verify", "--json"});
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_NE(found.out.find("number 2"), std::string::npos) << found.out;
  const fs::path repaired = folder_ / "repaired";
  EXPECT_NE(here_.moot({"repair", "--to", repaired.string()}).err.find("stop the gateway first"), std::string::npos);
  EXPECT_FALSE(fs::exists(repaired));
  gateway_->kill();
  const Ended repair = here_.moot({"repair", "--to", repaired.string(), "--json"});
  EXPECT_EQ(repair.exit_code, 1) << "something is lost";
  EXPECT_EQ(number_in(json_of(repair.out), "spool_events"), 2 * kBatchEvents + 2) << repair.out;
  EXPECT_EQ(number_in(json_of(repair.out), "spool_lost"), 1);
  EXPECT_EQ(read_text(file), bytes) << "the damaged one is as it was";

  fs::rename(here_.data(), folder_ / "damaged");
  fs::rename(repaired, here_.data());
  start_broker();
  start_gateway();
  wait_until_handed_over(std::chrono::seconds(30));
  EXPECT_EQ(stored().size(), 1u + 2 * kBatchEvents);
  EXPECT_EQ(post(kHomes, "/events", kBatch, batch(1 + kBatchEvents)).status, 201) << "with the same token as before";
  EXPECT_EQ(stored().size(), 1u + 3 * kBatchEvents);
}

TEST_F(GatewaySpool, KillsOfTheGatewayDuringAnOutageLoseAndDoubleNothing) {
  const bool whole = std::getenv("MOOT_LONG") != nullptr;
  const int batches = whole ? 10'000 : 120;
  const int kills = whole ? 250 : 6;
  (void)request(kHomes, "/events", kBatch, "");  // its token
  broker_->kill();
  std::mutex mutex;  // guards where
  std::string where = address();
  std::atomic<int> told{0}, broken_off{0}, turned_away{0}, unexpected{0};
  std::thread sender([&] {
    for (int i = 0; i < batches;) {
      std::string to;
      {
        const std::lock_guard<std::mutex> lock(mutex);
        to = where;
      }
      HttpWire wire(to);
      if (!wire.is_open()) {  // nobody listens: this request was not hit by a kill
        ++turned_away;
        std::this_thread::sleep_for(milliseconds(2));
        continue;
      }
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
  std::cout << killed << " kills, " << broken_off << " requests broken off, " << turned_away
            << " that found nobody listening\n";
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
