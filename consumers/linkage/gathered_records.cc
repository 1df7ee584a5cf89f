#include "consumers/linkage/gathered_records.h"

#include <algorithm>

namespace moot {

GatheredRecords::GatheredRecords(const RecordTable& records, const LinkModel& model)
    : records_(records), model_(model) {
  for (std::size_t f = 0; f < records.fields().size(); ++f) tables_.push_back(&records.table(static_cast<int>(f)));
}

// In three passes, so that a record's row and its values have come from memory when they are read.
void GatheredRecords::gather(std::span<const RecordId> records) {
  cells_.resize(std::max(cells_.size(), records.size() * tables_.size()));
  present_.resize(records.size());
  constexpr std::size_t kAhead = 8;
  for (const RecordId record : records) {
    __builtin_prefetch(records_.values(record));
    __builtin_prefetch(records_.values(record) + tables_.size() - 1);
  }
  for (std::size_t i = 0; i < std::min(kAhead, records.size()); ++i) fetch(records_.values(records[i]));
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i + kAhead < records.size()) fetch(records_.values(records[i + kAhead]));
    present_[i] = copy(records_.values(records[i]), cells_.data() + i * tables_.size());
  }
}

void GatheredRecords::fetch(const ValueId* values) const {
  for (std::size_t f = 0; f < tables_.size(); ++f) {
    if (values[f] == 0) continue;
    __builtin_prefetch(&tables_[f]->form(values[f]));
    __builtin_prefetch(&model_.fields[f].values[values[f]]);
  }
}

FieldSet GatheredRecords::copy(const ValueId* values, Cell* cells) const {
  FieldSet present = 0;
  for (std::size_t f = 0; f < tables_.size(); ++f) {
    cells[f].value = values[f];
    if (values[f] == 0) continue;
    present |= FieldSet{1} << f;
    cells[f].form = tables_[f]->form(values[f]);
    cells[f].weights = model_.fields[f].values[values[f]];
  }
  return present;
}

}  // namespace moot
