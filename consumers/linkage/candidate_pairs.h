// The pairs of records that are looked at, each once: those that stand in one block of some key and in none of an
// earlier one. They come in batches of neighbouring blocks, whose records are named once however many pairs they are
// in.
//
// A pure function of the records and the plan. Bounded: a batch holds at most kPairsOfBatch pairs. Thread: several may
// read; the constructor takes others beside it.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "consumers/linkage/blocking.h"

namespace moot {

struct PairBatch {
  std::vector<RecordId> records;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  // by their places among the records

  void clear() {
    records.clear();
    pairs.clear();
  }
};

class CandidatePairs {
 public:
  CandidatePairs(const RecordTable& records, const BlockingPlan& plan);

  template <typename Visit>  // (RecordId, RecordId)
  void for_each(Visit visit) const {
    for (std::size_t part = 0; part < parts_.size(); ++part)
      for_each_batch(part, [&](const PairBatch& batch) {
        for (const auto& [a, b] : batch.pairs) visit(batch.records[a], batch.records[b]);
      });
  }
  // The same in parts of some ten thousand pairs, so that several threads can share them.
  std::size_t parts() const { return parts_.size(); }
  template <typename Visit>  // (const PairBatch&)
  void for_each_batch(std::size_t part, Visit visit) const;
  bool are_candidates(RecordId a, RecordId b) const { return met_before(row_of(a), row_of(b), keys_); }
  std::uint64_t blocks_left_out() const { return left_out_; }
  std::uint64_t largest_block() const { return largest_; }

 private:
  static constexpr std::size_t kRecordsOfBatch = 96;  // what comparing them needs stays in the processor's own cache
  static constexpr std::size_t kPairsOfBatch = 4096;
  static constexpr std::size_t kMembersAhead = 24;
  static constexpr std::uint32_t kNowhere = ~0U;
  static constexpr std::uint32_t kAlone = 1U << 31;

  // What one instruction takes.
  using Four = std::uint32_t __attribute__((vector_size(16), aligned(4), may_alias));
  using Same = std::int32_t __attribute__((vector_size(16)));
  using Halves = std::int64_t __attribute__((vector_size(16), may_alias));

  struct PartOfKey {
    std::size_t key = 0;
    std::size_t first = 0;  // of its blocks
    std::size_t last = 0;   // one more
  };
  struct Block {
    std::uint32_t from = 0;  // a part of the key's members
    std::uint32_t to = 0;
  };

  const std::uint32_t* row_of(RecordId record) const { return numbers_.data() + record * stride_; }
  // So that it has come from memory when the record's turn comes.
  void fetch(RecordId record) const {
    __builtin_prefetch(row_of(record));
    __builtin_prefetch(row_of(record) + stride_ - 1);
  }
  // Whether two rows have one number in any of the first `keys` places.
  static bool met_before(const std::uint32_t* one, const std::uint32_t* two, std::size_t keys) {
    Same any = {};
    for (std::size_t key = 0; key < keys; key += 4) any |= same_from(key, one, two, keys);
    return any_of(any);
  }
  // Of four keys: all bits set where the rows have one number and the key is below `keys`.
  static Same same_from(std::size_t key, const std::uint32_t* one, const std::uint32_t* two, std::size_t keys) {
    constexpr Same kPlaces = {0, 1, 2, 3};
    const Same below = kPlaces < static_cast<std::int32_t>(keys - key);
    return below & (reinterpret_cast<const Four&>(one[key]) == reinterpret_cast<const Four&>(two[key]));
  }
  static bool any_of(Same same) {
    const auto halves = reinterpret_cast<const Halves&>(same);
    return (halves[0] | halves[1]) != 0;
  }

  // Whether an earlier key has all members of the block in one block already.
  bool all_met_before(std::span<const RecordId> block, std::size_t keys) const;
  void find_blocks(const BlockingKeys& keys, std::size_t key, std::size_t cap, std::vector<std::uint32_t>& numbers);
  void set_rows(const std::vector<std::vector<std::uint32_t>>& numbers);
  void cut_into_parts();

  std::size_t keys_;
  std::size_t stride_;  // keys, filled up to whole fours
  // By record, by key: the number of its block. Where it is in none, or in one that is left out, a number that no other
  // record has.
  std::vector<std::uint32_t> numbers_;
  std::vector<std::vector<RecordId>> members_;  // by key, block after block
  std::vector<std::vector<Block>> blocks_;      // by key
  std::vector<PartOfKey> parts_;
  std::vector<std::uint64_t> left_out_of_;  // by key
  std::vector<std::uint64_t> largest_of_;
  std::uint64_t left_out_ = 0;
  std::uint64_t largest_ = 0;
};

template <typename Visit>
void CandidatePairs::for_each_batch(std::size_t part, Visit visit) const {
  const auto& [key, first, last] = parts_[part];
  const std::vector<RecordId>& members = members_[key];
  PairBatch batch;
  std::vector<std::uint32_t> places;  // of a block's members in the batch
  const auto place_of = [&](std::size_t member, std::size_t from) {
    std::uint32_t& place = places[member - from];
    if (place == kNowhere) {
      place = static_cast<std::uint32_t>(batch.records.size());
      batch.records.push_back(members[member]);
    }
    return place;
  };
  const auto hand_over = [&] {
    if (!batch.pairs.empty()) visit(static_cast<const PairBatch&>(batch));
    batch.clear();
  };
  for (std::size_t block = first; block < last; ++block) {
    const auto [from, to] = blocks_[key][block];
    for (std::size_t i = from; i < to && i + kMembersAhead < members.size(); ++i) fetch(members[i + kMembersAhead]);
    if (to - from > 2 && all_met_before(std::span(members).subspan(from, to - from), key)) continue;
    places.assign(to - from, kNowhere);
    for (std::size_t i = from; i < to; ++i) {
      for (std::size_t j = from; j < i; ++j) {
        if (met_before(row_of(members[i]), row_of(members[j]), key)) continue;
        const std::uint32_t one = place_of(j, from);
        batch.pairs.emplace_back(one, place_of(i, from));
        if (batch.pairs.size() < kPairsOfBatch) continue;
        hand_over();
        places.assign(to - from, kNowhere);
      }
    }
    if (batch.records.size() >= kRecordsOfBatch) hand_over();
  }
  hand_over();
}

}  // namespace moot
