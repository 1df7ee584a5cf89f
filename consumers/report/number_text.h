// Figures as documents print them: "1,757", "83.1", "-8.9"; "not supplied" where there is none. Thread: pure functions.
#pragma once

#include <optional>
#include <string>

#include "consumers/report/figure.h"

namespace moot {

std::string number_text(double value);  // commas between the thousands
// The value; of the largest, which one it is; what stands in its place where it is absent or withheld.
std::string figure_text(const Figure& figure);
std::string figure_text(const FigurePart& part);
// Pounds with their sign; other units stand beside the whole.
std::string part_text(const FigurePart& part, const std::string& unit);
// With its unit: "1,757 calls", "23 per cent", "£985".
std::string with_unit(const std::string& text, const std::string& unit);

}  // namespace moot
