// Codes in a definition, as events have them: what no event can ever say is a mistake there, since it would read 0, or
// nobody, for ever. Mistakes are recorded in the definition. Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/definition.h"

namespace moot {

std::vector<std::string> codes_of(Definition& table, std::string_view key);  // optional; a list
void expect_codes(Definition& table, std::string_view key, const std::vector<std::string>& values);

}  // namespace moot
