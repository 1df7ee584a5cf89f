#include "consumers/linkage/batch_linkage.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "consumers/linkage/in_buckets.h"
#include "consumers/linkage/in_parallel.h"

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
  InBuckets<Pair> inside(std::span<const Pair> pairs) const {
    std::vector<std::vector<Pair>> inside(1);
    for (const Pair& pair : pairs)
      if (root_[pair.a] == root_[pair.b]) inside[0].push_back(pair);
    InBuckets<Pair> sorted(std::move(inside), root_.size(), [&](const Pair& pair) { return root_[pair.a]; });
    for (RecordId component = 0; component < root_.size(); ++component)
      for (Pair& pair : sorted.bucket(component)) {
        pair.a = place_[pair.a];
        pair.b = place_[pair.b];
      }
    return sorted;
  }

 private:
  std::vector<RecordId> order_;
  std::vector<RecordId> root_;        // by record
  std::vector<std::uint32_t> place_;  // by record: inside its component
  std::vector<std::size_t> from_;     // by root: where its component begins
};

// What each thread compares with, made when it is first wanted: it remembers what it compared.
class Threads {
 public:
  struct Thread {
    ComponentClustering clustering;
    GatheredRecords gathered;
  };
  Threads(const RecordTable& records, const LinkModel& model, const LinkageRule& rule)
      : records_(records), model_(model), rule_(rule), of_thread_(linkage_threads()) {}
  Thread& of(std::size_t thread) {
    auto& found = of_thread_[thread];
    if (!found)
      found.reset(new Thread{ComponentClustering(records_, model_, rule_), GatheredRecords(records_, model_)});
    return *found;
  }

 private:
  const RecordTable& records_;
  const LinkModel& model_;
  const LinkageRule& rule_;
  std::vector<std::unique_ptr<Thread>> of_thread_;
};

std::vector<RecordId> cluster_pairs(const RecordTable& records, Threads& threads, std::span<const WeighedPair> pairs,
                                    std::span<const DecidedPair> decided, const LinkageRule& rule) {
  constexpr std::size_t kRecordsOfPart = 2'000;
  const Components components(records, pairs, decided, rule);
  const InBuckets<WeighedPair> pairs_inside = components.inside(pairs);
  const InBuckets<DecidedPair> decided_inside = components.inside(decided);
  std::vector<RecordId> cluster(records.size());
  std::iota(cluster.begin(), cluster.end(), RecordId{0});
  in_parallel((records.size() + kRecordsOfPart - 1) / kRecordsOfPart, [&](std::size_t part, std::size_t thread) {
    const std::size_t end = std::min(records.size(), (part + 1) * kRecordsOfPart);
    for (auto component = static_cast<RecordId>(part * kRecordsOfPart); component < end; ++component) {
      if (components.of(component) != component) continue;
      const std::span<const RecordId> members = components.members(component);
      if (members.size() < 2) continue;
      const std::vector<RecordId> firsts = threads.of(thread).clustering.cluster(
          members, pairs_inside.bucket(component), decided_inside.bucket(component));
      for (std::size_t i = 0; i < members.size(); ++i) cluster[members[i]] = firsts[i];
    }
  });
  return cluster;
}

// By their records.
std::vector<WeighedPair> weigh_candidates(const RecordTable& records, const CandidatePairs& candidates,
                                          Threads& threads, const LinkageRule& rule, std::uint64_t& looked_at) {
  std::vector<std::vector<WeighedPair>> found(candidates.parts());
  std::vector<std::uint64_t> looked_at_of(candidates.parts(), 0);
  in_parallel(candidates.parts(), [&](std::size_t part, std::size_t thread) {
    auto& [clustering, gathered] = threads.of(thread);
    candidates.for_each_batch(part, [&](const PairBatch& batch) {
      looked_at_of[part] += batch.pairs.size();
      gathered.gather(batch.records);
      for (const auto& [one, two] : batch.pairs) {
        const Agreement agreement = clustering.agreement(gathered.row(one), gathered.row(two));
        if (agreement.weight == rule.absent) continue;
        const auto [a, b] = std::minmax(batch.records[one], batch.records[two]);
        found[part].push_back({a, b, agreement.weight, agreement.dated});
      }
    });
  });
  looked_at = std::accumulate(looked_at_of.begin(), looked_at_of.end(), std::uint64_t{0});
  constexpr std::size_t kRecordsOfPart = 10'000;
  InBuckets<WeighedPair> by_first(std::move(found), records.size(), [](const WeighedPair& pair) { return pair.a; });
  in_parallel((records.size() + kRecordsOfPart - 1) / kRecordsOfPart, [&](std::size_t part, std::size_t) {
    for (std::size_t a = part * kRecordsOfPart; a < std::min(records.size(), (part + 1) * kRecordsOfPart); ++a) {
      const std::span<WeighedPair> of_a = by_first.bucket(a);
      std::sort(of_a.begin(), of_a.end(), [](const WeighedPair& x, const WeighedPair& y) { return x.b < y.b; });
    }
  });
  return std::move(by_first).take();
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
  Threads threads(records, model, rule);
  result.pairs = weigh_candidates(records, candidates, threads, rule, result.candidates);
  result.cluster = cluster_pairs(records, threads, result.pairs, decided, rule);
  result.recall = share_of_candidates(candidates, result.cluster);
  return result;
}

}  // namespace moot
