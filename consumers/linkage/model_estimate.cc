#include "consumers/linkage/model_estimate.h"

#include <algorithm>
#include <cmath>

#include "consumers/linkage/in_parallel.h"
#include "consumers/linkage/pair_sample.h"
#include "consumers/linkage/system_references.h"
#include "consumers/linkage/value_counts.h"

namespace moot {
namespace {

constexpr std::size_t kRandomPairs = 100'000;
constexpr std::size_t kSessionPairs = 60'000;
constexpr std::size_t kBlockMax = 100;       // of a session: values more usual than that tell little
constexpr std::size_t kLikelyPairs = 1'500;  // of a session
constexpr int kRounds = 3;
constexpr double kLikely = .9;
constexpr double kRarityMax = 6;  // bits
constexpr int kHouseholdRounds = 20;
// Of pairs with one surname at one place, at least so many must look like two people for the records to hold
// households; where fewer do, what disagrees is taken for slips.
constexpr double kHouseholdsMin = .02;
// Bits more against pairs of a household that differ in their forename. Twins have everything else in common, and the
// estimate cannot tell them from one person under two names: one of two people is taken to be eight times worse than
// two of one.
constexpr double kOtherForename = -3;

constexpr auto kSameAt = static_cast<std::size_t>(Level::kSame);
constexpr auto kDifferentAt = static_cast<std::size_t>(Level::kDifferent);
constexpr auto kMissingAt = static_cast<std::size_t>(Level::kMissing);

bool is_held_out(const PairSample& session, std::size_t field) {
  return std::find(session.held_out.begin(), session.held_out.end(), field) != session.held_out.end();
}

// What one session found of a field, and how much there was to find it by.
struct Found {
  Chances chances{};
  double weight = 0;
};

// The weighted mean; unchanged where there is nothing.
void take_means(const std::vector<Found>& found, Chances& chances) {
  double all = 0;
  Chances sum{};
  for (const Found& one : found) {
    all += one.weight;
    for (std::size_t level = 0; level < kMissingAt; ++level) sum[level] += one.weight * one.chances[level];
  }
  for (std::size_t level = 0; all > 0 && level < kMissingAt; ++level) chances[level] = sum[level] / all;
}

// Of each level the weighted median: a session in which neighbours passed for one person does not count. Nothing was
// found: unchanged.
void take_medians(std::vector<Found> found, Chances& chances) {
  double all = 0;
  for (const Found& one : found) all += one.weight;
  if (all == 0) return;
  double sum = 0;
  for (std::size_t level = 0; level < kMissingAt; ++level) {
    std::sort(found.begin(), found.end(),
              [&](const Found& a, const Found& b) { return a.chances[level] < b.chances[level]; });
    double below = 0;
    for (const Found& one : found) {
      below += one.weight;
      chances[level] = one.chances[level];
      if (below * 2 >= all) break;
    }
    sum += chances[level];
  }
  for (std::size_t level = 0; level < kMissingAt; ++level) chances[level] /= sum;
}

class Estimation {
 public:
  explicit Estimation(const RecordTable& records)
      : records_(records), order_(in_order(records)), levels_(records), fields_(records.fields().size()) {
    counts_.resize(fields_);
    in_parallel(fields_, [&](std::size_t f, std::size_t) { counts_[f] = count_values(records, f); });
    for (std::size_t f = 0; f < fields_; ++f) {
      usual_.push_back(usual_chances(records.fields()[f].kind));
      shared_.push_back(belongs_to_household(records.fields()[f].kind));
    }
    m_ = usual_;
  }

  Estimate run() {
    look_at_random();
    look_for_households();
    open_sessions();
    match_share_ = 1e-4;
    for (int round = 0; round < kRounds; ++round) {
      take_matches_out();
      learn();
    }
    Estimate estimate;
    estimate.model = weights();
    weigh_households(estimate.model);
    if (const std::size_t given = field_of(FieldKind::kGiven); has_households_ && given != fields_)
      estimate.model.fields[given].household[kDifferentAt] += to_weight(kOtherForename);
    estimate.likely = likely_pairs();
    return estimate;
  }

