#include <algorithm>
#include <numeric>

#include "consumers/linkage/blocking.h"
#include "consumers/linkage/in_parallel.h"

namespace moot {
namespace {

constexpr std::size_t kLookedAt = 30'000;   // records that the sizes of blocks are counted on
constexpr std::uint32_t kCap = 64;          // records in a block
constexpr double kGainMin = .0005;          // of the likely pairs: a key that finds fewer is not worth having
constexpr double kPairsForAMatchMax = 400;  // a key that looks at more for each likely pair it adds is too dear
constexpr double kCandidatesForARecordMax = 200;

// What it is worth to find a likely pair by one key more, after so many: a pair that agrees in little more is found by
// few, and stands for those that the sessions did not see at all.
constexpr double kWorth[] = {1, .5, .25, .12, 0};

struct Price {
  double pairs = 0;     // candidates, for the whole set
  bool enough = false;  // no block of likely pairs is over the cap: more parts would only find fewer
  bool chosen = false;
  std::vector<std::uint32_t> finds;  // likely pairs
};

std::vector<Part> parts_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::kGiven:
    case FieldKind::kFamily:
      return {Part::kWhole, Part::kSound, Part::kBeginning};
    case FieldKind::kBorn:
      return {Part::kWhole, Part::kYear, Part::kDayAndMonth};
    case FieldKind::kPostcode:
    case FieldKind::kAddress:
    case FieldKind::kTown:
    case FieldKind::kEmail:
      return {Part::kWhole, Part::kBeginning};
    case FieldKind::kPhone:
    case FieldKind::kMobile:
    case FieldKind::kReference:
      return {Part::kWhole, Part::kEnd};
    case FieldKind::kNumber:
    case FieldKind::kText:
    case FieldKind::kCode:
    case FieldKind::kProperty:
      return {Part::kWhole};
    default:
      return {};
  }
}

std::vector<BlockingKey> usual_keys(const RecordTable& records) {
  std::vector<BlockingKey> keys;
  for (std::size_t f = 0; f < records.fields().size() && keys.size() < kBlockingKeysMax; ++f) {
    const FieldKind kind = records.fields()[f].kind;
    if (kind != FieldKind::kSex && kind != FieldKind::kCode && kind != FieldKind::kNumber &&
        kind != FieldKind::kMiddle && kind != FieldKind::kOwnReference)
      keys.push_back({{{f, Part::kWhole}}});
  }
  return keys;
}

// By their number of parts.
std::vector<BlockingKey> possible_keys(const RecordTable& records) {
  std::vector<BlockingPart> parts;
  for (std::size_t f = 0; f < records.fields().size(); ++f)
    for (const Part part : parts_of(records.fields()[f].kind)) parts.push_back({f, part});
  std::vector<BlockingKey> keys;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].part == Part::kWhole) keys.push_back({{parts[i]}});
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      if (parts[j].field == parts[i].field) continue;
      keys.push_back({{parts[i], parts[j]}});
      for (std::size_t k = j + 1; k < parts.size(); ++k)
        if (parts[k].field != parts[j].field) keys.push_back({{parts[i], parts[j], parts[k]}});
    }
  }
  std::stable_sort(keys.begin(), keys.end(),
                   [](const BlockingKey& a, const BlockingKey& b) { return a.parts.size() < b.parts.size(); });
  return keys;
}

class Planning {
 public:
  Planning(const RecordTable& records, const Estimate& estimate)
      : records_(records), estimate_(estimate), possible_(possible_keys(records)), keys_(records, possible_) {
    looked_at_.resize(records.size());
    std::iota(looked_at_.begin(), looked_at_.end(), RecordId{0});
    std::sort(looked_at_.begin(), looked_at_.end(), [&](RecordId a, RecordId b) { return records.before(a, b); });
    looked_at_.resize(std::min(looked_at_.size(), kLookedAt));
    while (slots_ < looked_at_.size() * 8) slots_ *= 2;
    for (const LikelyPair& pair : estimate.likely) weight_ += pair.weight;
  }

