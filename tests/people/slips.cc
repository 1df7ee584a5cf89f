#include "tests/people/slips.h"

#include <array>
#include <cctype>
#include <utility>

namespace people {
namespace {

constexpr std::array<std::string_view, 4> kKeyboard = {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"};

char beside(char key, Draw& draw) {
  const char small = static_cast<char>(std::tolower(static_cast<unsigned char>(key)));
  for (const std::string_view row : kKeyboard) {
    const std::size_t at = row.find(small);
    if (at == std::string_view::npos) continue;
    const std::size_t other = at == 0 ? 1 : at + 1 == row.size() || draw.chance(.5) ? at - 1 : at + 1;
    const char found = row[other];
    return std::isupper(static_cast<unsigned char>(key)) != 0
               ? static_cast<char>(std::toupper(static_cast<unsigned char>(found)))
               : found;
  }
  return key;
}

constexpr std::pair<std::string_view, std::string_view> kSounds[] = {
    {"ph", "f"},  {"f", "ph"}, {"ck", "k"},  {"c", "k"},  {"ie", "y"}, {"y", "ie"}, {"ey", "y"}, {"ee", "ea"},
    {"ea", "ee"}, {"ou", "u"}, {"s", "z"},   {"z", "s"},  {"ll", "l"}, {"l", "ll"}, {"tt", "t"}, {"n", "nn"},
    {"nn", "n"},  {"i", "y"},  {"ai", "ay"}, {"er", "a"}, {"th", "t"}, {"gh", "g"}, {"mm", "m"}, {"wh", "w"}};

}  // namespace

std::string by_keyboard(std::string text, Draw& draw) {
  if (text.size() < 2) return text;
  const std::size_t at = draw.below(text.size() - 1) + 1;  // the first letter is the one that is looked at
  switch (draw.below(4)) {
    case 0:
      return text.erase(at, 1);
    case 1:
      return text.insert(at, 1, beside(text[at], draw));
    case 2:
      if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
      return text;
    default:
      text[at] = beside(text[at], draw);
      return text;
  }
}

std::string by_ear(std::string name, Draw& draw) {
  for (int tries = 0; tries < 12; ++tries) {
    const auto& [from, to] = kSounds[draw.below(std::size(kSounds))];
    const std::size_t at = name.find(from, 1);
    if (at != std::string::npos) return name.replace(at, from.size(), to);
  }
  return by_keyboard(std::move(name), draw);
}

Day wrong_day(Day day, Draw& draw) {
  const double how = draw.share();
  if (how < .3 && day.day <= 12) return {day.year, day.day, day.month};
  if (how < .65) return {day.year, day.month, draw.chance(.5) && day.day > 1 ? day.day - 1 : day.day % 28 + 1};
  if (how < .85) return {day.year, day.month % 12 + 1, day.day};
  return {day.year + (draw.chance(.5) ? 1 : draw.chance(.5) ? -1 : 10), day.month, day.day};
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace people
