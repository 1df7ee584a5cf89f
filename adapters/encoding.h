// The encodings agencies' files come in, and their conversion to UTF-8. Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace moot {

enum class Encoding { kUtf8, kWindows1252 };

// Well-formed by the Unicode standard's table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

// The text in UTF-8; nothing when the bytes are not text of that encoding, or are UTF-8 where they should not be.
std::optional<std::string> to_utf8(std::string_view bytes, Encoding encoding);

// What some programs put before a text to say that it is UTF-8; no part of the text.
inline constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
std::string_view without_utf8_mark(std::string_view text);

// The name of a file as origins, reports and lines of the log have it: text, on one line. '?' for what is neither.
std::string shown_name(std::string_view name);

// "UTF-8", "windows-1252"
std::string_view encoding_name(Encoding encoding);

}  // namespace moot
