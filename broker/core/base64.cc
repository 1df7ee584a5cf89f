#include "broker/core/base64.h"

#include <sodium.h>

namespace moot {

std::optional<std::string> bytes_from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const int read = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                     text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL);
  if (read != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

}  // namespace moot
