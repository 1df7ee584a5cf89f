#include "adapters/json_document.h"

#include <boost/json.hpp>

#include "adapters/encoding.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kCodeBytesMax = 64;

// Something that somebody typed, which may name somebody: no code has so many words, or a number as long as a
// telephone's.
bool is_prose(std::string_view text) {
  constexpr std::size_t kWords = 8, kDigits = 7;
  std::size_t words = 0, digits = 0;
  bool in_word = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    words += !blank && !in_word ? 1 : 0;
    in_word = !blank;
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (words > kWords || digits >= kDigits) return true;
  }
  return false;
}

Status unreadable(std::string why) { return Status(Code::kUnreadable, std::move(why)); }

}  // namespace

Result<json::value> parse_json_document(std::string_view text, std::size_t depth_max) {
  if (!is_utf8(text)) return unreadable("not text in UTF-8");
  json::parse_options options;
  options.max_depth = depth_max;
  // A document is made, read and dropped as one.
  json::parser parser(json::make_shared_resource<json::monotonic_resource>(), options);
  json::error_code error;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  if (error == json::error::too_deep) return unreadable("not what it should be: brackets inside brackets, too deep");
  if (error == json::error::incomplete)
    return unreadable("not JSON: it ends before its last bracket; it seems cut off");
  if (error) return unreadable("not JSON: wrong at character " + std::to_string(read + 1));
  if (text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
    return unreadable("not JSON: more text after its end, at character " + std::to_string(read + 1));
  return parser.release();
}

std::optional<std::string> said(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  if (value == nullptr || value->is_null() || value->is_structured()) return std::nullopt;
  if (!value->is_string()) return json::serialize(*value);
  std::string_view text = value->as_string();
  constexpr std::string_view kBlanks = " \t\r\n";
  if (text.find_first_not_of(kBlanks) == std::string_view::npos) return std::nullopt;
  text.remove_prefix(text.find_first_not_of(kBlanks));
  return std::string(text.substr(0, text.find_last_not_of(kBlanks) + 1));
}

const json::object* object_in(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* list_in(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value == nullptr ? nullptr : value->if_array();
}

std::string as_code(std::string_view text) {
  if (is_prose(text)) return "";
  std::string code;
  for (const char c : text) {
    const char small = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const bool taken = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || small == '_' || small == '.';
    if (taken)
      code += small;
    else if (!code.empty() && code.back() != '-')
      code += '-';
  }
  code = code.substr(0, kCodeBytesMax);
  while (code.ends_with('-')) code.pop_back();
  return code;
}

}  // namespace moot
