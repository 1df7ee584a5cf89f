// What filters may ask of an event (Tags): the same when it is stored and when it is checked. Thread: pure functions.
#pragma once

#include "broker/log/event_log.h"
#include "proto/event.pb.h"

namespace moot {

// `agency`: the publisher; an envelope says so only when it is stored.
Tags tags_of(const std::string& agency, const v1::Envelope& envelope, const v1::Facts& facts);

}  // namespace moot
