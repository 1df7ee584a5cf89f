// What an administrator asks of the broker over the bus: agencies, the inbox, backups, how it is doing. A pure handler:
// Request in, Reply out; the bus server does the I/O. Thread: bus.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "broker/access/registry.h"
#include "broker/access/roles.h"
#include "broker/agency_keys.h"
#include "broker/audit_log.h"
#include "broker/backup_runner.h"
#include "broker/broker_metrics.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "broker/erasure.h"
#include "broker/ingest.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/reader_positions.h"
#include "proto/bus.pb.h"

namespace moot {

// What only the bus server knows.
struct BusFigures {
  std::map<std::string, ReaderPositions::Behind> behind;  // by agency
  std::map<std::string, std::uint32_t> sessions_of;       // by agency
  std::size_t sessions = 0;
  std::size_t connections = 0;
  std::size_t outbox_messages = 0;
};

class Administration {
 public:
  struct Parts {
    Registry* registry;
    EventLog* log;
    Inbox* inbox;
    const RefusalCounts* refusals;
    const AgencyKeys* keys;
    const Clock* clock;
    AuditLog* audit;
    Traffic* traffic;
    BrokerMetrics* metrics;
    std::map<std::string, int> rhythm_days;  // by agency: it is expected to be heard from so often
    BackupRunner* backups = nullptr;         // none: this broker makes no backups
    Erasure* erasure = nullptr;              // likewise
    Limits limits = {};
  };
  explicit Administration(Parts parts) : parts_(std::move(parts)), started_(parts_.clock->now()) {}

  // Adds an agency; used by the configuration at start too. `expires_us` of its key: 0 = without an end.
  Result<NewKey> add_agency(const std::string& id, const std::string& name, std::int64_t expires_us) {
    return add_member(id, name, "", {}, expires_us);
  }

  // The reply to an administrative request, refusals included; what of it is to be audited is noted. `reading`: what
  // the same session was told of the audit log.
  v1::Reply answer(const Caller& caller, AuditReading& reading, const v1::Request& request,
                   const std::function<BusFigures()>& figures);
  // kDisk, kCorrupt: of the log.
  Result<v1::BrokerStatus> status(const BusFigures& figures) const;

 private:
  Status fill(const Caller& caller, AuditReading& reading, const v1::Request& request,
              const std::function<BusFigures()>& figures, v1::Reply& reply);
  // An agency, or a person of one: `member_of` empty = an agency.
  Result<NewKey> add_member(const std::string& id, const std::string& name, const std::string& member_of,
                            const std::vector<std::string>& roles, std::int64_t expires_us);
  Result<AgencyKey> new_key(const AgencyId& agency, std::int64_t expires_us) const;
  Status rotate_key(const Caller& caller, const v1::AgencyRotate& request, v1::AgencyAdded& reply);
  Status revoke_keys(const Caller& caller, const v1::AgencyRevoke& request);
  void list_agencies(const Caller& caller, v1::Agencies& agencies) const;
  Status list_inbox(const Caller& caller, const v1::InboxList& asked, v1::InboxItems& items) const;
  Status show_inbox(const Caller& caller, const std::string& id, v1::InboxItems& items) const;
  Status change_inbox(const Caller& caller, const v1::InboxChange& change, v1::InboxItems& items);
  Status limit_agency(const Caller& caller, const v1::AgencyLimit& limit);
  Status tell_of(const Member& member, const BusFigures& figures, v1::BrokerStatus::Agency& row) const;
  Status search_audit(const Caller& caller, AuditReading& reading, const v1::AuditQuery& query,
                      v1::AuditEntries& entries) const;
  Status back_up(const Caller& caller, const v1::Request& request, v1::BackupState& state);
  Parts parts_;
  const Instant started_;
};

v1::Reply refusal_reply(std::uint64_t number, const Status& status);

}  // namespace moot
