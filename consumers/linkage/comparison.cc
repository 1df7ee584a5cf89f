#include "consumers/linkage/comparison.h"

#include <algorithm>
#include <array>

#include "consumers/linkage/nicknames.h"
#include "consumers/linkage/spelling.h"

namespace moot {
namespace {

using Letters = std::u16string_view;

constexpr std::size_t kWordsMost = 12;

struct Words {
  std::array<Letters, kWordsMost> word;
  std::size_t count = 0;
};

Words words_in(Letters text) {
  Words words;
  while (!text.empty() && words.count < words.word.size()) {
    const Letters one = text.substr(0, text.find(u' '));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (!one.empty()) words.word[words.count++] = one;
  }
  return words;
}

// The number of letters that stand in words of both; a word that one has twice is shared once with one that has it
// once.
std::size_t letters_in_shared_words(const Words& a, const Words& b) {
  std::size_t letters = 0;
  std::array<bool, kWordsMost> taken{};
  for (std::size_t i = 0; i < a.count; ++i)
    for (std::size_t j = 0; j < b.count; ++j) {
      if (taken[j] || a.word[i] != b.word[j]) continue;
      taken[j] = true;
      letters += a.word[i].size();
      break;
    }
  return letters;
}

std::size_t letters_in_words(const Words& words) {
  std::size_t letters = 0;
  for (std::size_t i = 0; i < words.count; ++i) letters += words.word[i].size();
  return letters;
}

// "bennie" is how one called Benjamin or Benedict is called: what is left without the ending begins the other.
bool is_pet_form(Letters pet, Letters whole) {
  for (const Letters ending : {Letters(u"ie"), Letters(u"ey"), Letters(u"y"), Letters(u"i"), Letters(u"o")}) {
    if (!pet.ends_with(ending)) continue;
    Letters stem = pet.substr(0, pet.size() - ending.size());
    if (stem.size() >= 4 && stem.back() == stem[stem.size() - 2]) stem.remove_suffix(1);
    return stem.size() >= 3 && whole.size() > stem.size() && whole.starts_with(stem);
  }
  return false;
}

Level name_level(FieldKind kind, const ValueTable& table, ValueId a, ValueId b) {
  const Letters one = table.letters(a);
  const Letters two = table.letters(b);
  const std::size_t shorter = std::min(one.size(), two.size());
  if (shorter == 1) return one[0] == two[0] ? Level::kPart : Level::kDifferent;
  if (kind != FieldKind::kFamily) {
    if (may_stand_for(table.text(a), table.text(b))) return Level::kAlias;
    if (are_two_forenames(table.text(a), table.text(b))) return Level::kDifferent;
  }
  const int edits = edits_between(one, two, 2);
  if (edits == 1 && shorter >= 3) return Level::kClose;
  const int alike = jaro_winkler(one, two);
  if ((edits == 2 && shorter >= 6) || alike >= 920) return Level::kSimilar;
  if (shorter >= 3 && table.form(a).sound == table.form(b).sound) return Level::kSimilar;
  const Words words_one = words_in(one);
  const Words words_two = words_in(two);
  if (words_one.count + words_two.count > 2 && letters_in_shared_words(words_one, words_two) >= 3) return Level::kPart;
  if (shorter >= 3 && (one.starts_with(two) || two.starts_with(one))) return Level::kPart;
  if (kind != FieldKind::kFamily && (is_pet_form(one, two) || is_pet_form(two, one))) return Level::kPart;
  return alike >= 850 ? Level::kPart : Level::kDifferent;
}

Level text_level(const ValueTable& table, ValueId a, ValueId b) {
  const Letters one = table.letters(a);
  const Letters two = table.letters(b);
  const std::size_t shorter = std::min(one.size(), two.size());
  const Words words_one = words_in(one);
  const Words words_two = words_in(two);
  const std::size_t shared = letters_in_shared_words(words_one, words_two);
  const std::size_t all_one = letters_in_words(words_one);
  const std::size_t all_two = letters_in_words(words_two);
  if (shared == all_one && shared == all_two) return Level::kAlias;
  const int allowed = shorter >= 12 ? 3 : (shorter >= 7 ? 2 : 1);
  if (shorter >= 3 && edits_between(one, two, allowed) <= allowed) return Level::kClose;
  if (shared * 3 >= std::max(all_one, all_two) * 2) return Level::kSimilar;
  if (jaro_winkler(one, two) >= 900) return Level::kSimilar;
  if (shared >= 3 && shared * 2 >= std::min(all_one, all_two)) return Level::kPart;
  return Level::kDifferent;
}

Level postcode_level(Letters one, Letters two) {
  if (edits_between(one, two, 1) == 1) return Level::kClose;
  const bool british = one.size() >= 5 && two.size() >= 5;
  if (!british) return one.substr(0, 2) == two.substr(0, 2) ? Level::kPart : Level::kDifferent;
  if (one.size() == two.size() && one.substr(0, one.size() - 2) == two.substr(0, two.size() - 2))
    return Level::kSimilar;
  if (one.substr(0, one.size() - 3) == two.substr(0, two.size() - 3)) return Level::kPart;
  return Level::kDifferent;
}

Level number_level(Letters one, Letters two) {
  const std::size_t shorter = std::min(one.size(), two.size());
  if (shorter < 2) return Level::kDifferent;
  const int edits = edits_between(one, two, 2);
  if (edits == 1) return Level::kClose;
  if (edits == 2 && shorter >= 6) return Level::kSimilar;
  if (shorter >= 6 && one.substr(one.size() - 6) == two.substr(two.size() - 6)) return Level::kSimilar;
  return Level::kDifferent;
}

Level email_level(Letters one, Letters two) {
  const int edits = edits_between(one, two, 3);
  if (edits <= 2) return Level::kClose;
  const Letters name_one = one.substr(0, one.find(u'@'));
  const Letters name_two = two.substr(0, two.find(u'@'));
  if (name_one == name_two && name_one.size() >= 3) return Level::kSimilar;
  if (edits == 3 || jaro_winkler(one, two) >= 930) return Level::kSimilar;
  return one.substr(name_one.size()) == two.substr(name_two.size()) ? Level::kPart : Level::kDifferent;
}

int number_in(std::uint32_t digits, int from, int count) {
  int number = 0;
  for (int i = 0; i < count; ++i) number = number * 10 + static_cast<int>(digits >> (28 - 4 * (from + i)) & 0xf);
  return number;
}

// At most a year apart, taking every month for 31 days.
bool about_a_year_apart(std::uint32_t a, std::uint32_t b) {
  const auto days = [](std::uint32_t d) {
    return (number_in(d, 0, 4) * 12 + number_in(d, 4, 2)) * 31 + number_in(d, 6, 2);
  };
  return std::abs(days(a) - days(b)) <= 372;
}

}  // namespace

Level date_level(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t changed = a ^ b;
  std::uint32_t marked = changed | changed >> 1;  // the lowest bit of every digit that differs
  marked = (marked | marked >> 2) & 0x11111111;
  const int digits = static_cast<int>(marked * 0x11111111U >> 28);
  const std::uint32_t day_a = a & 0xff;
  const std::uint32_t month_a = a >> 8 & 0xff;
  const std::uint32_t day_b = b & 0xff;
  const std::uint32_t month_b = b >> 8 & 0xff;
  const bool same_year = changed >> 16 == 0;
  if (day_a == 0xff || day_b == 0xff) {  // only as far as both are known
    if (!same_year) return digits <= 1 ? Level::kPart : Level::kDifferent;
    return month_a == month_b && month_a != 0xff ? Level::kSimilar : Level::kPart;
  }
  if (same_year && day_a == month_b && day_b == month_a) return Level::kAlias;
  if (digits == 1) return Level::kClose;
  // Two neighbouring digits swapped.
  for (int shift = 0; digits == 2 && shift < 28; shift += 4)
    if ((a >> shift & 0xf) == (b >> (shift + 4) & 0xf) && (b >> shift & 0xf) == (a >> (shift + 4) & 0xf) &&
        (changed & ~(0xffU << shift)) == 0)
      return Level::kClose;
  if (digits == 2 || (changed & 0xffff) == 0) return Level::kSimilar;
  return same_year || about_a_year_apart(a, b) ? Level::kPart : Level::kDifferent;
}

bool KnownLevels::is_remembered(FieldKind kind) {
  switch (kind) {
    case FieldKind::kGiven:
    case FieldKind::kMiddle:
    case FieldKind::kFamily:
    case FieldKind::kAddress:
    case FieldKind::kTown:
    case FieldKind::kText:
    case FieldKind::kEmail:
      return true;
    default:
      return false;
  }
}

Level level_of(FieldKind kind, const ValueTable& table, ValueId a, ValueId b) {
  switch (kind) {
    case FieldKind::kGiven:
    case FieldKind::kMiddle:
    case FieldKind::kFamily:
      return name_level(kind, table, a, b);
    case FieldKind::kBorn:
      return date_level(table.form(a).digits, table.form(b).digits);
    case FieldKind::kPostcode:
      return postcode_level(table.letters(a), table.letters(b));
    case FieldKind::kPhone:
    case FieldKind::kMobile:
    case FieldKind::kNumber:
    case FieldKind::kReference:
      return number_level(table.letters(a), table.letters(b));
    case FieldKind::kEmail:
      return email_level(table.letters(a), table.letters(b));
    case FieldKind::kSex:
    case FieldKind::kCode:
      return edits_between(table.letters(a), table.letters(b), 1) == 1 && table.letters(a).size() >= 2
                 ? Level::kClose
                 : Level::kDifferent;
    case FieldKind::kOwnReference:
      return table.form(a).sound == table.form(b).sound ? Level::kDifferent : Level::kMissing;
    case FieldKind::kProperty:  // its neighbour's number is one digit away, and another property
      return Level::kDifferent;
    case FieldKind::kAddress:
    case FieldKind::kTown:
    case FieldKind::kText:
      return text_level(table, a, b);
  }
  return Level::kDifferent;
}

}  // namespace moot
