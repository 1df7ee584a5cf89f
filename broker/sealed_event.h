// An event as the log keeps it: envelope and facts in the clear, the personal part sealed under a key of the key store.
//
// The sealed part is bound to the event's source, id and key number: moved to another event it does not open.
#pragma once

#include <cstdint>

#include "broker/core/status.h"
#include "broker/log/key_store.h"
#include "proto/event.pb.h"

namespace moot {

Result<v1::StoredEvent> seal_event(const v1::Event& event, std::uint64_t key_number, KeyStore& keys);
// kMissing when its key is gone, kCorrupt when it does not open.
Result<v1::Event> open_event(const v1::StoredEvent& stored, const KeyStore& keys);

}  // namespace moot
