// What Windows programs put before a text to say that it is UTF-8; no part of the text.
#pragma once

#include <string_view>

namespace moot {

inline constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

}  // namespace moot
