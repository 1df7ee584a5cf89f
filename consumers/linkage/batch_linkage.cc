#include "consumers/linkage/batch_linkage.h"

#include <algorithm>
#include <numeric>

namespace moot {
namespace {

class Joined {
 public:
  explicit Joined(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), RecordId{0}); }
  RecordId find(RecordId item) {
    while (parent_[item] != item) {
      parent_[item] = parent_[parent_[item]];
      item = parent_[item];
    }
    return item;
  }
  void join(RecordId a, RecordId b) { parent_[find(a)] = find(b); }

 private:
  std::vector<RecordId> parent_;
};

}  // namespace

CandidatePairs::CandidatePairs(const RecordTable& records, const BlockingPlan& plan) : keys_(plan.keys.size()) {
  const BlockingKeys keys(records, plan.keys);
  numbers_.assign(records.size() * keys_, 0);
  members_.resize(keys_);
  blocks_.resize(keys_);
  std::vector<std::pair<std::uint64_t, RecordId>> order;
  for (std::size_t key = 0; key < keys_; ++key) {
    order.clear();
    for (RecordId record = 0; record < records.size(); ++record)
      if (const std::uint64_t hash = keys.of(records.values(record), key); hash != 0) order.emplace_back(hash, record);
    std::sort(order.begin(), order.end());
    std::uint32_t number = 0;
    for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
      while (to < order.size() && order[to].first == order[from].first) ++to;
      const std::size_t size = to - from;
      largest_ = std::max<std::uint64_t>(largest_, size);
      if (size > plan.cap) ++left_out_;
      if (size < 2 || size > plan.cap) continue;
      ++number;
      const std::size_t begin = members_[key].size();
      for (std::size_t i = from; i < to; ++i) {
        members_[key].push_back(order[i].second);
        numbers_[order[i].second * keys_ + key] = number;
      }
      blocks_[key].emplace_back(begin, begin + size);
    }
  }
}

namespace {

// Records by component and then by key.
class Components {
 public:
  Components(const RecordTable& records, std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
             const LinkageRule& rule)
      : order_(records.size()), root_(records.size()), place_(records.size()), from_(records.size(), 0) {
    Joined joined(records.size());
    for (const WeighedPair& pair : pairs)
      if (pair.weight >= rule.join_at) joined.join(pair.a, pair.b);
    for (const DecidedPair& pair : decided)
      if (pair.linked) joined.join(pair.a, pair.b);
    std::iota(order_.begin(), order_.end(), RecordId{0});
    for (const RecordId record : order_) root_[record] = joined.find(record);
    std::sort(order_.begin(), order_.end(), [&](RecordId a, RecordId b) {
      return root_[a] != root_[b] ? root_[a] < root_[b] : records.before(a, b);
    });
    for (std::size_t i = 0, begin = 0; i < order_.size(); ++i) {
      if (i == 0 || root_[order_[i]] != root_[order_[i - 1]]) begin = i, from_[root_[order_[i]]] = i;
      place_[order_[i]] = static_cast<std::uint32_t>(i - begin);
    }
  }

  RecordId of(RecordId record) const { return root_[record]; }
  std::uint32_t place(RecordId record) const { return place_[record]; }
  std::span<const RecordId> members(RecordId component) const {
    std::size_t to = from_[component];
    while (to < order_.size() && root_[order_[to]] == component) ++to;
    return std::span(order_).subspan(from_[component], to - from_[component]);
  }
  // Those inside components, by component, told by the places of their records.
  template <typename Pair>
  std::vector<Pair> sorted(std::span<const Pair> pairs, std::vector<RecordId>& components) const {
    std::vector<Pair> inside;
    for (const Pair& pair : pairs)
      if (root_[pair.a] == root_[pair.b]) inside.push_back(pair);
    std::stable_sort(inside.begin(), inside.end(),
                     [&](const Pair& x, const Pair& y) { return root_[x.a] < root_[y.a]; });
    for (Pair& pair : inside) {
      components.push_back(root_[pair.a]);
      pair.a = place_[pair.a];
      pair.b = place_[pair.b];
    }
    return inside;
  }

