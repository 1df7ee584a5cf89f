// A model from a set of records, without anybody saying which of them are one person.
//
// u comes from random pairs, the chance of equal values from their frequencies. m comes from expectation-maximisation,
// one session for each column that can be blocked on, over pairs that agree in it, the column itself held out. How
// usual a value is takes its near spellings in: "smyht" is as usual as "smyth".
//
// A pure function of the set of records: neither the order of adding nor the number of threads changes a bit of it.
// Bounded: sessions and random pairs are samples of fixed size. Thread: the caller's.
#pragma once

#include "consumers/linkage/link_model.h"

namespace moot {

// A pair that is probably one person, found in a session, and how many like it it stands for.
struct LikelyPair {
  RecordId a = 0;
  RecordId b = 0;
  double weight = 1;
};

struct Estimate {
  LinkModel model;
  std::vector<LikelyPair> likely;  // for choosing what to block on
};

Estimate estimate_model(const RecordTable& records);

}  // namespace moot
