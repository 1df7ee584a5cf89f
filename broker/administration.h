// What an administrator asks of the broker over the bus: agencies, the inbox, backups, how it is doing. A pure handler:
// Request in, Reply out; the bus server does the I/O. Thread: bus.
#pragma once

#include <functional>
#include <string>

#include "broker/access/registry.h"
#include "broker/backup_runner.h"
#include "broker/core/status.h"
#include "broker/ingest.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "proto/bus.pb.h"

namespace moot {

// Makes a key pair for a new agency and writes its key file; returns the public key and where the file is. Owned by the
// composition, which knows where keys live and the bus address.
struct NewKey {
  Key public_key{};
  std::string key_file;
};
using MakeKey = std::function<Result<NewKey>(const AgencyId&)>;

class Administration {
 public:
  struct Parts {
    Registry* registry;
    EventLog* log;
    Inbox* inbox;
    const RefusalCounts* refusals;
    MakeKey make_key;
    BackupRunner* backups = nullptr;  // none: this broker makes no backups
  };
  explicit Administration(Parts parts) : parts_(std::move(parts)) {}

  // Adds an agency; used by the configuration at start too.
  Result<NewKey> add_agency(const std::string& id, const std::string& name);

  // The reply to an administrative request, refusals included. `positions`: how far each agency's reader has come.
  v1::Reply answer(const AgencyId& caller, const v1::Request& request, const std::map<std::string, Offset>& positions,
                   std::size_t sessions);

 private:
  Status fill(const AgencyId& caller, const v1::Request& request, const std::map<std::string, Offset>& positions,
              std::size_t sessions, v1::Reply& reply);
  Status list_inbox(const AgencyId& caller, v1::InboxItems& items) const;
  Status show_inbox(const AgencyId& caller, const std::string& id, v1::InboxItems& items) const;
  Status change_inbox(const AgencyId& caller, const v1::InboxChange& change, v1::InboxItems& items);
  Status report(const AgencyId& caller, const std::map<std::string, Offset>& positions, std::size_t sessions,
                v1::BrokerStatus& status) const;
  Status back_up(const AgencyId& caller, const v1::Request& request, v1::BackupState& state);
  Parts parts_;
};

v1::Reply refusal_reply(std::uint64_t number, const Status& status);

}  // namespace moot
