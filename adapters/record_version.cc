#include "adapters/record_version.h"

namespace moot {

namespace {

constexpr std::size_t kCharacters = 16;

std::string digest_of(std::string_view bytes, const Publisher& publisher) {
  const Digest digest = keyed_digest(publisher.id_secret, bytes);
  return to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

std::string version_of(const v1::Event& event, const Publisher& publisher) {
  return digest_of(event.SerializeAsString(), publisher).substr(0, kCharacters);
}

std::string token_of(std::string_view what, std::string_view number, const Publisher& publisher) {
  return std::string(what) + "-" + digest_of(std::string(what) + "\n" + std::string(number), publisher);
}

}  // namespace moot
