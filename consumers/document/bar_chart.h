// A small chart of horizontal bars as inline SVG: drawn for a screen and for paper, told by its shapes and figures and
// never by colour alone, with a title and a description for who cannot see it. Whoever prints it prints the same
// figures as a table beside. The same bars give the same bytes. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace moot {

struct Bar {
  std::optional<double> value;  // absent, or below 0: no bar, the text alone
  std::string text;             // printed at its end: "2019-20: 49"
};

struct BarRow {
  std::string label;  // stands above its bars; may be empty
  Bar now;
  std::optional<Bar> before;  // drawn hollow
};

// `id`: of the chart in its page, a code. UTF-8 everywhere; it is escaped.
std::string bar_chart(const std::string& id, const std::string& title, const std::vector<BarRow>& rows);

}  // namespace moot
