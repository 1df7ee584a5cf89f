// A first mapping for an export, from its header and its first rows: TOML that loads, with a comment wherever it is a
// guess. It repeats cells of columns that become codes (kinds of incident, wards), never of those that look personal.
// Thread: pure functions, usable anywhere.
#pragma once

#include <istream>
#include <string>

#include "adapters/column_guess.h"

namespace moot {

struct MappingSuggestion {
  std::string toml;
  TableGuess table;
};

// `agency` empty = "your-agency". Errors: as of sample_csv and guess_columns.
Result<MappingSuggestion> suggest_mapping(std::istream& stream, const std::string& name, const std::string& agency);

}  // namespace moot
