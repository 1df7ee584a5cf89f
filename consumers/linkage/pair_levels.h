// How far two records agree, field by field, swapped fields told apart. Symmetric in the two records.
// Thread: one. Owns what it remembers of values; borrows the table. Nothing allocates for a pair.
#pragma once

#include <array>
#include <bit>
#include <vector>

#include "consumers/linkage/comparison.h"
#include "consumers/linkage/record_table.h"

namespace moot {

using Levels = std::array<Level, kFieldsMax>;  // by field
using FieldSet = std::uint32_t;                // a bit for each; the first is the lowest

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
  // Rows say which fields are there, and of each the value and its form. Which levels are not kMissing.
  template <typename Row>
  FieldSet compare(const Row& a, const Row& b, Levels& levels);

 private:
  template <typename Row>
  Level level(std::size_t known, const Row& a, std::size_t field_a, const Row& b, std::size_t field_b) {
    return known_[known].level(*tables_[known], a.value(field_a), a.form(field_a), b.value(field_b), b.form(field_b));
  }
  template <typename Row>
  FieldSet look_across(std::size_t field, std::size_t sister, const Row& a, const Row& b, Levels& levels,
                       FieldSet both);

  const RecordTable& records_;
  std::vector<const ValueTable*> tables_;  // by field
  std::vector<KnownLevels> known_;         // by field
  std::vector<std::size_t> first_sisters_;
};

template <typename Row>
FieldSet PairLevels::compare(const Row& a, const Row& b, Levels& levels) {
  levels.fill(Level::kMissing);
  FieldSet both = a.present() & b.present();
  for (FieldSet rest = both; rest != 0; rest &= rest - 1) {
    const auto f = static_cast<std::size_t>(std::countr_zero(rest));
    levels[f] = level(f, a, f, b, f);
    both &= ~(FieldSet{levels[f] == Level::kMissing} << f);  // references of two systems
  }
  for (const std::size_t f : first_sisters_)
    if (const auto sister = static_cast<std::size_t>(records_.fields()[f].sister);
        levels[f] >= Level::kPart && levels[sister] >= Level::kPart)
      both = look_across(f, sister, a, b, levels, both);
  return both;
}

template <typename Row>
FieldSet PairLevels::look_across(std::size_t field, std::size_t sister, const Row& a, const Row& b, Levels& levels,
                                 FieldSet both) {
  const auto agrees = [](Level level) { return level < Level::kPart; };
  const bool there = agrees(level(field, a, field, b, sister));
  const bool back = agrees(level(field, a, sister, b, field));
  if (!there && !back) return both;
  // Where only one name stands in the other's place, it is the surname, and the two left over are forenames: "Casey
  // Exampleton" and "Exampleton Robin" are two of one family, not one who took another name.
  const bool is_surname = !(there && back) && records_.fields()[sister].kind == FieldKind::kFamily;
  const std::size_t crossed = is_surname ? sister : field;
  const std::size_t left = is_surname ? field : sister;
  levels[crossed] = Level::kCrossed;
  both |= FieldSet{1} << crossed;
  if (there && back)
    levels[left] = Level::kCrossed;
  else if (levels[left] != Level::kPart)  // the two values left over need not be of one field
    levels[left] = (there ? a.value(sister) != 0 && b.value(field) != 0 : a.value(field) != 0 && b.value(sister) != 0)
                       ? Level::kDifferent
                       : Level::kMissing;
  const FieldSet bit = FieldSet{1} << left;
  return levels[left] == Level::kMissing ? both & ~bit : both | bit;
}

}  // namespace moot
