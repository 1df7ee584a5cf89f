// What one end of the bus says to its broker and makes of the answers, whatever carries them: numbers, the greeting,
// pings, silence, the end of a session. A state machine without I/O: `now` is given with every call.
//
// Thread: one owner, that of the connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

class Dialogue {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kPingEvery{1000};
  static constexpr std::chrono::milliseconds kSilenceMax{20'000};
  static constexpr std::size_t kNoWindow = static_cast<std::size_t>(-1);

  // A connection is made anew: numbers go on, everything else begins.
  void begin(Moment now);
  // The next number, which the request is given.
  std::uint64_t number(v1::Request& request);
  // The greeting, numbered.
  v1::Request hello();
  // The last thing to say: numbered; nothing when the broker was not met, or does not know it.
  std::optional<v1::Request> goodbye();
  // Whether this reply is the welcome. An error: the broker's refusal, or it speaks no protocol that this end does.
  Result<bool> greeted(const v1::Reply& reply);

  // What an arrived reply says of the connection itself. kUnavailable: the broker has forgotten it; open again.
  // kKeyEnded: the key was revoked or replaced. Whatever it says, it is a sign of life.
  Status heard(const v1::Reply& reply);
  // A ping, numbered, when it is time for one.
  std::optional<v1::Request> ping_due(Moment now);
  // kUnavailable once a ping was left unanswered for kSilenceMax.
  Status silence(Moment now) const;

  // Whether the broker takes events at the end of the header.
  bool takes_events_in_header() const;
  Offset end_at_hello() const { return end_at_hello_; }  // of the log, when the broker last said welcome
  // How many bytes of events the broker lets be unacknowledged by now; as many as there are when it does not say.
  std::size_t window_bytes() const { return window_bytes_; }

 private:
  std::uint64_t last_number_ = 0;
  std::uint64_t hello_ = 0;
  std::uint32_t spoken_ = 0;  // the protocol; 0 = the broker has not said welcome
  Moment last_ping_;
  bool ping_unanswered_ = false;
  Offset end_at_hello_;
  std::size_t window_bytes_ = kNoWindow;
};

Status status_of(const v1::Refusal& refusal);

}  // namespace moot
