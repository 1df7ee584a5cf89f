// What comes of the acks of one commit, by the protocol that a publisher speaks.
#include <map>

#include "tests/unit/sessions_fixture.h"

namespace moot {
namespace {

using SessionAcks = SessionsTest;

// Each publisher's acks of one commit, whoever else was in it: in one message where it knows such, else in a message
// each.
TEST_F(SessionAcks, AcksOfOneCommitComeTogetherToWhoKnowsThat) {
  constexpr int kEvents = 20;
  bus_.hello('p', "north-police");
  bus_.hello('s', "soha", kFirstWithAcksTogether - 1);
  bus_.turn();
  const std::map<std::string, int> before = bus_.messages;
  for (int i = 0; i < kEvents; ++i) {
    bus_.publish('p', "north-police", example_event(std::to_string(i)));
    bus_.publish('s', "soha", example_event(std::to_string(i), "/soha/cases"));
  }
  bus_.turn();
  EXPECT_EQ(bus_.messages.at(bus_.peer('p')) - before.at(bus_.peer('p')), 1);
  EXPECT_EQ(bus_.messages.at(bus_.peer('s')) - before.at(bus_.peer('s')), kEvents);
  for (const char name : {'p', 's'}) {
    const std::vector<BrokerInMemory::Got> got = bus_.got(name);
    ASSERT_EQ(got.size(), kEvents + 1) << "the welcome before them";
    for (std::size_t i = 2; i < got.size(); ++i) {
      EXPECT_GT(got[i].reply.number(), got[i - 1].reply.number());
      EXPECT_EQ(got[i].reply.publish_ack().first_offset(), got[i - 1].reply.publish_ack().first_offset() + 2);
      EXPECT_EQ(got[i].reply.publish_ack().stored(), 1u);
    }
  }
}

// A refusal has a sentence for each event: such acks are many bytes, and do not wait to be one enormous message.
TEST_F(SessionAcks, AcksThatComeTogetherAreAMessageOfBoundedSize) {
  bus_.hello('p', "north-police");
  bus_.turn();
  v1::Request request;
  request.mutable_publish();
  constexpr int kLarge = 12;
  for (int i = 0; i < kLarge; ++i) bus_.say('p', "north-police", request, std::vector<std::string>(400, "no event"));
  publish("1");
  bus_.largest_header = 0;
  bus_.turn();
  const std::vector<BrokerInMemory::Got> got = bus_.got('p');
  ASSERT_EQ(got.size(), kLarge + 2u) << "the welcome before them";
  std::size_t all = 0;
  for (const BrokerInMemory::Got& one : got) all += one.reply.ByteSizeLong();
  EXPECT_GT(all, 3 * kAcksTogetherBytes);
  EXPECT_LT(bus_.largest_header, kAcksTogetherBytes + kAcksTogetherBytes / 16) << "framing included";
  EXPECT_GT(bus_.largest_header, kAcksTogetherBytes / 2);
}

}  // namespace
}  // namespace moot
