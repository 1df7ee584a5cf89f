// Sealing (XChaCha20-Poly1305), keyed digests (BLAKE2b, SipHash) and keys. The one place that calls libsodium for
// either, so that the log, the inbox, snapshots and spools are sealed alike. Thread: pure functions, usable anywhere.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

inline constexpr std::size_t kKeyBytes = 32;
using Key = std::array<std::uint8_t, kKeyBytes>;

Key random_key();
void fill_with_random(std::string& bytes);  // for many keys at once
// What `derived` names is bound to the purpose: keys for different purposes tell nothing of each other.
Key derive_key(const Key& secret, std::string_view purpose);

inline constexpr std::size_t kSealBytes = 24 + 16;  // what sealing adds
// nonce (24 bytes) || ciphertext || tag. `bound_to` is authenticated, not stored: a sealed value moved to another place
// does not open. A nonce is never used twice: 16 bytes drawn at random by each thread when it starts, and a count.
std::string seal(const Key& key, std::string_view plain, std::string_view bound_to);
void append_sealed(std::string& out, const Key& key, std::string_view plain, std::string_view bound_to);
Result<std::string> unseal(const Key& key, std::string_view sealed, std::string_view bound_to);  // kCorrupt
// `out` holds nothing more than before when it does not open.
Status append_unsealed(std::string& out, const Key& key, std::string_view sealed, std::string_view bound_to);

using Digest = std::array<std::uint8_t, 16>;
Digest keyed_digest(const Key& key, std::string_view data);
// SipHash-2-4 with 128 bits, under the first half of the key: a sixth of the cost for some hundred bytes. Whoever has
// not the key can neither guess at the data nor find two of one digest; whoever has it can, so it binds nobody to
// anything.
Digest quick_digest(const Key& key, std::string_view data);
std::string to_hex(std::string_view bytes);
std::string to_hex(const Key& key);
Result<Key> key_from_hex(std::string_view hex);
// Lower-case base32 (0 to 9, a to v), for ids a person may have to read out.
std::string to_base32(std::string_view bytes);

}  // namespace moot
