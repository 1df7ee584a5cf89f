#include "consumers/linkage/people_rows.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

namespace moot {

LinkageRule casework_rule() {
  LinkageRule rule;
  rule.possible_at = 2 * kBit;
  // Of agencies' records many say little, and who is known well has dozens of them.
  rule.unsaid = -kBit / 8;
  rule.looked_up_max = 1600;
  return rule;
}

std::string source_reference(const PersonRecord& record) {
  return record.reference.empty() ? std::string() : record.source + "\n" + record.reference;
}

// Of a reference the words say so; of none, only where the row weighs enough.
std::string row_words(const PersonRecord& record) {
  std::string words = source_reference(record);
  for (const std::string& value : record.values_but_reference()) words += "\x1f" + value;
  return words;
}

std::set<std::size_t> told_apart(const std::vector<LinkDecision>& decisions,
                                 const std::function<const std::string&(std::size_t)>& words) {
  std::set<std::size_t> apart;
  for (const LinkDecision& decision : decisions)
    for (std::size_t i = 0; !decision.linked && i < decision.one_side; ++i)
      for (std::size_t j = decision.one_side; j < decision.mentions.size(); ++j)
        if (words(decision.mentions[i]) == words(decision.mentions[j]))
          apart.insert({decision.mentions[i], decision.mentions[j]});
  return apart;
}

std::string words_of_its_own(const std::string& mention) { return "\x1f" + mention; }

namespace {

std::vector<std::string> row_texts(const std::vector<PersonRecord>& mentions,
                                   const std::vector<LinkDecision>& decisions) {
  std::vector<std::string> texts;
  for (const PersonRecord& mention : mentions) texts.push_back(row_words(mention));
  for (const std::size_t mention :
       told_apart(decisions, [&](std::size_t one) -> const std::string& { return texts[one]; }))
    texts[mention] += words_of_its_own(mentions[mention].mention);
  return texts;
}

// What was decided so far; decisions come the newest first.
class Settled {
 public:
  explicit Settled(std::size_t rows) : parent_(rows) { std::iota(parent_.begin(), parent_.end(), RecordId{0}); }

  RecordId find(RecordId row) {
    while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
    return row;
  }

  bool may_link(const std::vector<RecordId>& rows) {
    std::set<RecordId> clusters;
    for (const RecordId row : rows) clusters.insert(find(row));
    return std::none_of(apart_.begin(), apart_.end(), [&](const auto& pair) {
      return clusters.contains(find(pair.first)) && clusters.contains(find(pair.second));
    });
  }
  void link(RecordId a, RecordId b) { parent_[find(a)] = find(b); }
  bool may_part(RecordId a, RecordId b) { return find(a) != find(b); }
  void part(RecordId a, RecordId b) { apart_.emplace_back(a, b); }

 private:
  std::vector<RecordId> parent_;
  std::vector<std::pair<RecordId, RecordId>> apart_;
};

}  // namespace

OwnWeight::OwnWeight(const ModelEpoch& epoch, const Key& secret)
    : epoch_(epoch), secret_(secret), said_(person_fields()), model_(model_for(epoch, secret, said_)), levels_(said_) {}

bool OwnWeight::is_one(const std::string& key, std::span<const std::string> of_mention) {
  const ValueId* values = said_.values(said_.add(key, of_mention));
  take_new_values(epoch_, secret_, said_, model_);
  Levels found{};
  levels_.compare(values, values, found);
  return weight_of(model_, found, values, values).total >= LinkageRule{}.join_at;
}

void PeopleRows::add_row(const std::string& key, const std::string& words, std::size_t mention,
                         std::size_t reference_size) {
  rows_.push_back({key + "\n" + words, mention, static_cast<std::uint32_t>(key.size() + 1),
                   static_cast<std::uint32_t>(reference_size)});
}

void PeopleRows::make_rows(const std::vector<PersonRecord>& mentions, std::vector<std::string> row_texts,
                           const ModelEpoch& epoch, const Key& secret) {
  OwnWeight own(epoch, secret);
  row_of_.resize(mentions.size());
  // By text, so that rows come in an order of their own; within one, mentions by the records they stand in.
  std::vector<std::pair<std::string, std::size_t>> texts;
  texts.reserve(mentions.size());
  for (std::size_t i = 0; i < mentions.size(); ++i) texts.emplace_back(std::move(row_texts[i]), i);
  std::sort(texts.begin(), texts.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : mentions[a.second].mention < mentions[b.second].mention;
  });
  for (std::size_t from = 0, to = 0; from < texts.size(); from = to) {
    while (to < texts.size() && texts[to].first == texts[from].first) ++to;
    const PersonRecord& first = mentions[texts[from].second];
    const bool one = to - from < 2 || !first.reference.empty() || own.is_one(first.key, first.values);
    for (std::size_t i = from; i < to; ++i) {
      const auto& [text, mention] = texts[i];
      // A reference has several rows: its key is not enough.
      if (i == from)
        add_row(first.key, text, mention, source_reference(first).size());
      else if (!one)
        add_row(mentions[mention].mention, text, mention, source_reference(first).size());
      row_of_[mention] = static_cast<RecordId>(rows_.size() - 1);
    }
  }
}

