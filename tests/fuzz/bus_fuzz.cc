// Bus messages as they come off the wire, before a hello and after it, from several peers and agencies, into the real
// sessions, ingest and reading: none stops the broker, and none gives a reader what it may not have.
//
// Input: for each message one byte of who sends it, two bytes of the length of its header, two of its events.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/contract/broker_in_memory.h"

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

// A council reads its own events and, without an agreement, nobody else's.
void check(const std::vector<moot::BrokerInMemory::Got>& all) {
  for (const auto& got : all)
    for (const std::string& bytes : got.events) {
      moot::v1::Event event;
      if (!event.ParseFromString(bytes) || event.envelope().agency() != "council") std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<moot::BrokerInMemory> bus;
  static int runs = 0;
  if (!bus || ++runs % 2000 == 0) bus = std::make_unique<moot::BrokerInMemory>();
  for (const char name : {'a', 'b', 'c', 'd'}) bus->hello(name, kAgencies[name - 'a']);
  Input input{data, size};
  while (input.left > 0) {
    const std::uint8_t who = input.byte();
    const std::size_t header = input.byte() | (input.byte() & 3) << 8;
    const std::size_t events = input.byte() | (input.byte() & 3) << 8;
    const auto name = static_cast<char>('a' + who % 4);
    const std::string head = input.bytes(header), frame = input.bytes(events);
    moot::v1::Request request;
    // Whoever may administer could revoke every key, and say nothing more.
    const bool administers = request.ParseFromString(head) &&
                             (request.has_agency_revoke() || request.has_agency_add() || request.has_agency_rotate());
    if (name == 'a' && administers) continue;
    bus->arrive(name, kAgencies[who % 4], head, frame, who % 64 == 0 ? 5 : 0);
    if (who % 8 == 0) bus->turn(std::chrono::milliseconds(300));
  }
  bus->turn();
  bool governed = false;
  for (std::size_t i = 0; i < bus->log.end_offset().value && !governed; ++i) {
    moot::v1::StoredEvent stored;
    governed =
        stored.ParseFromString(bus->log.read(moot::Offset{i}, 1, 1)->front().bytes) && stored.facts().has_governance();
  }
  if (!governed) check(bus->got('b'));
  for (const char name : {'a', 'b', 'c', 'd'}) bus->got(name);
  return 0;
}
