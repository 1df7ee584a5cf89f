// The checksum of what the log stores (XXH3, 64 bits): catches what is flipped between writing and reading, on disk or
// in memory, whatever the storage below promises. Against intent it proves nothing: that is what digests are for.
// Thread: pure functions, usable anywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace moot {

inline constexpr std::size_t kChecksumBytes = 8;

std::uint64_t checksum(std::string_view bytes);
// checksum:be64 bytes
std::string with_checksum(std::string_view bytes);
// The same in place: the first kChecksumBytes of `stored` are written over.
void write_checksum(std::string& stored);
// The bytes behind the checksum; nothing when it is not theirs.
bool checked(std::string_view stored, std::string_view& bytes);

// CRC-32C, as RocksDB has it in the files it appends to (record_file.h).
std::uint32_t crc32c_after(std::uint32_t before,
                           std::string_view bytes);  // of all, where `before` is of what is before
inline std::uint32_t crc32c(std::string_view bytes) { return crc32c_after(0, bytes); }

}  // namespace moot
