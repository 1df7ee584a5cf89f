// Sessions without a socket: what each peer is told, whatever it says, and what nobody is told any more.
#include <limits>
#include <map>

#include "tests/unit/sessions_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST_F(SessionsTest, ANewerEndIsAnsweredInTheNewestProtocolThatBothSpeakAndAnOlderOneInPlainWords) {
  v1::Request hello;
  hello.mutable_hello()->set_protocol(kProtocolVersion + 5);
  bus_.say('a', "soha", hello);
  EXPECT_EQ(bus_.answer('a').reply.welcome().protocol(), kProtocolVersion);
  hello.mutable_hello()->set_protocol(kOldestProtocol - 1);
  bus_.say('b', "soha", hello);
  const BrokerInMemory::Got refused = bus_.answer('b');
  EXPECT_EQ(code(refused), Code::kBadRequest);
  EXPECT_EQ(refused.reply.refusal().reason(),
            "this broker speaks protocol 2 to " + std::to_string(kProtocolVersion) + ", the caller none after 1");
}

TEST_F(SessionsTest, BytesThatAreNoRequestGetASentenceAndHarmNobody) {
  bus_.hello('p', "north-police");
  bus_.hello('a', "soha");
  bus_.turn();
  bus_.got('a');
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: moot\r\n\r\n"), std::string(), std::string(5000, '\xff'),
        std::string("\x08\x01", 2), std::string("\x2a\xff\xff\xff\xff\x0f", 6)}) {
    bus_.arrive('a', "soha", bytes);
    EXPECT_EQ(code(bus_.answer('a')), Code::kBadRequest) << bytes.substr(0, 10);
  }
  v1::Request request;
  request.mutable_ping();
  bus_.arrive('a', "soha", request.SerializeAsString(), "", 9);
  EXPECT_EQ(code(bus_.answer('a')), Code::kBadRequest) << "nine frames";
  publish("1");
  EXPECT_EQ(bus_.answer('p').reply.publish_ack().stored(), 1u);
}

// A newer program's: it hears so under the number of its request, and does not wait for an answer that never comes.
TEST_F(SessionsTest, ARequestOfAKindToComeIsRefusedByItsNumber) {
  bus_.hello('a', "soha");
  bus_.arrive('a', "soha", std::string("\x08\x2a\xfa\x07\x00", 5));
  const BrokerInMemory::Got got = bus_.answer('a');
  EXPECT_EQ(got.reply.number(), 42u);
  EXPECT_EQ(got.reply.refusal().reason(), "the broker does not know this request; is it a newer program's?");
}

TEST_F(SessionsTest, AFilterThatMakesNoSenseOrIsEnormousIsRefused) {
  v1::Filter many, wide, backwards;
  for (int i = 0; i < 101; ++i) many.add_types("contact");
  wide.add_subjects(std::string(201, 'x'));
  backwards.set_time_from_us(10);
  backwards.set_time_to_us(5);
  for (const v1::Filter& filter : {many, wide, backwards}) {
    read('a', "soha", 1000, filter);
    EXPECT_EQ(code(bus_.answer('a')), Code::kBadRequest);
  }
}

TEST_F(SessionsTest, AReaderFromBeyondTheEndIsToldWhereItIs) {
  bus_.hello('a', "soha");
  for (const std::uint64_t from : {std::uint64_t{1}, kMost}) {
    consume('a', "soha", 1000, {}, from);
    const BrokerInMemory::Got refused = bus_.answer('a');
    EXPECT_EQ(code(refused), Code::kBadRequest);
    EXPECT_NE(refused.reply.refusal().reason().find("the log ends at 0"), std::string::npos);
  }
}

// 2^64 - 1 is also what a program sends that grants "-1".
TEST_F(SessionsTest, CreditWithoutMeasureIsBoundedAndNeverTurnsNegative) {
  bus_.hello('p', "north-police");
  read('a', "operator", kMost);
  for (int i = 0; i < 3; ++i) grant('a', "operator", kMost);
  publish("1");
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 1u);
}

TEST_F(SessionsTest, CreditForNoReadingIsNothing) {
  bus_.hello('a', "operator");
  grant('a', "operator", kMost);
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 0u);
}

