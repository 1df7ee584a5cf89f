#include "consumers/document/csv_row.h"

#include <string_view>

namespace moot {
namespace {

std::string cell(std::string text) {
  const bool number = text.size() > 1 && text.front() == '-' && text[1] >= '0' && text[1] <= '9';
  if (!text.empty() && !number && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + cell(cells[i]);
  return line + "\r\n";
}

}  // namespace moot
