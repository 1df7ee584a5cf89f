#include "deploy/south-and-vale/generator/calendar.h"

#include <array>

namespace south_and_vale {
namespace {

constexpr std::int64_t kDay = 24 * 60;
constexpr int kFirstYear = 2019;
constexpr int kFirstMonth = 4;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Days since 1 January 1970 in the Gregorian calendar; the year is taken to begin in March.
std::int64_t day_number(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_div(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

// British Summer Time: from 01:00 on the last Sunday of March to 02:00 on the last Sunday of October.
Moment last_sunday(int year, int month, int hour) {
  const Moment last = at(year, month, 31, hour);
  return plus_days(last, -((weekday(last) + 1) % 7));
}

bool is_summer(Moment moment) {
  const int year = civil(moment).year;
  return last_sunday(year, 3, 1) <= moment && moment < last_sunday(year, 10, 2);
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::string clock(Moment moment) {
  const Civil c = civil(moment);
  return padded(c.hour, 2) + ":" + padded(c.minute, 2);
}

std::string day_month_year(Moment moment, char separator) {
  const Civil c = civil(moment);
  return padded(c.day, 2) + separator + padded(c.month, 2) + separator + padded(c.year, 4);
}

}  // namespace

Moment at(int year, int month, int day, int hour, int minute) {
  return Moment{day_number(year, month, day) * kDay + hour * 60 + minute};
}

Moment moment(std::string_view text) {
  const bool has_time = text.size() >= 16;
  return at(number(text.substr(0, 4)), number(text.substr(5, 2)), number(text.substr(8, 2)),
            has_time ? number(text.substr(11, 2)) : 0, has_time ? number(text.substr(14, 2)) : 0);
}

Civil civil(Moment moment) {
  const std::int64_t days = floor_div(moment.minutes, kDay) + 719468;
  const std::int64_t era = floor_div(days, 146097);
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t minute_of_day = moment.minutes - floor_div(moment.minutes, kDay) * kDay;
  Civil c;
  c.day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  c.month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  c.year = static_cast<int>(year_of_era + era * 400 + (c.month <= 2 ? 1 : 0));
  c.hour = static_cast<int>(minute_of_day / 60);
  c.minute = static_cast<int>(minute_of_day % 60);
  return c;
}

Moment plus_days(Moment moment, int days) { return Moment{moment.minutes + days * kDay}; }

Moment plus_minutes(Moment moment, int minutes) { return Moment{moment.minutes + minutes}; }

Moment at_hour(Moment day, int hour, int minute) {
  return Moment{floor_div(day.minutes, kDay) * kDay + hour * 60 + minute};
}

Moment plus_months(Moment moment, int months) {
  const Civil c = civil(moment);
  const int month = c.year * 12 + c.month - 1 + months;
  const int last = days_in_month(month / 12, month % 12 + 1);
  return at(month / 12, month % 12 + 1, c.day < last ? c.day : last, c.hour, c.minute);
}

int days_in_month(int year, int month) {
  const int next_year = month == 12 ? year + 1 : year;
  return static_cast<int>(day_number(next_year, month == 12 ? 1 : month + 1, 1) - day_number(year, month, 1));
}

int weekday(Moment moment) { return static_cast<int>((floor_div(moment.minutes, kDay) % 7 + 10) % 7); }

Moment month_start(int index) {
  const int months = kFirstMonth - 1 + index;
  return at(kFirstYear + months / 12, months % 12 + 1, 1);
}

int month_index(Moment moment) {
  const Civil c = civil(moment);
  return (c.year - kFirstYear) * 12 + c.month - kFirstMonth;
}

Moment second_tuesday(int index) {
  const Moment first = month_start(index);
  return plus_days(first, (8 - weekday(first)) % 7 + 7);
}

int financial_year(Moment moment) {
  const Civil c = civil(moment);
  return c.month >= 4 ? c.year : c.year - 1;
}

int financial_quarter(Moment moment) { return (civil(moment).month + 8) % 12 / 3 + 1; }

std::string slashed_day(Moment moment) { return day_month_year(moment, '/'); }

std::string slashed(Moment moment) { return slashed_day(moment) + " " + clock(moment); }

std::string named_day(Moment moment) {
  static constexpr std::array<const char*, 12> kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = civil(moment);
  return padded(c.day, 2) + "-" + kNames[static_cast<std::size_t>(c.month - 1)] + "-" + padded(c.year, 4);
}

std::string named(Moment moment) { return named_day(moment) + " " + clock(moment); }

std::string dotted_day(Moment moment) { return day_month_year(moment, '.'); }

std::string dotted(Moment moment) { return dotted_day(moment) + " " + clock(moment); }

std::string iso_day(Moment moment) { return year_month(moment) + "-" + padded(civil(moment).day, 2); }

std::string iso(Moment moment) { return iso_day(moment) + " " + clock(moment); }

std::string compact_day(Moment moment) {
  const Civil c = civil(moment);
  return padded(c.year, 4) + padded(c.month, 2) + padded(c.day, 2);
}

std::string year_month(Moment moment) {
  const Civil c = civil(moment);
  return padded(c.year, 4) + "-" + padded(c.month, 2);
}

std::string rfc3339(Moment moment) {
  return iso_day(moment) + "T" + clock(moment) + ":00" + (is_summer(moment) ? "+01:00" : "+00:00");
}

std::string padded(std::int64_t number, int digits) {
  std::string text = std::to_string(number);
  while (static_cast<int>(text.size()) < digits) text.insert(text.begin(), '0');
  return text;
}

}  // namespace south_and_vale
