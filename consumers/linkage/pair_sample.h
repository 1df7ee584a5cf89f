// One session of estimating: a sample of pairs that agree in some columns, as the levels of the other columns, and
// expectation-maximisation over them. Thread: a value.
#pragma once

#include <span>
#include <vector>

#include "consumers/linkage/link_model.h"

namespace moot {

struct SampledPair {
  RecordId a = 0;
  RecordId b = 0;
  std::uint64_t pattern = 0;  // packed()
};

struct PairSample {
  std::vector<std::size_t> held_out;  // the columns agreed in
  std::vector<SampledPair> pairs;
  double stands_for = 1;  // pairs of the set for each in the sample
  double reach = 0;       // of the records that have the columns, how many are in a block that was looked at
};

// All records by their keys, so that a sample hangs on nothing but the set of them.
std::vector<RecordId> in_order(const RecordTable& records);
// Of blocks of at most block_max records that have equal values in all of `fields`, at most pairs_max pairs. `order`:
// in_order().
PairSample sample_pairs(const RecordTable& records, std::span<const RecordId> order, PairLevels& levels,
                        std::span<const std::size_t> fields, std::size_t block_max, std::size_t pairs_max);
// Pairs drawn at random; each time the same ones for the same set of records.
PairSample sample_at_random(const RecordTable& records, std::span<const RecordId> order, PairLevels& levels,
                            std::size_t pairs_max);

// How often a pattern stands in a sample.
struct PatternCount {
  std::uint64_t pattern = 0;
  double count = 0;
};
std::vector<PatternCount> count_patterns(const PairSample& session);

// What two records may be to each other, and the chances of each level then, by field.
struct Kinship {
  std::vector<Chances> one_person;     // m
  std::vector<Chances> one_household;  // empty = the records say nothing of households
  std::vector<Chances> strangers;      // u
};

// Shares of a session's pairs; the rest are strangers.
struct Shares {
  double one_person = .2;
  double one_household = 0;
};

// Tells what two records of a session are to each other, from their pattern. Logarithms are taken once.
class KinshipOfPatterns {
 public:
  KinshipOfPatterns(const Kinship& kinship, const Shares& shares, std::span<const std::size_t> held_out);
  Shares of(std::uint64_t pattern) const;

 private:
  using Logarithms = std::array<std::array<double, 3>, kLevels>;  // of a person, a household, strangers
  std::vector<Logarithms> fields_;
  std::array<double, 3> shares_;
};

struct Maximised {
  Shares shares;
  Kinship kinship;  // of a column held out, as it was; so are strangers
};
// What holds an estimate steady where there is little to learn from: the chances before anything is known, by field. Of
// a household only what it shares is learnt.
struct Usual {
  const std::vector<Chances>& one_person;
  const std::vector<Chances>& one_household;
  const std::vector<bool>& shared;
};
Maximised maximise(const PairSample& session, const Kinship& start, const Usual& usual);

}  // namespace moot
