// Why two are one person, may be, or are not: of all the records of either the two that agree best, explained.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "broker/core/status.h"
#include "consumers/casebook/case_set.h"

namespace moot {

struct WhyLinked {
  std::size_t person_a = 0, person_b = 0;  // in CaseSet::persons()
  Mention a, b;                            // the records that are compared
  ExplainedPair explained;
};

// kUsage when both are one and the same record, so that there is nothing to compare.
Result<WhyLinked> explain_people(const CaseSet& cases, const std::vector<Mention>& a, const std::vector<Mention>& b);

// For a terminal: the answer, the waterfall and, of a link, what holds it, of two people, what kept them apart.
std::string why_in_words(const CaseSet& cases, const WhyLinked& why);

}  // namespace moot
