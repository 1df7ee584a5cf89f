// Which pairs of records are looked at at all. A record has keys; records with an equal key are a block, and pairs
// inside blocks are candidates. Which keys is chosen from the data: those that find the most of the pairs likely to be
// one person for the fewest pairs in all, until the next key would find too little for what it costs.
//
// A pure function of the set of records: a block larger than its cap is left out whole, whatever the order of adding,
// and counted. Bounded: candidates are at most records * keys * cap / 2. Thread: a value.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "consumers/linkage/model_estimate.h"

namespace moot {

inline constexpr std::size_t kBlockingKeysMax = 24;

// What of a value must be equal.
enum class Part : std::uint8_t { kWhole, kSound, kBeginning, kEnd, kYear, kDayAndMonth };

struct BlockingPart {
  std::size_t field = 0;
  Part part = Part::kWhole;
  bool operator==(const BlockingPart&) const = default;
};

struct BlockingKey {
  std::vector<BlockingPart> parts;
  double gain = 0;  // of the likely pairs, those that no earlier key finds
};

struct BlockingPlan {
  std::vector<BlockingKey> keys;
  std::uint32_t cap = 0;  // the largest block that is looked at
  double recall = 0;      // estimated: the share of the pairs of one person that are candidates
  std::string words(const RecordTable& records) const;
};

BlockingPlan plan_blocking(const RecordTable& records, const Estimate& estimate);

// A digest of that part of a value, the same for all fields of a dictionary; 0 where the value has no such part.
std::uint64_t part_of(const ValueTable& table, ValueId value, Part part);

// The keys of records under a plan. Parts are worked out once for each value.
class BlockingKeys {
 public:
  BlockingKeys(const RecordTable& records, std::vector<BlockingKey> keys);

  std::size_t size() const { return keys_.size(); }
  const RecordTable& records() const { return records_; }
  // 0 = the record lacks a part of the key. Fields of one dictionary may stand the other way round.
  std::uint64_t of(const ValueId* values, std::size_t key) const {
    std::uint64_t sum = 0;
    bool lacks = false;  // all parts are read all the same: to guess which are there goes wrong too often
    for (const std::size_t at : places_[key]) {
      const std::uint64_t part = numbers_[at][values[parts_[at].field]];
      lacks |= part == 0;
      sum += part;
    }
    return lacks ? 0 : mixed(sum) | 1;
  }
  // After values were added to the table.
  void take_new_values();

 private:
  const RecordTable& records_;
  std::vector<BlockingKey> keys_;
  std::vector<BlockingPart> parts_;                  // distinct
  std::vector<std::vector<std::size_t>> places_;     // by key: its parts among parts_
  std::vector<std::vector<std::uint64_t>> numbers_;  // by part, by value
};

}  // namespace moot
