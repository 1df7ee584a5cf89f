#include "consumers/linkage/pair_levels.h"

namespace moot {
namespace {

// A record where it stands in the table.
class RowInTable {
 public:
  RowInTable(std::span<const ValueTable* const> tables, const ValueId* values) : tables_(tables), values_(values) {}
  FieldSet present() const {
    FieldSet present = 0;
    for (std::size_t f = 0; f < tables_.size(); ++f) present |= FieldSet{values_[f] != 0} << f;
    return present;
  }
  ValueId value(std::size_t field) const { return values_[field]; }
  const ValueForm& form(std::size_t field) const { return tables_[field]->form(values_[field]); }

 private:
  std::span<const ValueTable* const> tables_;
  const ValueId* values_;
};

}  // namespace

PairLevels::PairLevels(const RecordTable& records) : records_(records) {
  for (std::size_t f = 0; f < records.fields().size(); ++f) {
    tables_.push_back(&records.table(static_cast<int>(f)));
    known_.emplace_back(records.fields()[f].kind);
    if (records.fields()[f].sister >= 0) first_sisters_.push_back(f);
  }
}

void PairLevels::compare(const ValueId* a, const ValueId* b, Levels& levels) {
  compare(RowInTable(tables_, a), RowInTable(tables_, b), levels);
}

}  // namespace moot
