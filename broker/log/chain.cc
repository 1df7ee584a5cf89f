#include "broker/log/chain.h"

#include <openssl/sha.h>

#include "broker/log/block.h"

namespace moot {

std::string chain_digest(std::string_view stored) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(stored.data()), stored.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

bool is_chain_digest(std::string_view digest, std::string_view stored) {
  if (stored.empty()) return digest.empty();
  return digest == chain_digest(stored) || digest == digest_of(stored);
}

}  // namespace moot
