// What the log's Governance events say of access, read when the broker starts. Later ones are told by ingest; the audit
// log has them too.
// Thread: the one that opens the log.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "broker/access/agreements.h"
#include "broker/audit_log.h"
#include "broker/core/status.h"
#include "broker/ingest.h"
#include "broker/log/event_log.h"

namespace moot {

// Costs what the blocks with such events cost to read, not the history.
Status read_agreements(const EventLog& log, Agreements& agreements);

// Signs, as the operator, what is not signed yet: Governance events, in one group. A version that was signed with other
// clauses is kConflict.
Status sign_agreements(const std::vector<v1::Event>& clauses, Ingest& ingest, AuditLog& audit);

// Notes in the audit log what was said (audited.h).
void note_governance(AuditLog& audit, const std::string& actor, std::span<const v1::Event> said);

}  // namespace moot
