// The dates between which a version of a rule holds: [from, to), local days. Rules are dated data; none stands in code.
// Errors: recorded in the definition, at the version's line.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/definition.h"
#include "broker/core/status.h"

namespace moot {

struct Validity {
  Date from;
  std::optional<Date> to;  // the first day it no longer holds; absent = still in force

  bool holds_on(Date on) const { return from <= on && (!to || on < *to); }
};

// Reads valid_from and valid_to; a mistake is recorded in the definition.
Validity read_validity(Definition& version);
// Of the versions of one rule, in any order: a mistake where there is none, where two hold on a day, and where a day
// between them has none. `versions` are the tables that `validities` were read from.
void check_versions(Definition& rule, std::vector<Definition>& versions, const std::vector<Validity>& validities);

}  // namespace moot
