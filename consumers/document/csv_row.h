// A row of a CSV file (RFC 4180), as a spreadsheet may safely open it: a cell that it would take for a formula begins
// with an apostrophe; a negative number is none. Thread: pure function.
#pragma once

#include <string>
#include <vector>

namespace moot {

std::string csv_row(const std::vector<std::string>& cells);

}  // namespace moot