 private:
  double all_pairs() const {
    const auto size = static_cast<double>(records_.size());
    return std::max(1.0, size * (size - 1) / 2);
  }
  double supplied(std::size_t field) const {
    return static_cast<double>(counts_[field].supplied) /
           static_cast<double>(std::max<std::size_t>(records_.size(), 1));
  }

  void look_at_random() {
    const PairSample random = sample_at_random(records_, order_, levels_, kRandomPairs);
    met_.assign(fields_, Chances{});
    for (const PatternCount& pattern : count_patterns(random))
      for (std::size_t f = 0; f < fields_; ++f)
        met_[f][static_cast<std::size_t>(level_in(pattern.pattern, f))] += pattern.count;
    for (std::size_t f = 0; f < fields_; ++f) {
      double sum = 0;
      for (std::size_t level = 0; level < kMissingAt; ++level) sum += met_[f][level];
      for (std::size_t level = 0; level < kMissingAt; ++level)
        met_[f][level] = std::max(met_[f][level], .5) / std::max(sum, 1.0);
      met_[f][kSameAt] = std::max(counts_[f].same_chance(), 1e-9);
    }
  }

  void open_sessions() {
    std::vector<PairSample> sessions(fields_);
    in_parallel(fields_, [&](std::size_t f, std::size_t) {
      const FieldKind kind = records_.fields()[f].kind;
      if (kind == FieldKind::kSex || kind == FieldKind::kCode || kind == FieldKind::kNumber ||
          kind == FieldKind::kMiddle || met_[f][kSameAt] > .05)
        return;
      const std::size_t column[] = {f};
      PairLevels levels(records_);
      sessions[f] = sample_pairs(records_, order_, levels, column, kBlockMax, kSessionPairs);
    });
    for (PairSample& session : sessions)
      if (session.pairs.size() >= 20) samples_.push_back(std::move(session));
  }

  Kinship kinship() const { return {m_, has_households_ ? h_ : std::vector<Chances>(), u_}; }

  std::size_t field_of(FieldKind kind) const {
    for (std::size_t f = 0; f < fields_; ++f)
      if (records_.fields()[f].kind == kind) return f;
    return fields_;
  }
  bool has(FieldKind kind) const { return field_of(kind) != fields_; }

  // Households can be told where records have what a household shares and what it does not.
  void look_for_households() {
    has_households_ = has(FieldKind::kFamily) &&
                      (has(FieldKind::kAddress) || has(FieldKind::kPostcode) || has(FieldKind::kPhone)) &&
                      (has(FieldKind::kGiven) || has(FieldKind::kBorn));
    for (std::size_t f = 0; f < fields_; ++f) h_.push_back(household_chances(records_.fields()[f].kind, met_[f]));
    usual_household_ = h_;
  }

  // Random pairs hold some of one person; what those add to the chances of agreeing is taken out.
  void take_matches_out() {
    u_ = met_;
    for (std::size_t f = 0; f < fields_; ++f)
      for (std::size_t level = 0; level < kMissingAt; ++level) {
        const double met = met_[f][level];
        u_[f][level] = std::max(met - match_share_ * m_[f][level], met * .1) / (1 - match_share_);
      }
  }

  void learn() {
    std::vector<std::vector<Found>> persons(fields_);
    std::vector<std::vector<Found>> households(fields_);
    std::vector<double> shares;  // estimates of match_share_
    shares_.clear();
    std::vector<Maximised> maximised(samples_.size());
    in_parallel(samples_.size(), [&](std::size_t s, std::size_t) {
      maximised[s] = maximise(samples_[s], kinship(), {usual_, usual_household_, shared_});
    });
    for (std::size_t s = 0; s < samples_.size(); ++s) {
      const PairSample& session = samples_[s];
      const Maximised& found = maximised[s];
      shares_.push_back(found.shares);
      const auto pairs = static_cast<double>(session.pairs.size());
      for (std::size_t f = 0; f < fields_; ++f) {
        if (is_held_out(session, f)) continue;
        persons[f].push_back({found.kinship.one_person[f], std::sqrt(pairs * found.shares.one_person)});
        if (has_households_)
          households[f].push_back({found.kinship.one_household[f], std::sqrt(pairs * found.shares.one_household)});
      }
    }
    for (std::size_t f = 0; f < fields_; ++f) {
      take_medians(std::move(persons[f]), m_[f]);
      if (has_households_) take_means(households[f], h_[f]);
    }
    for (std::size_t s = 0; s < samples_.size(); ++s) {
      const std::size_t f = samples_[s].held_out[0];
      if (records_.fields()[f].kind == FieldKind::kOwnReference) continue;  // who has one may still not be compared
      const double matches =
          shares_[s].one_person * static_cast<double>(samples_[s].pairs.size()) * samples_[s].stands_for;
      const double seen = m_[f][kSameAt] * supplied(f) * supplied(f) * std::max(samples_[s].reach, .05);
      shares.push_back(matches / std::max(seen, .01) / all_pairs());
    }
    std::sort(shares.begin(), shares.end());
    const double least = .1 / all_pairs();
    match_share_ = shares.empty() ? 1e-4 : std::clamp(shares[shares.size() / 2], least, .2);
  }

