#include "consumers/linkage/spelling.h"

#include <algorithm>
#include <array>

namespace moot {
namespace {

std::u16string_view shortened(std::u16string_view text) { return text.substr(0, kLettersMax); }

// Consonants that are heard as one; 0 for letters that are not heard on their own.
int sound_class(char16_t letter) {
  switch (letter) {
    case 'b':
    case 'p':
    case 'f':
    case 'v':
      return 1;
    case 'c':
    case 'g':
    case 'j':
    case 'k':
    case 'q':
    case 's':
    case 'x':
    case 'z':
      return 2;
    case 'd':
    case 't':
      return 3;
    case 'l':
      return 4;
    case 'm':
    case 'n':
      return 5;
    case 'r':
      return 6;
    default:
      return letter > 'z' ? 7 + letter % 20 : 0;
  }
}

char16_t first_sound(std::u16string_view name) {
  if (name.starts_with(u"ph")) return 'f';
  if (name.starts_with(u"kn") || name.starts_with(u"gn")) return 'n';
  if (name.starts_with(u"wr")) return 'r';
  if (name[0] == 'c' && name.size() > 1 && (name[1] == 'e' || name[1] == 'i')) return 's';
  if (name[0] == 'c' || name[0] == 'q') return 'k';
  return name[0];
}

}  // namespace

int edits_between(std::u16string_view a, std::u16string_view b, int most) {
  a = shortened(a);
  b = shortened(b);
  if (a.size() > b.size()) std::swap(a, b);
  if (static_cast<int>(b.size() - a.size()) > most) return most + 1;
  std::array<std::array<int, kLettersMax + 1>, 3> rows;
  for (std::size_t j = 0; j <= a.size(); ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= b.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = static_cast<int>(i);
    int least = row[0];
    for (std::size_t j = 1; j <= a.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (b[i - 1] == a[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && b[i - 1] == a[j - 2] && b[i - 2] == a[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min(rows[b.size() % 3][a.size()], most + 1);
}

int jaro_winkler(std::u16string_view a, std::u16string_view b) {
  a = shortened(a);
  b = shortened(b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.empty() ? 1000 : 0;
  const std::size_t reach = std::max<std::size_t>(b.size() / 2, 1) - 1;
  std::uint64_t used = 0;
  std::array<char16_t, kLettersMax> matched;
  std::size_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t from = i > reach ? i - reach : 0;
    const std::size_t to = std::min(i + reach + 1, b.size());
    for (std::size_t j = from; j < to; ++j) {
      if ((used >> j & 1) != 0 || a[i] != b[j]) continue;
      used |= std::uint64_t{1} << j;
      matched[matches++] = a[i];
      break;
    }
  }
  if (matches == 0) return 0;
  std::size_t out_of_order = 0;
  for (std::size_t j = 0, k = 0; j < b.size(); ++j)
    if ((used >> j & 1) != 0 && matched[k++] != b[j]) ++out_of_order;
  const auto m = static_cast<double>(matches);
  const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                       (m - static_cast<double>(out_of_order / 2)) / m) /
                      3;
  std::size_t prefix = 0;
  while (prefix < std::min<std::size_t>(a.size(), 4) && a[prefix] == b[prefix]) ++prefix;
  return static_cast<int>(1000 * (jaro + 0.1 * static_cast<double>(prefix) * (1 - jaro)));
}

std::uint32_t sound_of(std::u16string_view name) {
  name = shortened(name);
  if (name.empty()) return 0;
  std::uint32_t sound = first_sound(name) & 0xffffU;
  int last = sound_class(name[0]);
  int count = 0;
  for (const char16_t letter : name.substr(1)) {
    const int here = sound_class(letter);
    if (here != 0 && here != last && count++ < 3) sound = sound * 29 + static_cast<std::uint32_t>(here);
    if (letter != 'h' && letter != 'w') last = here;
  }
  return sound * 4 + static_cast<std::uint32_t>(std::min(count, 3));
}

std::uint64_t letter_pairs(std::u16string_view text) {
  std::uint64_t pairs = 0;
  char16_t before = ' ';
  for (const char16_t letter : shortened(text)) {
    pairs |= std::uint64_t{1} << ((before * 0x9e37U + letter * 0x85ebU) >> 3 & 63);
    before = letter;
  }
  return pairs;
}

std::u16string to_letters(std::string_view utf8) {
  std::u16string letters;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i++]);
    std::uint32_t code = lead;
    int more = 0;
    if (lead >= 0xf0)
      code = lead & 7U, more = 3;
    else if (lead >= 0xe0)
      code = lead & 15U, more = 2;
    else if (lead >= 0xc0)
      code = lead & 31U, more = 1;
    for (; more > 0 && i < utf8.size(); --more) code = code << 6 | (static_cast<unsigned char>(utf8[i++]) & 63U);
    letters.push_back(static_cast<char16_t>(code));
  }
  return letters;
}

}  // namespace moot
