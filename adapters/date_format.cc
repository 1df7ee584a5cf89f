#include "adapters/date_format.h"

#include <algorithm>
#include <array>

namespace moot {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

std::string_view word_of(char part) {
  switch (part) {
    case 'd':
      return "day";
    case 'm':
    case 'b':
    case 'B':
      return "month";
    case 'Y':
    case 'y':
      return "year";
    case 'H':
    case 'I':
      return "hour";
    case 'p':
      return "am or pm";
    case 'M':
      return "minute";
    case 'S':
      return "second";
    default:
      return "";
  }
}

// Between `least` and `most` digits off the front of the text.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < most && digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
    value = value * 10 + (text[digits++] - '0');
  if (digits < least) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool starts_with_folded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char l, char t) {
           return l == (t >= 'A' && t <= 'Z' ? static_cast<char>(t - 'A' + 'a') : t);
         });
}

// An English month, whole or its first three letters; "Sept" is seen often enough to be taken.
std::optional<int> take_month_name(std::string_view& text) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    for (const std::string_view name : {kMonths[i], kMonths[i].substr(0, i == 8 ? 4 : 3), kMonths[i].substr(0, 3)}) {
      if (!starts_with_folded(text, name)) continue;
      text.remove_prefix(name.size());
      return static_cast<int>(i) + 1;
    }
  }
  return std::nullopt;
}

}  // namespace

struct DateFormat::Reading {
  int year = 0;
  int month = 0;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool afternoon = false;
};

Result<DateFormat> DateFormat::parse(std::string_view pattern) {
  DateFormat format;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      format.pieces_.push_back({0, pattern[i]});
      continue;
    }
    const char part = ++i < pattern.size() ? pattern[i] : '\0';
    if (part == '%') {
      format.pieces_.push_back({0, '%'});
      continue;
    }
    const std::string_view word = word_of(part);
    if (word.empty())
      return Status(Code::kDefinition, "expected only %d %m %Y %y %H %I %p %M %S %b %B after a percent sign");
    for (const Piece& earlier : format.pieces_)
      if (word_of(earlier.part) == word)
        return Status(Code::kDefinition, "has the " + std::string(word) + " twice; expected it once");
    format.pieces_.push_back({part, 0});
  }
  const bool month = format.has('m') || format.has('b') || format.has('B');
  const bool year = format.has('Y') || format.has('y');
  if (!month || !year)
    return Status(Code::kDefinition, "expected a form with a month and a year, such as \"%d/%m/%Y\"");
  if (format.has('I') != format.has('p'))
    return Status(Code::kDefinition, "expected %p where the hours are those of a 12-hour clock (%I), and only there");
  if ((format.has('M') && !format.has_time_of_day()) || (format.has('S') && !format.has('M')))
    return Status(Code::kDefinition, "expected hours before minutes and minutes before seconds");
  if (format.has_time_of_day() && !format.has('d'))
    return Status(Code::kDefinition, "expected a day where there is an hour");
  return format;
}

bool DateFormat::has(char part) const {
  return std::any_of(pieces_.begin(), pieces_.end(), [part](const Piece& piece) { return piece.part == part; });
}

bool DateFormat::swaps_day_and_month_of(const DateFormat& other) const {
  const auto swapped = [](char part) { return part == 'd' ? 'm' : part == 'm' ? 'd' : part; };
  return has('d') && has('m') &&
         std::equal(
             pieces_.begin(), pieces_.end(), other.pieces_.begin(), other.pieces_.end(),
             [&](const Piece& a, const Piece& b) { return swapped(a.part) == b.part && a.literal == b.literal; });
}

std::string DateFormat::words() const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (piece.part == 0)
      out += piece.literal;
    else
      out += word_of(piece.part);
  }
  return out;
}

bool DateFormat::read_piece(const Piece& piece, std::string_view& text, Reading& reading) const {
  if (piece.part == 0) {
    // Blanks that are not to break a line look the same (U+00A0; U+202F, which browsers put before "am").
    for (const std::string_view blank : {"\xc2\xa0", "\xe2\x80\xaf"})
      if (piece.literal == ' ' && text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        return true;
      }
    if (text.empty() || text.front() != piece.literal) return false;
    text.remove_prefix(1);
    return true;
  }
  if (piece.part == 'b' || piece.part == 'B') {
    const std::optional<int> month = take_month_name(text);
    reading.month = month.value_or(0);
    return month.has_value();
  }
  if (piece.part == 'p') {
    reading.afternoon = starts_with_folded(text, "pm");
    if (!reading.afternoon && !starts_with_folded(text, "am")) return false;
    text.remove_prefix(2);
    return true;
  }
  const std::optional<int> number = piece.part == 'Y'   ? take_number(text, 4, 4)
                                    : piece.part == 'y' ? take_number(text, 2, 2)
                                                        : take_number(text, 1, 2);
  if (!number) return false;
  switch (piece.part) {
    case 'd':
      reading.day = *number;
      return true;
    case 'm':
      reading.month = *number;
      return true;
    case 'Y':
      reading.year = *number;
      return true;
    // POSIX: 69 to 99 are of the 20th century, 00 to 68 of the 21st.
    case 'y':
      reading.year = *number + (*number >= 69 ? 1900 : 2000);
      return true;
    case 'H':
      reading.hour = *number;
      return *number <= 23;
    case 'I':  // noon and midnight are both twelve
      reading.hour = *number % 12;
      return *number >= 1 && *number <= 12;
    case 'M':
      reading.minute = *number;
      return *number <= 59;
    default:
      reading.second = *number;
      return *number <= 59;
  }
}

std::optional<LocalTime> DateFormat::read(std::string_view text) const {
  Reading r;
  for (const Piece& piece : pieces_)
    if (!read_piece(piece, text, r)) return std::nullopt;
  if (!text.empty() || !is_real(r.year, r.month, r.day)) return std::nullopt;
  return LocalTime{Date{r.year, r.month, r.day}, r.hour + (r.afternoon ? 12 : 0), r.minute, r.second};
}

}  // namespace moot
