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

// Some records, part by part: hundreds of keys are taken of all of them, one after the other. What of() says is what
// BlockingKeys::of() does, but for the numbers of all other records.
class RecordsInParts {
 public:
  RecordsInParts(const RecordTable& records, const std::vector<BlockingKey>& keys, std::span<const RecordId> some) {
    std::vector<BlockingPart> parts;
    for (const BlockingKey& key : keys) {
      std::vector<std::size_t>& places = places_.emplace_back();
      for (const BlockingPart& part : key.parts) {
        const auto known = std::find(parts.begin(), parts.end(), part);
        places.push_back(static_cast<std::size_t>(known - parts.begin()));
        if (known == parts.end()) parts.push_back(part);
      }
    }
    numbers_.resize(parts.size());
    in_parallel(parts.size(), [&](std::size_t at, std::size_t) {
      const auto& [field, part] = parts[at];
      for (const RecordId record : some)
        numbers_[at].push_back(part_of(records.table(static_cast<int>(field)), records.values(record)[field], part));
    });
  }

  std::uint64_t of(std::size_t place, std::size_t key) const {
    std::uint64_t sum = 0;
    bool lacks = false;
    for (const std::size_t at : places_[key]) {
      const std::uint64_t part = numbers_[at][place];
      lacks |= part == 0;
      sum += part;
    }
    return lacks ? 0 : mixed(sum) | 1;
  }

 private:
  std::vector<std::vector<std::size_t>> places_;     // by key: its parts
  std::vector<std::vector<std::uint64_t>> numbers_;  // by part, by place; 0 = the record lacks it
};

// By their keys the first, so that they are the same in any order.
std::vector<RecordId> some_records(const RecordTable& records) {
  std::vector<RecordId> some(records.size());
  std::iota(some.begin(), some.end(), RecordId{0});
  const auto before = [&](RecordId a, RecordId b) { return records.before(a, b); };
  if (some.size() > kLookedAt) {
    std::nth_element(some.begin(), some.begin() + kLookedAt, some.end(), before);
    some.resize(kLookedAt);
  }
  return some;
}

template <typename End>
std::vector<RecordId> ends_of(const std::vector<LikelyPair>& pairs, End end) {
  std::vector<RecordId> ends;
  for (const LikelyPair& pair : pairs) ends.push_back(pair.*end);
  return ends;
}

class Planning {
 public:
  Planning(const RecordTable& records, const Estimate& estimate)
      : records_(records),
        estimate_(estimate),
        possible_(possible_keys(records)),
        looked_at_(std::min(records.size(), kLookedAt)),
        some_(records, possible_, some_records(records)),
        likely_a_(records, possible_, ends_of(estimate.likely, &LikelyPair::a)),
        likely_b_(records, possible_, ends_of(estimate.likely, &LikelyPair::b)) {
    while (slots_ < looked_at_ * 8) slots_ *= 2;
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
    for (std::size_t i = 0; i < looked_at_; ++i)
      if (const std::uint64_t hash = some_.of(i, key); hash != 0) ++sizes[hash >> 20 & mask];
    const double scale =
        static_cast<double>(records_.size()) / static_cast<double>(std::max<std::size_t>(looked_at_, 1));
    Price price;
    for (const std::uint32_t size : sizes)
      if (size >= 2 && size * scale <= kCap) price.pairs += scale * scale * size * (size - 1) / 2;
    std::size_t agree = 0;
    for (std::uint32_t i = 0; i < estimate_.likely.size(); ++i) {
      const std::uint64_t a = likely_a_.of(i, key);
      if (a == 0 || a != likely_b_.of(i, key)) continue;
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
  const std::size_t looked_at_;
  const RecordsInParts some_;
  const RecordsInParts likely_a_;
  const RecordsInParts likely_b_;
  std::size_t slots_ = 1024;  // that blocks are counted in
  std::vector<Price> prices_;
  double weight_ = 0;
};

}  // namespace

BlockingPlan plan_blocking(const RecordTable& records, const Estimate& estimate) {
  return Planning(records, estimate).plan();
}

}  // namespace moot
