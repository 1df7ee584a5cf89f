#include "consumers/linkage/live_mentions.h"

#include <algorithm>

namespace moot {
namespace {

std::pair<std::string, std::string> in_order(const std::string& a, const std::string& b) {
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

}  // namespace

LiveMentions::LiveMentions(const PeopleLinkage& linkage, std::shared_ptr<const ModelEpoch> epoch, const Key& secret,
                           const std::vector<Number>& numbers, const std::vector<LinkDecision>& decisions,
                           Reader reader)
    : epoch_(std::move(epoch)),
      reader_(std::move(reader)),
      live_(
          linkage.table(), linkage.model(),
          [model = epoch_, secret](const RecordTable& records, LinkModel& in) {
            take_new_values(*model, secret, records, in);
          },
          epoch_->plan, casework_rule(), linkage.linkage(), linkage.rows().decided()),
      own_(*epoch_, secret) {
  live_.take_clustered();
  const std::vector<PeopleRows::Row>& rows = linkage.rows().rows();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const RecordId row = linkage.rows().row_of(i);
    Group& group = group_for(rows[row].key.substr(rows[row].words_at), rows[row].reference_size);
    group.members.push_back(numbers[i]);
    group.rows.push_back(row);
    if (group_of_.size() <= numbers[i]) group_of_.resize(numbers[i] + 1);
    group_of_[numbers[i]] = &group;
  }
  one_of_.resize(rows.size());
  for (auto& [words, group] : groups_) {
    for (std::size_t i = 0; i < group->rows.size(); ++i) one_of_[group->rows[i]] = group->members[i];
    const auto same = [&](RecordId row) { return row == group->rows.front(); };
    if (std::all_of(group->rows.begin(), group->rows.end(), same)) group->rows.resize(1);
    group->rows.shrink_to_fit();
  }
  apart_ = apart_by(decisions);
  Plan plan;
  settle_decisions(decisions, plan);
}

LiveMentions::Group& LiveMentions::group_for(const std::string& words, std::size_t reference_size) {
  std::unique_ptr<Group>& group = groups_[words];
  if (group == nullptr) {
    group = std::make_unique<Group>(Group{words, reference_size, {}, {}, {}});
    if (reference_size > 0) of_reference_[reference_of(*group)].push_back(group.get());
  }
  return *group;
}

RecordId LiveMentions::row_of(Number mention) const {
  const Group& group = *group_of_[mention];
  if (group.rows.size() == 1) return group.rows.front();
  const auto place = std::find(group.members.begin(), group.members.end(), mention);
  return group.rows[static_cast<std::size_t>(place - group.members.begin())];
}

std::vector<std::string> LiveMentions::row_keys(const Plan* plan, const Group& group) const {
  std::vector<std::string> keys;
  if (plan != nullptr)
    if (const auto planned = plan->rows.find(&group); planned != plan->rows.end()) {
      for (const Row& row : planned->second) keys.push_back(row.key);
      return keys;
    }
  for (const RecordId row : group.rows) keys.push_back(live_.records().key(row));
  return keys;
}

std::string LiveMentions::row_key(const Plan& plan, Number mention) const {
  const Group& group = *group_of_[mention];
  if (const auto planned = plan.rows.find(&group); planned != plan.rows.end()) {
    if (planned->second.size() == 1) return planned->second.front().key;
    for (const Row& row : planned->second)
      if (row.member == mention) return row.key;
  }
  return live_.records().key(row_of(mention));
}

// Of mentions in their new places or not yet there: they are read.
std::set<std::size_t> LiveMentions::apart_by(const std::vector<LinkDecision>& decisions) const {
  std::unordered_map<std::size_t, std::string> words;
  for (const LinkDecision& decision : decisions)
    for (const std::size_t mention : decision.mentions)
      if (!decision.linked && !words.contains(mention))
        words[mention] = row_words(reader_.record(static_cast<Number>(mention)));
  return told_apart(decisions, [&](std::size_t one) -> const std::string& { return words.at(one); });
}

void LiveMentions::take_out(Number mention, Plan& plan) {
  Group& group = *group_of_[mention];
  // Its rows stay until they are looked at as a whole.
  plan.groups.push_back(&group);
  group.members.erase(std::find(group.members.begin(), group.members.end(), mention));
  group_of_[mention] = nullptr;
}

void LiveMentions::put_in(Number mention, const PersonRecord& record, Plan& plan) {
  std::string words = row_words(record);
  if (apart_.contains(mention)) words += words_of_its_own(record.mention);
  Group& group = group_for(words, source_reference(record).size());
  plan.groups.push_back(&group);
  group.members.push_back(mention);
  if (group_of_.size() <= mention) group_of_.resize(mention + 1);
  group_of_[mention] = &group;
}

void LiveMentions::regroup(const std::vector<Number>& gone, const std::vector<Arrival>& come,
                           std::set<std::size_t> apart, Plan& plan) {
  std::set<std::size_t> otherwise;
  std::set_symmetric_difference(apart.begin(), apart.end(), apart_.begin(), apart_.end(),
                                std::inserter(otherwise, otherwise.end()));
  apart_ = std::move(apart);
  for (const Number mention : gone) take_out(mention, plan);
  for (const std::size_t one : otherwise) {
    const auto mention = static_cast<Number>(one);
    if (mention >= group_of_.size() || group_of_[mention] == nullptr) continue;  // it goes, or comes
    take_out(mention, plan);
    put_in(mention, reader_.record(mention), plan);
    plan.moved.push_back(mention);
  }
  for (const Arrival& arrival : come) put_in(arrival.number, arrival.record, plan);
  std::sort(plan.groups.begin(), plan.groups.end());
  plan.groups.erase(std::unique(plan.groups.begin(), plan.groups.end()), plan.groups.end());
}

// The rows that the group's members stand in: one where they are one person, by reference or weight.
std::vector<LiveMentions::Row> LiveMentions::rows_of(Group& group) {
  if (group.members.empty()) return {};
  // A source's reference is the key of all that have it.
  const bool of_source = group.reference_size > 0 && group.words.front() != '\n';
  if (of_source) {
    const Number any = group.members.front();
    if (!group.rows.empty()) return {{live_.records().key(group.rows.front()), any}};
    return {{reader_.record(any).key + "\n" + group.words, any}};
  }
  std::vector<Row> rows;
  for (const Number member : group.members) rows.push_back({reader_.mention(member), member});
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
  if (rows.size() > 1 && group.reference_size == 0 && !group.weighs) {
    const PersonRecord record = reader_.record(rows.front().member);
    group.weighs = own_.is_one(record.key, record.values);
  }
  rows.front().key = reader_.record(rows.front().member).key;
  if (rows.size() < 2 || group.reference_size > 0 || *group.weighs) rows.resize(1);
  for (Row& row : rows) row.key += "\n" + group.words;
  return rows;
}

// Of references that no decision speaks of: their rows hold by the first of them.
void LiveMentions::add_stars(const Plan* rows, const std::set<std::string>& references,
                             const std::set<std::string>& but_for, Pairs& pairs) const {
  for (const std::string& reference : references) {
    const auto found = of_reference_.find(reference);
    if (found == of_reference_.end() || but_for.contains(reference)) continue;
    std::vector<std::pair<std::string_view, std::string>> keys;  // by words
    for (const Group* group : found->second)
      for (std::string& key : row_keys(rows, *group)) keys.emplace_back(group->words, std::move(key));
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 1; i < keys.size(); ++i) pairs[in_order(keys.front().second, keys[i].second)] = true;
  }
}

