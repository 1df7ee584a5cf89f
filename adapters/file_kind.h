// Files that are given by mistake in place of text: spreadsheets, compressed files, other encodings. Told by their
// first bytes, and with what to do instead. Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <string_view>

namespace moot {

// "is a spreadsheet; …": ends a sentence that begins with the file's name. Nothing when it may be text in one byte a
// character or UTF-8. `start` is the beginning of the file; 512 bytes are enough.
std::optional<std::string_view> what_is_not_text(std::string_view start);

}  // namespace moot
