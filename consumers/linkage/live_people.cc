#include "consumers/linkage/live_people.h"

#include <algorithm>

namespace moot {

void LivePeople::clear() {
  epoch_.reset();
  last_.reset();
  live_.reset();
  sets_.clear();
  decided_.clear();
}

LivePeople::Decided LivePeople::decided_of(const PeopleRows& rows) {
  Decided decided;
  for (const DecidedPair& pair : rows.decided()) {
    const std::string& a = rows.table().key(pair.a);
    const std::string& b = rows.table().key(pair.b);
    decided[a < b ? std::pair(a, b) : std::pair(b, a)] = pair.linked;
  }
  return decided;
}

PeopleFound LivePeople::find(PeopleRows rows, std::shared_ptr<const ModelEpoch> epoch) {
  if (epoch_ != epoch) {
    clear();
    epoch_ = std::move(epoch);
  }
  if (last_ == nullptr && live_ == nullptr) return find_all(std::move(rows));
  const Changes changes = changes_to(rows);
  const std::size_t forgotten = live_ == nullptr ? 0 : live_->records().size() - live_->size();
  if (changes.come.size() + changes.gone.size() > rows.rows().size() / 2 || forgotten > rows.rows().size())
    return find_all(std::move(rows));
  if (live_ == nullptr) go_live();
  apply(changes, rows);
  return found_in(rows);
}

PeopleFound LivePeople::find_all(PeopleRows rows) {
  const std::shared_ptr<const ModelEpoch> epoch = epoch_;
  clear();
  epoch_ = epoch;
  last_ = std::make_shared<PeopleLinkage>(std::move(rows), *epoch_);
  for (RecordId row = 0; row < last_->table().size(); ++row) sets_.emplace(last_->table().key(row), set_);
  decided_ = decided_of(last_->rows());
  return {last_->people(), last_->possible(), last_};
}

void LivePeople::go_live() {
  live_ = std::make_unique<LiveLinkage>(
      last_->table(), last_->model(),
      [epoch = epoch_, secret = secret_](const RecordTable& records, LinkModel& model) {
        take_new_values(*epoch, secret, records, model);
      },
      epoch_->plan, casework_rule(), last_->linkage(), last_->rows().decided());
  last_.reset();
}

LivePeople::Changes LivePeople::changes_to(const PeopleRows& rows) {
  Changes changes;
  ++set_;
  for (RecordId row = 0; row < rows.table().size(); ++row) {
    const std::string& key = rows.table().key(row);
    const auto known = sets_.find(key);
    if (known == sets_.end())
      changes.come.push_back(row);
    else
      known->second = set_;
  }
  for (const auto& [key, set] : sets_)
    if (set != set_) changes.gone.push_back(key);
  return changes;
}

void LivePeople::apply(const Changes& changes, const PeopleRows& rows) {
  Decided decided = decided_of(rows);
  for (const auto& [keys, linked] : decided_)
    if (!decided.contains(keys)) live_->decide(keys.first, keys.second, std::nullopt);
  for (const std::string& key : changes.gone) {
    live_->withdraw(key);
    sets_.erase(key);
  }
  for (const RecordId row : changes.come) {
    live_->insert(rows.table().key(row), rows.table().texts(row));
    sets_.emplace(rows.table().key(row), set_);
  }
  for (const auto& [keys, linked] : decided)
    if (const auto before = decided_.find(keys); before == decided_.end() || before->second != linked)
      live_->decide(keys.first, keys.second, linked);
  decided_ = std::move(decided);
}

PeopleFound LivePeople::found_in(const PeopleRows& rows) const {
  std::vector<RecordId> number(rows.rows().size());          // by row: the live linkage's
  std::vector<RecordId> row_of(live_->records().size(), 0);  // and the other way round
  for (RecordId row = 0; row < number.size(); ++row) {
    const std::optional<RecordId> record = live_->find(rows.table().key(row));
    MOOT_CHECK(record.has_value());
    number[row] = *record;
    row_of[*record] = row;
  }
  std::vector<RecordId> cluster;
  for (const RecordId record : number) cluster.push_back(row_of[live_->clusters()[record]]);
  std::vector<DecidedPair> decided;
  for (const DecidedPair& pair : rows.decided()) decided.push_back({number[pair.a], number[pair.b], pair.linked});
  const LinkageRule rule = casework_rule();
  std::vector<PossibleLink> links =
      possible_links(live_->records(), live_->clusters(), live_->pairs_from(rule.possible_at), decided, rule);
  for (PossibleLink& link : links) {
    link.best.a = row_of[link.best.a];
    link.best.b = row_of[link.best.b];
  }
  return {rows.people(cluster), rows.possible(links), nullptr};
}

}  // namespace moot
