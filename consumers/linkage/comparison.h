// How far two values of a field agree. A pure function of the two values; symmetric.
//
// Thread: level_of() any; a KnownLevels belongs to one thread. Bounded: a KnownLevels never grows.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "consumers/linkage/value_table.h"

namespace moot {

// Both values given and not the same.
Level level_of(FieldKind kind, const ValueTable& table, ValueId a, ValueId b);
Level date_level(std::uint32_t a, std::uint32_t b);

// Too few pairs of letters in common for anything but kDifferent, whatever else level_of() looks at.
inline bool plainly_different(const ValueForm& a, const ValueForm& b) {
  const int both = std::popcount(a.pairs & b.pairs);
  return both * 20 < 3 * (a.pair_count + b.pair_count) && (a.nicknames & b.nicknames) == 0 &&
         (a.sound != b.sound || a.sound == 0) && a.length > 1 && b.length > 1;
}

// Remembers the levels of pairs of values: the same few pairs of names meet again and again.
class KnownLevels {
 public:
  KnownLevels() : slots_(kSlots) {}
  Level level(FieldKind kind, const ValueTable& table, ValueId a, ValueId b);

 private:
  static constexpr std::size_t kSlots = std::size_t{1} << 15;
  struct Slot {
    ValueId a = 0;
    ValueId b = 0;
    Level level = Level::kMissing;
  };
  std::vector<Slot> slots_;
};

inline Level KnownLevels::level(FieldKind kind, const ValueTable& table, ValueId a, ValueId b) {
  if (a == 0 || b == 0) return Level::kMissing;
  if (a == b) return Level::kSame;
  const ValueForm& form_a = table.form(a);
  const ValueForm& form_b = table.form(b);
  if (kind == FieldKind::kBorn) return date_level(form_a.digits, form_b.digits);
  if (plainly_different(form_a, form_b)) return Level::kDifferent;
  if (a > b) std::swap(a, b);
  const std::uint64_t hash = (std::uint64_t{a} << 32 | b) * 0x9e3779b97f4a7c15ULL;
  Slot& slot = slots_[hash >> 49];
  if (slot.a != a || slot.b != b) slot = Slot{a, b, level_of(kind, table, a, b)};
  return slot.level;
}

}  // namespace moot
