// The three answers to "are these two one person?": linked, possible, not linked. Possible is for a person to decide
// and never counted; it is what looks like one person record by record and does not hold for the whole of both. Thread:
// pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "consumers/linkage/average_linkage.h"

namespace moot {

enum class LinkAnswer : std::uint8_t { kLinked, kPossible, kNot };
std::string_view answer_name(LinkAnswer answer);  // "linked", "possible", "not linked"

// Two clusters that may be one person, by the first records of each; `a` comes first in the order of keys.
struct PossibleLink {
  RecordId a = 0;
  RecordId b = 0;
  WeighedPair best;  // the pair of records that speaks for it
};

// Strongest first; of equals by key. None that a person has decided on.
std::vector<PossibleLink> possible_links(const RecordTable& records, std::span<const RecordId> cluster,
                                         std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                                         const LinkageRule& rule);

// How well probabilities keep their word: over ten bins of equal width, the mean difference between what was promised
// and what was true.
class Calibration {
 public:
  void add(double probability, bool is_true);
  double expected_error() const;

 private:
  struct Bin {
    double promised = 0;
    double kept = 0;
  };
  Bin bins_[10];
  double pairs_ = 0;
};

}  // namespace moot
