// SHA-256, for digests that others must be able to work out with any tool. Thread: pure function.
#pragma once

#include <string>
#include <string_view>

namespace moot {

std::string sha256_hex(std::string_view bytes);  // 64 characters, small letters

}  // namespace moot
