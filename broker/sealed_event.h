// An event as the log keeps it: envelope and facts in the clear, the personal part sealed under keys of the key store.
//
// Each person is sealed alone: under the key of that (source, person reference), shared by all events that name the
// reference, or where there is none under a key of its own. All the rest (places, texts) is under the event's own key.
// So a person can be made unreadable everywhere without touching the log. Where a key was destroyed the event still
// opens: that person is a role, marked as erased, and the rest is marked likewise. A sealed part is bound to the
// event's source and id, its key's number and its place: moved elsewhere it does not open. Thread: pure functions but
// for the key store, whose owner calls them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"
#include "broker/event_content.h"
#include "broker/log/key_store.h"
#include "proto/event.pb.h"

namespace moot {

class ErasureBook;

struct SealingKey {
  std::uint64_t number = 0;  // in the key store
  Key key{};
};

struct EventKeys {
  std::vector<SealingKey> people;  // one for each person, in order
  SealingKey rest;
  // People who were erased and are named again: of these the role alone is stored, marked. Empty = nobody; then the
  // rest, which may tell of them, is left out too.
  std::vector<bool> erased;
};

struct Sealing {
  const v1::Envelope* brokers = nullptr;  // what the broker adds to the envelope, and nothing else
  const EventKeys* keys = nullptr;
  std::uint64_t next_key = 0;  // as the stored event says it
};

// The bytes of the v1::StoredEvent, put after what is in `stored`, from the parts as they are: nothing is serialised
// again.
void seal_event(const SaidEvent& said, const Sealing& sealing, std::string& stored);
// The bytes of a v1::StoredEvent taken apart where they stand: views into them.
struct StoredParts {
  struct Sealed {
    std::uint64_t key_number = 0;
    std::string_view bytes;
  };
  std::string_view envelope, facts;  // serialised
  std::vector<Sealed> people;
  std::optional<Sealed> rest;
  std::optional<Sealed> whole;  // of a log of format 1: the personal part under one key

  bool anything_sealed() const { return !people.empty() || rest || whole; }
};
// False when the bytes are none. What `parts` held before is forgotten, its memory used again.
bool take_apart(std::string_view stored, StoredParts& parts);

// Where a stored event stands, as far as its sealed parts and what is said of them need it.
struct StoredPlace {
  std::string_view source, id;
  std::uint64_t offset = 0;
};
// Reads the place alone from a serialised envelope; false when that is none.
bool read_place(std::string_view envelope, StoredPlace& place);
// Puts the bytes of the v1::Event after what is in `event`: nothing is looked into or serialised again. kMissing when a
// key is gone, kCorrupt when a part does not open; then `event` holds anything. The roles of people erased are in the
// book; without one they are left out.
Status append_opened(const StoredParts& parts, const StoredPlace& place, const KeyStore& keys,
                     const ErasureBook* erased, std::string& event);
// The same of a parsed one.
Result<std::string> opened_event(const v1::StoredEvent& stored, const KeyStore& keys,
                                 const ErasureBook* erased = nullptr);
Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys, const ErasureBook* erased = nullptr);
bool anything_erased(const v1::Event& event);
bool has_sealed_part(const v1::StoredEvent& stored);

}  // namespace moot
