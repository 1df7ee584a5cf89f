// The life of an agency's key from outside: rotated with an overlap, revoked with its sessions and tokens, near its
// end.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "broker/client/consumer.h"
#include "broker/wire/frames.h"
#include "tests/end_to_end/gateway_fixture.h"
#include "tests/end_to_end/raw_dealer.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

class KeyLife : public GatewayFixture {
 protected:
  // A reader of the agency that stays connected, as a system of its own would.
  std::unique_ptr<Consumer> reader(const std::string& agency) {
    Result<KeyFile> key = read_key_file(here_.key_file(agency));
    MOOT_CHECK_OK(key.status());
    key->run_file = here_.data() / "run.json";
    ConsumerOptions options;
    options.reader = "test";
    auto consumer = Consumer::connect(*key, options);
    MOOT_CHECK_OK(consumer.status());
    EXPECT_TRUE((*consumer)->next(2000).ok());  // the broker has heard of it
    return std::move(*consumer);
  }
  // How the next second of reading ends.
  static Status next_second(Consumer& consumer) {
    const auto end = steady_clock::now() + seconds(1);
    while (steady_clock::now() < end) {
      const Result<Delivery> delivery = consumer.next(50);
      if (!delivery.ok()) return delivery.status();
    }
    return {};
  }
  Ended publish_with(const std::filesystem::path& key, std::size_t first) {
    const std::filesystem::path file = folder_ / "some.csv";
    write_text(file, PartnershipFixture::calls_csv(first, 3));
    return run({MOOT_BINARY, "publish", file.string(), "--mapping", partnership_.calls_mapping().string(), "--backfill",
                "--key", key.string(), "--bus", here_.bus_address(), "--timeout", "60"},
               seconds(10));
  }
  boost::json::object listed(const std::string& agency) {
    const boost::json::object list = json_of(here_.moot({"agency", "list", "--json"}).out);
    for (const boost::json::value& row : list.at("agencies").as_array())
      if (row.at("agency").as_string() == agency) return row.as_object();
    ADD_FAILURE() << agency << " is not listed";
    return {};
  }
};

