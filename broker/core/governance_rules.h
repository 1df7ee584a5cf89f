// Rules on what happens to the data itself; a part of broker/core/event_rules.h.
// Errors: kInvalid, naming the field. Thread: pure functions.
#pragma once

#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

// An agreement that says less than this would open nothing, or not what was meant.
Status check_governance(const v1::Governance& governance);
// An erasure, a hold and a release name the records of whom they mean.
Status check_records_named(const v1::Event& event);

}  // namespace moot
