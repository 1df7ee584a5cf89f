// What a publisher said in an event: without what the broker adds and without how it was sent, so that the same event
// published again is the same content. Thread: pure functions and a value; one owner.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/limits.h"
#include "broker/core/plain_event.h"
#include "broker/core/seal.h"
#include "proto/event.pb.h"

namespace moot {

// An event as protobuf writes it, and where its parts stand in those bytes: each is sealed or stored as it is. It says
// the same whichever way it came; what it held before is forgotten, its memory used again.
class SaidEvent {
 public:
  // When the frame is plainly in order (plain_event.h): nothing is copied, and the frame must stay where it is. False
  // says nothing of the event; it is parsed, validated and taken then.
  bool read(std::string_view frame, const Limits& limits);
  // Clears what is the broker's to say. The event must stay as it then is.
  void take(v1::Event& event);

  std::string_view whole() const { return whole_; }   // events hold no maps: the bytes follow from what they say
  const PlainEvent& parts() const { return parts_; }  // `rest` with whatever the personal part holds beyond its people

 private:
  std::string bytes_;  // of an event that was taken
  std::string_view whole_;
  PlainEvent parts_;
};

// Of an event whose words were erased before its digest was lost (broker/data_repair.h): whatever comes under its id is
// taken for it.
inline constexpr Digest kContentNotKnown{};

// Digests of what was said. Keyed: they lie beside the log in the clear, and tell nothing to who has not the secret.
class ContentDigests {
 public:
  explicit ContentDigests(const Key& secret);

  Digest of(const SaidEvent& said) const { return quick_digest(key_, said.whole()); }
  // As logs of format 2 have it.
  Digest of_format_2(const SaidEvent& said) const { return keyed_digest(secret_, said.whole()); }
  // Is `content` that of this event? Also as logs of formats 1 and 2 made it.
  bool is_of(const Digest& content, const v1::Event& event) const;

 private:
  Key key_;
  Key secret_;  // of the older ones
};

}  // namespace moot
