#include "consumers/linkage/pair_levels.h"

namespace moot {
namespace {

bool agrees(Level level) { return level < Level::kPart; }

}  // namespace

PairLevels::PairLevels(const RecordTable& records) : records_(records), known_(records.fields().size()) {
  for (std::size_t f = 0; f < records.fields().size(); ++f)
    if (records.fields()[f].sister >= 0) first_sisters_.push_back(f);
}

void PairLevels::compare(const ValueId* a, const ValueId* b, Levels& levels) {
  const std::vector<Field>& fields = records_.fields();
  for (std::size_t f = 0; f < fields.size(); ++f)
    levels[f] = known_[f].level(fields[f].kind, records_.table(static_cast<int>(f)), a[f], b[f]);
  for (const std::size_t f : first_sisters_) look_across(f, a, b, levels);
}

void PairLevels::look_across(std::size_t field, const ValueId* a, const ValueId* b, Levels& levels) {
  const auto sister = static_cast<std::size_t>(records_.fields()[field].sister);
  if (agrees(levels[field]) || agrees(levels[sister])) return;
  const FieldKind kind = records_.fields()[field].kind;
  const ValueTable& table = records_.table(static_cast<int>(field));
  const bool there = agrees(known_[field].level(kind, table, a[field], b[sister]));
  const bool back = agrees(known_[field].level(kind, table, a[sister], b[field]));
  if (!there && !back) return;
  levels[field] = Level::kCrossed;
  if (there && back)
    levels[sister] = Level::kCrossed;
  else if (levels[sister] != Level::kPart)  // the two values left over need not be of one field
    levels[sister] = (there ? a[sister] != 0 && b[field] != 0 : a[field] != 0 && b[sister] != 0) ? Level::kDifferent
                                                                                                 : Level::kMissing;
}

}  // namespace moot
