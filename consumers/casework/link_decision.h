// A person's decision that two are one person, or are not, as the Identity event that says so; and whether it holds.
//
// A decision on the same two takes the place of the one before: they share the envelope's `record`. It names one record
// of each row of either, so that what is decided of a person holds for all that is said of them. What is decided of
// history that was loaded later counts as that history does: from when all the records it names count.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/status.h"
#include "consumers/casebook/case_set.h"

namespace moot {

struct LinkWish {
  std::vector<Mention> a, b;  // never empty; the first of each tells which two are decided on
  bool linked = true;
  std::string agency;  // who decides
  Instant now;
};

struct Decided {
  v1::Event event;
  bool backfill = false;
};

// kUsage when the two are the same records.
Result<Decided> decide(const CaseSet& cases, const LinkWish& wish);

struct DecisionOutcome {
  bool holds = false;
  std::vector<std::string> people;  // ids of whom the two are now
};
DecisionOutcome outcome_of(const CaseSet& cases, const v1::Event& decision);

}  // namespace moot
