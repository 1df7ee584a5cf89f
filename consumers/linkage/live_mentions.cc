#include "consumers/linkage/live_mentions.h"

#include <algorithm>
#include <utility>

namespace moot {
namespace {

std::pair<std::string, std::string> in_order(const std::string& a, const std::string& b) {
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

}  // namespace

LiveMentions::LiveMentions(PeopleLinkage linkage, std::shared_ptr<const ModelEpoch> epoch, const Key& secret,
                           const std::vector<Number>& numbers, const std::vector<LinkDecision>& decisions,
                           Reader reader)
    : epoch_(std::move(epoch)),
      secret_(secret),
      reader_(std::move(reader)),
      live_(
          linkage.rows().take_table(), linkage.rows().take_model(),
          [model = epoch_, secret](const RecordTable& records, LinkModel& in) {
            take_new_values(*model, secret, records, in);
          },
          epoch_->plan, casework_rule(), linkage.linkage(), linkage.rows().decided()),
      own_(*epoch_, secret) {
  live_.take_clustered();
  one_of_.resize(linkage.rows().rows().size(), kNone);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const RecordId row = linkage.rows().row_of(i);
    const RowWords& words = linkage.rows().rows()[row].words;
    Group* group = find_group(words);
    if (group == nullptr) group = &new_group(words, live_.records().key(row) == key_of_all(words));
    join(numbers[i], *group);
    (group->is_one_row ? group->row : row_of_[numbers[i]]) = row;
    one_of_[row] = numbers[i];
  }
  apart_ = apart_by(decisions);
  Plan plan;
  settle_decisions(decisions, plan);
}

LiveMentions::Group* LiveMentions::find_group(const RowWords& words) {
  const auto found = groups_.find(words.said);
  return found == groups_.end() ? nullptr : found->second.get();
}

LiveMentions::Group& LiveMentions::new_group(const RowWords& words, bool is_one_row) {
  Group& group = *(groups_[words.said] = std::make_unique<Group>(Group{words, is_one_row, kNone, {}}));
  if (words.has_reference()) of_reference_[words.reference].push_back(&group);
  return group;
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
  return group.is_one_row ? group.row : row_of_[mention];
}

std::string LiveMentions::row_key(Number mention) const {
  const Group& group = *group_of_[mention];
  return group.is_one_row ? key_of_all(group.words) : key_of_one(secret_, group.words, reader_.mention(mention));
}

// Of mentions in their new places or not yet there: they are read.
std::set<std::size_t> LiveMentions::apart_by(const std::vector<LinkDecision>& decisions) const {
  std::unordered_map<std::size_t, Digest> said;
  for (const LinkDecision& decision : decisions)
    for (const std::size_t mention : decision.mentions)
      if (!decision.linked && !said.contains(mention))
        said[mention] = row_words(secret_, reader_.record(static_cast<Number>(mention))).said;
  return told_apart(decisions, [&](std::size_t one) { return said.at(one); });
}

void LiveMentions::take_out(Number mention, Plan& plan) {
  Group& group = *group_of_[mention];
  plan.groups.push_back(&group);
  const Number last = group.members.back();
  group.members[place_[mention]] = last;
  place_[last] = place_[mention];
  group.members.pop_back();
  group_of_[mention] = nullptr;
  if (!group.is_one_row) plan.gone.emplace(live_.records().key(row_of_[mention]), row_of_[mention]);
}

void LiveMentions::put_in(Number mention, const PersonRecord& record, Plan& plan) {
  const bool apart = apart_.contains(mention);
  RowWords words = row_words(secret_, record);
  if (apart) words = words_of_its_own(secret_, words, record.mention);
  Group* group = find_group(words);
  if (group == nullptr) group = &new_group(words, apart || words.has_reference() || own_.is_enough(record.values));
  plan.groups.push_back(group);
  plan.come.push_back(mention);
  join(mention, *group);
  row_of_[mention] = kNone;
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

// Of references that no decision speaks of: their rows hold by the first of them. `planned`: those that are to be
// there.
void LiveMentions::add_stars(bool planned, const std::set<Digest>& references, const std::set<Digest>& but_for,
                             Pairs& pairs) const {
  for (const Digest& reference : references) {
    const auto found = of_reference_.find(reference);
    if (found == of_reference_.end() || but_for.contains(reference)) continue;
    std::vector<Digest> said;
    for (const Group* group : found->second)
      if (planned ? !group->members.empty() : group->row != kNone) said.push_back(group->words.said);
    std::sort(said.begin(), said.end());
    for (std::size_t i = 1; i < said.size(); ++i)
      pairs[in_order(key_of_all({said.front(), reference}), key_of_all({said[i], reference}))] = true;
  }
}

// What decisions make of the rows they speak of, and of all rows of the references of those.
void LiveMentions::settle_decisions(const std::vector<LinkDecision>& decisions, Plan& plan) {
  std::set<Digest> involved;
  std::map<std::string, RowWords> rows;  // by key
  for (const LinkDecision& decision : decisions)
    for (const std::size_t one : decision.mentions) {
      const auto mention = static_cast<Number>(one);
      const RowWords& words = group_of_[mention]->words;
      rows[row_key(mention)] = words;
      if (words.has_reference()) involved.insert(words.reference);
    }
  for (const Digest& reference : involved)
    for (const Group* group : of_reference_.at(reference))
      if (!group->members.empty()) rows[key_of_all(group->words)] = group->words;
  std::vector<std::string> keys;
  std::vector<ReferredRow> referred;
  std::unordered_map<std::string, RecordId> place;
  for (const auto& [key, words] : rows) {
    place[key] = static_cast<RecordId>(keys.size());
    if (words.has_reference()) referred.push_back({words, static_cast<RecordId>(keys.size())});
    keys.push_back(key);
  }
  std::vector<RowDecision> of_rows;
  for (const LinkDecision& decision : decisions) {
    RowDecision& one = of_rows.emplace_back(RowDecision{decision.linked, {}, decision.one_side});
    for (const std::size_t mention : decision.mentions)
      one.rows.push_back(place.at(row_key(static_cast<Number>(mention))));
  }
  const SettledRows settled = settle(of_rows, keys.size(), std::move(referred));
  plan.references.insert(involved_.begin(), involved_.end());
  plan.references.insert(involved.begin(), involved.end());
  plan.before = std::move(decided_);
  add_stars(false, plan.references, involved_, plan.before);
  decided_.clear();
  settled_.clear();
  for (std::size_t i = 0; i < settled.pairs.size(); ++i) {
    const DecidedPair& pair = settled.pairs[i];
    decided_[in_order(keys[pair.a], keys[pair.b])] = pair.linked;
    if (i < settled.by_people && pair.linked) settled_.insert({keys[pair.a], keys[pair.b]});
  }
  plan.after = decided_;
  add_stars(true, plan.references, involved, plan.after);
  involved_ = std::move(involved);
}

// A row that comes and goes with the same key stays: whose it is may be read from another place.
void LiveMentions::change_rows(Plan& plan) {
  const auto stays = [&](const std::string& key) {
    const auto row = plan.gone.find(key);
    if (row == plan.gone.end()) return RecordId{kNone};
    const RecordId number = row->second;
    plan.gone.erase(row);
    return number;
  };
  for (Group* group : plan.groups)
    if (group->is_one_row && group->members.empty() && group->row != kNone)
      plan.gone.emplace(key_of_all(group->words), std::exchange(group->row, kNone));
  std::vector<std::pair<std::string, Number>> come;  // keys of rows that are not there yet
  const auto place = [&](RecordId& row, Number member) {
    std::string key = row_key(member);
    row = stays(key);
    if (row == kNone) come.emplace_back(std::move(key), member);
  };
  for (Group* group : plan.groups)
    if (group->is_one_row && group->row == kNone && !group->members.empty()) place(group->row, group->members.front());
  for (const Number mention : plan.come)
    if (!group_of_[mention]->is_one_row) place(row_of_[mention], mention);
  for (const auto& [key, row] : plan.gone) live_.withdraw(key);
  for (const auto& [key, member] : come) {
    live_.insert(key, reader_.record(member).values);
    Group& group = *group_of_[member];
    (group.is_one_row ? group.row : row_of_[member]) = *live_.find(key);
  }
  one_of_.resize(live_.records().size(), kNone);
  for (const Group* group : plan.groups)
    if (group->row != kNone) one_of_[group->row] = group->members.front();
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
    if (group->is_one_row && !group->members.empty()) touched.push_back(group->members.front());
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
    if (const auto reference = of_reference_.find(group->words.reference); reference != of_reference_.end()) {
      std::erase(reference->second, group);
      if (reference->second.empty()) of_reference_.erase(reference);
    }
    groups_.erase(Digest{group->words.said});
  }
}

std::vector<LiveMentions::Number> LiveMentions::change(const std::vector<Number>& gone,
                                                       const std::vector<Arrival>& come,
                                                       const std::vector<LinkDecision>& decisions) {
  Plan plan;
  regroup(gone, come, apart_by(decisions), plan);
  for (const Group* group : plan.groups)
    if (group->words.has_reference()) plan.references.insert(group->words.reference);
  settle_decisions(decisions, plan);
  return apply(plan);
}

// Of the mentions that stand in the row, the one that PeopleRows has for it.
LiveMentions::Number LiveMentions::first_in(RecordId row) const {
  const Group& group = *group_of_[one_of_[row]];
  if (!group.is_one_row) return one_of_[row];
  std::pair least(order_of(secret_, reader_.mention(group.members.front())), group.members.front());
  for (const Number mention : std::span(group.members).subspan(1))
    least = std::min(least, std::pair(order_of(secret_, reader_.mention(mention)), mention));
  return least.second;
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
