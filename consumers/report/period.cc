#include "consumers/report/period.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace moot {
namespace {

const char* const kForms =
    "a period is a financial year (2020-21), one of its quarters (2020-21-q1), a month (2020-09), a calendar year "
    "(2020) or days (2020-07-01..2021-04-01, the second not included)";

std::optional<int> number(std::string_view digits, std::size_t length) {
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.size() != length || read.ec != std::errc() || read.ptr != digits.data() + digits.size() || value < 0)
    return std::nullopt;
  return value;
}

Period months_from(Date from, int months) { return {from, plus_months(from, months)}; }

Result<Period> days(std::string_view text, std::size_t dots) {
  const Result<Date> from = parse_date(text.substr(0, dots)), to = parse_date(text.substr(dots + 2));
  if (!from.ok() || !to.ok()) return Status(Code::kUsage, kForms);
  if (*to <= *from) return Status(Code::kUsage, "the period must end after it begins; the second day is not included");
  return Period{*from, *to};
}

// The whole months from one first of a month to another; 0 where it is not that.
int whole_months(const Period& period) {
  if (period.from.day != 1 || period.to.day != 1) return 0;
  return (period.to.year - period.from.year) * 12 + period.to.month - period.from.month;
}

std::string two_digits(int value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string year_name(int first) { return std::to_string(first) + "-" + two_digits((first + 1) % 100); }

}  // namespace

Result<Period> parse_period(std::string_view given) {
  std::string text(given);
  for (char& c : text) c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const std::size_t dots = text.find(".."); dots != std::string::npos) return days(text, dots);
  const std::string_view rest = std::string_view(text).substr(std::min<std::size_t>(4, text.size()));
  const std::optional<int> year = number(std::string_view(text).substr(0, 4), 4);
  // No later than the dates that can be written: a period ends with the day after its last.
  if (!year || *year < 1 || *year > 9998) return Status(Code::kUsage, kForms);
  if (rest.empty()) return months_from({*year, 1, 1}, 12);
  if (rest.starts_with("-m")) {
    const std::optional<int> month = number(rest.substr(2), 2);
    if (month && *month >= 1 && *month <= 12) return months_from({*year, *month, 1}, 1);
    return Status(Code::kUsage, kForms);
  }
  const std::optional<int> second = rest.size() >= 3 ? number(rest.substr(1, 2), 2) : std::nullopt;
  if (!second || rest.front() != '-') return Status(Code::kUsage, kForms);
  const bool financial = *second == (*year + 1) % 100;
  if (rest.size() == 3 && financial) return months_from({*year, 4, 1}, 12);
  if (rest.size() == 3 && *second >= 1 && *second <= 12) return months_from({*year, *second, 1}, 1);
  if (rest.size() == 6 && financial && rest.substr(3, 2) == "-q" && rest[5] >= '1' && rest[5] <= '4')
    return months_from(plus_months({*year, 4, 1}, 3 * (rest[5] - '1')), 3);
  return Status(Code::kUsage, kForms);
}

bool is_financial_year(const Period& period) { return whole_months(period) == 12 && period.from.month == 4; }

bool is_of_whole_quarters(const Period& period) {
  const int months = whole_months(period);
  return months > 0 && months % 3 == 0 && period.from.month % 3 == 1;
}

bool is_within_a_quarter(const Period& period) {
  const Date quarter{period.from.year, period.from.month - (period.from.month - 1) % 3, 1};
  return period.to <= plus_months(quarter, 3);
}

bool is_longer_than_a_quarter(const Period& period) { return period.to > plus_months(period.from, 3); }

std::string name_of(const Period& period) {
  const int months = whole_months(period);
  if (is_financial_year(period)) return year_name(period.from.year);
  if (months == 12 && period.from.month == 1) return std::to_string(period.from.year);
  if (months == 3 && period.from.month % 3 == 1) {
    const int first = period.from.month >= 4 ? period.from.year : period.from.year - 1;
    return year_name(first) + " Q" + std::to_string(((period.from.month + 8) % 12) / 3 + 1);
  }
  if (months == 1) return std::to_string(period.from.year) + "-m" + two_digits(period.from.month);
  return to_iso(period.from) + ".." + to_iso(period.to);
}

std::string to_words(const Period& period) {
  const Date last = plus_days(period.to, -1);
  return last == period.from ? to_words(last) : to_words(period.from) + " to " + to_words(last);
}

// By its last day, not by the day after: 1 to 28 February of a leap year is 1 to 28 February of the year before.
Period plus_years(const Period& period, int years) {
  if (whole_months(period) > 0) return {plus_months(period.from, 12 * years), plus_months(period.to, 12 * years)};
  return {plus_months(period.from, 12 * years), plus_days(plus_months(plus_days(period.to, -1), 12 * years), 1)};
}

Period before(const Period& period) {
  if (const int months = whole_months(period); months > 0) return {plus_months(period.from, -months), period.from};
  return {plus_days(period.from, days_since_epoch(period.from) - days_since_epoch(period.to)), period.from};
}

std::string in_words(const Period& period) {
  const std::string name = name_of(period);
  if (name.find("..") != std::string::npos) return to_words(period);
  if (whole_months(period) != 1) return name;
  const std::string first = to_words(period.from);  // "1 September 2020"
  return first.substr(first.find(' ') + 1);
}

}  // namespace moot
