// What Moot is to reach, beside what the run found. Only ratios within one run, and only on a quiet machine, say
// whether it does; nothing fails by them.
//
// Thread: any; a pure function.
#pragma once

#include <string>

#include "tests/bench/findings.h"

namespace moot::bench {

// A Markdown section; empty when the run found none of them.
std::string aims_table(const Findings& findings);

}  // namespace moot::bench
