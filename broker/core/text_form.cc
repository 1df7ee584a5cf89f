#include "broker/core/text_form.h"

#include <algorithm>
#include <string>

#include "broker/core/calendar.h"

namespace moot {

namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_lsoa(std::string_view text) {
  return text.size() == 9 && (text.starts_with("E01") || text.starts_with("W01")) && all_digits(text.substr(3));
}

bool is_uprn(std::string_view text) { return !text.empty() && text.size() <= 12 && all_digits(text); }

bool is_partial_date(std::string_view text) {
  if (text.size() == 10) return parse_date(text).ok();
  if (text.size() == 7) return parse_date(std::string(text) + "-01").ok();
  return text.size() == 4 && parse_date(std::string(text) + "-01-01").ok();
}

bool is_traceparent(std::string_view text) {
  static constexpr std::string_view kForm = "00-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(), [](char c, char form) {
    return form == 'h' ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') : c == form;
  });
}

}  // namespace moot
