// Reading: what a reader gets of the log. The one place where events leave it: filter, entitlement, opening.
// Thread: bus.
#pragma once

#include <string>
#include <vector>

#include "broker/core/ids.h"
#include "broker/core/status.h"
#include "broker/log/event_log.h"
#include "broker/log/key_store.h"
#include "proto/bus.pb.h"

namespace moot {

class Reading {
 public:
  Reading(const EventLog& log, const KeyStore& keys) : log_(log), keys_(keys) {}

  struct Portion {
    std::vector<std::string> events;  // serialised moot.v1.Event
    std::size_t bytes = 0;
    Offset through;  // every offset below has been considered
  };

  // From `from` on: at most kRecordsMax records considered and about bytes_max given, so that a reader with a narrow
  // filter does not hold up the bus.
  Result<Portion> next(const AgencyId& reader, const v1::Filter& filter, Offset from, std::size_t bytes_max) const;

 private:
  static constexpr std::size_t kRecordsMax = 1000;
  static constexpr std::size_t kLooksMax = 8;
  Status consider(const StoredRecord& record, const AgencyId& reader, const v1::Filter& filter, Portion& portion) const;

  const EventLog& log_;
  const KeyStore& keys_;
};

}  // namespace moot