  LinkModel weights() const {
    LinkModel model;
    model.matches = match_share_ * all_pairs();
    model.prior = to_weight(std::log2(match_share_ / (1 - match_share_)));
    for (std::size_t f = 0; f < fields_; ++f) {
      FieldModel field = field_model(records_.fields()[f].kind);
      field.m = m_[f];
      field.u = u_[f];
      field.supplied = supplied(f);
      for (std::size_t level = 0; level < kMissingAt; ++level)
        field.chance[level] = to_weight(std::log2(std::max(m_[f][level], 1e-6) / std::max(u_[f][level], 1e-9)));
      weigh_values(f, field);
      if (field.of_system) weigh_references(f, field);
      model.fields.push_back(std::move(field));
    }
    return model;
  }

  void weigh_values(std::size_t f, FieldModel& field) const {
    const ValueCounts& counts = counts_[f];
    const auto all = static_cast<double>(std::max<std::uint64_t>(counts.supplied, 1));
    double usual = 0;  // how usual the value of a record is, as the mean of the logarithm
    for (std::size_t value = 1; value < counts.near.size(); ++value)
      if (counts.exact[value] > 0) usual += counts.exact[value] / all * std::log2(counts.near[value] / all);
    field.new_same = to_weight(std::log2(field.m[kSameAt] * all));
    field.new_rarity = to_weight(std::clamp(usual + std::log2(all), -kRarityMax, kRarityMax));
    field.values.assign(counts.exact.size(), {field.new_same, field.new_rarity});
    for (std::size_t value = 1; value < counts.exact.size(); ++value) {
      if (counts.exact[value] == 0) continue;
      field.values[value].same = to_weight(std::log2(field.m[kSameAt] / (counts.exact[value] / all)));
      field.values[value].rarity =
          to_weight(std::clamp(usual - std::log2(counts.near[value] / all), -kRarityMax, kRarityMax));
    }
  }

  // By the system that gave them.
  void weigh_references(std::size_t f, FieldModel& field) const {
    field.chance[kDifferentAt] = field.new_rarity = 0;  // of a system that there is too little of
    const auto of_system = weights_of_another_reference(records_, f);
    const ValueTable& table = records_.table(static_cast<int>(f));
    for (ValueId value = 1; value < field.values.size(); ++value) {
      const auto known = of_system.find(system_of_reference(table.text(value)));
      field.values[value].rarity = known == of_system.end() ? field.new_rarity : known->second;
    }
  }

  // Pairs that agree in surname and in address, postcode or phone are of one person or of one household: what share is
  // what, the fields of the person alone tell. Where the records have no such fields there is nothing to weigh. The
  // share holds of pairs that were chosen for agreeing in what a household shares, so what that weighs is taken out of
  // the prior: it would count twice.
  void weigh_households(LinkModel& model) {
    if (!has_households_) return;
    const std::size_t family = field_of(FieldKind::kFamily);
    for (std::size_t f = 0; f < fields_; ++f) {
      FieldModel& field = model.fields[f];
      for (std::size_t level = 0; level < kMissingAt; ++level)
        field.household[level] = to_weight(std::log2(std::max(m_[f][level], 1e-6) / std::max(h_[f][level], 1e-6)));
    }
    double pairs = 0;
    double persons = 0;
    double shared = 0;
    for (const FieldKind kind : {FieldKind::kAddress, FieldKind::kPostcode, FieldKind::kPhone}) {
      const std::size_t place = field_of(kind);
      if (place == fields_) continue;
      const std::size_t columns[] = {family, place};
      const PairSample session = sample_pairs(records_, order_, levels_, columns, kBlockMax, kSessionPairs);
      const auto [of_one, all, weight] = persons_among(session, model);
      persons += of_one;
      pairs += all;
      shared += weight;
    }
    if (pairs == 0) return;
    const double share = persons / pairs;
    model.knows_households = 1 - share >= kHouseholdsMin;
    model.household_prior =
        to_weight(std::clamp(std::log2(share / (1 - share + 1e-6)), -2.0, 6.0) - std::max(shared / pairs, 0.0));
  }

