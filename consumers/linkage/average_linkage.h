// People out of weighed pairs: the two clusters whose records agree best on average are joined, again and again, until
// no two agree well enough. Pairs that are not among those given are looked up where they are few, else each counts as
// absent: chains of good pairs do not make one person of many.
//
// Records that say when somebody was born, or who they are in a system, are not outvoted by those that do not: the
// pairs in which both say it must agree well enough among themselves, too. Else a father and his son of one name would
// be one, of whom most records do not say which.
//
// A pure function of the records and the weights; ties are decided by the records' keys. Thread: pure functions.
#pragma once

#include <functional>
#include <memory_resource>
#include <span>
#include <vector>

#include "consumers/linkage/link_model.h"

namespace moot {

// What a pair weighs as clusters are averaged.
struct Agreement {
  Weight weight = 0;
  bool dated = false;  // both say when they were born, or who they are in a system
};

struct WeighedPair {
  RecordId a = 0;
  RecordId b = 0;
  Weight weight = 0;
  bool dated = false;
};

struct LinkageRule {
  Weight join_at = 0;                        // the least mean weight at which two clusters are one person
  Weight possible_at = 4 * kBit + kBit / 4;  // a pair at 95%: if its records are not linked, a person should look
  Weight absent = -3 * kBit;                 // of a pair that is not among the pairs; no stranger counts for less
  Weight least = -16 * kBit;  // of a pair that is rather two people of one household: that is evidence, not a gap
  Weight most = 24 * kBit;    // more than so much is no more sure
  // A pair that nothing speaks against but what is missing counts for no less: a record that says little is not kept
  // from the one it goes with by others of that person that say little, too. By default it counts as it weighs.
  Weight unsaid = -16 * kBit;
  Weight torn_within = 4 * kBit;      // two ties that differ by no more are equally good
  std::uint32_t looked_up_max = 400;  // of the pairs between two clusters: more than so many count as absent
};

// What a person decided of two records. It wins over any weight; where decisions contradict each other along a chain
// (a is b, b is c, a is not c), those that link win.
struct DecidedPair {
  RecordId a = 0;
  RecordId b = 0;
  bool linked = true;
};

Agreement bounded(const RivalWeight& weight, const LinkageRule& rule);

// Of two members that are not among the pairs.
using WeightOfAbsent = std::function<Agreement(std::uint32_t, std::uint32_t)>;

// `members`: by their key. Only pairs of members. The cluster of each member, as the position of its first member.
// `memory`: what it works in, and gives back.
std::vector<std::uint32_t> cluster_by_average(std::size_t members, std::span<const WeighedPair> pairs,
                                              std::span<const DecidedPair> decided, const LinkageRule& rule,
                                              const WeightOfAbsent& weight_of_absent,
                                              std::pmr::memory_resource& memory = *std::pmr::get_default_resource());

}  // namespace moot
