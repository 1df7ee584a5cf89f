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
  one_of_.resize(rows.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const RecordId row = linkage.rows().row_of(i);
    Group& group = group_for(rows[row].key.substr(rows[row].words_at), rows[row].reference_size);
    join(numbers[i], group);
    if (group.members.size() > 1) group.weighs = row_of_[group.members.front()] == row;
    row_of_[numbers[i]] = row;
    one_of_[row] = numbers[i];
  }
  for (auto& [words, group] : groups_)
    if (group->is_one_row()) group->row = row_of_[group->members.front()];
  apart_ = apart_by(decisions);
  Plan plan;
  settle_decisions(decisions, plan);
}

LiveMentions::Group& LiveMentions::group_for(const std::string& words, std::size_t reference_size) {
  std::unique_ptr<Group>& group = groups_[words];
  if (group == nullptr) {
    group = std::make_unique<Group>();
    group->words = words;
    group->reference_size = reference_size;
    if (reference_size > 0) of_reference_[reference_of(*group)].push_back(group.get());
  }
  return *group;
}

void LiveMentions::join(Number mention, Group& group) {
  if (group_of_.size() <= mention) {
    group_of_.resize(mention + 1);
    place_.resize(mention + 1);
    row_of_.resize(mention + 1, kNone);
  }
  group_of_[mention] = &group;
  place_[mention] = static_cast<std::uint32_t>(group.members.size());
  group.members.push_back(mention);
}

RecordId LiveMentions::row_of(Number mention) const {
  const Group& group = *group_of_[mention];
  return group.is_one_row() ? group.row : row_of_[mention];
}

// Of a group of one row, before the change or as planned; empty = it has none.
std::string LiveMentions::key_of_all(const Plan* plan, const Group& group) const {
  if (plan != nullptr)
    if (const auto planned = plan->row.find(&group); planned != plan->row.end()) return planned->second;
  return group.row == kNone ? std::string() : live_.records().key(group.row);
}

std::string LiveMentions::row_key(const Plan& plan, Number mention) const {
  const Group& group = *group_of_[mention];
  return group.is_one_row() ? key_of_all(&plan, group) : own_key(mention);
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
  plan.groups.push_back(&group);
  const Number last = group.members.back();
  group.members[place_[mention]] = last;
  place_[last] = place_[mention];
  group.members.pop_back();
  group_of_[mention] = nullptr;
  if (!group.is_one_row())
    plan.gone.emplace(live_.records().key(row_of_[mention]), row_of_[mention]);
  else if (group.first == mention)
    group.first = kNone;
}

void LiveMentions::put_in(Number mention, const PersonRecord& record, Plan& plan) {
  MOOT_CHECK(!record.reference.empty() || record.key == record.mention);  // else own_key() is not that of its row
  std::string words = row_words(record);
  if (apart_.contains(mention)) words += words_of_its_own(record.mention);
  Group& group = group_for(words, source_reference(record).size());
  plan.groups.push_back(&group);
  plan.come.push_back(mention);
  join(mention, group);
  row_of_[mention] = kNone;
  if (group.first != kNone && record.mention < reader_.mention(group.first)) group.first = mention;
}

void LiveMentions::regroup(const std::vector<Number>& gone, const std::vector<Arrival>& come,
                           std::set<std::size_t> apart, Plan& plan) {
  std::set<std::size_t> otherwise;
  std::set_symmetric_difference(apart.begin(), apart.end(), apart_.begin(), apart_.end(),
                                std::inserter(otherwise, otherwise.end()));
  apart_ = std::move(apart);
  for (const Number mention : gone) take_out(mention, plan);
  std::vector<Number> moved;
  for (const std::size_t one : otherwise) {
    const auto mention = static_cast<Number>(one);
    if (mention >= group_of_.size() || group_of_[mention] == nullptr) continue;  // it goes, or comes
    take_out(mention, plan);
    moved.push_back(mention);
  }
  for (const Number mention : moved) put_in(mention, reader_.record(mention), plan);
  for (const Arrival& arrival : come) put_in(arrival.number, arrival.record, plan);
  std::sort(plan.groups.begin(), plan.groups.end());
  plan.groups.erase(std::unique(plan.groups.begin(), plan.groups.end()), plan.groups.end());
}

LiveMentions::Number LiveMentions::first_of(Group& group) const {
  if (group.first != kNone) return group.first;
  std::string least;
  for (const Number member : group.members)
    if (std::string mention = reader_.mention(member); group.first == kNone || mention < least) {
      least = std::move(mention);
      group.first = member;
    }
  return group.first;
}

// Whether the group's members stand in one row, and the key of that.
void LiveMentions::tell_rows(Group& group, Plan& plan) {
  if (group.reference_size == 0 && !group.weighs && group.members.size() > 1) {
    const PersonRecord record = reader_.record(group.members.front());
    group.weighs = own_.is_one(record.key, record.values);
    if (*group.weighs) group.row = row_of_[group.members.front()];  // of who was there alone, if anybody was
  }
  if (!group.is_one_row()) return;
  std::string& key = plan.row[&group];
  if (group.members.empty()) return;
  if (group.is_of_source() && group.row != kNone)
    key = live_.records().key(group.row);
  else
    key = reader_.record(group.is_of_source() ? group.members.front() : first_of(group)).key + "\n" + group.words;
}

