#include "consumers/report/number_text.h"

#include <array>
#include <charconv>

#include "consumers/document/phrase.h"

namespace moot {

std::string number_text(double value) {
  std::array<char, 400> digits;  // the longest double, written out
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
  std::string text(digits.data(), end.ptr);
  if (text == "-0") text = "0";
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t at = point; at > first + 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

namespace {

const char* const kSmall = "withheld";

std::string or_not_supplied(const std::optional<double>& value) { return value ? number_text(*value) : "not supplied"; }

}  // namespace

std::string figure_text(const FigurePart& part) { return part.small ? kSmall : or_not_supplied(part.value); }

std::string part_text(const FigurePart& part, const std::string& unit) {
  return unit == "pounds" ? with_unit(figure_text(part), unit) : figure_text(part);
}

std::string figure_text(const Figure& figure) {
  if (figure.small) return kSmall;
  if (figure.divided_by_zero) return "cannot be worked out";
  return figure.label.empty() ? or_not_supplied(figure.value) : figure.label;
}

std::string with_unit(const std::string& text, const std::string& unit) {
  const bool a_number = !text.empty() && (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'));
  if (unit.empty() || !a_number) return text;
  if (text == "1" && unit.ends_with("people")) return text + " " + unit.substr(0, unit.size() - 6) + "person";
  if (text == "1" && unit.ends_with("children")) return text + " " + unit.substr(0, unit.size() - 3);
  if (text == "1" && unit.ends_with("ies")) return text + " " + unit.substr(0, unit.size() - 3) + "y";
  if (text == "1" && unit.ends_with("s") && unit != "pounds") return text + " " + unit.substr(0, unit.size() - 1);
  if (unit != "pounds") return text + " " + unit;
  const std::size_t point = text.find('.');
  const std::string pence = point != std::string::npos && point + 2 == text.size() ? "0" : "";  // £78.90
  return (text.front() == '-' ? "-£" + text.substr(1) : "£" + text) + pence;
}

}  // namespace moot
