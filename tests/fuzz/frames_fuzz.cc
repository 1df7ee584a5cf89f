// Frames of events as they come off the wire: whatever is taken as one is within the limits, and packs to the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "broker/wire/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::Limits limits;
  limits.message_bytes_max = 2048;
  limits.message_events_max = 20;
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  const moot::Result<std::vector<std::string_view>> events = moot::unpacked_events(frame, 8, limits);
  if (!events.ok()) return 0;
  if (events->size() > limits.message_events_max || 8 + size > limits.message_bytes_max) std::abort();
  for (const std::string_view event : *events)
    if (event.data() < frame.data() || event.data() + event.size() > frame.data() + size) std::abort();
  // A length may be written longer than it needs to be; what comes back is the same all the same.
  const std::string packed = moot::packed_events({events->begin(), events->end()});
  const moot::Result<std::vector<std::string_view>> again = moot::unpacked_events(packed, 0, limits);
  if (packed.size() > size || !again.ok() || *again != *events) std::abort();
  return 0;
}
