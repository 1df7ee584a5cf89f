// The calls that a rule counts from an instant on, kept with the set of cases (consumers/casebook/kept.h): after a
// change those are looked at again that changed, that name somebody who did, or that are about an incident that did.
// Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "consumers/callers/calls.h"
#include "consumers/callers/who_called.h"
#include "consumers/casebook/kept.h"

namespace moot {

class KeptCalls : public Kept {
 public:
  explicit KeptCalls(CallerRule rule) : rule_(std::move(rule)) {}

  // As find_calls() gives them, from what the set keeps.
  static Calls of(const CaseSet& set, const CallerRule& rule, Instant from);

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  using Counted = std::vector<CountedCall>;  // in their order
  // A call that counts for nobody: its event names no caller, or one whom the rule leaves out.
  struct Uncounted {
    std::uint32_t record = 0;
    std::uint32_t person = kNobody;
    const std::string* reason = nullptr;  // in rule_
  };
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  void work_out(const CaseSet& set, Instant from);
  void find_all(const CaseSet& set, Instant from, Counted& counted);
  void find_again(const CaseSet& set, Instant from);
  std::vector<std::size_t> places_unknown(const CaseSet& set) const;
  void take(const CaseSet& set, CallerNotes& notes, std::uint32_t record, Counted& counted);
  bool counts(const CaseSet& set, std::uint32_t record);

  CallerRule rule_;
  std::shared_ptr<const Counted> counted_;
  std::vector<Uncounted> uncounted_;
  std::vector<std::uint32_t> records_unknown_, people_unknown_;  // to be looked at
  bool all_unknown_ = true;
  Dependents<std::uint32_t> looked_up_;  // records, by what they are about
};

}  // namespace moot