// Of references that no decision speaks of: their rows hold by the first of them.
void LiveMentions::add_stars(const Plan* plan, const std::set<std::string>& references,
                             const std::set<std::string>& but_for, Pairs& pairs) const {
  for (const std::string& reference : references) {
    const auto found = of_reference_.find(reference);
    if (found == of_reference_.end() || but_for.contains(reference)) continue;
    std::vector<std::pair<std::string_view, std::string>> keys;  // by words
    for (const Group* group : found->second)
      if (std::string key = key_of_all(plan, *group); !key.empty()) keys.emplace_back(group->words, std::move(key));
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
      if (const std::string key = key_of_all(&plan, *group); !key.empty()) rows[{group->words, key}] = reference;
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

// A row that comes and goes with the same key stays: whose it is may be read from another place.
void LiveMentions::change_rows(Plan& plan) {
  std::vector<std::pair<std::string, Group*>> of_groups;
  std::vector<Row> own;
  const auto stays = [&](const std::string& key) {
    const auto row = plan.gone.find(key);
    if (row == plan.gone.end()) return RecordId{kNone};
    const RecordId number = row->second;
    plan.gone.erase(row);
    return number;
  };
  for (Group* group : plan.groups) {
    if (!group->is_one_row()) continue;
    const std::string& key = plan.row.at(group);
    std::string before = key_of_all(nullptr, *group);
    if (before == key) continue;
    if (!before.empty()) plan.gone.emplace(std::move(before), group->row);
    group->row = kNone;
    if (!key.empty()) of_groups.emplace_back(key, group);
  }
  for (auto& [key, group] : of_groups) group->row = stays(key);
  for (const Number mention : plan.come) {
    if (group_of_[mention]->is_one_row()) continue;
    std::string key = own_key(mention);
    row_of_[mention] = stays(key);
    if (row_of_[mention] == kNone) own.push_back({std::move(key), mention});
  }
  for (const auto& [key, row] : plan.gone) live_.withdraw(key);
  const auto insert = [&](const std::string& key, Number member) {
    live_.insert(key, reader_.record(member).values);
    return *live_.find(key);
  };
  for (const auto& [key, group] : of_groups)
    if (group->row == kNone) group->row = insert(key, group->members.front());
  for (const Row& row : own) row_of_[row.member] = insert(row.key, row.member);
  one_of_.resize(live_.records().size(), kNone);
  for (const Group* group : plan.groups)
    if (group->is_one_row() && group->row != kNone) one_of_[group->row] = group->members.front();
  for (const Number mention : plan.come) one_of_[row_of(mention)] = mention;
}

std::vector<LiveMentions::Number> LiveMentions::apply(Plan& plan) {
  for (const auto& [keys, linked] : plan.before)
    if (!plan.after.contains(keys)) live_.decide(keys.first, keys.second, std::nullopt);
  change_rows(plan);
  for (const auto& [keys, linked] : plan.after)
    if (const auto before = plan.before.find(keys); before == plan.before.end() || before->second != linked)
      live_.decide(keys.first, keys.second, linked);
  std::vector<Number> touched = plan.come;
  // Of a row of many, one that was there before, where there was any: it knows whose the row was.
  for (const Group* group : plan.groups)
    if (group->is_one_row() && !group->members.empty()) touched.push_back(group->members.front());
  std::vector<RecordId> clustered = live_.take_clustered();
  std::sort(clustered.begin(), clustered.end());
  clustered.erase(std::unique(clustered.begin(), clustered.end()), clustered.end());
  for (const RecordId row : clustered)
    if (!live_.records().key(row).empty()) touched.push_back(one_of_[row]);
  drop_empty(plan);
  return touched;
}

void LiveMentions::drop_empty(const Plan& plan) {
  for (const Group* group : plan.groups) {
    if (!group->members.empty()) continue;
    if (group->reference_size > 0) {
      const auto reference = of_reference_.find(reference_of(*group));
      std::erase(reference->second, group);
      if (reference->second.empty()) of_reference_.erase(reference);
    }
    groups_.erase(std::string(group->words));
  }
}

std::vector<LiveMentions::Number> LiveMentions::change(const std::vector<Number>& gone,
                                                       const std::vector<Arrival>& come,
                                                       const std::vector<LinkDecision>& decisions) {
  Plan plan;
  regroup(gone, come, apart_by(decisions), plan);
  for (Group* group : plan.groups) {
    tell_rows(*group, plan);
    if (group->reference_size > 0) plan.references.insert(reference_of(*group));
  }
  settle_decisions(decisions, plan);
  return apply(plan);
}

// Of the mentions that stand in the row.
LiveMentions::Number LiveMentions::first_in(RecordId row) const {
  Group& group = *group_of_[one_of_[row]];
  return group.is_one_row() ? first_of(group) : one_of_[row];
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
      possible.push_back({first_in(link.best.a), first_in(link.best.b), probability_of(link.best.weight)});
  return possible;
}

}  // namespace moot
