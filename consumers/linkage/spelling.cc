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

// Where each letter stands in a text of at most 64, as bits.
class PlacesOfLetters {
 public:
  explicit PlacesOfLetters(std::u16string_view text) : text_(text) {
    places_[0] = 0;
    std::uint8_t letters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] >= number_.size()) continue;
      std::uint8_t& number = number_[text[i]];
      if (number == 0) places_[number = ++letters] = 0;
      places_[number] |= std::uint64_t{1} << i;
    }
  }
  std::uint64_t of(char16_t letter) const {
    if (letter < number_.size()) return places_[number_[letter]];
    std::uint64_t places = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) places |= std::uint64_t{text_[i] == letter} << i;
    return places;
  }

 private:
  std::u16string_view text_;
  std::array<std::uint8_t, 128> number_{};             // by letter; 0 = does not stand in the text
  std::array<std::uint64_t, kLettersMax + 1> places_;  // by number; those above the last one's are nothing
};

}  // namespace

// Hyyrö's bit-parallel form of the distance (2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit
// distances"): a column of the table of distances in two words, one bit for each letter of the shorter text. `more` and
// `less`: where the distance grows or shrinks by one from letter to letter down the column.
int edits_between(std::u16string_view a, std::u16string_view b, int most) {
  a = shortened(a);
  b = shortened(b);
  if (a.size() > b.size()) std::swap(a, b);
  if (static_cast<int>(b.size() - a.size()) > most) return most + 1;
  // What both begin and end with costs nothing.
  while (!a.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty()) return static_cast<int>(b.size());
  const PlacesOfLetters places(a);
  const std::uint64_t last = std::uint64_t{1} << (a.size() - 1);
  std::uint64_t more = ~std::uint64_t{0}, less = 0, same = 0, before = 0;
  int edits = static_cast<int>(a.size());
  for (const char16_t letter : b) {
    const std::uint64_t here = places.of(letter);
    const std::uint64_t swapped = ((~same & here) << 1) & before;
    same = (((here & more) + more) ^ more) | here | less | swapped;
    const std::uint64_t more_across = less | ~(same | more);
    const std::uint64_t less_across = same & more;
    if ((more_across & last) != 0) ++edits;
    if ((less_across & last) != 0) --edits;
    less = (more_across << 1 | 1) & same;
    more = less_across << 1 | ~(same | (more_across << 1 | 1));
    before = here;
  }
  return std::min(edits, most + 1);
}

int jaro_winkler(std::u16string_view a, std::u16string_view b) {
  a = shortened(a);
  b = shortened(b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.empty() ? 1000 : 0;
  const std::size_t reach = std::max<std::size_t>(b.size() / 2, 1) - 1;
  const PlacesOfLetters places(b);
  std::uint64_t used = 0;
  std::array<char16_t, kLettersMax> matched;
  std::size_t matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t from_here = ~std::uint64_t{0} << (i > reach ? i - reach : 0);
    const std::size_t past = i + reach + 1;
    const std::uint64_t to_here = past >= kLettersMax ? ~std::uint64_t{0} : (std::uint64_t{1} << past) - 1;
    const std::uint64_t free = places.of(a[i]) & from_here & to_here & ~used;
    if (free == 0) continue;
    used |= free & -free;  // the first of them
    matched[matches++] = a[i];
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
