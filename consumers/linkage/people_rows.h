// The rows that linkage compares, out of the mentions of a set of records; and what is decided of them beforehand.
//
// A row is what is said of somebody in the same words: mentions of one reference of one source with equal values, and
// mentions without a reference whose values alone are enough to be one person. Two that people keep apart are two rows.
// Rows of one reference are one person, because their source says so. Then what people decided, the newest first: a
// decision that contradicts newer ones has no effect at all, so that taking one back takes it back whole.
//
// A pure function of the set: the order of the mentions does not matter, nor that of the decisions but by their age.
// Thread: a value.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "consumers/linkage/link_answer.h"
#include "consumers/linkage/model_epoch.h"
#include "consumers/linkage/pair_levels.h"

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
// What a mention says, in one text, the reference first. Mentions that say the same are one row where a reference or
// their weight says so.
std::string row_words(const PersonRecord& record);
// Of the mentions of decisions that keep apart what is said in the same words, those that become rows of their own.
// `words`: by mention, row_words().
std::set<std::size_t> told_apart(const std::vector<LinkDecision>& decisions,
                                 const std::function<const std::string&(std::size_t)>& words);
// What row_words() of one of those is continued by.
std::string words_of_its_own(const std::string& mention);

// Are the values of a mention enough to be one person when they are said again, or is it a common name?
class OwnWeight {
 public:
  // `epoch` outlives it.
  OwnWeight(const ModelEpoch& epoch, const Key& secret);
  bool is_one(const std::string& key, std::span<const std::string> values);

 private:
  const ModelEpoch& epoch_;
  const Key secret_;
  RecordTable said_;
  LinkModel model_;
  PairLevels levels_;
};

// A decision on rows rather than mentions; a mention's row stands in the mention's place.
struct RowDecision {
  bool linked = true;
  std::vector<RecordId> rows;
  std::size_t one_side = 1;
};

struct SettledRows {
  std::vector<DecidedPair> pairs;  // by people, then by references
  std::size_t by_people = 0;       // so many of them
};

// What is decided of rows: `references` by row, "<source>\n<reference>", empty = none. Rows in the order of their
// words. Rows of one reference that no decision touches are linked to the first of them; what is decided of others does
// not depend on them.
SettledRows settle(const std::vector<RowDecision>& decisions, const std::vector<std::string>& references);

class PeopleRows {
 public:
  struct Row {
    std::string key;                   // the same row has the same key in another set, and the same values
    std::size_t mention = 0;           // that comes first by its key
    std::uint32_t words_at = 0;        // where in `key` what is said begins: row_words() of its mentions
    std::uint32_t reference_size = 0;  // of "<source>\n<reference>" at the beginning of the words; 0 = there is none
  };
  // `decisions`: the newest first.
  PeopleRows(const std::vector<PersonRecord>& mentions, const ModelEpoch& epoch, const Key& secret,
             const std::vector<LinkDecision>& decisions);

  const std::vector<Row>& rows() const { return rows_; }
  RecordId row_of(std::size_t mention) const { return row_of_[mention]; }
  // By people, then by references; by rows.
  const std::vector<DecidedPair>& decided() const { return decided_; }
  std::span<const DecidedPair> decided_by_people() const { return std::span(decided_).first(by_people_); }
  std::span<const DecidedPair> decided_by_references() const { return std::span(decided_).subspan(by_people_); }

  // `cluster`: by row, a number that rows of one person share.
  Partition people(std::span<const RecordId> cluster) const;
  // `links`: by rows. Strongest first. None that is decided.
  std::vector<PossiblePair> possible(std::span<const PossibleLink> links) const;
  // One mention of each of the rows that the mentions stand in, in their order.
  std::vector<std::size_t> one_of_each_row(const std::vector<std::size_t>& mentions) const;

 private:
  void make_rows(const std::vector<PersonRecord>& mentions, std::vector<std::string> row_texts, const ModelEpoch& epoch,
                 const Key& secret);
  void add_row(const std::string& key, const std::string& words, std::size_t mention, std::size_t reference_size);
  void decide(const std::vector<PersonRecord>& mentions, const std::vector<LinkDecision>& decisions);

  std::vector<Row> rows_;
  std::vector<RecordId> row_of_;      // by mention
  std::vector<DecidedPair> decided_;  // by people, then by references
  std::size_t by_people_ = 0;         // so many of them
};

}  // namespace moot
