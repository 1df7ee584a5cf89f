#include "broker/log/checksum.h"

#include <xxhash.h>

#include "broker/log/big_endian.h"

namespace moot {

std::uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string with_checksum(std::string_view bytes) {
  std::string stored;
  stored.reserve(kChecksumBytes + bytes.size());
  append_be(stored, checksum(bytes), kChecksumBytes);
  stored += bytes;
  return stored;
}

bool checked(std::string_view stored, std::string_view& bytes) {
  if (stored.size() < kChecksumBytes) return false;
  bytes = stored.substr(kChecksumBytes);
  return checksum(bytes) == from_be(stored.substr(0, kChecksumBytes));
}

}  // namespace moot
