// How far two records agree, field by field, swapped fields told apart. Symmetric in the two records.
// Thread: one. Owns what it remembers of values; borrows the table. Nothing allocates for a pair.
#pragma once

#include <array>
#include <vector>

#include "consumers/linkage/comparison.h"
#include "consumers/linkage/record_table.h"

namespace moot {

using Levels = std::array<Level, kFieldsMax>;  // by field

// Levels in three bits each.
inline std::uint64_t packed(const Levels& levels, std::size_t fields) {
  std::uint64_t pattern = 0;
  for (std::size_t f = 0; f < fields; ++f) pattern |= static_cast<std::uint64_t>(levels[f]) << (3 * f);
  return pattern;
}
inline Level level_in(std::uint64_t pattern, std::size_t field) {
  return static_cast<Level>(pattern >> (3 * field) & 7);
}

class PairLevels {
 public:
  explicit PairLevels(const RecordTable& records);
  void compare(const ValueId* a, const ValueId* b, Levels& levels);
  // Asks memory for what compare() will read.
  void fetch(const ValueId* a, const ValueId* b) const {
    for (std::size_t f = 0; f < tables_.size(); ++f) {
      if (a[f] == b[f] || a[f] == 0 || b[f] == 0) continue;
      __builtin_prefetch(&tables_[f]->form(a[f]));
      __builtin_prefetch(&tables_[f]->form(b[f]));
    }
  }

 private:
  void look_across(std::size_t field, const ValueId* a, const ValueId* b, Levels& levels);

  const RecordTable& records_;
  std::vector<const ValueTable*> tables_;  // by field
  std::vector<KnownLevels> known_;         // by field
  std::vector<std::size_t> first_sisters_;
};

}  // namespace moot
