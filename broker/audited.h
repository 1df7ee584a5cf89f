// Which requests to the broker stand in the audit log, and as what. Pure functions.
//
// Readings are told by the bus server, which knows when they begin and end; what is said of agreements, holds and the
// model is in the log of events itself besides. What changes nothing and shows nobody's data is not audited: status,
// the list of agencies, pings.
#pragma once

#include <optional>
#include <string>

#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

// The entry for an administrative request that was answered so; refused ones too. Its actor, number and time are not
// set.
std::optional<v1::AuditEntry> audited(const v1::Request& request, const v1::Reply& reply);

// The entry for what the operator says of the data or the rules as an event, of which any number may come at once; none
// for copies of documents and their delivery, which commands tell of (AuditNote), and for what the broker says itself.
std::optional<v1::AuditEntry> audited(const v1::Event& governance);

// What a command may tell of itself (AuditNote): that a person is shown something made from events; of who administers
// also what is done beside the broker.
Status check_note(const v1::AuditEntry& entry, bool administers);

}  // namespace moot
