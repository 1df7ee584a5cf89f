// A bus message as values: one header frame and, where it carries events, one frame of them. No sockets here.
//
//   [header: Request or Reply, protobuf] [events: v1.Events, protobuf]
//
// All events stand in one frame: libzmq bounds a frame before it keeps it, but a message only by its number of frames;
// and encrypting, passing on and freeing a frame costs more than looking at an event in it. For the same reason a
// request with few bytes of events has them at the end of its header, from protocol 5 on:
//
//   [header: Request, then field 22 of it: v1.Events]
//
// The ROUTER's identity frame is not part of a message. Limits are on what arrives: a message over them is refused
// whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

// What this program speaks: from the oldest to this. A hello says the newest, and the welcome answers with the one that
// both ends use from then on.
inline constexpr std::uint32_t kProtocolVersion = 5;
inline constexpr std::uint32_t kFirstWithGoodbye = 3;
inline constexpr std::uint32_t kFirstWithAcksTogether = 4;
inline constexpr std::uint32_t kFirstWithEventsInHeader = 5;
inline constexpr std::uint32_t kOldestProtocol = 2;  // 1 had a frame for each event

// "2", or "2 to 4".
std::string protocols_spoken();

// Acks that came together, each as a reply of its own; any other reply as it is.
std::vector<v1::Reply> separate(v1::Reply&& reply);

// What `moot replay` calls itself as a reader.
inline constexpr std::string_view kReplayReader = "replay";

struct BusMessage {
  std::string header;
  std::string events;  // empty when there are none

  std::size_t bytes() const { return header.size() + events.size(); }
};

// One event more behind an events frame.
void append_packed(std::string& frame, std::string_view event);
// The events frame; empty for none.
std::string packed_events(const std::vector<std::string>& events);
// So many bytes of events are worth no frame of their own.
inline constexpr std::size_t kEventsInHeaderMax = 4096;
// Puts an events frame at the end of the header of a request.
void append_to_header(std::string& header, std::string_view events_frame);
void append_header_framing(std::string& header, std::size_t events_bytes);  // the events are to follow
// Takes it off again, as a view into what the header was; changes nothing when there is none. False where there is one
// in the middle of the header, or beside a frame of events.
bool take_off_header(std::string_view& header, std::string_view& events_frame);
// The events of such a frame, views into it. kTooLarge over the limits, counting the header too; kBadRequest when the
// frame is not v1.Events.
Result<std::vector<std::string_view>> unpacked_events(std::string_view frame, std::size_t header_bytes,
                                                      const Limits& limits);

}  // namespace moot
