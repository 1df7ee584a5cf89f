#include "consumers/linkage/live_linkage.h"

#include <algorithm>

#include "broker/core/status.h"

namespace moot {
namespace {

std::vector<std::pair<FieldKind, std::string>> fields_of(const RecordTable& records) {
  std::vector<std::pair<FieldKind, std::string>> fields;
  for (const Field& field : records.fields()) fields.emplace_back(field.kind, field.title);
  return fields;
}

template <typename List>
void drop(List& list, RecordId record) {
  const auto place = std::find(list.begin(), list.end(), record);
  if (place == list.end()) return;
  *place = list.back();
  list.pop_back();
}

}  // namespace

LiveLinkage::LiveLinkage(const RecordTable& epoch, const LinkModel& pinned, BlockingPlan plan, const LinkageRule& rule)
    : take_new_values_([&epoch, &pinned](const RecordTable& records, LinkModel& model) {
        take_new_values(pinned, epoch, records, model);
      }),
      plan_(std::move(plan)),
      rule_(rule),
      records_(fields_of(epoch)),
      model_(model_for(pinned, epoch, records_)),
      keys_(records_, plan_.keys),
      clustering_(records_, model_, rule) {}

LiveLinkage::LiveLinkage(RecordTable records, LinkModel model, TakeNewValues take_new_values, BlockingPlan plan,
                         const LinkageRule& rule, const BatchLinkage& linkage, std::span<const DecidedPair> decided)
    : take_new_values_(std::move(take_new_values)),
      plan_(std::move(plan)),
      rule_(rule),
      records_(std::move(records)),
      model_(std::move(model)),
      keys_(records_, plan_.keys),
      clustering_(records_, model_, rule),
      block_of_(records_.size() * plan_.keys.size(), kNoBlock),
      edges_(records_.size()),
      cluster_(linkage.cluster) {
  places_.reserve(records_.size());
  for (RecordId record = 0; record < records_.size(); ++record) {
    MOOT_CHECK(places_.emplace(records_.key(record), record).second);
    put_into_blocks(record);
  }
  std::vector<std::uint32_t> counts(records_.size(), 0);
  for (const WeighedPair& pair : linkage.pairs) ++counts[pair.a], ++counts[pair.b];
  for (RecordId record = 0; record < records_.size(); ++record) edges_[record].reserve(counts[record]);
  for (const WeighedPair& pair : linkage.pairs) {
    edges_[pair.a].push_back({pair.b, pair.weight, pair.dated});
    edges_[pair.b].push_back({pair.a, pair.weight, pair.dated});
  }
  for (const DecidedPair& pair : decided) note(records_.key(pair.a), records_.key(pair.b), pair.linked);
}

// As one more of each, whether or not the block is over its cap.
void LiveLinkage::put_into_blocks(RecordId record) {
  for (std::size_t k = 0; k < plan_.keys.size(); ++k) {
    const std::uint64_t digest = keys_.of(records_.values(record), k);
    if (digest == 0) continue;
    const std::uint32_t block = block_for(k, digest);
    block_of_[record * plan_.keys.size() + k] = block;
    blocks_[block].members.push_back(record);
  }
}

void LiveLinkage::insert(const std::string& key, std::span<const std::string> values) {
  withdraw(key);
  const RecordId record = records_.add(key, values);
  keys_.take_new_values();
  take_new_values_(records_, model_);
  places_[key] = record;
  edges_.emplace_back();
  cluster_.push_back(record);
  std::vector<RecordId> touched = {record};
  const std::size_t row = block_of_.size();
  block_of_.resize(row + plan_.keys.size(), kNoBlock);
  put_into_blocks(record);
  for (std::size_t k = 0; k < plan_.keys.size(); ++k)
    if (const std::uint32_t block = block_of_[row + k];
        block != kNoBlock && blocks_[block].members.size() == plan_.cap + 1)
      leave_out(blocks_[block], touched);
  std::vector<RecordId> met;
  for (std::size_t k = 0; k < plan_.keys.size(); ++k)
    if (looked_at(block_of_[row + k]))
      for (const RecordId other : blocks_[block_of_[row + k]].members)
        if (other != record) met.push_back(other);
  std::sort(met.begin(), met.end());
  met.erase(std::unique(met.begin(), met.end()), met.end());
  for (const RecordId other : met) add_edge(record, other);
  cluster_again(touched);
}

void LiveLinkage::withdraw(const std::string& key) {
  const auto place = places_.find(key);
  if (place == places_.end()) return;
  const RecordId record = place->second;
  std::vector<RecordId> touched;
  for (const Edge& edge : edges_[record]) touched.push_back(edge.to);
  for (const auto& [other, linked] : decided_of(record)) touched.push_back(other);
  places_.erase(place);
  while (!edges_[record].empty()) drop_edge(record, edges_[record].back().to);
  std::vector<Edge>().swap(edges_[record]);
  for (std::size_t k = 0; k < plan_.keys.size(); ++k) {
    std::uint32_t& number = block_of_[record * plan_.keys.size() + k];
    if (number == kNoBlock) continue;
    Block& block = blocks_[number];
    number = kNoBlock;
    drop(block.members, record);
    if (block.members.size() == plan_.cap) take_in(block, touched);
  }
  records_.forget(record);
  cluster_again(touched);
}

void LiveLinkage::note(const std::string& a, const std::string& b, bool linked) {
  decisions_[a][b] = linked;
  decisions_[b][a] = linked;
}

void LiveLinkage::forget_decision(const std::string& a, const std::string& b) {
  const auto found = decisions_.find(a);
  if (found == decisions_.end()) return;
  found->second.erase(b);
  if (found->second.empty()) decisions_.erase(found);
}

void LiveLinkage::decide(const std::string& a, const std::string& b, std::optional<bool> linked) {
  if (linked) {
    note(a, b, *linked);
  } else {
    forget_decision(a, b);
    forget_decision(b, a);
  }
  std::vector<RecordId> touched;
  for (const std::string* key : {&a, &b})
    if (const auto place = places_.find(*key); place != places_.end()) touched.push_back(place->second);
  cluster_again(touched);
}

std::string LiveLinkage::cluster_of(const std::string& key) const {
  const auto place = places_.find(key);
  return place == places_.end() ? std::string() : records_.key(cluster_[place->second]);
}

std::map<std::string, std::string> LiveLinkage::partition() const {
  std::map<std::string, std::string> clusters;
  for (const auto& [key, record] : places_) clusters[key] = records_.key(cluster_[record]);
  return clusters;
}

std::optional<RecordId> LiveLinkage::find(const std::string& key) const {
  const auto place = places_.find(key);
  return place == places_.end() ? std::nullopt : std::optional(place->second);
}

std::vector<WeighedPair> LiveLinkage::pairs_from(Weight least) const {
  std::vector<WeighedPair> pairs;
  for (RecordId record = 0; record < edges_.size(); ++record)
    for (const Edge& edge : edges_[record])
      if (record < edge.to && edge.weight >= least) pairs.push_back({record, edge.to, edge.weight, edge.dated != 0});
  return pairs;
}

std::vector<WeighedPair> LiveLinkage::pairs_of(RecordId record, Weight least) const {
  std::vector<WeighedPair> pairs;
  for (const Edge& edge : edges_[record])
    if (edge.weight >= least) pairs.push_back({record, edge.to, edge.weight, edge.dated != 0});
  return pairs;
}

bool LiveLinkage::are_candidates(RecordId a, RecordId b) const {
  for (std::size_t k = 0; k < plan_.keys.size(); ++k) {
    const std::uint32_t block = block_of_[a * plan_.keys.size() + k];
    if (block == block_of_[b * plan_.keys.size() + k] && looked_at(block)) return true;
  }
  return false;
}

std::uint32_t LiveLinkage::block_for(std::size_t key, std::uint64_t digest) {
  const auto [place, is_new] =
      block_by_digest_.try_emplace(mixed(digest + key), static_cast<std::uint32_t>(blocks_.size()));
  if (is_new) blocks_.push_back({key, {}});
  return place->second;
}

// The block is over its cap now: its pairs that no other block holds are candidates no more. Only records that lose one
// of those are touched: the components of the others are as they were.
void LiveLinkage::leave_out(const Block& block, std::vector<RecordId>& touched) {
  for (const RecordId one : block.members) {
    std::vector<RecordId> lost;
    for (const Edge& edge : edges_[one])
      if (block_of_[edge.to * plan_.keys.size() + block.key] == block_of_[one * plan_.keys.size() + block.key] &&
          !are_candidates(one, edge.to))
        lost.push_back(edge.to);
    for (const RecordId other : lost) {
      drop_edge(one, other);
      touched.push_back(other);
    }
    if (!lost.empty()) touched.push_back(one);
  }
}

// The block is back at its cap: all its pairs are candidates again.
void LiveLinkage::take_in(const Block& block, std::vector<RecordId>& touched) {
  for (const RecordId one : block.members) {
    for (const RecordId other : block.members) {
      if (other >= one) continue;
      const bool known =
          std::any_of(edges_[one].begin(), edges_[one].end(), [&](const Edge& edge) { return edge.to == other; });
      if (known || !add_edge(one, other)) continue;
      touched.push_back(one);
      touched.push_back(other);
    }
  }
}

bool LiveLinkage::add_edge(RecordId a, RecordId b) {
  const auto [weight, dated] = clustering_.agreement(a, b);
  if (weight == rule_.absent) return false;
  edges_[a].push_back({b, weight, dated});
  edges_[b].push_back({a, weight, dated});
  return true;
}

void LiveLinkage::drop_edge(RecordId a, RecordId b) {
  std::erase_if(edges_[a], [&](const Edge& edge) { return edge.to == b; });
  std::erase_if(edges_[b], [&](const Edge& edge) { return edge.to == a; });
}

// Of those here: by record.
std::vector<std::pair<RecordId, bool>> LiveLinkage::decided_of(RecordId record) const {
  std::vector<std::pair<RecordId, bool>> decided;
  const auto found = decisions_.find(records_.key(record));
  if (found == decisions_.end()) return decided;
  for (const auto& [key, linked] : found->second)
    if (const auto place = places_.find(key); place != places_.end()) decided.emplace_back(place->second, linked);
  return decided;
}

std::vector<RecordId> LiveLinkage::component_of(RecordId record, std::vector<RecordId>& seen) const {
  std::vector<RecordId> members = {record};
  const auto take = [&](RecordId other) {
    const auto place = std::lower_bound(seen.begin(), seen.end(), other);
    if (place != seen.end() && *place == other) return;
    seen.insert(place, other);
    members.push_back(other);
  };
  seen.insert(std::lower_bound(seen.begin(), seen.end(), record), record);
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const Edge& edge : edges_[members[i]])
      if (edge.weight >= rule_.join_at) take(edge.to);
    for (const auto& [other, linked] : decided_of(members[i]))
      if (linked) take(other);
  }
  std::sort(members.begin(), members.end(), [&](RecordId a, RecordId b) { return records_.before(a, b); });
  return members;
}

