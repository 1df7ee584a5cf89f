// Where an HTTP server listens: "http://127.0.0.1:8080", "https://[::]:8443"; "127.0.0.1:8080" is the first. Addresses
// are numbers; "localhost" is this machine. Thread: values, usable anywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

struct HttpAddress {
  bool tls = false;
  std::string host;        // an IPv4 or IPv6 number, the latter without brackets
  std::uint16_t port = 0;  // 0 = any free one
};

// kUsage, with what is expected.
Result<HttpAddress> parse_http_address(std::string_view text);
std::string to_text(const HttpAddress& address);

}  // namespace moot
