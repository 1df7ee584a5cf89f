// A client's end of the bus without a socket: greeting, pings, silence.
#include "broker/client/dialogue.h"

#include <gtest/gtest.h>

#include "broker/wire/frames.h"

namespace moot {
namespace {

using std::chrono::milliseconds;

class DialogueTest : public testing::Test {
 protected:
  DialogueTest() { dialogue_.begin(now_); }
  v1::Reply welcome(std::uint32_t protocol) {
    v1::Reply reply;
    reply.set_number(dialogue_.hello().number());
    reply.mutable_welcome()->set_protocol(protocol);
    reply.mutable_welcome()->set_end_offset(7);
    return reply;
  }
  static v1::Reply refusal(Code code) {
    v1::Reply reply;
    reply.mutable_refusal()->set_code(static_cast<std::uint32_t>(code));
    return reply;
  }

  Dialogue dialogue_;
  Dialogue::Moment now_{std::chrono::hours(1)};
};

TEST_F(DialogueTest, IsOpenOnceItsOwnHelloIsAnswered) {
  v1::Reply reply = welcome(kProtocolVersion);
  reply.set_number(reply.number() + 1);
  EXPECT_FALSE(*dialogue_.greeted(reply));
  EXPECT_TRUE(*dialogue_.greeted(welcome(kProtocolVersion)));
  EXPECT_EQ(dialogue_.end_at_hello(), Offset{7});
}

TEST_F(DialogueTest, RemembersWhatTheBrokerLetsBeUnacknowledged) {
  v1::Reply reply = welcome(kProtocolVersion);
  EXPECT_TRUE(*dialogue_.greeted(reply));
  EXPECT_EQ(dialogue_.window_bytes(), Dialogue::kNoWindow) << "a broker that does not say";
  reply.mutable_welcome()->set_window_bytes(70'000);
  EXPECT_TRUE(*dialogue_.greeted(reply));
  EXPECT_EQ(dialogue_.window_bytes(), 70'000u);
  v1::Reply ack;
  ack.mutable_publish_ack();
  EXPECT_TRUE(dialogue_.heard(ack).ok());
  EXPECT_EQ(dialogue_.window_bytes(), 70'000u);
  ack.mutable_publish_ack()->set_window_bytes(90'000);
  EXPECT_TRUE(dialogue_.heard(ack).ok());
  EXPECT_EQ(dialogue_.window_bytes(), 90'000u);
  dialogue_.begin(now_);
  EXPECT_EQ(dialogue_.window_bytes(), Dialogue::kNoWindow) << "another broker, perhaps";
}

TEST_F(DialogueTest, GoodbyeIsSaidToWhoKnowsItAndWasMet) {
  EXPECT_FALSE(dialogue_.goodbye());
  EXPECT_TRUE(*dialogue_.greeted(welcome(2)));
  EXPECT_FALSE(dialogue_.goodbye()) << "protocol 2 has none";
  EXPECT_TRUE(*dialogue_.greeted(welcome(3)));
  EXPECT_TRUE(dialogue_.goodbye()->has_goodbye());
  dialogue_.begin(now_);
  EXPECT_FALSE(dialogue_.goodbye());
}

TEST_F(DialogueTest, EventsStandInTheHeaderOnlyForABrokerThatKnowsIt) {
  EXPECT_FALSE(dialogue_.takes_events_in_header()) << "it was not met";
  for (const std::uint32_t spoken : {kFirstWithEventsInHeader - 1, kFirstWithEventsInHeader}) {
    dialogue_.begin(now_);
    EXPECT_FALSE(dialogue_.takes_events_in_header()) << "another may answer now";
    ASSERT_TRUE(*dialogue_.greeted(welcome(spoken)));
    EXPECT_EQ(dialogue_.takes_events_in_header(), spoken == kFirstWithEventsInHeader);
  }
}

TEST_F(DialogueTest, ABrokerThatSpeaksNoneOfItsProtocolsIsRefusedInPlainWords) {
  EXPECT_EQ(dialogue_.greeted(welcome(kOldestProtocol - 1)).status().message(),
            "the broker speaks protocol 1, this program 2 to " + std::to_string(kProtocolVersion));
  EXPECT_EQ(dialogue_.greeted(welcome(kProtocolVersion + 1)).status().code(), Code::kBadRequest);
}

TEST_F(DialogueTest, PingsOnceASecondAndGivesUpAfterTwentySilentOnes) {
  EXPECT_FALSE(dialogue_.ping_due(now_ + milliseconds(1000)));
  ASSERT_TRUE(dialogue_.ping_due(now_ + milliseconds(1001)));
  EXPECT_FALSE(dialogue_.ping_due(now_ + milliseconds(5000))) << "one is on its way";
  EXPECT_TRUE(dialogue_.silence(now_ + milliseconds(21'001)).ok());
  EXPECT_EQ(dialogue_.silence(now_ + milliseconds(21'002)).code(), Code::kUnavailable);
  EXPECT_TRUE(dialogue_.heard(v1::Reply()).ok());
  EXPECT_TRUE(dialogue_.silence(now_ + milliseconds(60'000)).ok()) << "anything it says is a sign of life";
}

TEST_F(DialogueTest, AForgottenSessionIsOpenedAgainAndAnEndedKeyIsNot) {
  EXPECT_EQ(dialogue_.heard(refusal(Code::kNoSession)).code(), Code::kUnavailable);
  EXPECT_EQ(dialogue_.heard(refusal(Code::kKeyEnded)).code(), Code::kKeyEnded);
  EXPECT_TRUE(dialogue_.heard(refusal(Code::kTooLarge)).ok()) << "of a request, not of the connection";
}

}  // namespace
}  // namespace moot