void LiveLinkage::cluster_again(const std::vector<RecordId>& touched) {
  std::vector<RecordId> seen;
  touched_ = 0;
  for (const RecordId start : touched) {
    if (std::binary_search(seen.begin(), seen.end(), start) || records_.key(start).empty()) continue;
    const std::vector<RecordId> members = component_of(start, seen);
    const auto place_of = [&](RecordId record) -> std::optional<std::uint32_t> {
      const auto place = std::lower_bound(members.begin(), members.end(), record,
                                          [&](RecordId a, RecordId b) { return records_.before(a, b); });
      if (place == members.end() || *place != record) return std::nullopt;
      return static_cast<std::uint32_t>(place - members.begin());
    };
    std::vector<WeighedPair> pairs;
    std::vector<DecidedPair> decided;
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      for (const Edge& edge : edges_[members[i]])
        if (const auto other = place_of(edge.to); other && *other < i)
          pairs.push_back({*other, i, edge.weight, edge.dated != 0});
      for (const auto& [record, linked] : decided_of(members[i]))
        if (const auto other = place_of(record); other && *other < i) decided.push_back({*other, i, linked});
    }
    const std::vector<RecordId> clusters = clustering_.cluster(members, pairs, decided);
    for (std::size_t i = 0; i < members.size(); ++i) cluster_[members[i]] = clusters[i];
    touched_ += members.size();
    if (tells_clustered_) clustered_.insert(clustered_.end(), members.begin(), members.end());
  }
}

}  // namespace moot
