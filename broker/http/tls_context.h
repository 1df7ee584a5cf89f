// What a TLS server needs: its certificate and key, TLS 1.2 or newer, forward secrecy, no compression, no
// renegotiation. Thread: made by the owner, used by the http thread.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>

#include "broker/core/status.h"

namespace moot {

// PEM files. kMissing when one is not there, kDefinition when it cannot be used or the two do not belong together.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const std::filesystem::path& certificate,
                                                                    const std::filesystem::path& private_key);

}  // namespace moot
