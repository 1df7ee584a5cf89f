#include "consumers/linkage/link_model.h"

#include <algorithm>
#include <cmath>

namespace moot {
namespace {

// The values of a record, as they stand in its table.
class RowOfValues {
 public:
  RowOfValues(const LinkModel& model, const ValueId* values) : model_(model), values_(values) {}
  ValueWeights weights(std::size_t field) const { return model_.fields[field].values[values_[field]]; }

 private:
  const LinkModel& model_;
  const ValueId* values_;
};

}  // namespace

FieldModel field_model(FieldKind kind) {
  FieldModel field;
  field.of_household = belongs_to_household(kind);
  field.of_person = tells_people_apart(kind);
  field.of_birth = kind == FieldKind::kBorn || kind == FieldKind::kOwnReference;
  field.of_system = kind == FieldKind::kOwnReference;
  return field;
}

Weight to_weight(double bits) { return static_cast<Weight>(std::lround(bits * kBit)); }

double probability_of(std::int64_t weight) { return 1 / (1 + std::exp2(-to_bits(weight))); }

RivalWeight weight_of(const LinkModel& model, const Levels& levels, const ValueId* a, const ValueId* b) {
  FieldSet both = 0;
  for (std::size_t f = 0; f < model.fields.size(); ++f) both |= FieldSet{levels[f] != Level::kMissing} << f;
  return weight_of(model, levels, both, RowOfValues(model, a), RowOfValues(model, b));
}

PairWeight weigh(const LinkModel& model, const Levels& levels, const ValueId* a, const ValueId* b) {
  const RowOfValues one(model, a);
  const RowOfValues two(model, b);
  PairWeight weight;
  weight.prior = weight.total = model.prior;
  std::int64_t household = model.household_prior;
  std::array<Weight, kFieldsMax> household_bars{};
  bool personal = false;
  for (std::size_t f = 0; f < model.fields.size(); ++f) {
    if (levels[f] == Level::kMissing) continue;
    weight.bars[f] = bar_of(model.fields[f], levels[f], one.weights(f), two.weights(f));
    if (is_silent(model.fields[f], levels[f], weight.bars[f])) continue;
    personal = personal || model.fields[f].of_person;
    household_bars[f] = household_bar_of(model.fields[f], levels[f], weight.bars[f]);
    weight.total += weight.bars[f];
  }
  for (Weight& bar : household_bars) household += bar = personal ? bar : std::min(bar, Weight{0});
  if (!model.knows_households || household >= weight.total) return weight;
  return PairWeight{household, model.household_prior, household_bars, true};
}

void take_new_values(const LinkModel& pinned, const RecordTable& epoch, const RecordTable& records, LinkModel& model) {
  for (std::size_t f = 0; f < model.fields.size(); ++f) {
    const ValueTable& table = records.table(static_cast<int>(f));
    const ValueTable& known = epoch.table(static_cast<int>(f));
    const FieldModel& from = pinned.fields[f];
    FieldModel& field = model.fields[f];
    while (field.values.size() < table.size()) {
      const ValueId old = known.find(table.text(static_cast<ValueId>(field.values.size())));
      field.values.push_back(old == 0 ? ValueWeights{from.new_same, from.new_rarity} : from.values[old]);
    }
  }
}

LinkModel model_for(const LinkModel& pinned, const RecordTable& epoch, const RecordTable& records) {
  LinkModel model = pinned;
  for (FieldModel& field : model.fields) field.values.clear();
  take_new_values(pinned, epoch, records, model);
  return model;
}

Chances usual_chances(FieldKind kind) {  // same, alias, close, similar, part, crossed, different, (missing)
  switch (kind) {
    case FieldKind::kGiven:
    case FieldKind::kFamily:
      return {.79, .03, .06, .03, .02, .01, .06, 0};
    case FieldKind::kMiddle:
      return {.70, .02, .05, .03, .10, .01, .09, 0};
    case FieldKind::kBorn:
      return {.84, .01, .06, .03, .02, .001, .039, 0};
    case FieldKind::kPostcode:
      return {.74, .001, .05, .03, .05, .001, .128, 0};
    case FieldKind::kAddress:
    case FieldKind::kTown:
      return {.64, .02, .10, .06, .05, .01, .12, 0};
    case FieldKind::kNumber:
      return {.80, .001, .08, .01, .001, .001, .107, 0};
    case FieldKind::kPhone:
      return {.74, .001, .04, .01, .001, .001, .207, 0};
    case FieldKind::kMobile:
      return {.79, .001, .05, .01, .001, .001, .147, 0};
    case FieldKind::kOwnReference:
      return {.95, .001, .001, .001, .001, .001, .045, 0};
    case FieldKind::kEmail:
      return {.72, .001, .10, .03, .02, .001, .128, 0};
    case FieldKind::kReference:
      return {.82, .001, .06, .02, .001, .001, .097, 0};
    case FieldKind::kSex:
      return {.96, .001, .001, .001, .001, .001, .035, 0};
    case FieldKind::kCode:
      return {.84, .01, .05, .01, .01, .001, .079, 0};
    case FieldKind::kProperty:
      return {.84, .001, .001, .001, .001, .001, .155, 0};
    case FieldKind::kText:
      return {.55, .02, .05, .05, .08, .01, .24, 0};
  }
  return {};
}

Chances household_chances(FieldKind kind, const Chances& strangers) {
  if (belongs_to_household(kind)) return {.85, .01, .04, .02, .03, .01, .04, 0};
  Chances chances = strangers;
  const auto at_least = [&](Level level, double chance) {
    double& one = chances[static_cast<std::size_t>(level)];
    one = std::max(one, chance);
  };
  const bool own = kind == FieldKind::kReference || kind == FieldKind::kOwnReference || kind == FieldKind::kEmail;
  at_least(Level::kSame, kind == FieldKind::kMobile ? .06 : own ? .002 : .02);  // a child is reached by its mother's
  for (const Level level : {Level::kAlias, Level::kClose, Level::kSimilar, Level::kPart})
    at_least(level, kind == FieldKind::kGiven || kind == FieldKind::kMiddle ? .01 : .005);
  at_least(Level::kCrossed, kind == FieldKind::kGiven ? .001 : .005);  // nobody is called by the family's name
  return chances;
}

}  // namespace moot
