#include "broker/http/tls_context.h"

namespace moot {

namespace {

namespace ssl = boost::asio::ssl;

Status check_there(const std::filesystem::path& file, std::string_view what) {
  if (file.empty()) return Status(Code::kMissing, "https needs " + std::string(what));
  std::error_code error;
  if (std::filesystem::is_regular_file(file, error)) return {};
  return Status(Code::kMissing, file.string() + ": there is no such file; https needs " + std::string(what));
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_tls_context(const std::filesystem::path& certificate,
                                                       const std::filesystem::path& private_key) {
  MOOT_RETURN_IF_ERROR(check_there(certificate, "a certificate"));
  MOOT_RETURN_IF_ERROR(check_there(private_key, "the certificate's private key"));
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  boost::system::error_code error;
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return Status(Code::kDefinition, "the TLS library refuses TLS 1.2 with forward secrecy");
  context->use_certificate_chain_file(certificate.string(), error);
  if (error) return Status(Code::kDefinition, certificate.string() + ": is not a certificate in PEM");
  context->use_private_key_file(private_key.string(), ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(native) != 1)
    return Status(Code::kDefinition,
                  private_key.string() + ": is not the private key, in PEM, of " + certificate.string());
  return context;
}

}  // namespace moot
