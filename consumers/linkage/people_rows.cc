#include "consumers/linkage/people_rows.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

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

RowWords row_words(const Key& secret, const PersonRecord& record) {
  RowWords words;
  std::string said = source_reference(record);
  if (!said.empty()) words.reference = quick_digest(secret, said);
  for (const std::string& value : record.values_but_reference()) (said += '\x1f') += value;
  words.said = quick_digest(secret, said);
  return words;
}

namespace {

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest said_by(const Key& secret, const Digest& said, std::string_view mention) {
  return quick_digest(secret, std::string(bytes_of(said)).append(mention));
}

// Short enough to stand in a string without a place of its own.
std::string row_key(const Digest& digest) { return std::string(bytes_of(digest).substr(0, 15)); }

}  // namespace

RowWords words_of_its_own(const Key& secret, const RowWords& words, std::string_view mention) {
  return {said_by(secret, words.said, mention), words.reference};
}

std::set<std::size_t> told_apart(const std::vector<LinkDecision>& decisions,
                                 const std::function<Digest(std::size_t)>& said) {
  std::set<std::size_t> apart;
  for (const LinkDecision& decision : decisions)
    for (std::size_t i = 0; !decision.linked && i < decision.one_side; ++i)
      for (std::size_t j = decision.one_side; j < decision.mentions.size(); ++j)
        if (said(decision.mentions[i]) == said(decision.mentions[j]))
          apart.insert({decision.mentions[i], decision.mentions[j]});
  return apart;
}

std::string key_of_all(const RowWords& words) { return row_key(words.said); }

std::string key_of_one(const Key& secret, const RowWords& words, std::string_view mention) {
  return row_key(said_by(secret, words.said, mention));
}

std::uint64_t order_of(const Key& secret, std::string_view mention) {
  const Digest digest = quick_digest(secret, mention);
  std::uint64_t order = 0;
  for (std::size_t i = 0; i < 8; ++i) order = order << 8 | digest[i];
  return order;
}