TEST_F(KeyLife, ThatAreRevokedEndLiveSessionsWithinASecondAndHttpTokensAndNobodyElses) {
  const std::string token =
      std::string(json_of(here_.moot({"token", "add", kWardens, "--json"}).out).at("token").as_string());
  const auto over_http = [&] {
    return post("", "/events?trial=1", kStructured, event(kWardens, "1"), {{"Authorization", "Bearer " + token}})
        .status;
  };
  EXPECT_EQ(over_http(), 200);
  const std::unique_ptr<Consumer> cut = reader(kWardens), other = reader(kHomes);
  const Ended revoked = here_.moot({"agency", "revoke", kWardens, "--json"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;
  EXPECT_GE(number_in(json_of(revoked.out), "sessions"), 1);
  EXPECT_EQ(number_in(json_of(revoked.out), "tokens"), 1);

  const Status ended = next_second(*cut);
  EXPECT_EQ(ended.code(), Code::kKeyEnded) << ended.to_string();
  EXPECT_NE(ended.message().find("the key of agency \"" + std::string(kWardens) + "\" was revoked"), std::string::npos)
      << ended.message();
  EXPECT_TRUE(next_second(*other).ok());
  EXPECT_GE(here_.refused("key-ended"), 1u);
  EXPECT_EQ(over_http(), 401);

  const Ended published = publish_with(here_.key_file(kWardens), 100);
  EXPECT_EQ(published.exit_code, 1);
  EXPECT_NE(published.err.find("does not know the key of agency"), std::string::npos) << published.err;
  EXPECT_NE(here_.moot({"status"}).out.find(std::string(kWardens) + ": has no valid key"), std::string::npos);
  EXPECT_TRUE(listed(kWardens).at("revoked").as_bool());
  EXPECT_EQ(here_.moot({"agency", "revoke", kWardens}).exit_code, 1) << "it is revoked already";
  EXPECT_EQ(here_.moot({"agency", "rotate", kWardens}).exit_code, 1) << "a revoked agency must not come back by this";
  EXPECT_EQ(here_.moot({"token", "add", kWardens}).exit_code, 1);
}

// Not once what was fetched for minutes ahead has been printed.
TEST_F(KeyLife, ThatAreRevokedEndAReplayThatIsSlowedDown) {
  const std::filesystem::path file = folder_ / "calls.csv";
  write_text(file, PartnershipFixture::calls_csv(0, 300));
  ASSERT_EQ(here_
                .moot({"publish", file.string(), "--as", kWardens, "--mapping", partnership_.calls_mapping().string(),
                       "--backfill"})
                .exit_code,
            0);
  const std::filesystem::path output = folder_ / "replayed.jsonl", part = output.string() + ".part";
  const auto slow = here_.start({"replay", "--as", kWardens, "--rate", "20", "--output", output.string()});
  for (int i = 0; i < 100 && !std::filesystem::exists(part); ++i) std::this_thread::sleep_for(milliseconds(50));
  ASSERT_EQ(here_.moot({"agency", "revoke", kWardens}).exit_code, 0);
  EXPECT_EQ(slow->wait(seconds(10)), 1) << slow->out();
  EXPECT_NE(slow->err().find("was revoked"), std::string::npos) << slow->err();
  const std::string written = read_text(part);
  EXPECT_LT(std::count(written.begin(), written.end(), '\n'), 150);
}

// ZeroMQ keeps the connection of a peer that does not hang up: what it sends is judged all the same.
TEST_F(KeyLife, ThatAreRevokedTakeNothingMoreFromAPeerThatStaysConnectedAndSaysHelloAgain) {
  RawDealer stubborn(here_.bus_address(), *read_key_file(here_.key_file(kWardens)));
  v1::Request hello;
  hello.mutable_hello()->set_protocol(kProtocolVersion);
  stubborn.send(hello);
  ASSERT_TRUE(stubborn.receive()->has_welcome());
  ASSERT_EQ(here_.moot({"agency", "revoke", kWardens}).exit_code, 0);
  const auto ended = static_cast<std::uint32_t>(Code::kKeyEnded);
  EXPECT_EQ(stubborn.receive()->refusal().code(), ended);
  v1::Request publish;
  publish.set_number(7);
  publish.mutable_publish()->set_backfill(true);
  for (const v1::Request& request : {publish, hello}) {
    stubborn.send(request, request.has_publish() ? std::vector<std::string>{"an event"} : std::vector<std::string>());
    const auto reply = stubborn.receive();
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->refusal().code(), ended) << reply->ShortDebugString();
  }
  EXPECT_EQ(here_.offset(), 0u);
  EXPECT_TRUE(json_of(here_.moot({"inbox", "list", "--json"}).out).at("items").as_array().empty());
}

TEST_F(KeyLife, ThatWereRevokedStaySoAfterAKillAndANewOneLetsTheAgencyIn) {
  const std::filesystem::path stolen = folder_ / "stolen.key";
  std::filesystem::copy_file(here_.key_file(kWardens), stolen);
  ASSERT_EQ(here_.moot({"agency", "revoke", kWardens}).exit_code, 0);
  broker_->signal(SIGKILL);
  EXPECT_NE(broker_->wait(seconds(10)), std::nullopt);
  broker_ = here_.start_broker();
  EXPECT_EQ(publish_with(stolen, 100).exit_code, 1);
  EXPECT_EQ(here_.offset(), 0u);
  EXPECT_GE(here_.refused("key-ended"), 1u);
  ASSERT_EQ(here_.moot({"agency", "add", kWardens, "--name", "Wardens, back again"}).exit_code, 0);
  EXPECT_EQ(publish_with(here_.key_file(kWardens), 200).exit_code, 0);
  EXPECT_EQ(publish_with(stolen, 300).exit_code, 1) << "the old key must not come back with the agency";
  EXPECT_EQ(here_.offset(), 3u);
}

TEST_F(KeyLife, ThatAreRotatedGoOnSideBySideUntilTheOldOneIsEnded) {
  const std::filesystem::path old = folder_ / "old.key";
  std::filesystem::copy_file(here_.key_file(kWardens), old);
  const std::unique_ptr<Consumer> live = reader(kWardens);
  const Ended rotated = here_.moot({"agency", "rotate", kWardens});
  ASSERT_EQ(rotated.exit_code, 0) << rotated.err;
  EXPECT_NE(rotated.out.find("The old one goes on until "), std::string::npos) << rotated.out;
  EXPECT_EQ(listed(kWardens).at("keys").as_array().size(), 2u);
  EXPECT_EQ(here_.moot({"agency", "rotate", kWardens}).exit_code, 1) << "a third key would be valid";
  EXPECT_EQ(publish_with(old, 100).exit_code, 0);
  EXPECT_EQ(publish_with(here_.key_file(kWardens), 200).exit_code, 0);
  EXPECT_EQ(here_.offset(), 6u);

  ASSERT_EQ(here_.moot({"agency", "revoke", kWardens, "--old"}).exit_code, 0);
  EXPECT_EQ(publish_with(old, 300).exit_code, 1);
  EXPECT_EQ(publish_with(here_.key_file(kWardens), 400).exit_code, 0);
  // It connects again with the key that its file holds now, and goes on where it was.
  EXPECT_TRUE(next_second(*live).ok());
}

TEST_F(KeyLife, WhoseEndIsNearAreTalkedOfInListAndStatus) {
  const auto day = std::chrono::system_clock::now() + std::chrono::hours(24);
  const std::time_t time = std::chrono::system_clock::to_time_t(day);
  char date[11];
  std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&time));
  ASSERT_EQ(here_.moot({"agency", "add", "new-charity", "--name", "New Charity", "--expires", date}).exit_code, 0);
  for (const Words& words : {Words{"agency", "list"}, Words{"status"}}) {
    const std::string out = here_.moot(words).out;
    EXPECT_NE(out.find("EXPIRES at the end of "), std::string::npos) << out;
    EXPECT_NE(out.find("`moot agency rotate new-charity`"), std::string::npos) << out;
    EXPECT_EQ(out.find("moot agency rotate " + std::string(kHomes)), std::string::npos) << out;
  }
  EXPECT_EQ(here_.moot({"agency", "add", "late-charity", "--name", "L", "--expires", "2020-01-01"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"agency", "add", "late-charity", "--name", "L", "--expires", "soon"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"agency", "rotate", "nobody-here"}).exit_code, 1);
  EXPECT_EQ(here_.moot({"agency", "revoke", "operator"}).exit_code, 1) << "nobody could mend it afterwards";
  EXPECT_EQ(here_.moot({"agency", "revoke", kHomes, "--as", kWardens}).exit_code, 1);
}

}  // namespace
}  // namespace moot
