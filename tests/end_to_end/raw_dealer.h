// A DEALER that says whatever the test wants it to, with a key or without one: what a broken or hostile publisher looks
// like from the broker's side.
//
// Thread: one, the test's; it owns the socket. Waits at most the times given.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/wire/key_file.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

class RawDealer {
 public:
  // With CURVE when there is a key file; else as plain as TCP.
  RawDealer(const std::string& address, const std::optional<KeyFile>& key);

  void send(const std::vector<std::string>& frames);
  // A request and the events that belong to it.
  void send(const v1::Request& request, const std::vector<std::string>& events = {});
  // The header of the next message as a Reply, pongs passed over; nothing when none came in time.
  std::optional<v1::Reply> receive(std::chrono::milliseconds wait = std::chrono::seconds(10));

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::deque<v1::Reply> received_;  // of one message, and not given out yet
};

// A contact of the millbrook-wardens with so many texts that it is exactly `bytes` long.
v1::Event event_of_size(const std::string& id, std::size_t bytes);
v1::Request a_publish(std::uint64_t number);

}  // namespace moot
