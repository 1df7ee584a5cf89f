#include "broker/core/seal.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace moot {

namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kSealBytes == kNonceBytes + kTagBytes);

// libsodium must be initialised before its random numbers are used; calling it again does nothing. Random numbers come
// from its own generator, which asks the system for its seed and not for every key. It starts anew after a fork.
void start_sodium() {
  static const int started = [] {
    randombytes_set_implementation(&randombytes_internal_implementation);
    return sodium_init();
  }();
  MOOT_CHECK(started >= 0);
}

// Drawing each nonce at random cost a quarter of sealing. A process that forks would count on in both: none does
// without starting another program at once.
class NonceCount {
 public:
  NonceCount() { randombytes_buf(start_.data(), start_.size()); }
  void write_next(unsigned char* nonce) {
    std::memcpy(nonce, start_.data(), start_.size());
    std::memcpy(nonce + start_.size(), &count_, sizeof count_);
    ++count_;
  }

 private:
  std::array<unsigned char, kNonceBytes - sizeof(std::uint64_t)> start_;
  std::uint64_t count_ = 0;
};

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Key random_key() {
  start_sodium();
  Key key;
  randombytes_buf(key.data(), key.size());
  return key;
}

void fill_with_random(std::string& bytes) {
  start_sodium();
  randombytes_buf(bytes.data(), bytes.size());
}

Key derive_key(const Key& secret, std::string_view purpose) {
  start_sodium();  // asked for at every start, before there are other threads
  Key key;
  MOOT_CHECK(
      crypto_generichash(key.data(), key.size(), bytes_of(purpose), purpose.size(), secret.data(), secret.size()) == 0);
  return key;
}

void append_sealed(std::string& out, const Key& key, std::string_view plain, std::string_view bound_to) {
  start_sodium();
  thread_local NonceCount nonces;
  const std::size_t start = out.size();
  out.resize(start + kSealBytes + plain.size());
  auto* nonce = reinterpret_cast<unsigned char*>(out.data()) + start;
  nonces.write_next(nonce);
  unsigned long long written = 0;
  MOOT_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, &written, bytes_of(plain), plain.size(),
                                                        bytes_of(bound_to), bound_to.size(), nullptr, nonce,
                                                        key.data()) == 0);
  MOOT_CHECK(written == plain.size() + kTagBytes);
}

std::string seal(const Key& key, std::string_view plain, std::string_view bound_to) {
  std::string sealed;
  append_sealed(sealed, key, plain, bound_to);
  return sealed;
}

Status append_unsealed(std::string& out, const Key& key, std::string_view sealed, std::string_view bound_to) {
  if (sealed.size() < kSealBytes) return Status(Code::kCorrupt, "a sealed value is too short");
  const std::size_t start = out.size();
  out.resize(start + sealed.size() - kSealBytes);
  unsigned long long written = 0;
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(out.data()) + start, &written, nullptr, bytes_of(sealed) + kNonceBytes,
      sealed.size() - kNonceBytes, bytes_of(bound_to), bound_to.size(), bytes_of(sealed), key.data());
  if (opened == 0) return {};
  out.resize(start);
  return Status(Code::kCorrupt, "a sealed value does not open with its key");
}

Result<std::string> unseal(const Key& key, std::string_view sealed, std::string_view bound_to) {
  std::string plain;
  MOOT_RETURN_IF_ERROR(append_unsealed(plain, key, sealed, bound_to));
  return plain;
}

Digest keyed_digest(const Key& key, std::string_view data) {
  Digest digest;
  MOOT_CHECK(crypto_generichash(digest.data(), digest.size(), bytes_of(data), data.size(), key.data(), key.size()) ==
             0);
  return digest;
}

Digest quick_digest(const Key& key, std::string_view data) {
  Digest digest;
  static_assert(sizeof digest == crypto_shorthash_siphashx24_BYTES);
  static_assert(kKeyBytes >= crypto_shorthash_siphashx24_KEYBYTES);
  MOOT_CHECK(crypto_shorthash_siphashx24(digest.data(), bytes_of(data), data.size(), key.data()) == 0);
  return digest;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string to_hex(const Key& key) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()));
}

Result<Key> key_from_hex(std::string_view hex) {
  Key key;
  std::size_t length = 0;
  const char* end = nullptr;
  const int read = sodium_hex2bin(key.data(), key.size(), hex.data(), hex.size(), nullptr, &length, &end);
  if (read != 0 || length != key.size() || end != hex.data() + hex.size())
    return Status(Code::kInvalid, "a key is 64 hexadecimal digits");
  return key;
}

std::string to_base32(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string text;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) text += kDigits[(buffer >> (bits - 5)) & 31];
  }
  if (bits > 0) text += kDigits[(buffer << (5 - bits)) & 31];
  return text;
}

}  // namespace moot
