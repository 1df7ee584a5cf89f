#include "broker/core/filler.h"

#include <algorithm>
#include <array>
#include <string>

namespace moot {

bool is_filler(std::string_view reference) {
  static constexpr std::array<std::string_view, 22> kFillers = {
      "",          "na",          "none",        "unknown", "notknown",    "null",         "nil", "nan",
      "tbc",       "tba",         "nk",          "unk",     "xx",          "xxx",          "x",   "blank",
      "undefined", "notrecorded", "notsupplied", "noref",   "noreference", "notapplicable"};
  std::string letters;
  for (const char c : reference) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain || static_cast<unsigned char>(c) >= 0x80) letters += c;
  }
  const bool zeros = letters.find_first_not_of('0') == std::string::npos;
  return zeros || std::find(kFillers.begin(), kFillers.end(), letters) != kFillers.end();
}

}  // namespace moot
