// What the broker does not take: each wrong thing is refused with its own code and sentence and counted, and the broker
// goes on as before (promises G8, G9; DESIGN §9).
#include <gtest/gtest.h>

#include <regex>

#include "broker/client/connection.h"
#include "broker/wire/frames.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/end_to_end/raw_dealer.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kHomes = PartnershipFixture::kHomes;
constexpr const char* kWardens = PartnershipFixture::kWardens;

class Refusal : public testing::Test {
 protected:
  KeyFile key_of(const std::string& agency) const {
    Result<KeyFile> key = read_key_file(here_.key_file(agency));
    MOOT_CHECK_OK(key.status());
    key->address = here_.bus_address();
    return *key;
  }
  // Known to the broker and greeted by it.
  std::unique_ptr<RawDealer> dealer(const std::string& agency) const {
    auto dealer = std::make_unique<RawDealer>(here_.bus_address(), key_of(agency));
    v1::Request hello;
    hello.mutable_hello()->set_protocol(kProtocolVersion);
    dealer->send(hello);
    const auto reply = dealer->receive();
    EXPECT_TRUE(reply && reply->has_welcome());
    return dealer;
  }

  // A key file of another data directory, changed by `change` (pattern, replacement).
  std::filesystem::path strange_key(const std::vector<std::pair<std::string, std::string>>& changes) const {
    const Installation elsewhere(folder_ / "elsewhere", partnership_.config());
    EXPECT_EQ(elsewhere.moot({"status", "--json"}).exit_code, 0);
    std::string text = read_text(elsewhere.key_file(kWardens));
    for (const auto& [key, value] : changes)
      text = std::regex_replace(text, std::regex(key + " = \".*\""), key + " = \"" + value + "\"");
    const std::filesystem::path file = folder_ / "strange.key";
    write_text(file, text);
    return file;
  }
  std::string broker_public_key() const {
    std::smatch match;
    const std::string text = read_text(here_.key_file(kWardens));
    EXPECT_TRUE(std::regex_search(text, match, std::regex("broker_public_key = \"(.*)\"")));
    return match[1];
  }

  // `moot publish` with a key file alone, as an agency on another machine runs it.
  Ended publish_with(const std::filesystem::path& key, const std::string& timeout_s, seconds deadline) const {
    return run({MOOT_BINARY, "publish", partnership_.call_files()[0].string(), "--mapping",
                partnership_.calls_mapping().string(), "--key", key.string(), "--timeout", timeout_s},
               deadline);
  }

