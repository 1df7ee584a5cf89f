// Rules on the numbers that bodies hold, and on notices that must name nobody; a part of broker/core/event_rules.h.
// Errors: kInvalid, naming the field. Thread: pure functions.
#pragma once

#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// Costs and amounts are not below 0; a supplied figure says which figure it is, is a number, and begins before it ends.
Status check_figures(const v1::Facts& facts);
// MS1: Modern Slavery Act 2015, section 52(3): no information that identifies the person, unless they consent.
Status check_notification(const v1::Event& event);

}  // namespace moot
