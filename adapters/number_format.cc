#include "adapters/number_format.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "broker/core/calendar.h"

namespace moot {

namespace {

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 7> kDays = {"Thursday", "Friday",  "Saturday", "Sunday",
                                              "Monday",   "Tuesday", "Wednesday"};  // 1 January 1970 was the first
constexpr double kLastSerial = 2'958'466;                                           // the end of the year 9999

char lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

std::string padded(std::int64_t number, int width) {
  char text[24];
  std::snprintf(text, sizeof text, "%0*lld", width, static_cast<long long>(number));
  return text;
}

// The serial number of a day as days since 1970. Serial numbers of 1900 count a 29 February that there was not.
std::int64_t days_of(std::int64_t serial, bool since_1904) {
  constexpr std::int64_t kFirst1900 = -25'569, kFirst1904 = -24'107;
  if (since_1904) return kFirst1904 + serial;
  return kFirst1900 + serial + (serial < 60 ? 1 : 0);
}

Date date_of(std::int64_t days) { return plus_days(Date{}, static_cast<int>(days)); }

}  // namespace

NumberFormat::NumberFormat(std::string_view code) {
  bool is_date = false, plain_zeros = !code.empty();
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = lower(code[i]);
    if (c != '0') plain_zeros = false;
    if (code[i] == '[') {  // a colour, a language, or hours beyond a day: [h]
      const std::size_t end = std::min(code.find(']', i), code.size() - 1);
      const char inside = i + 1 < code.size() ? lower(code[i + 1]) : ' ';
      if (inside == 'h' || inside == 's') return;  // a duration: its number is as good
      i = end;
    } else if (code[i] == '"') {
      const std::size_t end = std::min(code.find('"', i + 1), code.size());
      date_.push_back({0, 0, std::string(code.substr(i + 1, end - i - 1))});
      i = end;
    } else if (code[i] == '\\' && i + 1 < code.size()) {
      date_.push_back({0, 0, std::string(1, code[++i])});
    } else if (code[i] == '_' || code[i] == '*') {
      ++i;  // room for a character, or one to fill with
    } else if (c == 'a' &&
               (lower(code[std::min(i + 1, code.size() - 1)]) == 'm' || code.substr(i).starts_with("A/P"))) {
      is_date = true;
      date_.push_back({'p', 0, {}});
      i = std::min(i + (code.substr(i).starts_with("A/P") ? 2 : 4), code.size() - 1);
    } else if (c == 'y' || c == 'm' || c == 'd' || c == 'h' || c == 's') {
      const std::size_t begin = i;
      while (i + 1 < code.size() && lower(code[i + 1]) == c) ++i;
      is_date = true;
      date_.push_back({c, static_cast<int>(i - begin + 1), {}});
    } else if (c == '0' && !date_.empty() && date_.back().text == "." && is_date) {
      date_.pop_back();  // parts of a second
      while (i + 1 < code.size() && code[i + 1] == '0') ++i;
    } else {
      date_.push_back({0, 0, std::string(1, code[i])});
    }
  }
  if (plain_zeros) zeros_ = static_cast<int>(std::min<std::size_t>(code.size(), 30));
  if (!is_date) date_.clear();
  // An m between hours and seconds is of minutes.
  char before = 0;
  for (std::size_t i = 0; i < date_.size(); ++i) {
    if (date_[i].kind == 0 || date_[i].kind == 'p') continue;
    char after = 0;
    for (std::size_t j = i + 1; j < date_.size() && after == 0; ++j)
      if (date_[j].kind != 0 && date_[j].kind != 'p') after = date_[j].kind;
    if (date_[i].kind == 'm' && date_[i].width <= 2 && (before == 'h' || after == 's')) date_[i].kind = 'M';
    before = date_[i].kind;
  }
}

NumberFormat NumberFormat::builtin(int id) {
  switch (id) {
    case 14:
      return NumberFormat("dd/mm/yyyy");
    case 15:
      return NumberFormat("d-mmm-yy");
    case 16:
      return NumberFormat("d-mmm");
    case 17:
      return NumberFormat("mmm-yy");
    case 18:
      return NumberFormat("h:mm AM/PM");
    case 19:
      return NumberFormat("h:mm:ss AM/PM");
    case 20:
      return NumberFormat("hh:mm");
    case 21:
      return NumberFormat("hh:mm:ss");
    case 22:
      return NumberFormat("dd/mm/yyyy hh:mm");
    case 45:
      return NumberFormat("mm:ss");
    default:
      return {};
  }
}

std::string NumberFormat::show_date(double serial, bool since_1904) const {
  // To the second: a time is a part of a day that has no exact number.
  const std::int64_t seconds = std::llround(serial * 86'400);
  const std::int64_t days = days_of(seconds / 86'400, since_1904);
  const std::int64_t in_day = seconds % 86'400;
  const Date date = date_of(days);
  bool twelve = false;
  for (const Piece& piece : date_) twelve = twelve || piece.kind == 'p';
  const std::int64_t hour = in_day / 3600;
  std::string text;
  for (const Piece& piece : date_) {
    switch (piece.kind) {
      case 'y':
        text += piece.width <= 2 ? padded(date.year % 100, 2) : padded(date.year, 4);
        break;
      case 'm':
        text += piece.width <= 2 ? padded(date.month, piece.width)
                                 : std::string(kMonths.at(static_cast<std::size_t>(date.month - 1)))
                                       .substr(0, piece.width == 3   ? 3
                                                  : piece.width == 5 ? 1
                                                                     : std::string::npos);
        break;
      case 'd':
        text += piece.width <= 2 ? padded(date.day, piece.width)
                                 : std::string(kDays.at(static_cast<std::size_t>(((days % 7) + 7) % 7)))
                                       .substr(0, piece.width == 3 ? 3 : std::string::npos);
        break;
      case 'h':
        text += padded(twelve ? (hour + 11) % 12 + 1 : hour, std::min(piece.width, 2));
        break;
      case 'M':
        text += padded(in_day / 60 % 60, std::min(piece.width, 2));
        break;
      case 's':
        text += padded(in_day % 60, std::min(piece.width, 2));
        break;
      case 'p':
        text += hour < 12 ? "AM" : "PM";
        break;
      default:
        text += piece.text;
    }
  }
  return text;
}

std::string NumberFormat::show(const std::string& digits, bool since_1904) const {
  char* end = nullptr;
  const double number = std::strtod(digits.c_str(), &end);
  if (digits.empty() || end != digits.c_str() + digits.size() || !std::isfinite(number)) return digits;
  if (!date_.empty() && number >= 0 && number < kLastSerial) return show_date(number, since_1904);
  const bool whole = std::floor(number) == number && std::fabs(number) < 1e15;
  if (whole && number >= 0) return padded(static_cast<std::int64_t>(number), std::max(zeros_, 1));
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

}  // namespace moot
