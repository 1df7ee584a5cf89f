#include "broker/http/client_certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "broker/core/whole_file.h"

namespace moot {

namespace {

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string to_der(X509* certificate) {
  const int bytes = i2d_X509(certificate, nullptr);
  if (bytes <= 0) return "";
  std::string der(static_cast<std::size_t>(bytes), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  return i2d_X509(certificate, &out) == bytes ? der : "";
}

}  // namespace

Result<ClientCertificate> read_certificate(const std::filesystem::path& file) {
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  if (text->find("PRIVATE KEY") != std::string::npos)
    return Status(Code::kInvalid, file.string() +
                                      ": holds a private key, which is nobody's but its agency's; ask for the "
                                      "certificate alone");
  const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())),
                                                        &BIO_free);
  const Certificate certificate(PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr), &X509_free);
  std::tm end = {};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1)
    return Status(Code::kInvalid, file.string() + ": is not a certificate in PEM");
  return ClientCertificate{to_der(certificate.get()), Instant{static_cast<std::int64_t>(::timegm(&end)) * kSecondUs}};
}

void ask_for_certificates(SSL_CTX* context) {
  // Any is taken here: whose it is, and until when, is looked up with each request.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  // Without it a session that is taken up again is refused.
  constexpr unsigned char kSessions[] = "moot";
  SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions);
}

std::string shown_certificate(const SSL* connection) {
  const Certificate certificate(SSL_get1_peer_certificate(connection), &X509_free);
  return certificate ? to_der(certificate.get()) : std::string();
}

}  // namespace moot
