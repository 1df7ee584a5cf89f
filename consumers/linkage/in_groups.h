// Items with an equal hash brought together: what sorting by the hash does, without sorting.
// Thread: the caller's. Deterministic: groups come in an order that depends on the hashes and on the items' order
// alone.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "consumers/linkage/in_buckets.h"

namespace moot {

using Hashed = std::pair<std::uint64_t, std::uint32_t>;  // the hash, of which every bit is as good as another; the item

// The groups of one bucket, small enough to stay in the processor's own cache.
class GroupsOfBucket {
 public:
  // each(items), for every hash once; its items in the order they came.
  template <typename Each>
  void for_each(std::span<const Hashed> bucket, Each each) {
    find_groups(bucket);
    std::uint32_t begin = 0;
    for (Group& group : groups_) group.next = std::exchange(begin, begin + group.size);
    items_.resize(bucket.size());
    for (std::size_t i = 0; i < bucket.size(); ++i) items_[groups_[group_of_[i]].next++] = bucket[i].second;
    for (const Group& group : groups_) each(std::span(items_).subspan(group.next - group.size, group.size));
  }

 private:
  void find_groups(std::span<const Hashed> bucket) {
    const std::size_t mask = std::bit_ceil(2 * bucket.size() + 1) - 1;
    slots_.assign(mask + 1, 0);
    groups_.clear();
    group_of_.clear();
    for (const auto& [hash, item] : bucket) {
      std::size_t slot = hash >> 1 & mask;
      while (slots_[slot] != 0 && groups_[slots_[slot] - 1].hash != hash) slot = (slot + 1) & mask;
      if (slots_[slot] == 0) {
        groups_.push_back({hash, 0, 0});
        slots_[slot] = static_cast<std::uint32_t>(groups_.size());
      }
      ++groups_[slots_[slot] - 1].size;
      group_of_.push_back(slots_[slot] - 1);
    }
  }

  struct Group {
    std::uint64_t hash = 0;
    std::uint32_t size = 0;
    std::uint32_t next = 0;  // where its next item goes
  };
  std::vector<std::uint32_t> slots_;  // a group's number from 1 on; 0 = empty
  std::vector<Group> groups_;
  std::vector<std::uint32_t> group_of_;  // by the place in the bucket
  std::vector<std::uint32_t> items_;     // group after group
};

template <typename Each>
void for_each_group(std::vector<Hashed> hashed, Each each) {
  constexpr std::size_t kItemsOfBucket = 1024;
  constexpr int kBitsMost = 12;  // more buckets than that are written to slowly
  const int bits = std::min(kBitsMost, static_cast<int>(std::bit_width(hashed.size() / kItemsOfBucket)));
  std::vector<std::vector<Hashed>> all;
  all.push_back(std::move(hashed));
  const InBuckets<Hashed> buckets(std::move(all), std::size_t{1} << bits, [bits](const Hashed& one) {
    return bits == 0 ? std::size_t{0} : static_cast<std::size_t>(one.first >> (64 - bits));
  });
  GroupsOfBucket groups;
  for (std::size_t bucket = 0; bucket < std::size_t{1} << bits; ++bucket) groups.for_each(buckets.bucket(bucket), each);
}

}  // namespace moot
