// A Producer hands events to the broker and tells, for each, what became of it. It rides out a broker that dies: what
// was not acknowledged is sent again, and the broker's dedupe makes that safe.
//
// Thread: one, the caller's; it owns the socket. Blocking.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "broker/client/outcome.h"
#include "broker/core/ids.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

struct ProducerOptions {
  bool backfill = false;             // every event is history loaded later
  std::string of_item;               // of the inbox, which all events were mended from; empty = none
  std::int64_t timeout_ms = 30'000;  // how long an absent broker is waited for, each time it is absent
  std::size_t window_messages = 8;   // unacknowledged messages in flight
  Limits limits;
};

class Producer {
 public:
  // Connects and says hello. kUnknownKey or kNoKey when the broker does not know the key (within 10 s, whatever the
  // timeout), kUnavailable when nobody answered for timeout_ms.
  static Result<std::unique_ptr<Producer>> connect(const KeyFile& key_file, const ProducerOptions& options);
  ~Producer();

  // Called once for every event and every refused input, in the order they were given, during publish, refuse or flush.
  void on_outcome(std::function<void(const Outcome&)> callback);

  // Queues one event; sends when a message is full; blocks while the window is full. An event over its limit is refused
  // here, through the callback, without being sent; it is still recorded in the inbox.
  Status publish(const v1::Event& event, const v1::Origin& origin);
  // Records in the inbox an input that could not be made into an event.
  Status refuse(const v1::RefusedInput& refused);
  // Returns when everything given so far is acknowledged.
  Status flush();

 private:
  class Impl;
  explicit Producer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot
