// What a producer has given and what became of it: messages filled, a window of them on their way, sent again after the
// connection was lost. A state machine without I/O; the Producer drives it over a socket.
//
//   add, refuse          what is given joins the message being filled; a full one waits to be sent
//   close                the one being filled is full enough
//   allow                how much the broker takes unacknowledged
//   next, sent           the message to send now, as far as the windows of both ends allow
//   lost                 the connection is another: everything unacknowledged is to be sent again
//   take                 an ack: its outcomes are told, in the order given
//
// Thread: one owner, the producer's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/client/outcome.h"
#include "broker/client/producer.h"
#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

class Publishing {
 public:
  // One Publish: what is in it, so that it can be sent again, and what to tell of each part.
  struct Message {
    v1::Publish publish;
    std::vector<std::string> events;
    std::vector<v1::Origin> origins;  // of the events
    // What comes of refused inputs is known at once, but told in the order given: `before[i]` events stand before it.
    std::vector<std::size_t> before;
    std::size_t bytes = 0;
    bool resent = false;
    std::uint64_t number = 0;  // of the request that it was last sent with; 0 = it waits to be sent
  };

  explicit Publishing(const ProducerOptions& options) : options_(options) {}

  void on_outcome(std::function<void(const Outcome&)> callback) { on_outcome_ = std::move(callback); }
  // The end of the log when the producer began: what it has from there on may be its own.
  void began(Offset end) { untold_ = end; }

  // An event over its limit is refused here: it goes to the inbox and not to the log.
  void add(const v1::Event& event, const v1::Origin& origin);
  void refuse(const v1::RefusedInput& refused);
  void close();

  // How many bytes the broker lets be unacknowledged. A message is at most half of it, so that the next is on its way
  // while one is stored; a single event is always sent.
  void allow(std::size_t window_bytes) { window_bytes_ = window_bytes; }
  // The next message to send; none when all are sent or a window is full. Valid until the next call.
  Message* next();
  void sent(Message& message, std::uint64_t number) { message.number = number; }
  void lost();
  // Settles the message that this acknowledges; a reply to none of them changes nothing. An error: the broker refused a
  // message whole, or answered with what makes no sense; what was given is not safe.
  Status take(const v1::Reply& reply);

  bool all_sent() const;  // but for what is being filled
  bool all_acknowledged() const { return messages_.empty(); }

 private:
  void make_room(std::size_t bytes);
  void settle(const Message& message, const v1::PublishAck& ack);
  void tell_refused(const Message& message, std::size_t events_told, std::size_t& next_refused);

  const ProducerOptions options_;
  std::function<void(const Outcome&)> on_outcome_ = [](const Outcome&) {};
  Message filling_;
  std::deque<Message> messages_;  // closed and not acknowledged, in the order given
  std::size_t window_bytes_ = static_cast<std::size_t>(-1);
  Offset untold_;  // events stored for us from here on have not been told of yet
};

}  // namespace moot
