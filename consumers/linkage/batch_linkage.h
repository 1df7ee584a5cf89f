// All people of a set of records at once: candidates, their weights, components, clusters.
//
// A pure function of the set of records, the model and the plan; the same bytes whatever the order of the records.
// Bounded by the plan's caps. Thread: the caller's, which takes others beside it (in_parallel.h); they change nothing
// in what comes out.
#pragma once

#include <vector>

#include "consumers/linkage/average_linkage.h"
#include "consumers/linkage/blocking.h"
#include "consumers/linkage/component.h"

namespace moot {

struct BatchLinkage {
  std::vector<RecordId> cluster;   // by record: the record of its cluster that comes first
  std::vector<WeighedPair> pairs;  // that weigh other than rule.absent; by records
  std::uint64_t candidates = 0;
  double recall = 1;  // estimated: of the pairs inside the clusters found, the share that were candidates themselves
  std::uint64_t blocks_left_out = 0;  // larger than the cap
  std::uint64_t largest_block = 0;
};

// Candidate pairs, each once. By record: the number of the block of each key; 0 = none, or one that is left out.
class CandidatePairs {
 public:
  CandidatePairs(const RecordTable& records, const BlockingPlan& plan);

  template <typename Visit>  // (RecordId, RecordId)
  void for_each(Visit visit) const {
    for (std::size_t part = 0; part < parts_.size(); ++part) for_each_of(part, visit);
  }
  // The same in parts of some thousand pairs, so that several threads can share them.
  std::size_t parts() const { return parts_.size(); }
  template <typename Visit>
  void for_each_of(std::size_t part, Visit visit) const {
    const auto& [key, first, last] = parts_[part];
    const std::vector<RecordId>& members = members_[key];
    for (std::size_t block = first; block < last; ++block) {
      const auto& [from, to] = blocks_[key][block];
      for (std::size_t i = from; i < to; ++i) {
        if (i + kMembersAhead < members.size()) fetch_numbers(members[i + kMembersAhead]);
        for (std::size_t j = from; j < i; ++j)
          if (!met_before(members[i], members[j], key)) visit(members[j], members[i]);
      }
    }
  }
  bool are_candidates(RecordId a, RecordId b) const { return met_before(a, b, keys_); }
  std::uint64_t blocks_left_out() const { return left_out_; }
  std::uint64_t largest_block() const { return largest_; }

 private:
  static constexpr std::size_t kMembersAhead = 16;
  // So that they have come from memory when the record's turn comes.
  void fetch_numbers(RecordId record) const {
    const std::uint32_t* numbers = numbers_.data() + record * keys_;
    __builtin_prefetch(numbers);
    __builtin_prefetch(numbers + keys_ / 2);
    __builtin_prefetch(numbers + keys_ - 1);
  }
  bool met_before(RecordId a, RecordId b, std::size_t keys) const {
    const std::uint32_t* one = numbers_.data() + a * keys_;
    const std::uint32_t* two = numbers_.data() + b * keys_;
    for (std::size_t key = 0; key < keys; ++key)
      if (one[key] == two[key] && one[key] != 0) return true;
    return false;
  }

  struct PartOfKey {
    std::size_t key = 0;
    std::size_t first = 0;  // of its blocks
    std::size_t last = 0;   // one more
  };
  void find_blocks(const BlockingKeys& keys, std::size_t key, std::size_t cap);
  void cut_into_parts();

  std::size_t keys_;
  std::vector<std::uint32_t> numbers_;
  std::vector<std::vector<RecordId>> members_;                            // by key, block after block
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> blocks_;  // by key: parts of members_
  std::vector<PartOfKey> parts_;
  std::vector<std::uint64_t> left_out_of_;  // by key
  std::vector<std::uint64_t> largest_of_;
  std::uint64_t left_out_ = 0;
  std::uint64_t largest_ = 0;
};

BatchLinkage link_all(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan,
                      const LinkageRule& rule, std::span<const DecidedPair> decided = {});

}  // namespace moot
