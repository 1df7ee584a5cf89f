#include "consumers/report/codes.h"

#include "broker/core/event_rules.h"

namespace moot {
namespace {

// What the agency's mapping is likely to have made of it.
std::string as_a_code(const std::string& text) {
  std::string code;
  for (const char c : text)
    code.push_back(c == ' ' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
  return code;
}

}  // namespace

std::vector<std::string> codes_of(Definition& table, std::string_view key) {
  std::vector<std::string> codes = table.texts(key);
  expect_codes(table, key, codes);
  return codes;
}

void expect_codes(Definition& table, std::string_view key, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    if (is_code(value)) continue;
    const std::string perhaps = as_a_code(value);
    return table.mistake(key, "expected codes of a to z, 0 to 9 and - _ . / :, which are all that events have; \"" +
                                  value + "\" is none" + (is_code(perhaps) ? ": perhaps \"" + perhaps + "\"" : ""));
  }
}

}  // namespace moot
