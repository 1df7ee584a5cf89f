// libFuzzer: no bytes crash the reading of a request's CloudEvents, in any mode; every item of a batch is an event or
// has its reason. Built and run by `tests/run --long`; see there for the command line.
#include <cstdint>

#include "adapters/gateway_cloudevents.h"

namespace {

void check(moot::CloudEventsMode mode, const moot::HttpHead& head, const std::string& body) {
  const auto items = moot::read_cloudevents(mode, head, body, moot::Limits());
  if (!items.ok()) return;
  MOOT_CHECK(mode == moot::CloudEventsMode::kBatch || items->size() == 1);
  for (const moot::RequestItem& item : *items) {
    const auto* refused = std::get_if<moot::v1::RefusedInput>(&item);
    MOOT_CHECK(refused == nullptr || (refused->code() != 0 && !refused->reason().empty()));
  }
}

}  // namespace

// The first line is the value of every ce- field, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string body = text.substr(std::min(line + 1, text.size()));
  moot::HttpHead head;
  for (const char* name : {"id", "source", "revision", "links", "timeprecision"})
    head.fields.emplace_back(std::string("ce-") + name, text.substr(0, line));
  head.fields.emplace_back("ce-specversion", "1.0");
  head.fields.emplace_back("ce-time", "2022-05-02T09:05:00Z");
  head.fields.emplace_back("ce-type", "uk.csp.contact.received.v1");
  check(moot::CloudEventsMode::kBinary, head, body);
  check(moot::CloudEventsMode::kStructured, head, text);
  check(moot::CloudEventsMode::kBatch, head, text);
  check(moot::CloudEventsMode::kBatch, head, "[" + body);
  return 0;
}
