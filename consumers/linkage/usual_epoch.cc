// The weights that hold until a partnership pins its own.
//
// Written down, not learnt: chances of agreeing by chance are those of a district of some 130,000 people (a birth date
// in 25,000, a postcode in 1,000), those of slips are the ones that linkage of British administrative data reports, and
// the prior is low: a name alone, however rare, links nobody; a name and one thing more does. The usual names are the
// ones most met among adults of England and Wales (Office for National Statistics), as shares of all.
#include <array>
#include <cmath>

#include "consumers/linkage/model_epoch.h"

namespace moot {
namespace {

struct UsualName {
  std::string_view name;
  double share;  // in 1,000
};

constexpr std::array kForenames = {
    UsualName{"david", 22},    UsualName{"john", 21},      UsualName{"michael", 16},     UsualName{"paul", 15},
    UsualName{"james", 14},    UsualName{"andrew", 13},    UsualName{"peter", 11},       UsualName{"mark", 11},
    UsualName{"robert", 11},   UsualName{"stephen", 10},   UsualName{"christopher", 10}, UsualName{"richard", 9},
    UsualName{"thomas", 9},    UsualName{"daniel", 9},     UsualName{"matthew", 8},      UsualName{"william", 8},
    UsualName{"ian", 7},       UsualName{"anthony", 7},    UsualName{"kevin", 6},        UsualName{"steven", 6},
    UsualName{"jack", 6},      UsualName{"joseph", 6},     UsualName{"mohammed", 6},     UsualName{"george", 6},
    UsualName{"simon", 6},     UsualName{"alan", 6},       UsualName{"gary", 6},         UsualName{"philip", 5},
    UsualName{"adam", 5},      UsualName{"ryan", 5},       UsualName{"lee", 5},          UsualName{"jason", 5},
    UsualName{"susan", 11},    UsualName{"sarah", 11},     UsualName{"margaret", 9},     UsualName{"karen", 7},
    UsualName{"emma", 8},      UsualName{"elizabeth", 8},  UsualName{"christine", 7},    UsualName{"patricia", 7},
    UsualName{"claire", 6},    UsualName{"helen", 6},      UsualName{"julie", 7},        UsualName{"jane", 6},
    UsualName{"mary", 7},      UsualName{"linda", 6},      UsualName{"nicola", 6},       UsualName{"rebecca", 6},
    UsualName{"laura", 6},     UsualName{"amanda", 5},     UsualName{"lisa", 6},         UsualName{"jennifer", 5},
    UsualName{"charlotte", 5}, UsualName{"rachel", 5},     UsualName{"victoria", 5},     UsualName{"hannah", 5},
    UsualName{"jessica", 5},   UsualName{"jacqueline", 5}, UsualName{"amy", 5},          UsualName{"gemma", 4},
};

constexpr std::array kSurnames = {
    UsualName{"smith", 12},      UsualName{"jones", 7.5},    UsualName{"taylor", 6},    UsualName{"brown", 5.6},
    UsualName{"williams", 4},    UsualName{"wilson", 3.9},   UsualName{"johnson", 3.7}, UsualName{"davies", 3.4},
    UsualName{"patel", 3.2},     UsualName{"robinson", 3.2}, UsualName{"wright", 3.2},  UsualName{"thompson", 3.1},
    UsualName{"evans", 3.1},     UsualName{"walker", 3},     UsualName{"white", 3},     UsualName{"roberts", 2.9},
    UsualName{"green", 2.9},     UsualName{"hall", 2.8},     UsualName{"khan", 2.8},    UsualName{"wood", 2.7},
    UsualName{"jackson", 2.6},   UsualName{"clarke", 2.6},   UsualName{"harris", 2.4},  UsualName{"clark", 2.4},
    UsualName{"lewis", 2.3},     UsualName{"turner", 2.3},   UsualName{"hill", 2.3},    UsualName{"cooper", 2.2},
    UsualName{"singh", 2.2},     UsualName{"ward", 2.2},     UsualName{"moore", 2.1},   UsualName{"hughes", 2.1},
    UsualName{"morris", 2},      UsualName{"edwards", 2},    UsualName{"king", 2},      UsualName{"harrison", 2},
    UsualName{"baker", 2},       UsualName{"morgan", 1.9},   UsualName{"allen", 1.9},   UsualName{"james", 1.9},
    UsualName{"scott", 1.9},     UsualName{"watson", 1.9},   UsualName{"davis", 1.8},   UsualName{"parker", 1.8},
    UsualName{"bennett", 1.8},   UsualName{"young", 1.8},    UsualName{"price", 1.7},   UsualName{"phillips", 1.7},
    UsualName{"ahmed", 1.7},     UsualName{"hussain", 1.7},  UsualName{"ali", 1.7},     UsualName{"martin", 1.7},
    UsualName{"mitchell", 1.7},  UsualName{"cook", 1.7},     UsualName{"bailey", 1.7},  UsualName{"carter", 1.7},
    UsualName{"griffiths", 1.6}, UsualName{"shaw", 1.6},     UsualName{"kelly", 1.6},   UsualName{"collins", 1.6},
    UsualName{"miller", 1.6},    UsualName{"cox", 1.5},      UsualName{"lee", 1.5},     UsualName{"begum", 1.5},
};

// Shares of a name that is none of these, in 1,000. Of a surname twice what it has in the country: families stay.
constexpr double kRareForename = 2.4;
constexpr double kRareSurname = .6;

struct UsualField {
  Chances m;  // by level: the same, alias, close, similar, part, crossed, another
  Chances u;
};

UsualField usual_field(FieldKind kind) {
  switch (kind) {
    case FieldKind::kGiven:
      return {{.83, .04, .06, .03, .02, .01, .02}, {.0031, .004, .004, .015, .03, .001, .943}};
    case FieldKind::kFamily:
      return {{.85, .001, .06, .02, .02, .01, .04}, {.0016, .0001, .002, .01, .006, .001, .979}};
    case FieldKind::kMiddle:
      return {{.75, .02, .05, .03, .10, .005, .05}, {.025, .005, .003, .01, .08, .002, .875}};
    case FieldKind::kBorn:
      return {{.865, .015, .06, .025, .02, .001, .01}, {4e-5, 2e-5, 9e-4, .012, .022, .001, .964}};
    case FieldKind::kSex:
      return {{.985, .001, .001, .001, .001, .001, .015}, {.5, .001, .001, .001, .001, .001, .5}};
    case FieldKind::kAddress:
      return {{.62, .03, .10, .05, .05, .01, .16}, {5e-4, 1e-4, .002, .012, .08, .001, .905}};
    case FieldKind::kProperty:
      return {{.80, .001, .001, .001, .001, .001, .20}, {5e-4, .001, .001, .001, .001, .001, .999}};
    case FieldKind::kPostcode:
      return {{.72, .001, .05, .03, .05, .001, .15}, {.001, .001, .004, .006, .08, .001, .909}};
    case FieldKind::kPhone:
      return {{.80, .001, .04, .01, .001, .001, .15}, {1e-4, .001, 1e-4, .001, .001, .001, .999}};
    case FieldKind::kMobile:
      return {{.80, .001, .04, .01, .001, .001, .15}, {5e-5, .001, 1e-4, .001, .001, .001, .999}};
    case FieldKind::kOwnReference:  // one in fifty is registered twice, where people are
      return {{.98, .001, .001, .001, .001, .001, .02}, {1e-5, .001, .001, .001, .001, .001, .999}};
    case FieldKind::kEmail:
      return {{.74, .001, .10, .03, .02, .001, .11}, {3e-5, .001, 2e-4, .004, .15, .001, .846}};
    default:
      return {usual_chances(kind), {.05, .01, .01, .01, .05, .01, .86}};
  }
}

// Bits: of two records met by chance. In the district of above it would be some -16; but a name alone, however rare,
// links nobody.
constexpr double kPrior = -19.5;
// Of two that share surname and place. Of a home's 2.4 people (2021 Census) one in three is known to somebody; beside
// one who is, about one more with the surname, since those at one home are known together; and each has several
// records. So two such records are of one person as often as not.
constexpr double kHouseholdPrior = 0;
constexpr double kBornFarApart = -14;  // bits more, in a household: whatever else agrees, a father and a son
constexpr std::uint32_t kCap = 64;

// Of two people of one household: a son may have his father's name.
Chances usual_household(FieldKind kind, const Chances& strangers) {
  Chances chances = household_chances(kind, strangers);
  const auto chance_of = [&](Level level) -> double& { return chances[static_cast<std::size_t>(level)]; };
  if (kind == FieldKind::kGiven) {
    chance_of(Level::kSame) = .012;
    chance_of(Level::kAlias) = .008;
    chance_of(Level::kSimilar) = .021;
    chance_of(Level::kCrossed) = .001;  // nobody is called by the family's name
  }
  return chances;
}

FieldModel usual_model_of(FieldKind kind) {
  const UsualField usual = usual_field(kind);
  FieldModel field = field_model(kind);
  field.m = usual.m;
  field.u = usual.u;
  const Chances household = usual_household(kind, usual.u);
  for (std::size_t level = 0; level + 1 < kLevels; ++level) {
    field.chance[level] = to_weight(std::log2(usual.m[level] / usual.u[level]));
    field.household[level] = to_weight(std::log2(usual.m[level] / household[level]));
  }
  Weight& different = field.household[static_cast<std::size_t>(Level::kDifferent)];
  if (kind == FieldKind::kBorn) different += to_weight(kBornFarApart);
  different = std::min(different, 0);  // that two are at different places speaks for neither
  if (field.of_system)                 // nobody has seen yet whether a system numbers people or calls
    field.chance[static_cast<std::size_t>(Level::kDifferent)] = different = 0;
  field.new_same = field.chance[0];
  return field;
}

// A name that is not among the usual ones is rarer than they are on average: `rare` is the share of all, in 1,000, that
// such a name has, seen from a record.
template <typename Names>
void take_names(const Names& names, std::size_t at, double rare, const Key& secret, ModelEpoch& epoch) {
  FieldModel& field = epoch.model.fields[at];
  field.new_same = to_weight(std::log2(field.m[0] / rare * 1000));
  const double usual = field.u[0] * 1000;
  for (const UsualName& name : names) {
    const double less = std::log2(name.share / usual);
    epoch.values[at][value_digest(secret, name.name)] = {field.chance[0] - to_weight(less), to_weight(-less)};
  }
}

BlockingKey key_of(std::initializer_list<std::pair<FieldKind, Part>> parts) {
  BlockingKey key;
  const auto fields = person_fields();
  for (const auto& [kind, part] : parts)
    for (std::size_t f = 0; f < fields.size(); ++f)
      if (fields[f].first == kind) key.parts.push_back({f, part});
  return key;
}

}  // namespace

ModelEpoch usual_epoch(const Key& secret) {
  ModelEpoch epoch;
  epoch.version = "usual";
  epoch.model.prior = to_weight(kPrior);
  epoch.model.household_prior = to_weight(kHouseholdPrior);
  epoch.model.knows_households = true;
  for (const auto& [kind, title] : person_fields()) epoch.model.fields.push_back(usual_model_of(kind));
  epoch.values.resize(kPersonFields);
  take_names(kForenames, 0, kRareForename, secret, epoch);
  take_names(kSurnames, 1, kRareSurname, secret, epoch);
  using enum FieldKind;
  epoch.plan.cap = kCap;
  epoch.plan.keys = {
      key_of({{kBorn, Part::kWhole}, {kFamily, Part::kSound}}),
      key_of({{kBorn, Part::kWhole}, {kGiven, Part::kBeginning}}),
      key_of({{kBorn, Part::kWhole}, {kPostcode, Part::kBeginning}}),
      key_of({{kGiven, Part::kWhole}, {kFamily, Part::kWhole}, {kPostcode, Part::kBeginning}}),
      key_of({{kGiven, Part::kWhole}, {kFamily, Part::kWhole}, {kBorn, Part::kYear}}),
      key_of({{kGiven, Part::kWhole}, {kFamily, Part::kWhole}, {kBorn, Part::kDayAndMonth}}),
      key_of({{kGiven, Part::kWhole}, {kFamily, Part::kWhole}}),
      key_of({{kGiven, Part::kSound}, {kFamily, Part::kSound}, {kBorn, Part::kYear}}),
      key_of({{kFamily, Part::kWhole}, {kBorn, Part::kDayAndMonth}}),
      key_of({{kFamily, Part::kSound}, {kPostcode, Part::kWhole}}),
      key_of({{kGiven, Part::kBeginning}, {kPostcode, Part::kWhole}}),
      key_of({{kGiven, Part::kBeginning}, {kFamily, Part::kBeginning}, {kPostcode, Part::kBeginning}}),
      key_of({{kGiven, Part::kBeginning}, {kAddress, Part::kWhole}}),
      key_of({{kFamily, Part::kBeginning}, {kAddress, Part::kWhole}}),
      key_of({{kGiven, Part::kBeginning}, {kProperty, Part::kWhole}}),
      key_of({{kBorn, Part::kWhole}}),
      key_of({{kPhone, Part::kWhole}}),
      key_of({{kPhone, Part::kWhole}, {kGiven, Part::kBeginning}}),
      key_of({{kMobile, Part::kWhole}}),
      key_of({{kMobile, Part::kWhole}, {kGiven, Part::kBeginning}}),
      key_of({{kEmail, Part::kWhole}}),
  };
  return epoch;
}

}  // namespace moot
