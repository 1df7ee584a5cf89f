// The audit log: who read what, when and for what, and what administrators did (Data Protection Act 2018, section 62:
// collection, alteration, consultation, disclosure with its recipients, combination, erasure).
//
// A second log of the same kind as that of the events (log/event_log.h), in DATA/audit with its own watermark. A
// record's bytes are a v1::AuditEntry, its tags who did it, what, and when. Nothing in an entry is personal: agencies,
// acts, filters, ids and counts. Entries only grow; the blocks' chain shows a rewrite to who has an earlier digest.
//
// Entries are noted as things happen and committed once a turn, before anything of what they tell leaves the broker.
// The first entry of a log ("begun") tells which log of events it is of (DATA/moot.id), and where that was by then: of
// a new directory 0. Each tells how many events were stored when it was committed, so that a log which was put back
// from an older copy, or begun anew, is told from a current one: as far as the last entry goes, not what was stored
// after it.
//
// Thread: bus; one owner.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "broker/log/watched_log.h"
#include "proto/bus.pb.h"

namespace moot {

class AuditLog {
 public:
  struct Place {
    std::filesystem::path folder, watermark;
    std::string log_id;  // which log of events it must be of; empty = that is not asked
  };
  struct Seen {
    LogSeen log;
    Offset events;  // how many there were when the last entry was committed
  };
  // As it stands; nothing is written. What WatchedLog::look tells when it is damaged; kInvalid when it is another's.
  static Result<Seen> look(const Place& place);
  // `end`: of the log of events.
  static Result<std::unique_ptr<AuditLog>> open(const Place& place, const Clock& clock, Offset end);
  static Result<std::unique_ptr<AuditLog>> open(const Place& place, LogSeen seen, const Clock& clock, Offset end);
  // Of a log that is open.
  static Result<std::unique_ptr<AuditLog>> open(WatchedLog watched, const Clock& clock, Offset end,
                                                const std::string& log_id = {});

  // Its number and time are set here. The number, which it keeps once it is committed.
  std::uint64_t note(v1::AuditEntry entry);
  // Durable when it returns ok. An error: what was noted is not known to be kept, and the broker must stop. `events`:
  // where the log of events ends, durably.
  Status commit(Offset events);
  Status raise_watermark() { return watched_.raise_watermark(); }

  // What is committed; kEntriesMax at most, and looks at no more than a bounded part of the log.
  Result<v1::AuditEntries> search(const v1::AuditQuery& query) const;
  Instant begun() const { return begun_; }  // when its first entry was made: with the data directory
  std::uint64_t entries() const { return watched_.log->end_offset().value; }
  const EventLog& log() const { return *watched_.log; }

  static constexpr int kEntriesMax = 500;

 private:
  AuditLog(WatchedLog watched, const Clock& clock) : watched_(std::move(watched)), clock_(clock) {}

  WatchedLog watched_;
  const Clock& clock_;
  Instant begun_;
  std::int64_t last_us_ = 0;  // the clock may be set back; entries stay in order
  std::vector<v1::AuditEntry> staged_;
};

// A reading of the audit log that takes several answers, as one peer asks for it (AuditQuery.counting): how many
// entries it is to give is known, and can be put on record, before the first is given.
class AuditReading {
 public:
  // kBadRequest: counting does not go on where it was.
  Result<v1::AuditEntries> answer(const AuditLog& log, const v1::AuditQuery& query);

 private:
  Result<v1::AuditEntries> count(const AuditLog& log, const v1::AuditQuery& query, const std::string& asked);

  std::string asked_;  // the question without its place; empty = nothing was counted
  std::uint64_t count_ = 0;
  std::uint64_t next_ = 0;            // from where counting, and then giving, goes on
  std::optional<std::uint64_t> end_;  // up to where it was counted, once it was
  bool on_record_ = false;
};

// Where entries have gone whose numbers changed, for those that tell of another: that a reading ended.
class MovedEntries {
 public:
  void moved(std::uint64_t from, std::uint64_t to);  // in order
  // Says of which entry it tells by that one's new number, or that it is lost.
  void mend(v1::AuditEntry& entry) const;

 private:
  struct Run {
    std::uint64_t from = 0, to = 0, entries = 0;
  };
  std::vector<Run> runs_;
};
// What an entry says that tells that the reading of another has ended.
std::string what_of_end(std::uint64_t number);

// What is wrong with a first entry, where the log is of another directory than it should be; else nothing. Those of an
// earlier version do not tell.
std::string not_of(const std::string& log_id, const v1::AuditEntry& first);

// An entry as it is kept.
SealedRecord audit_record(const v1::AuditEntry& entry);
// "type=contact area=didcot from=2021-03-01T00:00:00Z": what was asked for, for an entry.
std::string in_audit_words(const v1::Filter& filter, Offset from);

}  // namespace moot
