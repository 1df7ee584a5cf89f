// CRC-32C (Castagnoli), the checksum of each stored record: catches what is flipped between append and read, on disk or
// in memory, whatever the backend below promises.
#pragma once

#include <cstdint>
#include <string_view>

namespace moot {

std::uint32_t crc32c(std::string_view bytes);

}  // namespace moot
