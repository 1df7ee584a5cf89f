#include "adapters/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace moot {

namespace {

// The code points of the bytes 0x80 to 0x9f; 0 = the byte is no character. The other bytes are their own code points.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                   0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                                   0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                   0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

// The length of the well-formed sequence at the start of `bytes`; 0 = none.
std::size_t sequence_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return at(1) >= low && at(1) <= high && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90 : 0x80;
    const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
    return at(1) >= low && at(1) <= high && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// For code points below U+10000.
void append_utf8(char16_t code_point, std::string& out) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xc0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (code_point >> 12));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code_point & 0x3f));
  }
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = sequence_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> to_utf8(std::string_view bytes, Encoding encoding) {
  if (encoding == Encoding::kUtf8) return is_utf8(bytes) ? std::optional(std::string(bytes)) : std::nullopt;
  // Characters of UTF-8 are pairs and triples that nobody writes in windows-1252: "Ã«" for "ë".
  const bool plain = std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  if (!plain && is_utf8(bytes)) return std::nullopt;
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    const char16_t code_point = byte >= 0x80 && byte < 0xa0 ? kWindows1252[byte - 0x80U] : byte;
    if (code_point == 0 && byte != 0) return std::nullopt;
    append_utf8(code_point, out);
  }
  return out;
}

std::string_view without_utf8_mark(std::string_view text) {
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  return text;
}

std::string shown_name(std::string_view name) {
  std::string text;
  const bool utf8 = is_utf8(name);
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < ' ' || byte == 127 || (byte > 127 && !utf8) ? '?' : c;
  }
  return text;
}

std::string_view encoding_name(Encoding encoding) { return encoding == Encoding::kUtf8 ? "UTF-8" : "windows-1252"; }

}  // namespace moot