// What decisions make of the rows they speak of, and of all rows of the references of those.
void LiveMentions::settle_decisions(const std::vector<LinkDecision>& decisions, Plan& plan) {
  std::set<std::string> involved;
  std::map<std::pair<std::string, std::string>, std::string> rows;  // by words and key: the reference
  for (const LinkDecision& decision : decisions)
    for (const std::size_t one : decision.mentions) {
      const auto mention = static_cast<Number>(one);
      const Group& group = *group_of_[mention];
      rows[{group.words, row_key(plan, mention)}] = reference_of(group);
      if (group.reference_size > 0) involved.insert(reference_of(group));
    }
  for (const std::string& reference : involved)
    for (const Group* group : of_reference_.at(reference))
      for (const std::string& key : row_keys(&plan, *group)) rows[{group->words, key}] = reference;
  std::vector<std::string> keys, references;
  std::unordered_map<std::string, RecordId> place;
  for (const auto& [row, reference] : rows) {
    place[row.second] = static_cast<RecordId>(keys.size());
    keys.push_back(row.second);
    references.push_back(reference);
  }
  std::vector<RowDecision> of_rows;
  for (const LinkDecision& decision : decisions) {
    RowDecision& one = of_rows.emplace_back(RowDecision{decision.linked, {}, decision.one_side});
    for (const std::size_t mention : decision.mentions)
      one.rows.push_back(place.at(row_key(plan, static_cast<Number>(mention))));
  }
  const SettledRows settled = settle(of_rows, references);
  plan.references.insert(involved_.begin(), involved_.end());
  plan.references.insert(involved.begin(), involved.end());
  plan.before = std::move(decided_);
  add_stars(nullptr, plan.references, involved_, plan.before);
  decided_.clear();
  settled_.clear();
  for (std::size_t i = 0; i < settled.pairs.size(); ++i) {
    const DecidedPair& pair = settled.pairs[i];
    decided_[in_order(keys[pair.a], keys[pair.b])] = pair.linked;
    if (i < settled.by_people && pair.linked) settled_.insert({keys[pair.a], keys[pair.b]});
  }
  plan.after = decided_;
  add_stars(&plan, plan.references, involved, plan.after);
  involved_ = std::move(involved);
}

