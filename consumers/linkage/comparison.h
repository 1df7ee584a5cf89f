// How far two values of a field agree. A pure function of the two values; symmetric.
//
// Thread: level_of() any; a KnownLevels belongs to one thread. Bounded: a KnownLevels never grows.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "consumers/linkage/value_table.h"

namespace moot {

// Both values given and not the same. kMissing where the two cannot be compared: references of two systems.
Level level_of(FieldKind kind, const ValueTable& table, ValueId a, ValueId b);
Level date_level(std::uint32_t a, std::uint32_t b);

// std::popcount, which is a call where the compiler may not count on the processor's own.
inline int bits_set(std::uint64_t bits) {
  bits -= bits >> 1 & 0x5555555555555555ULL;
  bits = (bits & 0x3333333333333333ULL) + (bits >> 2 & 0x3333333333333333ULL);
  return static_cast<int>(((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fULL) * 0x0101010101010101ULL >> 56);
}

// Too few pairs of letters in common for anything but kDifferent, whatever else level_of() looks at.
inline bool plainly_different(const ValueForm& a, const ValueForm& b) {
  const int both = bits_set(a.pairs & b.pairs);
  return both * 20 < 3 * (a.pair_count + b.pair_count) && (a.nicknames & b.nicknames) == 0 &&
         (a.sound != b.sound || a.sound == 0) && a.length > 1 && b.length > 1;
}

// Remembers the levels of pairs of values: the same few pairs of names meet again and again. Of numbers hardly any pair
// does, and they are compared faster than a level is looked up in memory.
class KnownLevels {
 public:
  explicit KnownLevels(FieldKind kind) : kind_(kind), slots_(is_remembered(kind) ? kSlots : 0) {}
  // The forms are those of the values in the table.
  Level level(const ValueTable& table, ValueId a, const ValueForm& form_a, ValueId b, const ValueForm& form_b);
  Level level(const ValueTable& table, ValueId a, ValueId b) {
    return level(table, a, table.form(a), b, table.form(b));
  }

 private:
  static constexpr int kSlotBits = 15;
  static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;
  static constexpr std::uint64_t kLevelBits = 7;
  static bool is_remembered(FieldKind kind);
  Level remembered(const ValueTable& table, ValueId a, ValueId b);

  FieldKind kind_;
  // Two values, turned into 64 bits that tell them apart, of which the uppermost say the slot; the others stand in it,
  // above the level. 0 = empty.
  std::vector<std::uint64_t> slots_;
};

inline Level KnownLevels::level(const ValueTable& table, ValueId a, const ValueForm& form_a, ValueId b,
                                const ValueForm& form_b) {
  if (a == 0 || b == 0) return Level::kMissing;
  if (a == b) return Level::kSame;
  if (kind_ == FieldKind::kBorn) return date_level(form_a.digits, form_b.digits);
  if (kind_ == FieldKind::kOwnReference) return form_a.sound == form_b.sound ? Level::kDifferent : Level::kMissing;
  if (plainly_different(form_a, form_b)) return Level::kDifferent;
  return slots_.empty() ? level_of(kind_, table, a, b) : remembered(table, a, b);
}

inline Level KnownLevels::remembered(const ValueTable& table, ValueId a, ValueId b) {
  if (a > b) std::swap(a, b);
  const std::uint64_t hash = (std::uint64_t{a} << 32 | b) * 0x9e3779b97f4a7c15ULL;  // odd: no two come to the same
  std::uint64_t& slot = slots_[hash >> (64 - kSlotBits)];
  const std::uint64_t key = hash << kSlotBits;  // its lowest kSlotBits are free for the level
  if ((slot & ~kLevelBits) != key || slot == 0) slot = key | static_cast<std::uint64_t>(level_of(kind_, table, a, b));
  return static_cast<Level>(slot & kLevelBits);
}

}  // namespace moot
