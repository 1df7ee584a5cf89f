// Whole numbers as the log writes them: the highest byte first, so that keys sort by their numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace moot {

inline void append_be(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>((value >> (8 * i)) & 0xff);
}

inline std::string be64(std::uint64_t value) {
  std::string out;
  append_be(out, value, 8);
  return out;
}

inline std::uint64_t from_be(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

}  // namespace moot
