#include "adapters/area_table.h"

namespace moot {

namespace {

// The small letter of a two-byte character of UTF-8 by its second byte: the letters of western Europe, and the Welsh
// ones with a circumflex.
char small_second_byte(char first, char second) {
  const auto byte = static_cast<unsigned char>(second);
  if (first == '\xc3' && byte >= 0x80 && byte <= 0x9e && byte != 0x97) return static_cast<char>(byte + 0x20);
  if (first == '\xc5' && (byte == 0xb4 || byte == 0xb6)) return static_cast<char>(byte + 1);
  return second;
}

std::string folded(std::string_view text) {
  std::string out;
  bool blank_before = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank && blank_before && !out.empty()) out += ' ';
    blank_before = blank;
    if (blank) continue;
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out += out.empty() ? small : small_second_byte(out.back(), small);
  }
  return out;
}

}  // namespace

AreaTable::AreaTable(std::span<const Area> areas) {
  for (const Area& area : areas) {
    add(area.code, area.code, 0);
    add(area.name, area.code, 1);
    for (const std::string& alias : area.aliases) add(alias, area.code, 2);
  }
}

void AreaTable::add(std::string_view text, const std::string& code, int rank) {
  std::string key = folded(text);
  if (key.empty()) return;
  const auto [there, is_new] = codes_.try_emplace(std::move(key), Named{code, rank, false});
  Named& named = there->second;
  if (is_new || (rank > named.rank)) return;
  if (rank < named.rank)
    named = Named{code, rank, false};
  else
    named.ambiguous = named.ambiguous || named.code != code;
}

AreaTable::Found AreaTable::find(std::string_view text) const {
  const auto found = codes_.find(folded(text));
  if (found == codes_.end()) return {};
  if (found->second.ambiguous) return {{}, true};
  return {found->second.code, false};
}

}  // namespace moot
