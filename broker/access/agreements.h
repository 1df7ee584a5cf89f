// The sharing agreements in force: who reads whose events, how far, for what (domain: information-sharing agreements).
//
// An agreement is a list of clauses; each is a Governance event of the operator (proto/event.proto). A version holds
// once all of its clauses are on record, and takes the place of the version before; a clause more, or a version that
// was replaced, changes nothing. Ending one is an event too; the earliest end counts. What is in force is a fold of
// those events in the order of the log, and of the day: a clause holds from its first day until before its last.
//
// Reading is judged by the agreements of today, whatever the date of a document: what may no longer be read is not
// read. Where no agreement was ever signed, agencies read their own events and the casebook reads all; from the first
// one on the casebook is a reader like any other.
//
// Thread: one owner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/access/entitlement.h"
#include "broker/core/calendar.h"
#include "broker/core/ids.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

// Whom something is disclosed to, and what for.
struct Recipient {
  AgencyId agency;
  std::string purpose;
};

class Agreements {
 public:
  // Takes a Governance event of the log; others, and stages that are not about agreements, change nothing.
  void apply(const v1::Envelope& envelope, const v1::Governance& governance);

  bool reads_all(const Recipient& reader) const;
  Grade grade_of(const Recipient& reader, const v1::Envelope& envelope, const v1::Facts& facts, Date today) const;
  // Names all that the reader is entitled to on that day: another name, another entitlement.
  std::string coverage_of(const Recipient& reader, Date today) const;
  // Leaves of a filter what may be used for looking ahead. What is skipped shows in how far an answer goes: for a
  // reader who does not get everything it must not depend on what others' events hold.
  v1::Filter looking_ahead(const Recipient& reader, const v1::Filter& filter) const;

  struct Agreement {
    std::string version;                              // empty while no version is whole
    std::map<std::uint32_t, v1::Governance> clauses;  // by number
    std::string ended;                                // a date; empty = not ended
  };
  const std::map<std::string, Agreement>& all() const { return agreements_; }

 private:
  std::map<std::string, Agreement> agreements_;  // by id, ended ones too
  // Versions of which not all clauses are there yet, and under their names those that were whole once.
  std::map<std::pair<std::string, std::string>, std::map<std::uint32_t, v1::Governance>> gathering_;
};

bool in_force(const Agreements::Agreement& agreement, const v1::Governance& clause, Date day);

}  // namespace moot
