#include "consumers/linkage/normal_place.h"

#include <algorithm>
#include <array>

#include "consumers/linkage/normal_name.h"

namespace moot {
namespace {

// What is written where there is no place to go to.
bool stands_for_no_place(std::string_view lines) {
  static constexpr std::array<std::string_view, 9> kNowhere = {"no fixed abode", "no fixed address", "nfa",
                                                               "no location",    "not known",        "not given",
                                                               "not supplied",   "unknown",          "withheld"};
  return std::any_of(kNowhere.begin(), kNowhere.end(), [&](std::string_view words) {
    return lines.starts_with(words) && (lines.size() == words.size() || lines[words.size()] == ' ');
  });
}

// "OX143HX" as "OX14 3HX".
std::string printed_postcode(const std::string& normal) {
  return normal.empty() ? normal : normal.substr(0, normal.size() - 3) + " " + normal.substr(normal.size() - 3);
}

std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out.push_back(blank ? ' ' : c);
  }
  while (out.ends_with(' ') || out.ends_with(',')) out.pop_back();
  return out;
}

}  // namespace

NormalPlace normal_place(const v1::Address& address, std::string_view around) {
  const std::string lines = folded_words(address.lines());
  const std::string postcode = normal_postcode(address.postcode());
  NormalPlace place;
  if (stands_for_no_place(lines)) return place;
  if (lines.empty()) {
    if (address.uprn().empty()) return normal_postcode_place(address);
    place.key = "uprn " + address.uprn();
    place.written = "Property " + address.uprn() + (postcode.empty() ? "" : ", " + printed_postcode(postcode));
    return place;
  }
  place.key = "address " + (postcode.empty() ? std::string(around) : postcode) + " " + lines;
  place.written = single_spaced(address.lines());
  // Some agencies write the postcode into the lines as well.
  const std::string folded_postcode = folded_words(printed_postcode(postcode));
  if (!postcode.empty() && lines.ends_with(folded_postcode)) {
    const std::string rest = folded_words(lines.substr(0, lines.size() - folded_postcode.size()));
    if (rest.empty()) return normal_postcode_place(address);
    place.key = "address " + postcode + " " + rest;
  } else if (!postcode.empty()) {
    place.written += ", " + printed_postcode(postcode);
  }
  return place;
}

NormalPlace normal_postcode_place(const v1::Address& address) {
  const std::string postcode = normal_postcode(address.postcode());
  if (postcode.empty()) return {};
  return NormalPlace{"postcode " + postcode, printed_postcode(postcode)};
}

}  // namespace moot
