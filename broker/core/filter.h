// What a reader asked for: is this event one of them? Pure.
#pragma once

#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

// kBadRequest for one that makes no sense, is too long, or holds what no event can hold.
Status check_filter(const v1::Filter& filter);
// Whether it asks nothing of events; it may end at an offset all the same.
bool wants_everything(const v1::Filter& filter);
bool matches(const v1::Filter& filter, const v1::Envelope& envelope);

}  // namespace moot
