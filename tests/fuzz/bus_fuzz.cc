// Bus messages as they come off the wire, before a hello and after it, from several peers and agencies, into the real
// sessions, ingest and reading: none stops the broker, and none gives a reader what it may not have.
//
// Input: for each message one byte of who sends it and whether it is whole; then its header and its events, each as two
// bytes of length and so many bytes, or the few bytes that a whole request is made of, and two that spoil it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/contract/broker_in_memory.h"
#include "tests/unit/example_event.h"

namespace {

constexpr const char* kAgencies[] = {"operator", "council", "north-police", "soha"};

struct Input {
  const std::uint8_t* data;
  std::size_t left;

  std::uint8_t byte() {
    if (left == 0) return 0;
    --left;
    return *data++;
  }
  std::string bytes(std::size_t count) {
    count = std::min(count, left);
    std::string taken(reinterpret_cast<const char*>(data), count);
    data += count;
    left -= count;
    return taken;
  }
};

struct Message {
  std::string header, events;
};

// A request as a program would send it, but for the byte that is spoilt.
Message whole(Input& input) {
  moot::v1::Request request;
  request.set_number(input.byte());
  Message message;
  const std::uint8_t kind = input.byte();
  if (kind % 4 == 0) {
    request.mutable_hello()->set_protocol(input.byte());
  } else if (kind % 4 == 1) {
    request.mutable_publish()->set_backfill(kind % 8 == 1);
    const std::string source = std::string("/") + kAgencies[input.byte() % 4] + "/cases";
    moot::v1::Event event = moot::example_event(std::to_string(input.byte()), source);
    if (kind % 16 == 1) event.mutable_envelope()->set_record(std::to_string(input.byte() % 4));
    message.events = moot::packed_events({event.SerializeAsString(), input.bytes(input.byte() % 16)});
  } else if (kind % 4 == 2) {
    request.mutable_consume()->set_from_offset(input.byte() % 32);
    request.mutable_consume()->set_credit_bytes(std::uint64_t{input.byte()} << input.byte() % 60);
    request.mutable_consume()->mutable_filter()->ParseFromString(input.bytes(input.byte() % 64));
  } else {
    request.mutable_credit()->set_bytes(std::uint64_t{input.byte()} << input.byte() % 60);
  }
  message.header = request.SerializeAsString();
  std::string& spoilt = kind % 32 < 16 || message.events.empty() ? message.header : message.events;
  const std::uint8_t place = input.byte(), how = input.byte();
  if (!spoilt.empty()) spoilt[place % spoilt.size()] = static_cast<char>(spoilt[place % spoilt.size()] ^ how);
  if (kind % 64 < 32) return message;
  moot::append_to_header(message.header, message.events);
  if (kind % 128 < 64) message.events.clear();
  return message;
}

Message raw(Input& input) {
  const std::size_t header = input.byte() | (input.byte() & 3) << 8;
  const std::size_t events = input.byte() | (input.byte() & 3) << 8;
  std::string head = input.bytes(header);
  return {std::move(head), input.bytes(events)};
}

// A council reads its own events and, without an agreement, nobody else's.
void check(const std::vector<moot::BrokerInMemory::Got>& all) {
  for (const auto& got : all)
    for (const std::string& bytes : got.events) {
      moot::v1::Event event;
      if (!event.ParseFromString(bytes) || event.envelope().agency() != "council") std::abort();
    }
}

}  // namespace

// The broker goes on from one input to the next: looking for leaks after each of them would be most of the time.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kRunsOfABroker = 2000;
  static moot::BrokerInMemory* bus = nullptr;  // never ended at exit: RocksDB's own statics may have gone before
  static int runs = 0;
  static bool governed = false;  // then the council may read more
  static std::uint64_t seen = 0;
  if (runs++ % kRunsOfABroker == 0) {
    delete bus;
    bus = new moot::BrokerInMemory;
    governed = false;
    seen = 0;
  }
  for (const char name : {'a', 'b', 'c', 'd'}) bus->hello(name, kAgencies[name - 'a']);
  Input input{data, size};
  while (input.left > 0) {
    const std::uint8_t who = input.byte();
    const Message message = who >= 128 ? whole(input) : raw(input);
    const auto name = static_cast<char>('a' + who % 4);
    moot::v1::Request request;
    // Whoever may administer could revoke every key, and say nothing more.
    const bool administers = request.ParseFromString(message.header) &&
                             (request.has_agency_revoke() || request.has_agency_add() || request.has_agency_rotate());
    if (name == 'a' && administers) continue;
    bus->arrive(name, kAgencies[who % 4], message.header, message.events, who % 64 == 0 ? 5 : 0);
    if (who % 8 == 0) bus->turn(std::chrono::milliseconds(300));
  }
  bus->turn();
  for (; seen < bus->log.end_offset().value; ++seen) {
    moot::v1::StoredEvent stored;
    if (!stored.ParseFromString(bus->log.read(moot::Offset{seen}, 1, 1)->front().bytes)) std::abort();
    governed = governed || stored.facts().has_governance();
  }
  const auto got = bus->got('b');
  if (!governed) check(got);
  for (const char name : {'a', 'c', 'd'}) bus->got(name);
  return 0;
}
