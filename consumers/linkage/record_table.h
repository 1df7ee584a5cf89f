// Records of people as linkage compares them: a row of value numbers for each, over shared dictionaries. Values come
// normalised (person_values.h). Which of two records comes first is decided by their keys alone (before()), so that it
// does not depend on the order of adding; by a digest of the key, so that keys that say who somebody is give nothing
// away.
//
// Thread: a value; one while it grows, any number when it is only read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "consumers/linkage/value_table.h"

namespace moot {

inline constexpr std::size_t kFieldsMax = 16;
using RecordId = std::uint32_t;  // the position in the table

struct Field {
  FieldKind kind = FieldKind::kText;
  std::string title;    // the column's, for people
  int table = 0;        // its dictionary
  int sister = -1;      // the next field of the same dictionary, whose values may stand in this one
  bool second = false;  // is some field's sister
};

class RecordTable {
 public:
  // At most kFieldsMax kinds, of which one may stand several times.
  explicit RecordTable(std::span<const std::pair<FieldKind, std::string>> fields);

  // As many values as fields.
  RecordId add(std::string key, std::span<const std::string> values);
  // With the values of one that is there.
  RecordId add_again(std::string key, RecordId as);
  void rename(RecordId record, std::string key);

  // The record has no key and no values any more; its number is not used again.
  void forget(RecordId record);

  std::size_t size() const { return keys_.size(); }
  const std::vector<Field>& fields() const { return fields_; }
  const ValueId* values(RecordId record) const { return cells_.data() + record * fields_.size(); }
  std::vector<std::string> texts(RecordId record) const;  // by field
  const ValueTable& table(int field) const { return tables_[fields_[field].table]; }
  const std::string& key(RecordId record) const { return keys_[record]; }
  std::uint64_t order(RecordId record) const { return orders_[record]; }
  bool before(RecordId a, RecordId b) const {
    return orders_[a] != orders_[b] ? orders_[a] < orders_[b] : keys_[a] < keys_[b];
  }

 private:
  std::vector<Field> fields_;
  std::vector<ValueTable> tables_;
  std::vector<ValueId> cells_;
  std::vector<std::string> keys_;
  std::vector<std::uint64_t> orders_;
};

std::uint64_t mixed(std::uint64_t value);          // every bit depends on every bit
std::uint64_t text_digest(std::string_view text);  // the same on every machine; no secret in it

}  // namespace moot
