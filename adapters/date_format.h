// The form in which a column writes dates and times, as a mapping gives it: strptime's %d %m %Y %y %H %I %p %M %S %b %B
// and %%, and literal characters. Days, months and hours may have one digit or two. Thread: values, usable anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

class DateFormat {
 public:
  // kDefinition, with what was expected, for a form that has no year or no month or that names something twice.
  static Result<DateFormat> parse(std::string_view pattern);

  // Nothing when the text is not of the form or no real date. A form without a day gives the first of the month.
  std::optional<LocalTime> read(std::string_view text) const;

  bool has_day() const { return has('d'); }
  bool has_time_of_day() const { return has('H') || has('I'); }
  bool has_century() const { return has('Y'); }
  // What the form can tell: to the second or minute, the day, the month.
  v1::TimePrecision precision() const { return has_time_of_day() ? v1::EXACT : has_day() ? v1::DAY : v1::MONTH; }
  // The same with day and month the other way round: nothing tells which of the two a cell is of.
  bool swaps_day_and_month_of(const DateFormat& other) const;
  // The form for a sentence: "day/month/year hour:minute".
  std::string words() const;

 private:
  // A part of a date ('d', 'm', …), or a literal character.
  struct Piece {
    char part = 0;  // 0 = literal
    char literal = 0;
  };
  struct Reading;
  bool has(char part) const;
  bool read_piece(const Piece& piece, std::string_view& text, Reading& reading) const;

  std::vector<Piece> pieces_;
};

}  // namespace moot
