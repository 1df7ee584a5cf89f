// Base64 (RFC 4648, section 4) as programs wrap bytes in it for JSON: with its padding, and nothing between. Thread: a
// pure function, usable anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace moot {

// The bytes; nothing when the text is not such.
std::optional<std::string> bytes_from_base64(std::string_view text);

}  // namespace moot
