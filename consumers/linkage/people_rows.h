// The rows that linkage compares, out of the mentions of a set of records; and what is decided of them beforehand.
//
// A row is what is said of somebody in the same words: mentions of one reference of one source with equal values, and
// mentions without a reference whose values alone are enough to be one person. Two that people keep apart are two rows.
// Rows of one reference are one person, because their source says so. Then what people decided, the newest first: a
// decision that contradicts newer ones has no effect at all, so that taking one back takes it back whole.
//
// Of a mention that was read nothing is kept but its row: many say the same, and there may be millions. What is said
// goes by digests under the partnership's secret.
//
// A pure function of the set: the order of the mentions does not matter, nor that of the decisions but by their age.
// Thread: a value that moves.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "consumers/linkage/link_answer.h"
#include "consumers/linkage/model_epoch.h"

namespace moot {

// Positions of mentions; every mention is in exactly one cluster. Within a cluster ascending, clusters by their first.
using Partition = std::vector<std::vector<std::size_t>>;

struct LinkDecision {
  bool linked = true;                 // all of the mentions are one person; else those of one side are none of the rest
  std::vector<std::size_t> mentions;  // positions
  std::size_t one_side = 1;           // so many of the first
};

struct PossiblePair {
  std::size_t a = 0;  // mentions: the two that speak most for it
  std::size_t b = 0;
  double probability = 0;
};

// In casework a person looks at whatever is likelier than four to one and does not hold: better once too often than a
// father's record with his son's.
LinkageRule casework_rule();

// "<source>\n<reference>"; empty = there is none.
std::string source_reference(const PersonRecord& record);

// What a mention says, its reference among it, and the reference alone. Mentions that say the same are one row where a
// reference or their weight says so.
struct RowWords {
  Digest said{};
  Digest reference{};  // zeros = there is none

  bool has_reference() const { return reference != Digest{}; }
};
struct DigestHash {
  std::size_t operator()(const Digest& digest) const;  // a digest is one
};
RowWords row_words(const Key& secret, const PersonRecord& record);
// Of a mention that stands in a row of its own, because decisions keep it apart from others that say the same. The key
// of that row is the one of all mentions with these words.
RowWords words_of_its_own(const Key& secret, const RowWords& words, std::string_view mention);
// Of the mentions of decisions that keep apart what is said in the same words, those that become rows of their own.
std::set<std::size_t> told_apart(const std::vector<LinkDecision>& decisions,
                                 const std::function<Digest(std::size_t)>& said);
// The same row has the same key in another set, and the same values: of all mentions with the words, or of one of them
// where each has a row.
std::string key_of_all(const RowWords& words);
std::string key_of_one(const Key& secret, const RowWords& words, std::string_view mention);
// Of the mentions in a row, the one of the least stands for it.
std::uint64_t order_of(const Key& secret, std::string_view mention);

// Are a record's values enough to be one person when they are said again, or is it a common name?
bool is_enough(const LinkModel& model, const RecordTable& records, RecordId record);

// The same of values that are in no table yet.
class OwnWeight {
 public:
  // `epoch` outlives it.
  OwnWeight(const ModelEpoch& epoch, const Key& secret);
  bool is_enough(std::span<const std::string> values);

 private:
  const ModelEpoch& epoch_;
  const Key secret_;
  RecordTable said_;
  LinkModel model_;
};

// A decision on rows rather than mentions; a mention's row stands in the mention's place.
struct RowDecision {
  bool linked = true;
  std::vector<RecordId> rows;
  std::size_t one_side = 1;
};

struct ReferredRow {
  RowWords words;
  RecordId row = 0;
};

struct SettledRows {
  std::vector<DecidedPair> pairs;  // by people, then by references
  std::size_t by_people = 0;       // so many of them
};

// What is decided of rows, of which there are so many; `referred`: those with a reference. Of one reference all are
// linked to the first, by the digests of their words, but where a decision is against it; what is decided of others
// does not depend on them.
SettledRows settle(const std::vector<RowDecision>& decisions, std::size_t rows, std::vector<ReferredRow> referred);

class PeopleRows {
 public:
  struct Row {
    RowWords words;
    std::uint64_t order = 0;    // of `mention`
    std::uint32_t mention = 0;  // that stands for the row: of its mentions the one of the least order
  };

  PeopleRows(const ModelEpoch& epoch, const Key& secret);

  // The next mention: they are counted from 0. `epoch` as above.
  void add(const ModelEpoch& epoch, const PersonRecord& mention);
  // After all of them, once. `decisions`: the newest first. `named`: PersonRecord::mention of each.
  void decide(const std::vector<LinkDecision>& decisions, const std::function<std::string(std::size_t)>& named);

  // By number of the row, with its key.
  const RecordTable& table() const { return table_; }
  const LinkModel& model() const { return model_; }
  // For whoever goes on with them; there is none here any more.
  RecordTable take_table() { return std::move(table_); }
  LinkModel take_model() { return std::move(model_); }
  const std::vector<Row>& rows() const { return rows_; }
  RecordId row_of(std::size_t mention) const { return row_of_[mention]; }
  // By people, then by references; by rows.
  const std::vector<DecidedPair>& decided() const { return decided_; }
  std::span<const DecidedPair> decided_by_people() const { return std::span(decided_).first(by_people_); }
  std::span<const DecidedPair> decided_by_references() const { return std::span(decided_).subspan(by_people_); }

  // `cluster`: by row, one that all rows of the person have.
  Partition people(std::span<const RecordId> cluster) const;
  // `links`: by rows. Strongest first. None that is decided.
  std::vector<PossiblePair> possible(std::span<const PossibleLink> links) const;
  // One mention of each of the rows that the mentions stand in, in their order.
  std::vector<std::size_t> one_of_each_row(const std::vector<std::size_t>& mentions) const;

 private:
  void tell_apart(const std::set<std::size_t>& mentions, const std::function<std::string(std::size_t)>& named);
  void stand_for_rows(const std::set<RecordId>& rows, const std::function<std::string(std::size_t)>& named);

  const Key secret_;
  RecordTable table_;
  LinkModel model_;
  std::vector<Row> rows_;
  std::vector<RecordId> row_of_;                                        // by mention
  boost::unordered_flat_map<Digest, RecordId, DigestHash> row_of_all_;  // by words; where they are not enough, one
  std::vector<DecidedPair> decided_;                                    // by people, then by references
  std::size_t by_people_ = 0;                                           // so many of them
};

}  // namespace moot
