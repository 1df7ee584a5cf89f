// Who is who among the mentions of a set of records: mentions become rows, rows become people.
//
// A row is what is said of somebody in the same words: mentions of one reference of one agency with equal values, and
// mentions without a reference whose values alone are enough to be one person. Two that people keep apart are two rows.
// Rows of one reference are one person, because their agency says so. Then what people decided, the newest first: a
// decision that contradicts newer ones has no effect at all, so that taking one back takes it back whole. The rest is
// the model's.
//
// A pure function of the set: the order of the mentions does not matter, nor that of the decisions but by their age.
// Thread: a value that moves; const use from one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/link_explanation.h"
#include "consumers/linkage/model_epoch.h"

namespace moot {

// Positions of mentions; every mention is in exactly one cluster. Within a cluster ascending, clusters by their first.
using Partition = std::vector<std::vector<std::size_t>>;

struct LinkDecision {
  bool linked = true;                 // all of the mentions are one person; else those of one side are none of the rest
  std::vector<std::size_t> mentions;  // positions
  std::size_t one_side = 1;           // so many of the first
};

struct PossiblePair {
  std::size_t a = 0;  // mentions: the two that speak most for it
  std::size_t b = 0;
  double probability = 0;
};

struct ExplainedPair {
  LinkExplanation link;
  bool same_reference = false;    // their agency says that they are one
  std::vector<std::size_t> path;  // mentions, as in link.path
};

class PeopleLinkage {
 public:
  // `decisions`: the newest first.
  PeopleLinkage(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                const std::vector<LinkDecision>& decisions);

  Partition people() const;
  // Strongest first. None that is decided.
  std::vector<PossiblePair> possible() const;
  ExplainedPair explain(std::size_t a, std::size_t b) const;
  // One mention of each of the rows that the mentions stand in, in their order.
  std::vector<std::size_t> one_of_each_row(const std::vector<std::size_t>& mentions) const;
  const RecordTable& rows() const { return *rows_; }

 private:
  void make_rows(const std::vector<PersonRecord>& mentions, std::vector<std::string> texts, const ModelEpoch& epoch,
                 const Key& secret);
  RecordId add_row(const std::string& key, std::size_t mention, const PersonRecord& record);
  void decide(const std::vector<PersonRecord>& mentions, const std::vector<LinkDecision>& decisions);

  std::unique_ptr<RecordTable> rows_;
  LinkModel model_;
  std::vector<RecordId> row_of_;           // by mention
  std::vector<std::size_t> first_of_row_;  // by row: the mention that comes first by its key
  std::vector<DecidedPair> decided_;       // by people, then by references
  std::size_t by_people_ = 0;              // so many of them
  BatchLinkage linkage_;
};

}  // namespace moot
