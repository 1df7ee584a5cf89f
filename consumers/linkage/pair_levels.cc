#include "consumers/linkage/pair_levels.h"

namespace moot {
namespace {

bool agrees(Level level) { return level < Level::kPart; }

}  // namespace

PairLevels::PairLevels(const RecordTable& records) : records_(records) {
  for (std::size_t f = 0; f < records.fields().size(); ++f) {
    tables_.push_back(&records.table(static_cast<int>(f)));
    known_.emplace_back(records.fields()[f].kind);
    if (records.fields()[f].sister >= 0) first_sisters_.push_back(f);
  }
}

void PairLevels::compare(const ValueId* a, const ValueId* b, Levels& levels) {
  for (std::size_t f = 0; f < tables_.size(); ++f) levels[f] = known_[f].level(*tables_[f], a[f], b[f]);
  for (const std::size_t f : first_sisters_) look_across(f, a, b, levels);
}

void PairLevels::look_across(std::size_t field, const ValueId* a, const ValueId* b, Levels& levels) {
  const auto sister = static_cast<std::size_t>(records_.fields()[field].sister);
  if (agrees(levels[field]) || agrees(levels[sister])) return;
  const ValueTable& table = *tables_[field];
  const bool there = agrees(known_[field].level(table, a[field], b[sister]));
  const bool back = agrees(known_[field].level(table, a[sister], b[field]));
  if (!there && !back) return;
  levels[field] = Level::kCrossed;
  if (there && back)
    levels[sister] = Level::kCrossed;
  else if (levels[sister] != Level::kPart)  // the two values left over need not be of one field
    levels[sister] = (there ? a[sister] != 0 && b[field] != 0 : a[field] != 0 && b[sister] != 0) ? Level::kDifferent
                                                                                                 : Level::kMissing;
}

}  // namespace moot
