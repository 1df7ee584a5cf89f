// Some records side by side, with all that comparing and weighing them reads: it lies anywhere in memory, and is
// brought together once for each record rather than for each pair that it is in. Thread: one. Borrows records and
// model. Memory: half a kilobyte for each record that was ever gathered at once.
#pragma once

#include <span>
#include <vector>

#include "consumers/linkage/link_model.h"

namespace moot {

class GatheredRecords {
 private:
  struct Cell {
    ValueId value = 0;
    ValueWeights weights;
    ValueForm form;
  };

 public:
  // A record as PairLevels and weight_of() read it.
  class Row {
   public:
    Row(const Cell* cells, FieldSet present) : cells_(cells), present_(present) {}
    FieldSet present() const { return present_; }
    ValueId value(std::size_t field) const { return cells_[field].value; }
    const ValueForm& form(std::size_t field) const { return cells_[field].form; }
    ValueWeights weights(std::size_t field) const { return cells_[field].weights; }

   private:
    const Cell* cells_;
    FieldSet present_;
  };

  GatheredRecords(const RecordTable& records, const LinkModel& model);
  void gather(std::span<const RecordId> records);
  // Until the next gather().
  Row row(std::size_t place) const { return Row(cells_.data() + place * tables_.size(), present_[place]); }

 private:
  void fetch(const ValueId* values) const;
  FieldSet copy(const ValueId* values, Cell* cells) const;

  const RecordTable& records_;
  const LinkModel& model_;
  std::vector<const ValueTable*> tables_;  // by field
  std::vector<Cell> cells_;                // by place, by field; of no value what was there before
  std::vector<FieldSet> present_;          // by place
};

}  // namespace moot