SettledRows settle(const std::vector<RowDecision>& decisions, const std::vector<std::string>& references) {
  SettledRows out;
  Settled settled(references.size());
  for (const RowDecision& decision : decisions) {
    const std::vector<RecordId>& rows = decision.rows;
    if (rows.size() < 2 || (decision.linked && !settled.may_link(rows))) continue;
    for (std::size_t i = 0; i < (decision.linked ? 1 : decision.one_side); ++i)
      for (std::size_t j = decision.linked ? 1 : decision.one_side; j < rows.size(); ++j) {
        if (rows[i] == rows[j] || (!decision.linked && !settled.may_part(rows[i], rows[j]))) continue;
        decision.linked ? settled.link(rows[i], rows[j]) : settled.part(rows[i], rows[j]);
        out.pairs.push_back({rows[i], rows[j], decision.linked});
      }
  }
  out.by_people = out.pairs.size();
  // What a source says with its own references is the eldest of all.
  std::map<std::string_view, RecordId> first;
  for (RecordId row = 0; row < references.size(); ++row) {
    if (references[row].empty()) continue;
    const auto [place, is_new] = first.try_emplace(references[row], row);
    if (is_new || !settled.may_link({place->second, row})) continue;
    settled.link(place->second, row);
    out.pairs.push_back({place->second, row, true});
  }
  return out;
}

void PeopleRows::decide(const std::vector<PersonRecord>& mentions, const std::vector<LinkDecision>& decisions) {
  std::vector<RowDecision> of_rows;
  for (const LinkDecision& decision : decisions) {
    RowDecision& one = of_rows.emplace_back(RowDecision{decision.linked, {}, decision.one_side});
    for (const std::size_t mention : decision.mentions) one.rows.push_back(row_of_[mention]);
  }
  std::vector<std::string> references;
  for (const Row& row : rows_) references.push_back(source_reference(mentions[row.mention]));
  SettledRows settled = settle(of_rows, references);
  decided_ = std::move(settled.pairs);
  by_people_ = settled.by_people;
}

PeopleRows::PeopleRows(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                       const std::vector<LinkDecision>& decisions) {
  make_rows(mentions, row_texts(mentions, decisions), epoch, secret);
  decide(mentions, decisions);
}

Partition PeopleRows::people(std::span<const RecordId> cluster) const {
  std::unordered_map<RecordId, std::size_t> place_of;
  Partition people;
  for (std::size_t mention = 0; mention < row_of_.size(); ++mention) {
    const auto [place, is_new] = place_of.try_emplace(cluster[row_of_[mention]], people.size());
    if (is_new) people.emplace_back();
    people[place->second].push_back(mention);
  }
  return people;
}

std::vector<PossiblePair> PeopleRows::possible(std::span<const PossibleLink> links) const {
  std::set<RecordId> settled;  // a person has said whose these are
  for (const DecidedPair& pair : decided_by_people())
    if (pair.linked) settled.insert({pair.a, pair.b});
  std::vector<PossiblePair> pairs;
  for (const PossibleLink& link : links)
    if (!settled.contains(link.best.a) && !settled.contains(link.best.b))
      pairs.push_back({rows_[link.best.a].mention, rows_[link.best.b].mention, probability_of(link.best.weight)});
  return pairs;
}

std::vector<std::size_t> PeopleRows::one_of_each_row(const std::vector<std::size_t>& mentions) const {
  std::vector<std::size_t> some;
  std::set<RecordId> rows;
  for (const std::size_t mention : mentions)
    if (rows.insert(row_of_[mention]).second) some.push_back(mention);
  return some;
}

}  // namespace moot