void LiveMentions::number_rows(Group& group, const std::vector<Row>& rows) {
  group.rows.clear();
  if (rows.size() > 1) group.members.clear();  // in the order of their rows
  for (const Row& row : rows) {
    group.rows.push_back(*live_.find(row.key));
    if (rows.size() > 1) group.members.push_back(row.member);
    if (one_of_.size() <= group.rows.back()) one_of_.resize(group.rows.back() + 1);
    one_of_[group.rows.back()] = row.member;
  }
}

std::vector<LiveMentions::Number> LiveMentions::apply(Plan& plan) {
  for (const auto& [keys, linked] : plan.before)
    if (!plan.after.contains(keys)) live_.decide(keys.first, keys.second, std::nullopt);
  std::vector<Number> touched = plan.moved;
  std::vector<const Row*> new_rows;
  for (const Group* group : plan.groups) {
    const std::vector<Row>& rows = plan.rows.at(group);
    std::unordered_set<std::string> had;
    for (std::string& key : row_keys(nullptr, *group)) had.insert(std::move(key));
    for (const Row& row : rows) {
      if (had.erase(row.key) == 0) new_rows.push_back(&row);
      touched.push_back(row.member);
    }
    // Of a row of many, one that was there before, where there was any: it knows whose the row was.
    if (rows.size() == 1) touched.push_back(group->members.front());
    for (const std::string& key : had) live_.withdraw(key);
  }
  for (const Row* row : new_rows) live_.insert(row->key, reader_.record(row->member).values);
  for (Group* group : plan.groups) number_rows(*group, plan.rows.at(group));
  for (const auto& [keys, linked] : plan.after)
    if (const auto before = plan.before.find(keys); before == plan.before.end() || before->second != linked)
      live_.decide(keys.first, keys.second, linked);
  std::vector<RecordId> clustered = live_.take_clustered();
  std::sort(clustered.begin(), clustered.end());
  clustered.erase(std::unique(clustered.begin(), clustered.end()), clustered.end());
  for (const RecordId row : clustered)
    if (!live_.records().key(row).empty()) touched.push_back(one_of_[row]);
  for (const Group* group : plan.groups) {
    if (!group->members.empty()) continue;
    if (group->reference_size > 0) {
      const auto reference = of_reference_.find(reference_of(*group));
      std::erase(reference->second, group);
      if (reference->second.empty()) of_reference_.erase(reference);
    }
    groups_.erase(std::string(group->words));
  }
  return touched;
}

std::vector<LiveMentions::Number> LiveMentions::change(const std::vector<Number>& gone,
                                                       const std::vector<Arrival>& come,
                                                       const std::vector<LinkDecision>& decisions) {
  Plan plan;
  regroup(gone, come, apart_by(decisions), plan);
  for (Group* group : plan.groups) {
    plan.rows[group] = rows_of(*group);
    if (group->reference_size > 0) plan.references.insert(reference_of(*group));
  }
  settle_decisions(decisions, plan);
  return apply(plan);
}

// Of the mentions that stand in the row.
LiveMentions::Number LiveMentions::first_of(RecordId row) const {
  const Group& group = *group_of_[one_of_[row]];
  if (group.rows.size() > 1 || group.members.size() == 1) return one_of_[row];
  Number first = group.members.front();
  std::string least = reader_.mention(first);
  for (const Number member : group.members)
    if (std::string mention = reader_.mention(member); mention < least) {
      least = std::move(mention);
      first = member;
    }
  return first;
}

std::vector<PossiblePair> LiveMentions::possible_of(const std::vector<Number>& mentions) const {
  const LinkageRule rule = casework_rule();
  std::set<RecordId> rows;
  for (const Number mention : mentions) rows.insert(row_of(mention));
  std::vector<WeighedPair> pairs;
  std::vector<DecidedPair> decided;
  for (const RecordId row : rows) {
    for (const WeighedPair& pair : live_.pairs_of(row, rule.possible_at)) pairs.push_back(pair);
    for (const auto& [other, linked] : live_.decided_of(row)) decided.push_back({row, other, linked});
  }
  std::vector<PossiblePair> possible;
  for (const PossibleLink& link : possible_links(live_.records(), live_.clusters(), pairs, decided, rule))
    if (!settled_.contains(live_.records().key(link.best.a)) && !settled_.contains(live_.records().key(link.best.b)))
      possible.push_back({first_of(link.best.a), first_of(link.best.b), probability_of(link.best.weight)});
  return possible;
}

}  // namespace moot
