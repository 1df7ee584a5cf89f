#include "broker/http/http_address.h"

#include <charconv>

namespace moot {

Result<HttpAddress> parse_http_address(std::string_view text) {
  const Status expected(
      Code::kUsage,
      "\"" + std::string(text.substr(0, 100)) +
          "\" is no address to listen on; expected http://127.0.0.1:PORT, which 127.0.0.1:PORT is short for, or "
          "https://ADDRESS:PORT with the address in numbers");
  HttpAddress address;
  constexpr std::string_view kPlain = "http://", kTls = "https://";
  address.tls = text.starts_with(kTls);
  if (address.tls || text.starts_with(kPlain)) text.remove_prefix(address.tls ? kTls.size() : kPlain.size());
  if (text.find("//") != std::string_view::npos) return expected;  // something else than HTTP
  while (text.ends_with('/')) text.remove_suffix(1);
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return expected;
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return expected;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (host.empty() || port.empty() || read.ec != std::errc() || read.ptr != port.data() + port.size()) return expected;
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  return address;
}

std::string to_text(const HttpAddress& address) {
  const bool brackets = address.host.find(':') != std::string::npos;
  return std::string(address.tls ? "https://" : "http://") + (brackets ? "[" : "") + address.host +
         (brackets ? "]" : "") + ":" + std::to_string(address.port);
}

}  // namespace moot
