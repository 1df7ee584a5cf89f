// How far a consumer has read and what it has to say next: where it goes on after a lost connection, and when it grants
// more credit. A state machine without I/O; the Consumer drives it over a socket.
//
// Thread: one owner, the consumer's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "broker/client/consumer.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

class Consuming {
 public:
  explicit Consuming(const ConsumerOptions& options)
      : options_(options), through_(options.from), coverage_(options.coverage) {}

  // What to ask for on a new connection: to go on where it was.
  v1::Request request() const;
  // With which number it was sent.
  void asked(std::uint64_t number);

  // A reply and the events that came with it. A refusal is its Status; kNotAnEvent when the broker sent what is none. A
  // reply to something else is a quiet() one.
  Result<Delivery> take(const v1::Reply& reply, const std::vector<std::string>& events);
  // Nothing new: the last `through`.
  Delivery quiet() const { return {{}, through_, end_, coverage_}; }
  // More credit, once half of it is used; the request to send.
  std::optional<v1::Request> credit_due();

 private:
  const ConsumerOptions options_;
  std::uint64_t number_ = 0;
  std::size_t used_ = 0;  // credit spent and not yet granted again
  Offset through_;
  std::string coverage_;
  Offset end_ = Delivery::kNotKnown;
};

}  // namespace moot
