// libFuzzer: no bytes crash the reader of CloudEvents, and what it takes comes back from its own writing unchanged.
//
// Build and run, from the root (clang 14), for a minute:
//   mkdir -p build/fuzz/cloudevents_corpus
//   protoc --cpp_out=build/fuzz -I. proto/event.proto proto/bus.proto
//   clang++-14 -std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -I. \
//     -isystem build/fuzz tests/fuzz/cloudevents_fuzz.cc build/fuzz/proto/{event,bus}.pb.cc \
//     adapters/{byte_source,cloudevents,cloudevents_reader,cloudevents_write}.cc \
//     adapters/{encoding,field_value,json_document,json_member,json_message,json_record_scanner,record}.cc \
//     broker/core/{calendar,event_rules,ids,instant,status,text_form}.cc \
//     $(pkg-config --libs protobuf icu-i18n icu-uc libsodium) -lboost_json -o build/fuzz/cloudevents
//   build/fuzz/cloudevents -max_total_time=60 -max_len=4096 build/fuzz/cloudevents_corpus
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
