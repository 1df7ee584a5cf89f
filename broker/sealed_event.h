// An event as the log keeps it: envelope and facts in the clear, the personal part sealed under keys of the key store.
//
// Each person is sealed alone: under the key of that (source, person reference), shared by all events that name the
// reference, or where there is none under a key of its own. All the rest (places, texts) is under the event's own key.
// So a person can be made unreadable everywhere without touching the log. A sealed part is bound to the event's source
// and id, its key's number and its place: moved elsewhere it does not open.
// Thread: pure functions but for the key store, whose owner calls them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "broker/event_content.h"
#include "broker/log/key_store.h"
#include "proto/event.pb.h"

namespace moot {

struct EventKeys {
  std::vector<std::uint64_t> people;  // the number of a key for each person, in order
  std::uint64_t rest = 0;
};

struct Sealing {
  const v1::Envelope* brokers = nullptr;  // what the broker adds to the envelope, and nothing else
  const EventKeys* numbers = nullptr;     // keys are made already
  std::uint64_t next_key = 0;             // as the stored event says it
};

// The bytes of the v1::StoredEvent, put after what is in `stored`, from the parts as they are: nothing is serialised
// again.
Status seal_event(const SaidEvent& said, const Sealing& sealing, const KeyStore& keys, std::string& stored);
// The bytes of the v1::Event: what was sealed is passed on without being looked into. kMissing when a key is gone,
// kCorrupt when a part does not open.
Result<std::string> opened_event(const v1::StoredEvent& stored, const KeyStore& keys);
Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys);
bool has_sealed_part(const v1::StoredEvent& stored);

}  // namespace moot
