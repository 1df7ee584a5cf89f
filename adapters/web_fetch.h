// Asks a web server of others for a document (GET, by libcurl) and believes nothing it does: the answer has a limit in
// bytes and in time, a redirect is not followed, compression is not asked for, cookies are not kept, and a certificate
// is believed only when it names the host and comes from somebody who is trusted. No proxy is used, whatever the
// environment says.
// Thread: one, the caller's. Owns its connection, which is kept for the next request.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/status.h"

namespace moot {

struct WebRequest {
  std::string url;                   // http or https
  std::vector<std::string> headers;  // "Accept: text/xml"; may hold secrets, which no sentence repeats
  std::filesystem::path certificates;
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds timeout{60};
  std::size_t bytes_max = 16 * 1024 * 1024;
};

class WebFetch {
 public:
  // `stop` is asked while it waits, about once a second.
  explicit WebFetch(std::function<bool()> stop);
  ~WebFetch();

  // The body of a 200. Everything else is a sentence without the address and without a word of the server's:
  // kUnavailable when trying again may help (nobody there, 5xx, 429, too slow, broken off, stopped), kTooLarge,
  // kNotAllowed for a certificate that is not believed or a key that is refused (401, 403), kUnreadable for the rest.
  Result<std::string> get(const WebRequest& request);
  // How long the last answer asked to be left alone (Retry-After); 0 = it did not. A day at most.
  std::chrono::seconds retry_after() const { return retry_after_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::chrono::seconds retry_after_{0};
};

}  // namespace moot
