// Frames as a publisher may send them: one that is taken as it stands must be an event that every rule lets through,
// and protobuf must write it the same.
#include <cstdlib>
#include <string_view>

#include "broker/core/event_rules.h"
#include "broker/core/plain_event.h"
#include "proto/event.pb.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  moot::PlainEvent plain;
  if (!moot::read_plain_event(frame, moot::Limits(), plain)) return 0;
  moot::v1::Event event;
  if (!event.ParseFromArray(data, static_cast<int>(size)) || !moot::validate(event, moot::Limits()).ok() ||
      event.SerializeAsString() != frame)
    std::abort();
  return 0;
}
