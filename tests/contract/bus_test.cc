// The bus as its peers see it: a real broker, real sockets on loopback, real CURVE. Each trap of libzmq that would let
// somebody in, lose something silently or hold up others has its test.
#include <gtest/gtest.h>

#include <set>

#include "tests/contract/bus_fixture.h"

namespace moot {
namespace {

using std::chrono::milliseconds;

TEST_F(BusTest, AnEventPublishedIsReadBackByItsAgency) {
  EXPECT_EQ(publish("north-police", {example_event("1"), example_event("2")}), 2u);
  ConsumerOptions options;
  options.reader = "test";
  auto consumer = Consumer::connect(key("north-police"), options);
  ASSERT_TRUE(consumer.ok());
  std::vector<v1::Event> got;
  while (got.size() < 2) {
    auto delivery = (*consumer)->next(2000);
    ASSERT_TRUE(delivery.ok());
    for (const v1::Event& event : delivery->events) got.push_back(event);
  }
  EXPECT_EQ(got[0].envelope().id(), "1");
  EXPECT_EQ(got[1].envelope().offset(), 1u);
  EXPECT_EQ(got[1].personal().people(0).names(0).full(), "Avery Inventedname");
}

// Up to 4,096 bytes of events travel within the header of their request, one more in a frame of their own.
TEST_F(BusTest, AnEventIsTheSameOnEitherSideOfWhatFitsIntoAHeader) {
  const auto with_text = [](std::size_t letters) {
    v1::Event event = example_event("t-" + std::to_string(letters));
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text(std::string(letters, 'x'));
    return event;
  };
  const auto packed = [&](std::size_t letters) {
    return packed_events({with_text(letters).SerializeAsString()}).size();
  };
  std::size_t letters = 3000;
  while (packed(letters) < kEventsInHeaderMax - 16) ++letters;
  std::vector<v1::Event> events;
  std::set<std::size_t> sizes;
  for (; packed(letters) <= kEventsInHeaderMax + 16; ++letters) {
    sizes.insert(packed(letters));
    events.push_back(with_text(letters));
    EXPECT_EQ(publish("north-police", {events.back()}), 1u) << "alone in its message";
  }
  for (const std::size_t size : {kEventsInHeaderMax - 1, kEventsInHeaderMax, kEventsInHeaderMax + 1})
    EXPECT_TRUE(sizes.contains(size)) << size;
  ConsumerOptions options;
  options.reader = "test";
  auto consumer = Consumer::connect(key("north-police"), options);
  ASSERT_TRUE(consumer.ok());
  std::vector<v1::Event> got;
  while (got.size() < events.size()) {
    auto delivery = (*consumer)->next(2000);
    ASSERT_TRUE(delivery.ok());
    for (const v1::Event& event : delivery->events) got.push_back(event);
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(got[i].envelope().id(), events[i].envelope().id());
    EXPECT_EQ(got[i].personal().SerializeAsString(), events[i].personal().SerializeAsString()) << sizes.size();
  }
}

TEST_F(BusTest, AnUnknownKeyIsRefusedQuicklyAndCounted) {
  KeyFile stranger = key("north-police");
  stranger.file.clear();  // else it would take the right key from there
  stranger.secret_key = Key{1, 2, 3};
  {
    zmq::context_t context;  // the public key that goes with the secret one
    char secret[41], public_key[41];
    ASSERT_EQ(zmq_curve_keypair(public_key, secret), 0);
    ASSERT_NE(zmq_z85_decode(stranger.public_key.data(), public_key), nullptr);
    ASSERT_NE(zmq_z85_decode(stranger.secret_key.data(), secret), nullptr);
  }
  const auto begin = std::chrono::steady_clock::now();
  Connection connection(stranger);
  const Status status = connection.open(milliseconds(60'000));
  EXPECT_EQ(status.code(), Code::kUnknownKey) << status.message();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_GE(refused("unknown-key"), 1u);
  EXPECT_EQ(publish("north-police", {example_event()}), 1u) << "the others are unharmed";
}

TEST_F(BusTest, AKeyFileForAnotherBrokerEndsQuicklyToo) {
  KeyFile other = key("north-police");
  char secret[41], public_key[41];
  ASSERT_EQ(zmq_curve_keypair(public_key, secret), 0);
  ASSERT_NE(zmq_z85_decode(other.broker_public_key.data(), public_key), nullptr);
  const auto begin = std::chrono::steady_clock::now();
  Connection connection(other);
  const Status status = connection.open(milliseconds(60'000));
  EXPECT_EQ(status.code(), Code::kUnknownKey) << status.message();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(BusTest, ASocketWithoutAKeyIsRefusedAndCounted) {
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(broker_->bus_address());
  v1::Request hello;
  hello.mutable_hello()->set_protocol(1);
  socket.send(zmq::buffer(hello.SerializeAsString()), zmq::send_flags::dontwait);
  EXPECT_TRUE(soon([&] { return refused("no-key") > 0; }));
  zmq::message_t reply;
  EXPECT_FALSE(socket.recv(reply, zmq::recv_flags::dontwait)) << "it must not get a word";
}

TEST_F(BusTest, RandomBytesOnThePortHarmNobody) {
  zmq::context_t context;
  zmq::socket_t raw(context, zmq::socket_type::stream);
  raw.set(zmq::sockopt::linger, 0);
  raw.connect(broker_->bus_address());
  zmq::message_t identity;
  ASSERT_TRUE(raw.recv(identity));
  const std::string bytes = "GET / HTTP/1.1\r\nHost: moot\r\n\r\n";
  raw.send(identity, zmq::send_flags::sndmore);
  raw.send(zmq::buffer(bytes));
  EXPECT_EQ(publish("north-police", {example_event()}), 1u);
}

TEST_F(BusTest, AnAgencyOfAKeyIsReadFromEveryMessageAndNotFromWhatItClaims) {
  // The source claims another agency; the key says who it is.
  auto producer = Producer::connect(key("soha"), {});
  Outcome last;
  (*producer)->on_outcome([&](const Outcome& outcome) { last = outcome; });
  ASSERT_TRUE((*producer)->publish(example_event("1", "/north-police/cad"), {}).ok());
  ASSERT_TRUE((*producer)->flush().ok());
  EXPECT_EQ(last.fate, Fate::kRefused);
  EXPECT_EQ(last.status.code(), Code::kWrongAgency);
  EXPECT_EQ(refused("wrong-agency"), 1u);
}

TEST_F(BusTest, AHeaderThatIsNotARequestGetsItsSentence) {
  Connection connection(key("soha"));
  ASSERT_TRUE(connection.open(milliseconds(5000)).ok());
  v1::Request nothing;
  const auto reply = connection.call(nothing, milliseconds(1500));
  EXPECT_FALSE(reply.ok());
  EXPECT_GE(refused("bad-request"), 1u);
}

TEST_F(BusTest, TooManyEventsOrBytesInAMessageAreRefusedWhole) {
  Connection connection(key("north-police"));
  ASSERT_TRUE(connection.open(milliseconds(5000)).ok());
  v1::Request request;
  request.mutable_publish();
  const std::vector<std::string> many(1001, example_event().SerializeAsString());
  connection.send(request, many);
  auto received = connection.receive(milliseconds(5000));
  ASSERT_TRUE(received.ok() && received->has_value());
  EXPECT_EQ((*received)->reply.refusal().code(), static_cast<std::uint32_t>(Code::kTooLarge));
  const std::vector<std::string> heavy(17, std::string(64 * 1024, 'x'));
  connection.send(request, heavy);
  received = connection.receive(milliseconds(5000));
  ASSERT_TRUE(received.ok() && received->has_value());
  EXPECT_EQ((*received)->reply.refusal().code(), static_cast<std::uint32_t>(Code::kTooLarge));
  EXPECT_EQ(refused("too-large"), 2u);
  EXPECT_EQ(publish("north-police", {example_event()}), 1u);
}

TEST_F(BusTest, AReaderWithoutCreditGetsNothingAndHoldsUpNobody) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 3000; ++i) events.push_back(example_event(std::to_string(i)));
  Connection stalled(key("operator"));
  ASSERT_TRUE(stalled.open(milliseconds(5000)).ok());
  v1::Request consume;
  consume.mutable_consume()->set_credit_bytes(0);
  stalled.send(consume);
  EXPECT_EQ(publish("north-police", events), 3000u);
  const auto nothing = stalled.receive(milliseconds(300));
  ASSERT_TRUE(nothing.ok());
  EXPECT_FALSE(nothing->has_value());
  v1::Request credit;
  credit.mutable_credit()->set_bytes(1);
  stalled.send(credit);
  const auto batch = stalled.receive(milliseconds(5000));
  ASSERT_TRUE(batch.ok() && batch->has_value());
  EXPECT_EQ((*batch)->events.size(), 1u) << "one byte of credit is one event, not the log";
}

// A peer that the broker dropped for its silence, or whose connection libzmq made anew, must learn that what it had
// running is gone; otherwise a reader would wait for ever.
TEST_F(BusTest, WhoeverDoesNotSayHelloFirstIsToldTo) {
  OtherProgram program(key("operator"), broker_->bus_address());
  v1::Request credit;
  credit.set_number(9);
  credit.mutable_credit()->set_bytes(1);
  const v1::Reply reply = program.ask(credit);
  EXPECT_EQ(reply.number(), 9u);
  EXPECT_EQ(reply.refusal().code(), static_cast<std::uint32_t>(Code::kNoSession));
}

// A routing id is the peer's own choice: whoever takes another's would take over its session and what it reads.
TEST_F(BusTest, ARoutingIdOfThePeersChoosingIsRefused) {
  OtherProgram program(key("soha"), broker_->bus_address(), "fixed-id");
  v1::Request hello;
  hello.mutable_hello()->set_protocol(1);
  EXPECT_EQ(program.ask(hello).refusal().code(), static_cast<std::uint32_t>(Code::kBadRequest));
}

TEST_F(BusTest, RefusalsCountTowardsTheLimitOfAMessageAndTheirCodesAreKnownOnes) {
  Connection connection(key("soha"));
  ASSERT_TRUE(connection.open(milliseconds(5000)).ok());
  v1::Request request;
  for (int i = 0; i < 1001; ++i) request.mutable_publish()->add_refused();
  EXPECT_EQ(connection.call(request, milliseconds(5000)).status().code(), Code::kTooLarge);
  request.mutable_publish()->clear_refused();
  request.mutable_publish()->add_refused()->set_code(123456);
  ASSERT_TRUE(connection.call(request, milliseconds(5000)).ok());
  EXPECT_EQ(refused("unknown"), 0u);
  EXPECT_EQ(refused("invalid"), 1u);
}

TEST_F(BusTest, OneAgencyCannotTakeAllSessions) {
  std::vector<std::unique_ptr<Connection>> many;
  Status last;
  for (int i = 0; i < 201 && last.ok(); ++i) {
    many.push_back(std::make_unique<Connection>(key("soha")));
    last = many.back()->open(milliseconds(5000));
  }
  EXPECT_EQ(many.size(), 201u);
  EXPECT_EQ(last.code(), Code::kTooLarge) << last.message();
  EXPECT_EQ(publish("north-police", {example_event()}), 1u);
}

TEST_F(BusTest, AReaderGoesOnWhereItWasWhenTheBrokerComesBack) {
  publish("north-police", {example_event("1")});
  ConsumerOptions options;
  auto consumer = Consumer::connect(key("operator"), options);
  ASSERT_TRUE(consumer.ok());
  std::vector<std::string> got;
  const auto read_until = [&](std::size_t count) {
    for (int i = 0; i < 100 && got.size() < count; ++i) {
      const auto delivery = (*consumer)->next(200);
      ASSERT_TRUE(delivery.ok()) << delivery.status().message();
      for (const v1::Event& event : delivery->events) got.push_back(event.envelope().id());
    }
  };
  read_until(1);
  broker_.reset();
  start();
  publish("north-police", {example_event("2")});
  read_until(2);
  EXPECT_EQ(got, (std::vector<std::string>{"1", "2"}));
}

TEST_F(BusTest, TheBrokerKnowsWhoIsConnected) {
  EXPECT_TRUE(soon([&] { return broker_->connections() == 0; }));
  {
    Connection one(key("soha")), two(key("operator"));
    ASSERT_TRUE(one.open(milliseconds(5000)).ok());
    ASSERT_TRUE(two.open(milliseconds(5000)).ok());
    EXPECT_TRUE(soon([&] { return broker_->connections() == 2; }));
  }
  EXPECT_TRUE(soon([&] { return broker_->connections() == 0; }));
}

TEST_F(BusTest, AReaderFromBeyondTheEndIsToldSo) {
  ConsumerOptions options;
  options.from = Offset{5};
  auto consumer = Consumer::connect(key("operator"), options);
  ASSERT_TRUE(consumer.ok());
  EXPECT_EQ((*consumer)->next(5000).status().code(), Code::kBadRequest);
}

TEST_F(BusTest, AnAgencyDoesNotAdminister) {
  Connection connection(key("soha"));
  ASSERT_TRUE(connection.open(milliseconds(5000)).ok());
  v1::Request request;
  request.mutable_agency_add()->set_id("new");
  EXPECT_EQ(connection.call(request, milliseconds(5000)).status().code(), Code::kNotAllowed);
  v1::Request look;
  look.mutable_status();
  EXPECT_EQ(connection.call(look, milliseconds(5000)).status().code(), Code::kNotAllowed);
}

TEST_F(BusTest, AnAgencyAddedWhileItRunsSpeaksAtOnce) {
  Connection connection(key("operator"));
  ASSERT_TRUE(connection.open(milliseconds(5000)).ok());
  v1::Request request;
  request.mutable_agency_add()->set_id("fire");
  request.mutable_agency_add()->set_name("Fire and Rescue");
  ASSERT_TRUE(connection.call(request, milliseconds(5000)).ok());
  EXPECT_EQ(connection.call(request, milliseconds(5000)).status().code(), Code::kExists);
  EXPECT_EQ(publish("fire", {example_event("1", "/fire/incidents")}), 1u);
}

TEST_F(BusTest, AProducerRidesOutABrokerThatComesBackOnAnotherPort) {
  auto producer = Producer::connect(key("north-police"), {});
  ASSERT_TRUE(producer.ok());
  std::uint64_t outcomes = 0;
  (*producer)->on_outcome([&](const Outcome& outcome) { outcomes += outcome.fate != Fate::kRefused ? 1 : 0; });
  for (int i = 0; i < 500; ++i) ASSERT_TRUE((*producer)->publish(example_event(std::to_string(i)), {}).ok());
  broker_.reset();
  start();
  for (int i = 500; i < 2500; ++i) ASSERT_TRUE((*producer)->publish(example_event(std::to_string(i)), {}).ok());
  const Status flushed = (*producer)->flush();
  ASSERT_TRUE(flushed.ok()) << flushed.message();
  EXPECT_EQ(outcomes, 2500u);
  EXPECT_EQ(status().end_offset(), 2500u);
}

TEST_F(BusTest, AnAbsentBrokerIsWaitedForAsLongAsAskedAndNoLonger) {
  KeyFile file = key("soha");
  file.run_file.clear();
  file.address = broker_->bus_address();
  broker_.reset();
  Connection connection(file);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(connection.open(milliseconds(1000)).code(), Code::kUnavailable);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(900));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
}

TEST_F(BusTest, AnAddressInUseIsToldNotSharedSilently) {
  BrokerOptions options;
  options.data = folder_ / "data2";
  options.keys = folder_ / "keys";
  options.bus_address = broker_->bus_address();
  const auto second = Broker::start(options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace moot
