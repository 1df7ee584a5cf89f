#include "broker/wire/frames.h"

namespace moot {

std::size_t size_of(const BusMessage& message) {
  std::size_t bytes = message.header.size();
  for (const std::string& event : message.events) bytes += event.size();
  return bytes;
}

Status check_size(const BusMessage& message, const Limits& limits) {
  if (message.events.size() > limits.message_events_max)
    return Status(Code::kTooLarge,
                  "the message has more than " + std::to_string(limits.message_events_max) + " events");
  if (size_of(message) > limits.message_bytes_max)
    return Status(Code::kTooLarge, "the message is over " + std::to_string(limits.message_bytes_max) + " bytes");
  return {};
}

}  // namespace moot
