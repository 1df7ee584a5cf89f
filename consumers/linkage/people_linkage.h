// Who is who among the mentions of a set of records, all at once: mentions become rows (people_rows.h), rows become
// people. What is not decided is the model's.
//
// A pure function of the set: the order of the mentions does not matter, nor that of the decisions but by their age.
// Thread: a value that moves; const use from one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/link_explanation.h"
#include "consumers/linkage/model_epoch.h"
#include "consumers/linkage/people_rows.h"

namespace moot {

struct ExplainedPair {
  LinkExplanation link;
  bool same_reference = false;    // their agency says that they are one
  std::vector<std::size_t> path;  // mentions, as in link.path
};

class PeopleLinkage {
 public:
  // `rows`: of `epoch`, decided.
  PeopleLinkage(PeopleRows rows, const ModelEpoch& epoch);
  // `decisions`: the newest first.
  PeopleLinkage(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                const std::vector<LinkDecision>& decisions);

  Partition people() const { return rows_.people(linkage_.cluster); }
  // Strongest first. None that is decided.
  std::vector<PossiblePair> possible() const;
  ExplainedPair explain(std::size_t a, std::size_t b) const;
  // One mention of each of the rows that the mentions stand in, in their order.
  std::vector<std::size_t> one_of_each_row(const std::vector<std::size_t>& mentions) const {
    return rows_.one_of_each_row(mentions);
  }
  // By number of the row.
  const RecordTable& table() const { return rows_.table(); }
  const PeopleRows& rows() const { return rows_; }
  PeopleRows& rows() { return rows_; }
  const LinkModel& model() const { return rows_.model(); }
  const BatchLinkage& linkage() const { return linkage_; }

 private:
  PeopleRows rows_;
  BatchLinkage linkage_;
};

}  // namespace moot