TEST_F(SessionsTest, WithoutCreditNothingComesAndWithOneByteOneEvent) {
  bus_.hello('p', "north-police");
  read('a', "operator", 0);
  for (const char* id : {"1", "2", "3"}) publish(id);
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 0u);
  EXPECT_EQ(bus_.sessions->work_left(), Sessions::Work::kNone) << "else the broker would spin";
  grant('a', "operator", 1);
  for (int i = 0; i < 3; ++i) bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 1u);
}

TEST_F(SessionsTest, TwoReadersOfOneNameEachGetEverything) {
  bus_.hello('p', "north-police");
  read('a', "operator");
  read('b', "operator");
  publish("1");
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 1u);
  EXPECT_EQ(events_in(bus_.got('b')), 1u);
  bus_.takes[bus_.peer('a')] = Outlet::Sent::kGone;
  publish("2");
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('b')), 1u);
}

TEST_F(SessionsTest, AHelloBeginsASessionAnewWithoutWhatRan) {
  read('a', "operator");
  bus_.hello('a', "operator");
  bus_.hello('p', "north-police");
  publish("1");
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('a')), 0u);
}

// The session is the key's: who comes with another agency's key over the same routing id has none.
TEST_F(SessionsTest, ASessionIsOfTheKeyItBeganWith) {
  bus_.hello('a', "soha");
  EXPECT_TRUE(bus_.answer('a').reply.has_welcome());
  v1::Request ping;
  ping.mutable_ping();
  bus_.say('a', "north-police", ping);
  EXPECT_EQ(code(bus_.answer('a')), Code::kNoSession);
}

TEST_F(SessionsTest, AGoodbyeEndsTheSessionAtOnceAndNobodyElses) {
  v1::Request goodbye;
  goodbye.mutable_goodbye();
  bus_.hello('a', "soha");
  bus_.hello('b', "soha");
  bus_.turn();
  EXPECT_EQ(bus_.sessions->figures().sessions, 2u);
  bus_.publish('a', "soha", example_event("1", "/soha/cases"));
  goodbye.set_number(7);
  (void)bus_.got('a');
  bus_.say('a', "soha", goodbye);
  EXPECT_EQ(bus_.sessions->figures().sessions, 1u);
  ASSERT_EQ(bus_.got('a').size(), 1u) << "the last thing it hears";
  bus_.turn();
  EXPECT_EQ(bus_.log.end_offset(), Offset{1}) << "what it sent before";
  bus_.say('c', "soha", goodbye);
  bus_.say('b', "council", goodbye);
  bus_.turn();
  EXPECT_EQ(bus_.sessions->figures().sessions, 1u) << "somebody who never was there, and somebody else";
  EXPECT_TRUE(bus_.got('c').empty());
}

