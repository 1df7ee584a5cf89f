// What systems write into a reference where they have none: "N/A", "unknown", "0". It names nobody, and two records
// that have it are not one person's. Thread: pure function.
#pragma once

#include <string_view>

namespace moot {

bool is_filler(std::string_view reference);

}  // namespace moot
