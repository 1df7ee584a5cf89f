// A real broker on loopback with the agencies north-police and soha, for tests of the bus as its peers see it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "broker/broker.h"
#include "broker/client/connection.h"
#include "broker/client/consumer.h"
#include "broker/client/producer.h"
#include "broker/data_folder.h"
#include "tests/contract/temporary_folder.h"
#include "tests/unit/example_event.h"

namespace moot {

class BusTest : public testing::Test {
 protected:
  BusTest() { start(); }

  void start(const std::string& address = "tcp://127.0.0.1:0") {
    BrokerOptions options;
    options.data = folder_ / "data";
    options.keys = folder_ / "keys";
    options.bus_address = address;
    options.agencies = {{*AgencyId::parse("north-police"), "North Police", 0}, {*AgencyId::parse("soha"), "Soha", 0}};
    auto started = Broker::start(options);
    MOOT_CHECK_OK(started.status());
    broker_ = std::move(*started);
  }
  KeyFile key(const std::string& agency) const {
    KeyFile file = *read_key_file(broker_->key_file(agency));
    file.run_file = DataFolder::run_file(folder_ / "data");
    return file;
  }
  v1::BrokerStatus status() {
    Connection connection(key("operator"));
    MOOT_CHECK_OK(connection.open(std::chrono::milliseconds(5000)));
    v1::Request request;
    request.mutable_status();
    return connection.call(request, std::chrono::milliseconds(5000))->status();
  }
  std::uint64_t refused(const std::string& code) {
    const v1::BrokerStatus now = status();
    for (const auto& row : now.refused())
      if (row.code() == code) return row.count();
    return 0;
  }
  std::uint64_t publish(const std::string& agency, const std::vector<v1::Event>& events) {
    auto producer = Producer::connect(key(agency), {});
    MOOT_CHECK_OK(producer.status());
    std::uint64_t accepted = 0;
    (*producer)->on_outcome([&](const Outcome& outcome) { accepted += outcome.fate == Fate::kAccepted ? 1 : 0; });
    for (const v1::Event& event : events) MOOT_CHECK_OK((*producer)->publish(event, {}));
    MOOT_CHECK_OK((*producer)->flush());
    return accepted;
  }
  // Eventually, because a refused handshake is told to nobody but the broker.
  bool soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 50; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Broker> broker_;
};

// A DEALER as another program might write it, with the key of an agency.
class OtherProgram {
 public:
  // `receive_mark`: messages that its socket takes before it is asked for them; 0 = as many as libzmq usually does.
  OtherProgram(const KeyFile& file, const std::string& address, const std::string& routing_id = "",
               int receive_mark = 0)
      : socket_(context_, zmq::socket_type::dealer) {
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, 3000);
    if (receive_mark > 0) {
      socket_.set(zmq::sockopt::rcvhwm, receive_mark);
      socket_.set(zmq::sockopt::rcvbuf, 64 * 1024);
    }
    if (!routing_id.empty()) socket_.set(zmq::sockopt::routing_id, routing_id);
    socket_.set(zmq::sockopt::curve_serverkey, zmq::const_buffer(file.broker_public_key.data(), kKeyBytes));
    socket_.set(zmq::sockopt::curve_publickey, zmq::const_buffer(file.public_key.data(), kKeyBytes));
    socket_.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(file.secret_key.data(), kKeyBytes));
    socket_.connect(address);
  }
  void say(const v1::Request& request) { socket_.send(zmq::buffer(request.SerializeAsString())); }
  // The next message, with what events it carries; an empty one when none came for three seconds.
  v1::Reply hear(std::vector<std::string>& events) {
    zmq::message_t frame;
    v1::Reply reply;
    events.clear();
    if (!socket_.recv(frame)) return reply;
    MOOT_CHECK(reply.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
    if (!frame.more()) return reply;
    MOOT_CHECK(socket_.recv(frame).has_value());
    const Result<std::vector<std::string_view>> unpacked = unpacked_events(frame.to_string_view(), 0, Limits());
    MOOT_CHECK_OK(unpacked.status());
    events.assign(unpacked->begin(), unpacked->end());
    return reply;
  }
  v1::Reply ask(const v1::Request& request) {
    say(request);
    std::vector<std::string> events;
    return hear(events);
  }

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
};

}  // namespace moot