TEST_F(SessionsTest, APeerThatIsSilentForAMinuteIsForgotten) {
  bus_.hello('a', "soha");
  bus_.turn(milliseconds(60'000));
  EXPECT_EQ(bus_.sessions->figures().sessions, 1u);
  bus_.turn(milliseconds(1));
  EXPECT_EQ(bus_.sessions->figures().sessions, 0u);
}

TEST_F(SessionsTest, APeerThatNeverTakesItsAcksIsDroppedAndWhatItSentIsStored) {
  bus_.hello('p', "north-police");
  bus_.turn();
  bus_.takes[bus_.peer('p')] = Outlet::Sent::kFull;
  for (int i = 0; i < 1001; ++i) {
    publish(std::to_string(i));
    bus_.turn();
  }
  EXPECT_EQ(bus_.log.end_offset().value, 1001u);
  EXPECT_EQ(bus_.sessions->figures().sessions, 0u);
  EXPECT_EQ(bus_.sessions->figures().outbox_messages, 0u);
}

// A thousand refusals in a message: few acks, and many bytes.
TEST_F(SessionsTest, APeerThatNeverTakesLargeAcksIsDroppedBeforeTheyAreMany) {
  bus_.hello('p', "north-police");
  bus_.turn();
  bus_.takes[bus_.peer('p')] = Outlet::Sent::kFull;
  v1::Request request;
  request.mutable_publish();
  int messages = 0;
  for (; messages < 100 && bus_.sessions->figures().sessions == 1; ++messages) {
    bus_.say('p', "north-police", request, std::vector<std::string>(1000, "no event"));
    bus_.turn();
  }
  EXPECT_GT(messages, 3);
  EXPECT_LT(messages, 50);
}

TEST_F(SessionsTest, APublisherIsToldItsShareAndABatchIsOneToo) {
  bus_.hello('p', "north-police");
  EXPECT_EQ(bus_.answer('p').reply.welcome().window_bytes(), PeerRoom::kWindowLeast) << "until its first ack";
  publish("1");
  EXPECT_EQ(bus_.answer('p').reply.publish_ack().window_bytes(), PeerRoom::kWindowMost);
  for (char name = 'A'; name <= 'Z'; ++name) read(name, "operator", kMost);
  publish("2");
  const PeerRoom room(Limits().peers_bytes_max);
  EXPECT_EQ(bus_.answer('p').reply.publish_ack().window_bytes(), room.window(27));
  for (int i = 0; i < 40; ++i) {
    v1::Event large = example_event("large-" + std::to_string(i));
    for (int t = 0; t < 10; ++t) {
      v1::Text& text = *large.mutable_personal()->add_texts();
      text.set_field("note");
      text.set_text(std::string(3900, 'n'));
    }
    bus_.publish('p', "north-police", large);
  }
  bus_.turn();
  for (const BrokerInMemory::Got& got : bus_.got('A')) {
    std::size_t bytes = 0;
    for (const std::string& event : got.events) bytes += event.size();
    EXPECT_LT(bytes, room.batch(26) + Limits().event_bytes_max) << "the event that fills it included";
  }
}

class ReadersBesidePublishing : public SessionsTest {
 protected:
  static constexpr std::size_t kFarBehind = 1500, kTogether = 64;
  ReadersBesidePublishing() {
    bus_.hello('p', "north-police");
    for (std::size_t i = 0; i < kFarBehind; ++i) publish(std::to_string(i));
    bus_.turn();
    for (const char name : kReaders) read(name, "operator", kMost);
  }
  // What each was given in a turn with which one event more is published.
  std::map<char, std::size_t> turn_with_an_event(const std::string& id) {
    publish(id);
    return given_in_a_turn(milliseconds(1));
  }
  std::map<char, std::size_t> given_in_a_turn(milliseconds later) {
    bus_.turn(later);
    std::map<char, std::size_t> given;
    for (const char name : kReaders + "z") given[name] = events_in(bus_.got(name));
    return given;
  }
  static std::size_t together(const std::map<char, std::size_t>& given) {
    std::size_t events = 0;
    for (const auto& [name, count] : given) events += name == 'z' ? 0 : count;
    return events;
  }

  const std::string kReaders = "ABCDEFGHIJKLMNOPQRSTUVWXY";
};

TEST_F(ReadersBesidePublishing, ThatAreFarBehindHoldUpNoAckAndEachHasItsTurn) {
  std::map<char, std::size_t> all;
  for (int turn = 0; turn < 10; ++turn) {
    const std::map<char, std::size_t> given = turn_with_an_event("meanwhile-" + std::to_string(turn));
    EXPECT_EQ(together(given), kTogether) << "of all of them";
    for (const auto& [name, count] : given) all[name] += count;
  }
  for (const char name : kReaders) EXPECT_GT(all[name], 0U) << name << " has its turn";
  EXPECT_GT(together(given_in_a_turn(milliseconds(200))), 2 * kTogether) << "nobody publishes any more";
}

TEST_F(ReadersBesidePublishing, AreNotInTheWayOfOneThatIsAtTheEnd) {
  bus_.hello('z', "operator");
  consume('z', "operator", kMost, {}, kFarBehind);
  bus_.turn();
  bus_.got('z');
  for (int turn = 0; turn < 10; ++turn)
    EXPECT_EQ(turn_with_an_event("new-" + std::to_string(turn))['z'], 1U) << "with the turn that stores it";
}

TEST_F(ReadersBesidePublishing, KeepUpWithWhatIsPublished) {
  for (std::size_t i = 0; i < 300; ++i) publish("many-" + std::to_string(i));
  EXPECT_GT(together(given_in_a_turn(milliseconds(1))), 2 * kTogether) << "more than that was stored";
}

TEST_F(ReadersBesidePublishing, AreNotHeldBackByWhatIsRefused) {
  given_in_a_turn(milliseconds(200));
  v1::Request refused;
  refused.mutable_publish()->add_origins();
  for (int turn = 0; turn < 3; ++turn) {
    bus_.say('p', "north-police", refused, {"a", "b"});
    EXPECT_GT(together(given_in_a_turn(milliseconds(1))), 2 * kTogether);
  }
}

TEST_F(SessionsTest, ALongInboxIsListedInPagesAndRefusedToWhoKnowsNone) {
  bus_.hello('s', "soha");
  bus_.hello('o', "operator");
  v1::Request refusals;
  for (std::size_t row = 1; row <= Inbox::kPageMax + 3; ++row) {
    v1::RefusedInput& one = *refusals.mutable_publish()->add_refused();
    one.set_code(static_cast<std::uint32_t>(Code::kUnmapped));
    one.set_input("row " + std::to_string(row));
    one.mutable_origin()->set_file("cases.csv");
    one.mutable_origin()->set_row(row);
  }
  bus_.say('s', "soha", refusals);
  bus_.turn();
  v1::Request list;
  list.mutable_inbox_list();
  bus_.say('o', "operator", list);
  EXPECT_EQ(code(bus_.answer('o')), Code::kTooLarge);
  list.mutable_inbox_list()->set_pages(true);
  bus_.say('o', "operator", list);
  const v1::InboxItems first = bus_.answer('o').reply.inbox_items();
  EXPECT_EQ(first.items_size(), static_cast<int>(Inbox::kPageMax));
  list.mutable_inbox_list()->set_after(first.next());
  bus_.say('o', "operator", list);
  const v1::InboxItems last = bus_.answer('o').reply.inbox_items();
  EXPECT_EQ(last.items_size(), 3);
  EXPECT_EQ(last.next(), "");
}

TEST_F(SessionsTest, ATurnIsDueByWhatArrivedWhateverBecomesOfIt) {
  bus_.hello('p', "north-police");
  bus_.turn();
  v1::Request request;
  request.mutable_publish();
  const std::vector<std::string> rubbish(10, std::string(60'000, 'x'));
  for (int i = 0; i < 6; ++i) {
    EXPECT_FALSE(bus_.sessions->turn_is_due());
    bus_.say('p', "north-police", request, rubbish);
  }
  bus_.say('p', "north-police", request, rubbish);
  EXPECT_TRUE(bus_.sessions->turn_is_due());
  bus_.turn();
  EXPECT_FALSE(bus_.sessions->turn_is_due());
}

TEST_F(SessionsTest, WhatWaitsForAReaderIsTakenBackWhenItsAgreementEnds) {
  leave_a_batch_waiting();
  ASSERT_EQ(bus_.sessions->figures().outbox_messages, 1u) << "else there is nothing to take back";
  end_agreement();
  bus_.turn(milliseconds(1001));
  bus_.takes.clear();
  bus_.turn();
  const std::vector<BrokerInMemory::Got> all = bus_.got('c');
  EXPECT_EQ(events_in(all), 0u);
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(code(all.back()), Code::kEntitlementChanged);
}

TEST_F(SessionsTest, WhatWaitsForAReaderIsTakenBackWhenItsKeyIsRevoked) {
  leave_a_batch_waiting();
  v1::Request request;
  request.mutable_agency_revoke()->set_id("council");
  bus_.say('o', "operator", request);
  bus_.turn();
  bus_.takes.clear();
  bus_.turn();
  EXPECT_EQ(events_in(bus_.got('c')), 0u);
  v1::Request ping;
  ping.mutable_ping();
  bus_.say('c', "council", ping);
  EXPECT_EQ(code(bus_.answer('c')), Code::kKeyEnded);
}

}  // namespace
}  // namespace moot
