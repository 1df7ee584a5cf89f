#include "consumers/linkage/candidate_pairs.h"

#include <algorithm>
#include <array>

#include "consumers/linkage/in_groups.h"
#include "consumers/linkage/in_parallel.h"

namespace moot {

CandidatePairs::CandidatePairs(const RecordTable& records, const BlockingPlan& plan)
    : keys_(plan.keys.size()),
      stride_((keys_ + 3) / 4 * 4),
      members_(keys_),
      blocks_(keys_),
      left_out_of_(keys_, 0),
      largest_of_(keys_, 0) {
  const BlockingKeys keys(records, plan.keys);
  std::vector<std::vector<std::uint32_t>> numbers(keys_);
  in_parallel(keys_, [&](std::size_t key, std::size_t) { find_blocks(keys, key, plan.cap, numbers[key]); });
  set_rows(numbers);
  for (std::size_t key = 0; key < keys_; ++key) {
    left_out_ += left_out_of_[key];
    largest_ = std::max(largest_, largest_of_[key]);
  }
  cut_into_parts();
}

// Block numbers are below the first of the numbers that records have by themselves: blocks hold two at least.
void CandidatePairs::find_blocks(const BlockingKeys& keys, std::size_t key, std::size_t cap,
                                 std::vector<std::uint32_t>& numbers) {
  const std::size_t size = keys.records().size();
  numbers.resize(size);
  std::vector<Hashed> hashed;
  hashed.reserve(size);
  for (RecordId record = 0; record < size; ++record) {
    numbers[record] = kAlone | record;
    if (const std::uint64_t hash = keys.of(keys.records().values(record), key); hash != 0)
      hashed.emplace_back(hash, record);
  }
  std::uint32_t number = 0;
  for_each_group(std::move(hashed), [&](std::span<const RecordId> block) {
    largest_of_[key] = std::max<std::uint64_t>(largest_of_[key], block.size());
    if (block.size() > cap) ++left_out_of_[key];
    if (block.size() < 2 || block.size() > cap) return;
    const auto begin = static_cast<std::uint32_t>(members_[key].size());
    for (const RecordId record : block) {
      members_[key].push_back(record);
      numbers[record] = number;
    }
    ++number;
    blocks_[key].push_back({begin, static_cast<std::uint32_t>(members_[key].size())});
  });
}

void CandidatePairs::set_rows(const std::vector<std::vector<std::uint32_t>>& numbers) {
  if (keys_ == 0) return;
  numbers_.resize(numbers[0].size() * stride_);
  std::uint32_t* row = numbers_.data();
  for (std::size_t record = 0; record < numbers[0].size(); ++record, row += stride_)
    for (std::size_t key = 0; key < keys_; ++key) row[key] = numbers[key][record];
}

bool CandidatePairs::all_met_before(std::span<const RecordId> block, std::size_t keys) const {
  const std::uint32_t* first = row_of(block[0]);
  const std::uint32_t* second = row_of(block[1]);
  std::array<Same, (kBlockingKeysMax + 3) / 4> shared;
  Same any = {};
  for (std::size_t key = 0; key < keys; key += 4) any |= shared[key / 4] = same_from(key, first, second, keys);
  for (std::size_t i = 2; i < block.size() && any_of(any); ++i) {
    const std::uint32_t* row = row_of(block[i]);
    any = Same{};
    for (std::size_t key = 0; key < keys; key += 4) any |= shared[key / 4] &= same_from(key, first, row, keys);
  }
  return any_of(any);
}

void CandidatePairs::cut_into_parts() {
  constexpr std::size_t kPairsOfPart = 50'000;
  for (std::size_t key = 0; key < keys_; ++key) {
    std::size_t pairs = 0;
    std::size_t first = 0;
    for (std::size_t block = 0; block < blocks_[key].size(); ++block) {
      const std::size_t size = blocks_[key][block].to - blocks_[key][block].from;
      pairs += size * (size - 1) / 2;
      if (pairs < kPairsOfPart && block + 1 < blocks_[key].size()) continue;
      parts_.push_back({key, first, block + 1});
      first = block + 1;
      pairs = 0;
    }
  }
}

}  // namespace moot
