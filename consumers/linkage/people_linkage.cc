#include "consumers/linkage/people_linkage.h"

#include <algorithm>

namespace moot {

namespace {

PeopleRows rows_of(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                   const std::vector<LinkDecision>& decisions) {
  PeopleRows rows(epoch, secret);
  for (const PersonRecord& mention : mentions) rows.add(epoch, mention);
  rows.decide(decisions, [&](std::size_t mention) { return mentions[mention].mention; });
  return rows;
}

}  // namespace

PeopleLinkage::PeopleLinkage(PeopleRows rows, const ModelEpoch& epoch) : rows_(std::move(rows)) {
  linkage_ = link_all(table(), model(), epoch.plan, casework_rule(), rows_.decided());
}

PeopleLinkage::PeopleLinkage(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                             const std::vector<LinkDecision>& decisions)
    : PeopleLinkage(rows_of(mentions, epoch, secret, decisions), epoch) {}

std::vector<PossiblePair> PeopleLinkage::possible() const {
  return rows_.possible(possible_links(table(), linkage_.cluster, linkage_.pairs, rows_.decided(), casework_rule()));
}

ExplainedPair PeopleLinkage::explain(std::size_t a, std::size_t b) const {
  const RecordId one = rows_.row_of(a);
  const RecordId two = rows_.row_of(b);
  ExplainedPair explained;
  explained.link =
      explain_link(table(), model(), linkage_.cluster, linkage_.pairs, rows_.decided(), casework_rule(), one, two);
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