  BlockingPlan plan() {
    price_all();
    BlockingPlan plan;
    plan.cap = kCap;
    std::vector<std::uint8_t> found(estimate_.likely.size(), 0);
    double pairs = 0;
    while (plan.keys.size() < kBlockingKeysMax) {
      const auto [best, gain] = best_key(found);
      if (best == possible_.size()) break;
      pairs += prices_[best].pairs;
      if (pairs > kCandidatesForARecordMax * static_cast<double>(records_.size()) && !plan.keys.empty()) break;
      prices_[best].chosen = true;
      for (const std::uint32_t i : prices_[best].finds) ++found[i];
      plan.keys.push_back(possible_[best]);
      plan.keys.back().gain = gain / weight_;
    }
    // Too few records to learn from: whatever tells people apart by itself, and names.
    if (plan.keys.empty()) plan.keys = usual_keys(records_);
    for (std::size_t i = 0; i < found.size(); ++i)
      if (found[i] > 0) plan.recall += estimate_.likely[i].weight / weight_;
    return plan;
  }

 private:
  // Whether a key is needed depends on those of fewer parts.
  void price_all() {
    prices_.resize(possible_.size());
    std::vector<std::vector<std::uint32_t>> sizes(linkage_threads(), std::vector<std::uint32_t>(slots_));
    for (std::size_t from = 0, to = 0; from < possible_.size(); from = to) {
      while (to < possible_.size() && possible_[to].parts.size() == possible_[from].parts.size()) ++to;
      in_parallel(to - from, [&](std::size_t part, std::size_t thread) {
        if (is_needed(from + part)) prices_[from + part] = price(from + part, sizes[thread]);
      });
    }
  }

  // Keys come by their number of parts.
  bool is_needed(std::size_t key) const {
    const std::vector<BlockingPart>& parts = possible_[key].parts;
    for (std::size_t other = 0; other < key && possible_[other].parts.size() < parts.size(); ++other)
      if (prices_[other].enough &&
          std::all_of(possible_[other].parts.begin(), possible_[other].parts.end(), [&](const BlockingPart& part) {
            return std::find(parts.begin(), parts.end(), part) != parts.end();
          }))
        return false;
    return true;
  }

  Price price(std::size_t key, std::vector<std::uint32_t>& sizes) const {
    const std::size_t mask = sizes.size() - 1;
    std::fill(sizes.begin(), sizes.end(), 0);
    for (const RecordId record : looked_at_)
      if (const std::uint64_t hash = keys_.of(records_.values(record), key); hash != 0) ++sizes[hash >> 20 & mask];
    const double scale =
        static_cast<double>(records_.size()) / static_cast<double>(std::max<std::size_t>(looked_at_.size(), 1));
    Price price;
    for (const std::uint32_t size : sizes)
      if (size >= 2 && size * scale <= kCap) price.pairs += scale * scale * size * (size - 1) / 2;
    std::size_t agree = 0;
    for (std::uint32_t i = 0; i < estimate_.likely.size(); ++i) {
      const std::uint64_t a = keys_.of(records_.values(estimate_.likely[i].a), key);
      if (a == 0 || a != keys_.of(records_.values(estimate_.likely[i].b), key)) continue;
      ++agree;
      if (sizes[a >> 20 & mask] * scale <= kCap) price.finds.push_back(i);
    }
    price.enough = price.finds.size() * 100 >= agree * 98 && price.pairs <= 4.0 * static_cast<double>(records_.size());
    return price;
  }

  std::pair<std::size_t, double> best_key(const std::vector<std::uint8_t>& found) const {
    std::size_t best = possible_.size();
    double best_gain = 0;
    double best_worth = 0;
    const double matches = std::max(estimate_.model.matches, 1.0);
    for (std::size_t key = 0; key < possible_.size(); ++key) {
      if (prices_[key].chosen) continue;
      double gain = 0;
      for (const std::uint32_t i : prices_[key].finds)
        gain += estimate_.likely[i].weight * kWorth[std::min<std::size_t>(found[i], 4)];
      if (gain < kGainMin * weight_) continue;
      if (prices_[key].pairs > kPairsForAMatchMax * gain / weight_ * matches) continue;
      const double worth = gain / (prices_[key].pairs + static_cast<double>(records_.size()) / 4);
      if (worth > best_worth) best = key, best_worth = worth, best_gain = gain;
    }
    return {best, best_gain};
  }

  const RecordTable& records_;
  const Estimate& estimate_;
  std::vector<BlockingKey> possible_;
  BlockingKeys keys_;
  std::vector<RecordId> looked_at_;
  std::size_t slots_ = 1024;  // that blocks are counted in
  std::vector<Price> prices_;
  double weight_ = 0;
};

}  // namespace

BlockingPlan plan_blocking(const RecordTable& records, const Estimate& estimate) {
  return Planning(records, estimate).plan();
}

}  // namespace moot
