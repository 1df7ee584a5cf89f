// A bus message as values: one header frame and the event bodies after it. No sockets here.
//
//   [header: Request or Reply, protobuf] [event]* (each a serialised moot.v1.Event)
//
// The ROUTER's identity frame is not part of it. Limits are on what arrives: a message over them is refused whole.
#pragma once

#include <string>
#include <vector>

#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

inline constexpr std::uint32_t kProtocolVersion = 1;

struct BusMessage {
  std::string header;
  std::vector<std::string> events;
};

// kTooLarge with the limit named, or ok.
Status check_size(const BusMessage& message, const Limits& limits);
std::size_t size_of(const BusMessage& message);  // bytes, all frames

}  // namespace moot
