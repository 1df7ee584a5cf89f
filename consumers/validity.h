// The dates between which a version of a rule holds: [from, to), local days. Rules are dated data; none stands in code.
// Errors: kDefinition, naming the rule and the dates.
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
// Refuses versions that overlap and an empty list. `what` names the rule in the sentence.
Status check_validities(std::string_view what, std::vector<Validity> versions);

}  // namespace moot
