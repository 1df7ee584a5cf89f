// People as records come, change and go: the same people as linking all records at once under the same pinned epoch
// would find, whatever the order (tests/unit/linkage_live_test.cc). A change re-clusters the components it touches from
// scratch; nothing else.
//
// A block that grows over the cap is left out whole, as in batch, and is looked at again when it shrinks: what is a
// candidate depends on the set of records alone.
//
// Thread: one, the owner's. Memory: a row of values and of blocks for each record, and its pairs that weigh anything.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "consumers/linkage/blocking.h"
#include "consumers/linkage/component.h"

namespace moot {

class LiveLinkage {
 public:
  // `epoch`: the records that `pinned` and `plan` were made from. Both must outlive this object.
  LiveLinkage(const RecordTable& epoch, const LinkModel& pinned, BlockingPlan plan, const LinkageRule& rule);

  LiveLinkage(const LiveLinkage&) = delete;
  LiveLinkage& operator=(const LiveLinkage&) = delete;

  // A record with a key that is there already takes its place. As many values as the epoch's records have.
  void insert(const std::string& key, std::span<const std::string> values);
  // A key that is not there is no record; nothing happens.
  void withdraw(const std::string& key);
  // What a person decided of two records, here already or not; nothing: takes the decision back.
  void decide(const std::string& a, const std::string& b, std::optional<bool> linked);

  std::size_t size() const { return places_.size(); }
  // The key of the record that comes first in the record's cluster; empty when there is no such record.
  std::string cluster_of(const std::string& key) const;
  // By key.
  std::map<std::string, std::string> partition() const;
  // How many records the last change re-clustered.
  std::size_t touched() const { return touched_; }

 private:
  struct Edge {
    RecordId to = 0;
    Weight weight = 0;
    bool dated = false;
  };
  struct Block {
    std::size_t key = 0;
    std::vector<RecordId> members;
  };
  static constexpr std::uint32_t kNoBlock = ~0U;

  bool looked_at(std::uint32_t block) const { return block != kNoBlock && blocks_[block].members.size() <= plan_.cap; }
  bool are_candidates(RecordId a, RecordId b) const;
  std::uint32_t block_for(std::size_t key, std::uint64_t digest);
  void leave_out(const Block& block, std::vector<RecordId>& touched);
  void take_in(const Block& block, std::vector<RecordId>& touched);
  bool add_edge(RecordId a, RecordId b);  // false: it weighs nothing, and is none
  void drop_edge(RecordId a, RecordId b);
  std::vector<std::pair<RecordId, bool>> decided_of(RecordId record) const;
  void cluster_again(const std::vector<RecordId>& touched);
  std::vector<RecordId> component_of(RecordId record, std::vector<RecordId>& seen) const;

  const RecordTable& epoch_;
  const LinkModel& pinned_;
  const BlockingPlan plan_;
  const LinkageRule rule_;
  RecordTable records_;
  LinkModel model_;
  BlockingKeys keys_;
  ComponentClustering clustering_;
  std::unordered_map<std::string, RecordId> places_;
  std::vector<std::uint32_t> block_of_;   // by record and key
  std::vector<std::vector<Edge>> edges_;  // by record
  std::vector<RecordId> cluster_;         // by record
  std::vector<Block> blocks_;
  std::unordered_map<std::uint64_t, std::uint32_t> block_by_digest_;
  std::unordered_map<std::string, std::map<std::string, bool>> decisions_;  // both ways
  std::size_t touched_ = 0;
};

}  // namespace moot
