// How a spreadsheet shows a number, as far as it matters to who reads its CSV: dates and times, leading zeros. A number
// is what it is stored as otherwise, without currency signs or separators (ECMA-376 part 1, 18.8.30 and 18.17.4.1).
// Thread: values and pure functions, usable anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace moot {

class NumberFormat {
 public:
  // Nothing in particular.
  NumberFormat() = default;
  // "dd/mm/yyyy hh:mm", "00000", …: the format's code; only its first part (of positive numbers) counts.
  explicit NumberFormat(std::string_view code);
  // One of those that need no code: 14 is the date, as it is written in Britain.
  static NumberFormat builtin(int id);

  // `digits`: as the file has them. `since_1904`: which day is the first. What is no number stays as it is.
  std::string show(const std::string& digits, bool since_1904) const;

 private:
  struct Piece {
    char kind = 0;  // 'y' 'm' 'd' 'h' 'M' (minutes) 's' 'p' (am, pm), or 0: `text` itself
    int width = 0;
    std::string text;
  };
  std::string show_date(double serial, bool since_1904) const;

  std::vector<Piece> date_;  // empty = not a date
  int zeros_ = 0;            // digits at least
};

}  // namespace moot
