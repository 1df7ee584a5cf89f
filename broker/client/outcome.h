// What became of one event that was published, and how an ack tells it of each event of a message. Thread: values and
// pure functions, usable anywhere.
#pragma once

#include <optional>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

enum class Fate {
  kAccepted,
  kDuplicate,
  kSuperseding,
  kRefused,
  kKept,  // not with the broker yet, and durable where it waits
};

struct Outcome {
  v1::Origin origin;
  Fate fate = Fate::kAccepted;
  Offset offset;  // not when refused or kept
  Status status;  // when refused: why
  // Stored by an earlier sending of this very message, whose acknowledgement was lost with the broker.
  bool recovered = false;
};

// The outcomes of a message's events, in order, without their origins. `ours_from`, of a message that was sent again:
// what the broker has from this offset on can only be from the first sending.
std::vector<Outcome> outcomes_of(const v1::PublishAck& ack, std::size_t events, std::optional<Offset> ours_from);

}  // namespace moot
