// What a reader asked for: is this event one of them? Pure.
#pragma once

#include "broker/core/status.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

Status check_filter(const v1::Filter& filter);  // kBadRequest for one that makes no sense or is too long
bool matches(const v1::Filter& filter, const v1::Envelope& envelope);

}  // namespace moot
