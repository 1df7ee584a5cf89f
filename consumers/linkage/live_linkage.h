// People as records come, change and go: the same people as linking all records at once under the same pinned epoch
// would find, whatever the order (tests/unit/linkage_live_test.cc). A change re-clusters the components it touches from
// scratch; nothing else.
//
// A block that grows over the cap is left out whole, as in batch, and is looked at again when it shrinks: what is a
// candidate depends on the set of records alone.
//
// Thread: one, the owner's. Memory: a row of values and of blocks for each record, and its pairs that weigh anything.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "consumers/linkage/batch_linkage.h"

namespace moot {

// Adds what the values of the table weigh that the model does not know yet. A pure function of each value.
using TakeNewValues = std::function<void(const RecordTable& records, LinkModel& model)>;

class LiveLinkage {
 public:
  // `epoch`: the records that `pinned` and `plan` were made from. Both must outlive this object.
  LiveLinkage(const RecordTable& epoch, const LinkModel& pinned, BlockingPlan plan, const LinkageRule& rule);
  // Goes on from what was linked all at once: `records` under `model` and `plan`, with what was decided. Their keys
  // tell the records apart.
  LiveLinkage(RecordTable records, LinkModel model, TakeNewValues take_new_values, BlockingPlan plan,
              const LinkageRule& rule, const BatchLinkage& linkage, std::span<const DecidedPair> decided);

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
  // From now on, all that were re-clustered since it was last asked; some of them several times, or withdrawn by now.
  std::vector<RecordId> take_clustered() {
    tells_clustered_ = true;
    return std::exchange(clustered_, {});
  }

  // By number. A number is not used again; what was withdrawn has no key in the table.
  const RecordTable& records() const { return records_; }
  std::span<const RecordId> clusters() const { return cluster_; }  // the record of its cluster that comes first
  std::optional<RecordId> find(const std::string& key) const;
  std::vector<WeighedPair> pairs_from(Weight least) const;                 // of at least that weight, each once
  std::vector<WeighedPair> pairs_of(RecordId record, Weight least) const;  // likewise, of one record
  // What is decided of it and others that are here.
  std::vector<std::pair<RecordId, bool>> decided_of(RecordId record) const;

 private:
  // Most of what there is: two words each. What a pair weighs lies between LinkageRule::least and ::most, tens of bits.
  struct Edge {
    Edge(RecordId other, Weight weighs, bool is_dated) : to(other), weight(weighs), dated(is_dated) {}
    RecordId to;
    Weight weight : 31;
    std::uint32_t dated : 1;
  };
  static_assert(sizeof(Edge) == 8);
  struct Block {
    std::size_t key = 0;
    boost::container::small_vector<RecordId, 2> members;  // most are of one or two
  };
  static constexpr std::uint32_t kNoBlock = ~0U;

  bool looked_at(std::uint32_t block) const { return block != kNoBlock && blocks_[block].members.size() <= plan_.cap; }
  bool are_candidates(RecordId a, RecordId b) const;
  std::uint32_t block_for(std::size_t key, std::uint64_t digest);
  void put_into_blocks(RecordId record);
  void note(const std::string& a, const std::string& b, bool linked);
  void forget_decision(const std::string& a, const std::string& b);
  void leave_out(const Block& block, std::vector<RecordId>& touched);
  void take_in(const Block& block, std::vector<RecordId>& touched);
  bool add_edge(RecordId a, RecordId b);  // false: it weighs nothing, and is none
  void drop_edge(RecordId a, RecordId b);
  void cluster_again(const std::vector<RecordId>& touched);
  std::vector<RecordId> component_of(RecordId record, std::vector<RecordId>& seen) const;

  const TakeNewValues take_new_values_;
  const BlockingPlan plan_;
  const LinkageRule rule_;
  RecordTable records_;
  LinkModel model_;
  BlockingKeys keys_;
  ComponentClustering clustering_;
  std::unordered_map<std::string, RecordId> places_;
  // Deques, where they grow record by record: they take no more than they hold.
  std::deque<std::uint32_t> block_of_;   // by record and key
  std::deque<std::vector<Edge>> edges_;  // by record
  std::vector<RecordId> cluster_;        // by record
  std::deque<Block> blocks_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> block_by_digest_;
  std::unordered_map<std::string, std::map<std::string, bool>> decisions_;  // both ways
  std::size_t touched_ = 0;
  bool tells_clustered_ = false;
  std::vector<RecordId> clustered_;
};

}  // namespace moot
