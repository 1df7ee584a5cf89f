#include "consumers/linkage/exact_rules.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace moot {
namespace {

class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t find(std::size_t item) {
    while (parent_[item] != item) {
      parent_[item] = parent_[parent_[item]];
      item = parent_[item];
    }
    return item;
  }
  // The least member is the root, so that the root does not depend on the order of joining.
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace

Partition link_by_exact_rules(const std::vector<PersonRecord>& records) {
  UnionFind sets(records.size());
  std::unordered_map<std::string, std::size_t> first;  // of each value that links
  const auto link = [&](std::string value, std::size_t record) {
    const auto [place, is_new] = first.try_emplace(std::move(value), record);
    if (!is_new) sets.join(place->second, record);
  };
  for (std::size_t i = 0; i < records.size(); ++i) {
    const PersonRecord& record = records[i];
    if (!record.reference.empty()) link("reference\n" + record.agency + "\n" + record.reference, i);
    for (const std::string& name : record.names) {
      if (!record.born.empty()) link("born\n" + record.born + "\n" + name, i);
      for (const std::string& postcode : record.postcodes) link("postcode\n" + postcode + "\n" + name, i);
    }
  }
  std::unordered_map<std::size_t, std::size_t> cluster_of;  // by root
  Partition partition;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto [place, is_new] = cluster_of.try_emplace(sets.find(i), partition.size());
    if (is_new) partition.emplace_back();
    partition[place->second].push_back(i);
  }
  return partition;
}

std::string person_id(const Key& secret, const std::vector<PersonRecord>& records,
                      const std::vector<std::size_t>& cluster) {
  MOOT_CHECK(!cluster.empty());
  const auto earliest = std::min_element(cluster.begin(), cluster.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(records[a].seen, records[a].key) < std::tie(records[b].seen, records[b].key);
  });
  const Digest digest = keyed_digest(secret, records[*earliest].key);
  return "p-" + to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 10));
}

}  // namespace moot
