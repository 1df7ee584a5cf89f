// Certificates that clients show in place of a token. Nobody's authority is asked: whoever runs Moot was given the very
// certificate, and the handshake proves that the client has its private key.
// Thread: pure functions but for the disk, usable anywhere.
#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <string>

#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

struct ClientCertificate {
  std::string der;
  Instant expires;
};

// From a PEM file, the first in it. kMissing, kDisk; kInvalid when it is none, or the file holds a private key, which
// is nobody's but the client's.
Result<ClientCertificate> read_certificate(const std::filesystem::path& file);

// Every client is asked for one, and may have none.
void ask_for_certificates(SSL_CTX* context);
// What the client showed, as DER; empty when it showed none.
std::string shown_certificate(const SSL* connection);

}  // namespace moot