 private:
  std::vector<RecordId> order_;
  std::vector<RecordId> root_;        // by record
  std::vector<std::uint32_t> place_;  // by record: inside its component
  std::vector<std::size_t> from_;     // by root: where its component begins
};

template <typename Pair>
std::span<const Pair> part_of_component(std::span<const Pair> pairs, const std::vector<RecordId>& components,
                                        RecordId component) {
  const auto [from, to] = std::equal_range(components.begin(), components.end(), component);
  return pairs.subspan(static_cast<std::size_t>(from - components.begin()), static_cast<std::size_t>(to - from));
}

std::vector<RecordId> cluster_pairs(const RecordTable& records, const LinkModel& model,
                                    std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                                    const LinkageRule& rule) {
  const Components components(records, pairs, decided, rule);
  std::vector<RecordId> of_pairs, of_decided;
  const std::vector<WeighedPair> sorted_pairs = components.sorted(pairs, of_pairs);
  const std::vector<DecidedPair> sorted_decided = components.sorted(decided, of_decided);
  std::vector<RecordId> cluster(records.size());
  std::iota(cluster.begin(), cluster.end(), RecordId{0});
  ComponentClustering clustering(records, model, rule);
  for (RecordId component = 0; component < records.size(); ++component) {
    if (components.of(component) != component) continue;
    const std::span<const RecordId> members = components.members(component);
    if (members.size() < 2) continue;
    const std::vector<RecordId> firsts =
        clustering.cluster(members, part_of_component<WeighedPair>(sorted_pairs, of_pairs, component),
                           part_of_component<DecidedPair>(sorted_decided, of_decided, component));
    for (std::size_t i = 0; i < members.size(); ++i) cluster[members[i]] = firsts[i];
  }
  return cluster;
}

constexpr std::size_t kCountedMembersMax = 300;  // of larger clusters pairs are not counted one by one

double share_of_candidates(const CandidatePairs& candidates, const std::vector<RecordId>& cluster) {
  std::vector<RecordId> order(cluster.size());
  std::iota(order.begin(), order.end(), RecordId{0});
  std::sort(order.begin(), order.end(),
            [&](RecordId a, RecordId b) { return cluster[a] != cluster[b] ? cluster[a] < cluster[b] : a < b; });
  double pairs = 0;
  double looked_at = 0;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
    while (to < order.size() && cluster[order[to]] == cluster[order[from]]) ++to;
    if (to - from > kCountedMembersMax) continue;
    for (std::size_t i = from + 1; i < to; ++i)
      for (std::size_t j = from; j < i; ++j) {
        pairs += 1;
        looked_at += candidates.are_candidates(order[i], order[j]) ? 1 : 0;
      }
  }
  return pairs == 0 ? 1 : looked_at / pairs;
}

}  // namespace

BatchLinkage link_all(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan,
                      const LinkageRule& rule, std::span<const DecidedPair> decided) {
  BatchLinkage result;
  const CandidatePairs candidates(records, plan);
  result.blocks_left_out = candidates.blocks_left_out();
  result.largest_block = candidates.largest_block();
  ComponentClustering clustering(records, model, rule);
  candidates.for_each([&](RecordId a, RecordId b) {
    ++result.candidates;
    const auto [weight, dated] = clustering.agreement(a, b);
    if (weight != rule.absent) result.pairs.push_back({std::min(a, b), std::max(a, b), weight, dated});
  });
  std::sort(result.pairs.begin(), result.pairs.end(),
            [](const WeighedPair& x, const WeighedPair& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
  result.cluster = cluster_pairs(records, model, result.pairs, decided, rule);
  result.recall = share_of_candidates(candidates, result.cluster);
  return result;
}

}  // namespace moot
