// The cases that documents are made from, kept from one instant to the next: what came, or counts by another instant,
// is taken into the set that is there, and nobody looks at the rest. What it gives is what a set made at once would be
// (tests/consumers/living_casebook_test.cc).
//
// A set is made anew where most of it changed, where it is of other compartments or another model, and where somebody
// still holds the one before.
// Thread: one, that of its casebook.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "consumers/casebook/case_selection.h"
#include "consumers/casebook/case_set.h"

namespace moot {

class LivingCases {
 public:
  explicit LivingCases(const Key& secret) : secret_(secret) {}

  // `ahead`: of the store, for dated_ahead(). `compartments`: those that are open.
  std::shared_ptr<const CaseSet> at(const std::shared_ptr<const VersionStore>& store,
                                    const std::vector<VersionAhead>& ahead,
                                    const std::shared_ptr<const ModelEpoch>& epoch, Instant instant,
                                    const std::vector<std::string>& compartments);
  void clear() { *this = LivingCases(secret_); }

 private:
  bool follow(const VersionStore& store, Instant instant);
  void index(const VersionStore& store);
  std::vector<VersionStore::Number> changed_records(const VersionStore& store, Instant instant);
  void hear_all(const VersionStore& store, Instant instant);

  Key secret_;
  std::shared_ptr<CaseSet> cases_;
  std::vector<std::string> compartments_;
  std::size_t seen_ = 0;                              // so many versions of the store are in cases_, or count later
  std::vector<VersionStore::Number> by_counts_from_;  // of those
  std::map<VersionStore::Number, VersionStore::Number> decisions_;  // by record
  Heard heard_;
  std::vector<VersionStore::Number> to_come_;  // known, and of times after the instant of cases_
};

}  // namespace moot
