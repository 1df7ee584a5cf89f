// A connection of one agency to its broker: a DEALER with the agency's key, watched so that a refused key is told from
// an absent broker. Knows requests and replies, nothing of what is in them.
//
// Thread: one, the caller's. Blocking up to the times given.
#pragma once

#include <zmq.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "broker/client/dialogue.h"
#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/wire/frames.h"
#include "broker/wire/key_file.h"
#include "proto/bus.pb.h"

namespace moot {

class Connection {
 public:
  explicit Connection(KeyFile key_file) : key_file_(std::move(key_file)) {}

  // (Re)connects and says hello, with the key that its file holds now. kUnknownKey when the broker refuses the key,
  // kUnavailable when nobody answered in time.
  Status open(std::chrono::milliseconds timeout);
  bool is_open() const { return socket_ != nullptr; }
  ~Connection() { close(); }
  // Says goodbye where everything sent is answered, so that the broker need not wait for what never comes: up to a
  // tenth of a second.
  void close();
  // The end of the log when the broker last said welcome.
  Offset end_at_hello() const { return dialogue_.end_at_hello(); }
  std::size_t window_bytes() const { return dialogue_.window_bytes(); }

  // Sends a request with events. The number is set here and returned.
  std::uint64_t send(v1::Request& request, const std::vector<std::string>& events = {});

  struct Received {
    v1::Reply reply;
    std::vector<std::string> events;
  };
  // The next reply, or nothing within `wait`. kKeyEnded when the key was revoked and its file has no other.
  // kUnavailable once the broker is gone, has forgotten this connection, or has left a ping unanswered for too long:
  // open again. `wake`: a descriptor that ends the waiting when it can be read; -1 = none.
  Result<std::optional<Received>> receive(std::chrono::milliseconds wait, int wake = -1);

  // One request, its reply; a Refusal comes back as its Status. For commands: any other reply that arrives is dropped.
  Result<v1::Reply> call(v1::Request request, std::chrono::milliseconds timeout);

 private:
  void connect(const std::string& address);
  void say_goodbye();
  Status watch();
  std::optional<Received> read();
  bool read_message();
  Status say_hello(const std::string& address, std::chrono::steady_clock::time_point deadline);

  void pass_on(const v1::Request& request, const std::vector<std::string>& events);
  bool take_rotated_key();

  KeyFile key_file_;
  zmq::context_t context_;
  std::unique_ptr<zmq::socket_t> socket_;
  std::unique_ptr<zmq::socket_t> monitor_;
  std::uint64_t sockets_ = 0;  // made so far
  Dialogue dialogue_;
  bool connected_ = false;         // the handshake of this socket succeeded, and it has not been cut off since
  int broken_handshakes_ = 0;      // in a row, without a reason given
  std::deque<Received> received_;  // of one message, and not given out yet
  std::set<std::uint64_t> events_unanswered_;  // numbers of requests with events
};

}  // namespace moot
