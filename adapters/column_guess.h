// What the columns of an export of which nothing is known seem to be, by their names and by what is in their first
// rows. A guess to start from: whoever knows the export corrects it. Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/csv_sample.h"

namespace moot {

struct ColumnGuess {
  enum class Kind {
    kUnused,
    kKey,
    kRevision,
    kTime,
    kKnownTime,
    kPerson,  // `field`, of the person in the role `role`
    kPlace,   // `field`
    kText,
    kArea,
    kFact,  // `field` of the body
  };
  std::string column;
  Kind kind = Kind::kUnused;
  std::string role;
  std::string field;
  std::string format;                 // of dates
  bool personal = false;              // it must be sealed, or left out
  bool two_ways = false;              // of dates: each could have its day and month the other way round
  std::vector<std::string> values{};  // of an area or a fact: the different cells, which become codes
};

struct TableGuess {
  std::string type;
  bool repeats = false;              // the key's numbers: rows of one number are taken for its versions
  std::vector<ColumnGuess> columns;  // in the order of the header
  const ColumnGuess* find(ColumnGuess::Kind kind) const;
};

// kMissing when no column can be the record's key, or none is a date: no mapping can do without.
Result<TableGuess> guess_columns(const CsvSample& sample, const std::string& name);

}  // namespace moot
