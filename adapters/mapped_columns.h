// What a mapping makes of each of its columns, and which of them is behind a rule of the language that an event breaks.
// Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/mapping.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

// For each of mapping.columns: "key", "time", "area", "fact channel", "caller: reference", "text description", …
std::vector<std::vector<std::string>> uses_of_columns(const Mapping& mapping);

// The column whose cell made the event break a rule (broker/core/event_rules.h); nothing when no single one did.
// `cells` stand in the order of mapping.columns.
std::optional<ColumnIndex> column_at_fault(const Mapping& mapping, std::span<const std::string> cells,
                                           const Status& broken, const Limits& limits);

}  // namespace moot
