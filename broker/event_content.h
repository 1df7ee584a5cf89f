// What a publisher said in an event: without what the broker adds and without how it was sent, so that the same event
// published again is the same content. Thread: pure functions, usable anywhere.
#pragma once

#include <string>

#include "broker/core/seal.h"
#include "proto/event.pb.h"

namespace moot {

// Events hold no maps, so that their bytes follow from what they say.
void said_bytes(const v1::Event& event, std::string& bytes);
// Is `content` the keyed digest of this event? Also as logs of format 1 made it.
bool is_content(const Digest& content, const v1::Event& event, const Key& secret);

}  // namespace moot
