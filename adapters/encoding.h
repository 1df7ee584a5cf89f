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

// Without the byte order mark that some programs write before UTF-8.
std::string_view without_byte_order_mark(std::string_view text);

// "UTF-8", "windows-1252"
std::string_view encoding_name(Encoding encoding);

}  // namespace moot