  struct Persons {
    double of_one = .5;
    double all = 1;
    double shared = 0;  // bits that the fields of the household weigh, over all
  };

  // What a pattern tells of a field. It does not tell whose system it is that gave two references, so that two are may
  // be two calls of one person.
  Level told(std::uint64_t pattern, std::size_t field, const LinkModel& model) const {
    const Level level = level_in(pattern, field);
    return is_another_of_system(model.fields[field], level) ? Level::kMissing : level;
  }

  // How many pairs of the session are one person, and how many there are. Those of which no field of the person is
  // known say nothing, and those that differ in what a household shares are of none. Where there are few, as many are
  // taken to be of one person as of two.
  Persons persons_among(const PairSample& session, const LinkModel& model) const {
    std::vector<PatternCount> patterns = count_patterns(session);
    std::erase_if(patterns, [&](const PatternCount& pattern) {
      bool says_nothing = true;
      for (std::size_t f = 0; f < fields_; ++f) {
        const Level level = told(pattern.pattern, f, model);
        if (level == Level::kDifferent && model.fields[f].of_household) return true;
        says_nothing = says_nothing && (level == Level::kMissing || model.fields[f].of_household);
      }
      return says_nothing;
    });
    Persons found;
    for (int round = 0; round < kHouseholdRounds; ++round) {
      const double before = std::log2(found.of_one / (found.all - found.of_one));
      found = {};
      for (const PatternCount& pattern : patterns) {
        double evidence = before;
        for (std::size_t f = 0; f < fields_; ++f) {
          const Level level = told(pattern.pattern, f, model);
          if (level == Level::kMissing) continue;
          const double bar = to_bits(model.fields[f].household[static_cast<std::size_t>(level)]);
          if (model.fields[f].of_household)
            found.shared += pattern.count * bar;
          else
            evidence += bar;
        }
        found.of_one += pattern.count / (1 + std::exp2(-evidence));
        found.all += pattern.count;
      }
    }
    return found;
  }

  std::vector<LikelyPair> likely_pairs() const {
    std::vector<LikelyPair> likely;
    for (std::size_t s = 0; s < samples_.size(); ++s) {
      const PairSample& session = samples_[s];
      const KinshipOfPatterns found_kinship(kinship(), shares_[s], session.held_out);
      std::vector<LikelyPair> found;
      for (const SampledPair& pair : session.pairs) {
        if (found_kinship.of(pair.pattern).one_person < kLikely) continue;
        double doors = 0;  // sessions that the pair could have been found in
        for (const PairSample& other : samples_)
          if (level_in(pair.pattern, other.held_out[0]) == Level::kSame) doors += 1;
        found.push_back({pair.a, pair.b, session.stands_for / std::max(doors, 1.0)});
      }
      const std::size_t stride = std::max<std::size_t>(1, found.size() / kLikelyPairs);
      for (std::size_t i = 0; i < found.size(); i += stride) {
        found[i].weight *= static_cast<double>(stride);
        likely.push_back(found[i]);
      }
    }
    return likely;
  }

  const RecordTable& records_;
  const std::vector<RecordId> order_;  // by their keys
  PairLevels levels_;
  const std::size_t fields_;
  std::vector<ValueCounts> counts_;
  std::vector<Chances> usual_, usual_household_, met_, m_, h_, u_;
  std::vector<bool> shared_;  // belongs_to_household(), by field
  bool has_households_ = false;
  std::vector<PairSample> samples_;
  std::vector<Shares> shares_;  // in each session
  double match_share_ = 0;      // of all pairs
};

}  // namespace

Estimate estimate_model(const RecordTable& records) { return Estimation(records).run(); }

}  // namespace moot
