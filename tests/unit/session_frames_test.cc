// Where the events of a message may stand: in a frame of their own, or at the end of its header.
#include "tests/unit/sessions_fixture.h"

namespace moot {
namespace {

using SessionFrames = SessionsTest;

// A program of protocol 5 has few events at the end of its header, an older one in a frame of their own: both are taken
// whoever says it. Anywhere else in the header they would be stored by nobody and acknowledged all the same.
TEST_F(SessionFrames, EventsComeInAFrameOfTheirOwnOrAtTheEndOfTheHeader) {
  bus_.hello('p', "north-police");
  const std::string events = packed_events({example_event("1").SerializeAsString()});
  v1::Request request;
  request.mutable_publish();
  request.set_number(7);
  const std::string header = request.SerializeAsString();
  std::string whole = header;
  append_to_header(whole, events);
  bus_.arrive('p', "north-police", whole);
  BrokerInMemory::Got got = bus_.answer('p');
  EXPECT_EQ(got.reply.number(), 7u);
  EXPECT_EQ(got.reply.publish_ack().stored(), 1u);
  bus_.arrive('p', "north-police", header, events);
  got = bus_.answer('p');
  ASSERT_EQ(got.reply.publish_ack().exceptions_size(), 1) << "it is the same event";
  EXPECT_EQ(got.reply.publish_ack().exceptions(0).kind(), v1::Exception::DUPLICATE);
  std::string first;
  append_to_header(first, events);
  bus_.arrive('p', "north-police", first + header);
  EXPECT_EQ(code(bus_.answer('p')), Code::kBadRequest) << "not at the end";
  bus_.arrive('p', "north-police", whole, events);
  got = bus_.answer('p');
  EXPECT_EQ(code(got), Code::kBadRequest) << "twice";
  EXPECT_EQ(got.reply.number(), 7u) << "whoever asked knows the answer by its number";
  bus_.arrive('p', "north-police", whole.substr(0, whole.size() - 1));
  got = bus_.answer('p');
  EXPECT_EQ(code(got), Code::kBadRequest) << "cut off";
  EXPECT_EQ(got.reply.number(), 7u);
  EXPECT_EQ(bus_.log.end_offset(), Offset{1});
}

// They may stand in either place: the sentence speaks of neither.
TEST_F(SessionFrames, EventsThatAreNoneAreRefusedAsWhatTheyAre) {
  bus_.hello('p', "north-police");
  v1::Request request;
  request.mutable_publish();
  request.set_number(7);
  const std::string header = request.SerializeAsString();
  std::string whole = header;
  append_to_header(whole, "garbage");
  bus_.arrive('p', "north-police", whole);
  const BrokerInMemory::Got in_header = bus_.answer('p');
  bus_.arrive('p', "north-police", header, "garbage");
  const BrokerInMemory::Got beside = bus_.answer('p');
  for (const BrokerInMemory::Got& got : {in_header, beside}) {
    EXPECT_EQ(code(got), Code::kBadRequest);
    EXPECT_EQ(got.reply.number(), 7u);
    EXPECT_EQ(got.reply.refusal().reason(), "the events are no protobuf moot.v1.Events");
  }
}

TEST_F(SessionFrames, AMessageIsNotLargerForHavingItsEventsInTheHeader) {
  bus_.hello('p', "north-police");
  v1::Request request;
  request.mutable_publish();
  request.set_number(7);
  for (const int over : {-1, 0, 1}) {
    std::string header = request.SerializeAsString();
    const std::size_t framing = header.size() + 2 + 3 + 1 + 3;  // tag and length, of the events and of the one event
    const std::size_t bytes = Limits().message_bytes_max - framing + static_cast<std::size_t>(over);
    append_to_header(header, packed_events({std::string(bytes, 'x')}));
    ASSERT_EQ(header.size(), Limits().message_bytes_max + static_cast<std::size_t>(over));
    bus_.arrive('p', "north-police", header);
    const BrokerInMemory::Got got = bus_.answer('p');
    EXPECT_EQ(got.reply.has_refusal(), over > 0) << over;
    EXPECT_EQ(got.reply.has_publish_ack(), over <= 0) << "its event alone is refused";
  }
}

}  // namespace
}  // namespace moot
