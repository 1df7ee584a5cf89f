#include "consumers/linkage/people_linkage.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>

namespace moot {
namespace {

// In casework a person looks at whatever is likelier than four to one and does not hold: better once too often than a
// father's record with his son's.
LinkageRule casework_rule() {
  LinkageRule rule;
  rule.possible_at = 2 * kBit;
  // Of agencies' records many say little, and who is known well has dozens of them.
  rule.unsaid = -kBit / 8;
  rule.looked_up_max = 1600;
  return rule;
}

// Mentions with one text are one row. Of a reference the text says so; of none, only where the row weighs enough.
std::string row_text(const PersonRecord& record) {
  std::string text = record.reference.empty() ? std::string() : record.agency + "\n" + record.reference;
  for (const std::string& value : record.values) text += "\x1f" + value;
  return text;
}

std::vector<std::string> row_texts(const std::vector<PersonRecord>& mentions,
                                   const std::vector<LinkDecision>& decisions) {
  std::vector<std::string> texts;
  for (const PersonRecord& mention : mentions) texts.push_back(row_text(mention));
  std::set<std::size_t> apart;  // from mentions in the same words
  for (const LinkDecision& decision : decisions)
    for (std::size_t i = 0; !decision.linked && i < decision.one_side; ++i)
      for (std::size_t j = decision.one_side; j < decision.mentions.size(); ++j)
        if (texts[decision.mentions[i]] == texts[decision.mentions[j]])
          apart.insert({decision.mentions[i], decision.mentions[j]});
  for (const std::size_t mention : apart) texts[mention] += "\x1f" + mentions[mention].mention;
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

RecordId PeopleLinkage::add_row(const std::string& key, std::size_t mention, const PersonRecord& record) {
  const RecordId row = rows_->add(key, record.values);
  first_of_row_.push_back(mention);
  return row;
}

void PeopleLinkage::make_rows(const std::vector<PersonRecord>& mentions, std::vector<std::string> row_texts,
                              const ModelEpoch& epoch, const Key& secret) {
  rows_ = std::make_unique<RecordTable>(person_fields());
  row_of_.resize(mentions.size());
  // By text, so that rows come in an order of their own; within one, mentions by the records they stand in.
  std::vector<std::pair<std::string, std::size_t>> texts;
  for (std::size_t i = 0; i < mentions.size(); ++i) texts.emplace_back(std::move(row_texts[i]), i);
  std::sort(texts.begin(), texts.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : mentions[a.second].mention < mentions[b.second].mention;
  });
  std::vector<std::pair<std::size_t, std::size_t>> groups;  // parts of `texts`, by row
  for (std::size_t from = 0, to = 0; from < texts.size(); from = to) {
    while (to < texts.size() && texts[to].first == texts[from].first) ++to;
    const PersonRecord& first = mentions[texts[from].second];
    // A reference has several rows: its key is not enough.
    add_row(first.key + "\n" + texts[from].first, texts[from].second, first);
    groups.emplace_back(from, to);
  }
  model_ = model_for(epoch, secret, *rows_);
  PairLevels levels(*rows_);
  for (RecordId row = 0; row < groups.size(); ++row) {
    const auto [from, to] = groups[row];
    bool one = to - from < 2 || !mentions[texts[from].second].reference.empty();
    if (!one) {
      Levels found{};
      levels.compare(rows_->values(row), rows_->values(row), found);
      one = weight_of(model_, found, rows_->values(row), rows_->values(row)).total >= LinkageRule{}.join_at;
    }
    for (std::size_t i = from; i < to; ++i) {
      const std::size_t mention = texts[i].second;
      row_of_[mention] = one || i == from
                             ? row
                             : add_row(mentions[mention].mention + "\n" + texts[i].first, mention, mentions[mention]);
    }
  }
}

void PeopleLinkage::decide(const std::vector<PersonRecord>& mentions, const std::vector<LinkDecision>& decisions) {
  Settled settled(rows_->size());
  for (const LinkDecision& decision : decisions) {
    std::vector<RecordId> rows;
    for (const std::size_t mention : decision.mentions) rows.push_back(row_of_[mention]);
    if (rows.size() < 2 || (decision.linked && !settled.may_link(rows))) continue;
    for (std::size_t i = 0; i < (decision.linked ? 1 : decision.one_side); ++i)
      for (std::size_t j = decision.linked ? 1 : decision.one_side; j < rows.size(); ++j) {
        if (rows[i] == rows[j] || (!decision.linked && !settled.may_part(rows[i], rows[j]))) continue;
        decision.linked ? settled.link(rows[i], rows[j]) : settled.part(rows[i], rows[j]);
        decided_.push_back({rows[i], rows[j], decision.linked});
      }
  }
  by_people_ = decided_.size();
  // What an agency says of its own references is the eldest of all.
  std::map<std::string, RecordId> first;
  for (RecordId row = 0; row < rows_->size(); ++row) {
    const PersonRecord& record = mentions[first_of_row_[row]];
    if (record.reference.empty()) continue;
    const auto [place, is_new] = first.try_emplace(record.agency + "\n" + record.reference, row);
    if (is_new || !settled.may_link({place->second, row})) continue;
    settled.link(place->second, row);
    decided_.push_back({place->second, row, true});
  }
}

PeopleLinkage::PeopleLinkage(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
                             const std::vector<LinkDecision>& decisions) {
  make_rows(mentions, row_texts(mentions, decisions), epoch, secret);
  decide(mentions, decisions);
  linkage_ = link_all(*rows_, model_, epoch.plan, casework_rule(), decided_);
}

Partition PeopleLinkage::people() const {
  std::unordered_map<RecordId, std::size_t> place_of;
  Partition people;
  for (std::size_t mention = 0; mention < row_of_.size(); ++mention) {
    const auto [place, is_new] = place_of.try_emplace(linkage_.cluster[row_of_[mention]], people.size());
    if (is_new) people.emplace_back();
    people[place->second].push_back(mention);
  }
  return people;
}

std::vector<PossiblePair> PeopleLinkage::possible() const {
  std::set<RecordId> settled;  // a person has said whose these are
  for (std::size_t i = 0; i < by_people_; ++i)
    if (decided_[i].linked) settled.insert({decided_[i].a, decided_[i].b});
  std::vector<PossiblePair> pairs;
  for (const PossibleLink& link : possible_links(*rows_, linkage_.cluster, linkage_.pairs, decided_, casework_rule()))
    if (!settled.contains(link.best.a) && !settled.contains(link.best.b))
      pairs.push_back({first_of_row_[link.best.a], first_of_row_[link.best.b], probability_of(link.best.weight)});
  return pairs;
}

ExplainedPair PeopleLinkage::explain(std::size_t a, std::size_t b) const {
  ExplainedPair explained;
  explained.link =
      explain_link(*rows_, model_, linkage_.cluster, linkage_.pairs, decided_, casework_rule(), row_of_[a], row_of_[b]);
  const auto is_it = [&](const DecidedPair& pair) {
    return (pair.a == row_of_[a] && pair.b == row_of_[b]) || (pair.a == row_of_[b] && pair.b == row_of_[a]);
  };
  const auto references = decided_.begin() + static_cast<std::ptrdiff_t>(by_people_);
  if (std::none_of(decided_.begin(), references, is_it)) {
    explained.same_reference = std::any_of(references, decided_.end(), is_it);
    explained.link.decided.reset();
  }
  for (const RecordId row : explained.link.path) explained.path.push_back(first_of_row_[row]);
  if (explained.path.size() > 1) {
    explained.path.front() = a;
    explained.path.back() = b;
  }
  return explained;
}

std::vector<std::size_t> PeopleLinkage::one_of_each_row(const std::vector<std::size_t>& mentions) const {
  std::vector<std::size_t> some;
  std::set<RecordId> rows;
  for (const std::size_t mention : mentions)
    if (rows.insert(row_of_[mention]).second) some.push_back(mention);
  return some;
}

}  // namespace moot
