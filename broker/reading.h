// Reading: what a reader gets of the log. The one place where events leave it: entitlement, filter, opening.
// Thread: bus.
#pragma once

#include <string>
#include <vector>

#include "broker/access/agreements.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "broker/erasure_book.h"
#include "broker/log/event_log.h"
#include "broker/log/key_store.h"
#include "proto/bus.pb.h"

namespace moot {

class Reading {
 public:
  struct Parts {  // all outlive the Reading
    const EventLog* log;
    const KeyStore* keys;
    const Agreements* agreements;
    const Clock* clock;
    const ErasureBook* erasures = nullptr;
  };
  explicit Reading(const Parts& parts) : parts_(parts) {}

  struct Portion {
    std::vector<std::string> events;  // serialised moot.v1.Event
    std::size_t bytes = 0;
    Offset through;  // every offset below has been considered
  };

  // From `from` on: at most kRecordsMax records considered and about bytes_max given, so that a reader with a narrow
  // filter does not hold up the bus.
  Result<Portion> next(const Recipient& reader, const v1::Filter& filter, Offset from, std::size_t bytes_max) const;
  // Names what the reader is entitled to today, and what was erased: whoever kept something of it must begin again.
  std::string coverage_of(const Recipient& reader) const;

 private:
  static constexpr std::size_t kRecordsMax = 1000;
  static constexpr std::size_t kLooksMax = 8;
  struct Look;
  Status consider(const StoredRecord& record, const Look& look, Portion& portion) const;

  const Parts parts_;
};

}  // namespace moot
