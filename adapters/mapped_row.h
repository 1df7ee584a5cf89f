// One row of a CSV export as its mapping reads it. Thread: a pure function, usable anywhere.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "adapters/mapping.h"
#include "adapters/record.h"

namespace moot {

// `cells` stand in the order of mapping.columns, in UTF-8; `keyless_id` is the id where the mapping has no key. The
// first thing wrong with the row is its refusal. A cell of "#N/A", with which a spreadsheet says that there is no
// value, is an empty one; its other errors (#REF!, #DIV/0!, ...) are no values, and refused. What the rules of the
// language say of the event (broker/core/event_rules.h) is not judged here.
std::variant<v1::Event, Refusal> event_from_row(const Mapping& mapping, std::span<const std::string> cells,
                                                const std::string& keyless_id);
// The id that the row's event has, or would have; empty where the row does not tell it. The mapping has a key.
std::string id_of_row(const Mapping& mapping, std::span<const std::string> cells);

}  // namespace moot
