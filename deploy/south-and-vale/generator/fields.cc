#include "deploy/south-and-vale/generator/fields.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace south_and_vale {

std::vector<std::string_view> fields(std::string_view row, std::size_t count) {
  std::vector<std::string_view> found;
  const std::string_view whole = row;
  while (true) {
    const std::size_t end = row.find('|');
    found.push_back(row.substr(0, end));
    if (end == std::string_view::npos) break;
    row.remove_prefix(end + 1);
  }
  if (found.size() == count) return found;
  std::fprintf(stderr, "generate: expected %zu fields in \"%s\"\n", count, std::string(whole).c_str());
  std::exit(1);
}

int whole_number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace south_and_vale
