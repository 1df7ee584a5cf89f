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
  for (int i = 0; i < 6; ++i) bus_.say('p', "north-police", request, std::vector<std::string>(400, "no event"));
  for (int i = 0; i < 6; ++i) publish(std::to_string(i));
  const int before = bus_.messages.at(bus_.peer('p'));
  bus_.turn();
  std::size_t bytes = 0;
  const std::vector<BrokerInMemory::Got> got = bus_.got('p');
  EXPECT_EQ(got.size(), 13u) << "the welcome before them";
  for (const BrokerInMemory::Got& one : got) bytes += one.reply.ByteSizeLong();
  const int messages = bus_.messages.at(bus_.peer('p')) - before;
  EXPECT_GE(messages, static_cast<int>(bytes / kAcksTogetherBytes));
  EXPECT_LE(messages, 1 + static_cast<int>(bytes / (kAcksTogetherBytes / 2)));
}

}  // namespace
}  // namespace moot
