// Every stored event that a filter may want, in the order of the log; blocks without any are not read. It looks ahead
// only: what is given may not match. Thread: the log's owner.
#pragma once

#include <functional>

#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

// Ends with the first error of `look`, or of the log.
Status walk_log(const EventLog& log, const v1::Filter& filter,
                const std::function<Status(const v1::StoredEvent&)>& look);

}  // namespace moot
