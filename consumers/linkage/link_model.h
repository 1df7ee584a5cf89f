// What agreement and disagreement weigh (Fellegi and Sunter): for each field and level, the chance of it in two records
// of one person (m) and in two of different people (u), and how usual each value is. A pinned epoch: made once from a
// set of records (model_estimate.h), then only read.
//
// Weights are whole numbers of 1/65536 bit, so that sums do not depend on their order. Thread: a value; read by any.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "consumers/linkage/pair_levels.h"

namespace moot {

using Weight = std::int32_t;
inline constexpr Weight kBit = 65536;
Weight to_weight(double bits);
inline double to_bits(std::int64_t weight) { return static_cast<double>(weight) / kBit; }
double probability_of(std::int64_t weight);  // of a weight that holds the prior

using Chances = std::array<double, kLevels>;  // by level; of the levels but kMissing, they sum to 1

struct ValueWeights {
  Weight same = 0;    // instead of chance[kSame]
  Weight rarity = 0;  // added for kAlias to kPart, the smaller of the two; of_system: instead of chance[kDifferent]
};

struct FieldModel {
  std::array<Weight, kLevels> chance{};     // against another person met by chance
  std::array<Weight, kLevels> household{};  // against another member of the same household
  bool of_household = false;                // belongs_to_household()
  bool of_person = false;                   // tells_people_apart()
  bool of_birth = false;                    // the date of birth, or who one is in a system: not outvoted
  bool of_system = false;                   // a reference: what another one says depends on their system
  std::vector<ValueWeights> values;         // by value
  Weight new_same = 0;                      // of a value that the epoch has not
  Weight new_rarity = 0;
  Chances m{};
  Chances u{};
  double supplied = 1;  // the share of the records that have it
};

FieldModel field_model(FieldKind kind);  // that says nothing yet

struct LinkModel {
  std::vector<FieldModel> fields;
  Weight prior = 0;            // that two records met by chance are of one person
  Weight household_prior = 0;  // and that two of a household are
  double matches = 0;          // pairs of one person, estimated
  bool knows_households = false;
};

// The weight of a pair, and its parts: the prior, a bar for each field, and which rival they are weighed against.
struct PairWeight {
  std::int64_t total = 0;
  std::int64_t prior = 0;
  std::array<Weight, kFieldsMax> bars{};
  bool against_household = false;
};

PairWeight weigh(const LinkModel& model, const Levels& levels, const ValueId* a, const ValueId* b);
// The total alone, whether it is weighed against another member of the household, whether any field speaks against it
// (where none does, what is missing is all that there is against it), and whether both say when they were born.
struct RivalWeight {
  std::int64_t total = 0;
  bool household = false;
  bool against = false;
  bool dated = false;
};
// Rows say what the value of a field weighs. `both`: the fields whose level is not kMissing.
template <typename Row>
RivalWeight weight_of(const LinkModel& model, const Levels& levels, FieldSet both, const Row& a, const Row& b);
RivalWeight weight_of(const LinkModel& model, const Levels& levels, const ValueId* a, const ValueId* b);

// The pinned epoch `pinned`, made from `epoch`, for other records with the same fields: their values weigh what they
// weighed in the epoch. take_new_values() goes on where it stopped, after records were added.
void take_new_values(const LinkModel& pinned, const RecordTable& epoch, const RecordTable& records, LinkModel& model);
LinkModel model_for(const LinkModel& pinned, const RecordTable& epoch, const RecordTable& records);

// The chance of each level before anything is known of the records.
Chances usual_chances(FieldKind kind);
// The chance of each level in two members of a household. Of fields of the person it is that of strangers, but for
// fathers and sons of one name and for twins.
Chances household_chances(FieldKind kind, const Chances& strangers);

// A system that numbers calls has another reference for every call of a caller; one that numbers people has not.
inline bool is_another_of_system(const FieldModel& field, Level level) {
  return field.of_system && level == Level::kDifferent;
}

// Another reference that speaks less against one person than one to sixteen does not say who somebody is: where
// one record in sixteen is of somebody who has another reference, too, references are of cases as much as of people.
// So a system is taken for one that numbers people from 14 fully named records on, none of them of somebody who has
// another reference (1 / (14 + 2); consumers/linkage/system_references.h).
inline constexpr Weight kAnotherPerson = -4 * kBit;

inline Weight bar_of(const FieldModel& field, Level level, ValueWeights a, ValueWeights b) {
  if (is_another_of_system(field, level)) return std::min(a.rarity, b.rarity);
  const Weight rarity = level >= Level::kCrossed ? 0 : std::min(a.rarity, b.rarity);
  const Weight unlike = field.chance[static_cast<std::size_t>(level)] + rarity;
  return level == Level::kSame ? a.same : unlike;
}

// As if one of the two had no reference: what is kept of a call's number says nothing of its caller.
inline bool is_silent(const FieldModel& field, Level level, Weight bar) {
  return is_another_of_system(field, level) && bar == 0;
}

// What two records share of a household is no evidence that they are one of its members: it counts only beside a field
// of the person that both have. What they do not share counts against it all the same.
//
// Members of a household share names and dates of birth more often than strangers do, however rare those are.
inline Weight household_bar_of(const FieldModel& field, Level level, Weight bar) {
  if (is_another_of_system(field, level)) return bar;
  const Weight household = field.household[static_cast<std::size_t>(level)];
  return field.of_household ? household : std::min(household, bar);
}

template <typename Row>
RivalWeight weight_of(const LinkModel& model, const Levels& levels, FieldSet both, const Row& a, const Row& b) {
  std::int64_t chance = model.prior;
  std::int64_t household = model.household_prior;
  std::int64_t only_shared = model.household_prior;
  bool personal = false;
  bool against = false;
  bool dated = false;
  for (; both != 0; both &= both - 1) {
    const auto f = static_cast<std::size_t>(std::countr_zero(both));
    const Level level = levels[f];
    const FieldModel& field = model.fields[f];
    const Weight bar = bar_of(field, level, a.weights(f), b.weights(f));
    if (is_silent(field, level, bar)) continue;
    against |= level >= Level::kPart;
    dated |= field.of_birth && !(is_another_of_system(field, level) && bar > kAnotherPerson);
    personal |= field.of_person;
    const Weight household_bar = household_bar_of(field, level, bar);
    chance += bar;
    household += household_bar;
    only_shared += std::min(household_bar, Weight{0});
  }
  if (!personal) household = only_shared;
  if (!model.knows_households || household >= chance) return {chance, false, against, dated};
  return {household, true, against, dated};
}

}  // namespace moot
