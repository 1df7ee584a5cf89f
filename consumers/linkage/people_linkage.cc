#include "consumers/linkage/people_linkage.h"

#include <algorithm>

namespace moot {

PeopleLinkage::PeopleLinkage(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                             const std::vector<LinkDecision>& decisions)
    : rows_(mentions, epoch, secret, decisions), table_(person_fields()) {
  for (const PeopleRows::Row& row : rows_.rows()) table_.add(row.key, mentions[row.mention].values);
  model_ = model_for(epoch, secret, table_);
  linkage_ = link_all(table_, model_, epoch.plan, casework_rule(), rows_.decided());
}

std::vector<PossiblePair> PeopleLinkage::possible() const {
  return rows_.possible(possible_links(table_, linkage_.cluster, linkage_.pairs, rows_.decided(), casework_rule()));
}

ExplainedPair PeopleLinkage::explain(std::size_t a, std::size_t b) const {
  const RecordId one = rows_.row_of(a);
  const RecordId two = rows_.row_of(b);
  ExplainedPair explained;
  explained.link =
      explain_link(table_, model_, linkage_.cluster, linkage_.pairs, rows_.decided(), casework_rule(), one, two);
  const auto holds = [&](std::span<const DecidedPair> pairs) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const DecidedPair& pair) {
      return (pair.a == one && pair.b == two) || (pair.a == two && pair.b == one);
    });
  };
  if (!holds(rows_.decided_by_people())) {
    explained.same_reference = holds(rows_.decided_by_references());
    explained.link.decided.reset();
  }
  for (const RecordId row : explained.link.path) explained.path.push_back(rows_.rows()[row].mention);
  if (explained.path.size() > 1) {
    explained.path.front() = a;
    explained.path.back() = b;
  }
  return explained;
}

}  // namespace moot