  // The broker is none the worse for it: a good file of the agency is taken.
  void expect_a_good_publish_is_taken() {
    ASSERT_TRUE(broker_->running()) << broker_->err();
    const std::filesystem::path file = folder_ / "good.csv";
    write_text(file, PartnershipFixture::calls_csv(next_good_, 10));
    next_good_ += 10;
    const Ended published = here_.moot({"publish", file.string(), "--as", kWardens, "--backfill", "--json", "--mapping",
                                        partnership_.calls_mapping().string()});
    EXPECT_EQ(published.exit_code, 0) << published.err;
    EXPECT_EQ(number_in(json_of(published.out), "accepted"), 10);
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::unique_ptr<Process> broker_ = here_.start_broker();
  std::size_t next_good_ = 5000;
};

TEST_F(Refusal, OfAKeyTheBrokerDoesNotKnowEndsWithinTenSecondsWithItsSentence) {
  const auto key = strange_key({{"broker_public_key", broker_public_key()}, {"address", here_.bus_address()}});
  const Ended ended = publish_with(key, "60", seconds(10));
  EXPECT_EQ(ended.exit_code, 1) << ended.err;
  EXPECT_NE(ended.err.find("does not know the key of agency \"millbrook-wardens\""), std::string::npos) << ended.err;
  EXPECT_GE(here_.refused("unknown-key"), 1u);
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfAnotherBrokersKeyEndsWithinTenSecondsWithItsSentence) {
  const auto key = strange_key({{"address", here_.bus_address()}});
  const Ended ended = publish_with(key, "60", seconds(10));
  EXPECT_EQ(ended.exit_code, 1) << ended.err;
  EXPECT_NE(ended.err.find("has not the broker key"), std::string::npos) << ended.err;
  EXPECT_GE(here_.refused("no-key"), 1u) << "a greeting that breaks off before a key is shown counts as no-key";
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfAnyoneWithoutAKeyIsSilentAndCounted) {
  RawDealer plain(here_.bus_address(), std::nullopt);
  plain.send(a_publish(1), {event_of_size("MW-1", 200).SerializeAsString()});
  EXPECT_FALSE(plain.receive(seconds(2))) << "somebody without a key was answered";
  EXPECT_GE(here_.refused("no-key"), 1u);
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfAnotherAgencysSourceNamesWhatMayBePublished) {
  const Ended ended = here_.moot({"publish", partnership_.call_files()[0].string(), "--as", kHomes, "--json",
                                  "--mapping", partnership_.calls_mapping().string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("agency \"brook-homes\" may publish only sources that start with /brook-homes/"),
            std::string::npos)
      << ended.err;
  EXPECT_EQ(number_in(json_of(ended.out), "refused"), 20);
  EXPECT_EQ(here_.refused("wrong-agency"), 20u);
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfAFrameThatIsNoProtobufLeavesTheOthersOfItsMessage) {
  const std::unique_ptr<RawDealer> wardens = dealer(kWardens);
  const std::string good = event_of_size("MW-1", 200).SerializeAsString();
  wardens->send(a_publish(7), {"this is no event \xff\xff", good});
  const auto reply = wardens->receive();
  ASSERT_TRUE(reply && reply->has_publish_ack());
  EXPECT_EQ(reply->number(), 7u);
  EXPECT_EQ(reply->publish_ack().stored(), 1u);
  ASSERT_EQ(reply->publish_ack().exceptions_size(), 1);
  const v1::Exception& exception = reply->publish_ack().exceptions(0);
  EXPECT_EQ(exception.frame(), 0u);
  EXPECT_EQ(exception.kind(), v1::Exception::REFUSED);
  EXPECT_EQ(exception.code(), static_cast<std::uint32_t>(Code::kNotAnEvent));
  EXPECT_EQ(exception.reason(), "the frame is not a protobuf moot.v1.Event");
  EXPECT_EQ(here_.refused("not-an-event"), 1u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfWhoeverDoesNotSayHelloFirst) {
  RawDealer wardens(here_.bus_address(), key_of(kWardens));
  wardens.send(a_publish(5), {event_of_size("MW-1", 200).SerializeAsString()});
  const auto reply = wardens.receive();
  ASSERT_TRUE(reply && reply->has_refusal());
  EXPECT_EQ(reply->number(), 5u);
  EXPECT_EQ(reply->refusal().reason(), "say hello first");
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfAHeaderThatIsNoProtobuf) {
  const std::unique_ptr<RawDealer> wardens = dealer(kWardens);
  for (const std::string& header : {std::string("\xff\xff\xff no header"), std::string()}) {
    wardens->send(std::vector<std::string>{header, event_of_size("MW-1", 200).SerializeAsString()});
    const auto reply = wardens->receive();
    ASSERT_TRUE(reply && reply->has_refusal());
    EXPECT_EQ(reply->refusal().code(), static_cast<std::uint32_t>(Code::kBadRequest));
    EXPECT_EQ(reply->refusal().reason(), "the header frame is not a protobuf moot.v1.Request");
  }
  EXPECT_EQ(here_.refused("bad-request"), 2u);
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

// The library below cuts such a connection before the frame is buffered; there is nobody left to tell.
TEST_F(Refusal, OfASingleFrameOverOneMebibyteCutsThatConnectionOnly) {
  const std::unique_ptr<RawDealer> wardens = dealer(kWardens);
  wardens->send(std::vector<std::string>{std::string(2 * 1024 * 1024, 'x')});
  EXPECT_FALSE(wardens->receive(seconds(1)));
  EXPECT_EQ(here_.offset(), 0u);
  expect_a_good_publish_is_taken();
}

TEST_F(Refusal, OfWhatOnlyTheOperatorMay) {
  const Ended ended = here_.moot({"agency", "add", "intruders", "--name", "Intruders", "--as", kHomes});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("agency \"brook-homes\" may not add agencies"), std::string::npos) << ended.err;
  EXPECT_EQ(here_.moot({"agency", "list"}).out.find("intruders"), std::string::npos);
  EXPECT_GE(here_.refused("not-allowed"), 1u);
}

TEST_F(Refusal, OfAnAgencyThatIsNotThereSaysWhatMakesOne) {
  const Ended ended = here_.moot({"publish", partnership_.call_files()[0].string(), "--as", "nobody-we-know",
                                  "--mapping", partnership_.calls_mapping().string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("there is no agency \"nobody-we-know\" here"), std::string::npos) << ended.err;
}

TEST_F(Refusal, ComesFromNobodyWhenTheBrokerIsAbsentAndIsWaitedForOnlySoLong) {
  // A port nobody listens on: one that was given to us a moment ago and given back.
  std::string address;
  {
    zmq::context_t context;
    zmq::socket_t socket(context, zmq::socket_type::router);
    socket.bind("tcp://127.0.0.1:*");
    address = socket.get(zmq::sockopt::last_endpoint);
  }
  const auto key = strange_key({{"address", address}});
  const auto start = std::chrono::steady_clock::now();
  const Ended ended = publish_with(key, "2", seconds(20));
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(ended.exit_code, 1) << ended.err;
  EXPECT_NE(ended.err.find("no broker answered at " + address + " for 2 seconds"), std::string::npos) << ended.err;
  EXPECT_GE(took, milliseconds(1900));
  EXPECT_LE(took, seconds(8));
}

// The product's own connection tells the same refusals as a Status.
TEST_F(Refusal, ReachesTheProductsOwnConnectionWithItsCode) {
  Connection connection(key_of(kHomes));
  ASSERT_TRUE(connection.open(seconds(10)).ok());
  v1::Request request;
  request.mutable_status();
  const Result<v1::Reply> reply = connection.call(request, seconds(10));
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.status().code(), Code::kNotAllowed) << reply.status().to_string();
}

}  // namespace
}  // namespace moot
