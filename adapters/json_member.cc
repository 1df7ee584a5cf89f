#include "adapters/json_member.h"

#include <string>

namespace moot {

namespace {

// The end of the text whose opening quotation mark stands at `start`: one past the closing one.
std::size_t end_of_text(std::string_view json, std::size_t start) {
  for (std::size_t i = start + 1; i < json.size(); ++i) {
    if (json[i] == '\\')
      ++i;
    else if (json[i] == '"')
      return i + 1;
  }
  return json.size();
}

// The end of the value that starts at `start`: where a comma or a bracket of the object around it stands.
std::size_t end_of_value(std::string_view json, std::size_t start) {
  int depth = 0;
  std::size_t i = start;
  while (i < json.size()) {
    const char c = json[i];
    if (c == '"') {
      i = end_of_text(json, i);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return i;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++i;
  }
  return json.size();
}

}  // namespace

std::optional<std::string_view> raw_member(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t i = object.find('{');
  while (i < object.size()) {
    const std::size_t key = object.find('"', i);
    if (key == std::string_view::npos) break;
    const std::size_t key_end = end_of_text(object, key);
    const std::size_t colon = object.find(':', key_end);
    if (colon == std::string_view::npos) break;
    i = end_of_value(object, colon + 1);
    if (object.substr(key, key_end - key) != "\"" + std::string(name) + "\"") continue;
    if (found) return std::nullopt;
    found = object.substr(colon + 1, i - colon - 1);
  }
  return found;
}

}  // namespace moot
