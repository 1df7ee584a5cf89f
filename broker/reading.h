// Reading: what a reader gets of the log. The one place where events leave it: entitlement, filter, opening.
// Thread: bus.
#pragma once

#include <optional>
#include <string>

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
    std::string events;  // as a frame holds them (wire/frames.h)
    std::size_t count = 0;
    std::size_t bytes = 0;       // of the events alone
    std::size_t considered = 0;  // records
    Offset through;              // every offset below has been considered
  };
  // How much of the bus's time a portion takes: records considered, whether the reader gets them or not (those skipped
  // by a summary count a little), and about so many bytes given (an event that fills them up may exceed them).
  struct Most {
    std::size_t records, bytes;
  };

  Result<Portion> next(const Recipient& reader, const v1::Filter& filter, Offset from, const Most& most) const;
  // What a reader was not given yet, as far as it was counted.
  struct Unread {
    std::uint64_t events = 0;
    std::optional<Offset> first;  // of them
    Offset through;               // every offset below has been considered
  };
  // Goes on from unread.through to the end of the log, but looks at no more than about `left` records, from which it
  // takes what it looked at, and opens none.
  Status count(const Recipient& reader, const v1::Filter& filter, std::size_t& left, Unread& unread) const;
  // Names what the reader is entitled to today, and what was erased: whoever kept something of it must begin again.
  std::string coverage_of(const Recipient& reader) const;

 private:
  static constexpr std::size_t kLooksMax = 8;
  struct Look;
  Look look_of(const Recipient& reader, const v1::Filter& filter) const;
  Status consider(const StoredRecord& record, Look& look, Portion& portion) const;
  // Each says in `look` whether it is for the reader and what was asked for, and leaves the event there.
  Status open(const StoredRecord& record, Look& look) const;
  Status open_unseen(const StoredRecord& record, Look& look) const;
  Status open_entitled(const StoredRecord& record, Look& look) const;
  Status open_stripped(const StoredRecord& record, Grade grade, Look& look) const;

  const Parts parts_;
};

}  // namespace moot
