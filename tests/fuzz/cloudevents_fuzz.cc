// libFuzzer: no bytes crash the reader of CloudEvents, and what it takes comes back from its own writing unchanged.
#include "adapters/cloudevents.h"

#include <cstdint>
#include <sstream>

#include "adapters/cloudevents_reader.h"

namespace {

void check_round_trip(std::string_view json) {
  const moot::Result<moot::v1::Event> event = moot::event_from_cloudevent(json);
  if (!event.ok()) return;
  const std::string line = moot::cloudevent_from_event(*event);
  // What is taken may still break the rules of the language, and then need not come back: an id with a semicolon in a
  // link, say. It must never come back different.
  const moot::Result<moot::v1::Event> back = moot::event_from_cloudevent(line);
  MOOT_CHECK(!back.ok() || moot::cloudevent_from_event(*back) == line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_round_trip(text);
  moot::Limits limits;
  limits.message_bytes_max = 512;
  const auto reader = moot::open_cloudevents(std::make_unique<std::istringstream>(text), "fuzz", limits);
  std::size_t records = 0;
  while (true) {
    const auto record = reader->next();
    MOOT_CHECK(record.ok());
    if (!record->has_value()) break;
    MOOT_CHECK(++records <= size + 1);
  }
  MOOT_CHECK(reader->bytes_read() == size);
  return 0;
}
