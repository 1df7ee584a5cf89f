#include "adapters/record_version.h"

#include <algorithm>

namespace moot {

namespace {

constexpr std::size_t kCharacters = 16;
constexpr int kNumberBits = 20;
constexpr std::uint64_t kNumberMax = (std::uint64_t{1} << kNumberBits) - 1;
constexpr std::int64_t kMillisecondMax = (std::int64_t{1} << (64 - kNumberBits)) - 1;

std::string digest_of(std::string_view bytes, const Publisher& publisher) {
  const Digest digest = keyed_digest(publisher.id_secret, bytes);
  return to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

std::string version_of(const v1::Event& event, const Publisher& publisher) {
  return digest_of(event.SerializeAsString(), publisher).substr(0, kCharacters);
}

std::uint64_t revision_at(Instant changed, std::uint64_t number) {
  const std::int64_t ms = std::clamp<std::int64_t>(changed.us / 1000, 0, kMillisecondMax);
  return static_cast<std::uint64_t>(ms) << kNumberBits | std::min(number, kNumberMax);
}

std::string token_of(std::string_view what, std::string_view number, const Publisher& publisher) {
  return std::string(what) + "-" + digest_of(std::string(what) + "\n" + std::string(number), publisher);
}

}  // namespace moot
