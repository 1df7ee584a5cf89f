// The findings as people and programs read them.
#pragma once

#include <string>

#include "tests/bench/findings.h"

namespace moot::bench {

std::string markdown_of(const Findings& findings);
std::string json_of(const Findings& findings);

}  // namespace moot::bench
