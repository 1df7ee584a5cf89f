#include "tests/bench/report_words.h"

#include <cmath>
#include <cstdio>

namespace moot::bench {

std::string fixed(double number, int decimals) {
  if (std::isnan(number)) return "–";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

// 1234567 as "1,234,567".
std::string grouped(double number) {
  std::string digits = fixed(number, 0);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string megabytes(std::uint64_t bytes) { return grouped(static_cast<double>(bytes) / 1e6); }

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

std::string head(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

}  // namespace moot::bench