namespace {

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

bool is_enough(const LinkModel& model, const RecordTable& records, RecordId record) {
  const ValueId* values = records.values(record);
  Levels levels;
  for (std::size_t f = 0; f < levels.size(); ++f)
    levels[f] = f < records.fields().size() && values[f] != 0 ? Level::kSame : Level::kMissing;
  return weight_of(model, levels, values, values).total >= LinkageRule{}.join_at;
}

OwnWeight::OwnWeight(const ModelEpoch& epoch, const Key& secret)
    : epoch_(epoch), secret_(secret), said_(person_fields()), model_(model_for(epoch, secret, said_)) {}

bool OwnWeight::is_enough(std::span<const std::string> values) {
  const RecordId record = said_.add({}, values);
  take_new_values(epoch_, secret_, said_, model_);
  return moot::is_enough(model_, said_, record);
}

SettledRows settle(const std::vector<RowDecision>& decisions, std::size_t rows_there,
                   std::vector<ReferredRow> referred) {
  SettledRows out;
  Settled settled(rows_there);
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
  std::sort(referred.begin(), referred.end(), [](const ReferredRow& a, const ReferredRow& b) {
    return std::tie(a.words.reference, a.words.said) < std::tie(b.words.reference, b.words.said);
  });
  for (std::size_t first = 0, i = 1; i < referred.size(); ++i) {
    if (referred[i].words.reference != referred[first].words.reference) first = i;
    const RecordId one = referred[first].row, other = referred[i].row;
    if (i == first || !settled.may_link({one, other})) continue;
    settled.link(one, other);
    out.pairs.push_back({one, other, true});
  }
  return out;
}

std::size_t DigestHash::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

PeopleRows::PeopleRows(const ModelEpoch& epoch, const Key& secret)
    : secret_(secret), table_(person_fields()), model_(model_for(epoch, secret, table_)) {}

void PeopleRows::add(const ModelEpoch& epoch, const PersonRecord& mention) {
  const auto number = static_cast<std::uint32_t>(row_of_.size());
  const RowWords words = row_words(secret_, mention);
  const std::uint64_t order = order_of(secret_, mention.mention);
  const auto [place, is_new] = row_of_all_.try_emplace(words.said, static_cast<RecordId>(rows_.size()));
  if (!is_new && table_.key(place->second) == key_of_all(words)) {
    Row& row = rows_[place->second];
    if (order < row.order) row.order = order, row.mention = number;
    row_of_.push_back(place->second);
    return;
  }
  const auto row = static_cast<RecordId>(rows_.size());
  rows_.push_back({words, order, number});
  row_of_.push_back(row);
  if (!is_new) {
    table_.add_again(key_of_one(secret_, words, mention.mention), place->second);
    return;
  }
  table_.add(key_of_all(words), mention.values);
  take_new_values(epoch, secret_, table_, model_);
  if (!words.has_reference() && !is_enough(model_, table_, row))
    table_.rename(row, key_of_one(secret_, words, mention.mention));
}

// Each becomes a row of its own; what it leaves is the row of the others, and of one of them where no others are left.
void PeopleRows::tell_apart(const std::set<std::size_t>& mentions,
                            const std::function<std::string(std::size_t)>& named) {
  if (mentions.empty()) return;
  std::vector<std::size_t> left(rows_.size(), 0);  // in each row
  for (const RecordId row : row_of_) ++left[row];
  std::set<RecordId> left_by_some;
  for (const std::size_t mention : mentions) {
    const RecordId before = row_of_[mention];
    const std::string name = named(mention);
    const RowWords words = words_of_its_own(secret_, rows_[before].words, name);
    if (left[before]-- == 1) {
      table_.rename(before, key_of_all(words));
      rows_[before] = {words, order_of(secret_, name), static_cast<std::uint32_t>(mention)};
      left_by_some.erase(before);
      continue;
    }
    row_of_[mention] = static_cast<RecordId>(rows_.size());
    rows_.push_back({words, order_of(secret_, name), static_cast<std::uint32_t>(mention)});
    table_.add_again(key_of_all(words), before);
    left_by_some.insert(before);
  }
  stand_for_rows(left_by_some, named);
}

// Of those whose mentions are others than before.
void PeopleRows::stand_for_rows(const std::set<RecordId>& rows, const std::function<std::string(std::size_t)>& named) {
  std::set<RecordId> told;
  for (std::size_t mention = 0; mention < row_of_.size() && !rows.empty(); ++mention) {
    if (!rows.contains(row_of_[mention])) continue;
    Row& row = rows_[row_of_[mention]];
    const std::uint64_t order = order_of(secret_, named(mention));
    if (told.insert(row_of_[mention]).second || order < row.order)
      row.order = order, row.mention = static_cast<std::uint32_t>(mention);
  }
}

void PeopleRows::decide(const std::vector<LinkDecision>& decisions,
                        const std::function<std::string(std::size_t)>& named) {
  tell_apart(told_apart(decisions, [&](std::size_t mention) { return rows_[row_of_[mention]].words.said; }), named);
  std::vector<RowDecision> of_rows;
  for (const LinkDecision& decision : decisions) {
    RowDecision& one = of_rows.emplace_back(RowDecision{decision.linked, {}, decision.one_side});
    for (const std::size_t mention : decision.mentions) one.rows.push_back(row_of_[mention]);
  }
  std::vector<ReferredRow> referred;
  for (RecordId row = 0; row < rows_.size(); ++row)
    if (rows_[row].words.has_reference()) referred.push_back({rows_[row].words, row});
  SettledRows settled = settle(of_rows, rows_.size(), std::move(referred));
  decided_ = std::move(settled.pairs);
  by_people_ = settled.by_people;
  row_of_all_ = {};
}

Partition PeopleRows::people(std::span<const RecordId> cluster) const {
  constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::vector<std::uint32_t> place_of(rows_.size(), kNone);
  Partition people;
  for (std::size_t mention = 0; mention < row_of_.size(); ++mention) {
    std::uint32_t& place = place_of[cluster[row_of_[mention]]];
    if (place == kNone) {
      place = static_cast<std::uint32_t>(people.size());
      people.emplace_back();
    }
    people[place].push_back(mention);
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
