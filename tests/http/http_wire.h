// The other end of an HTTP connection, byte by byte: what a test sends is what goes over the wire, well-formed or not.
// Thread: the test's. Every wait for a response ends after 30 seconds: longer than a server is patient.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace moot {

struct WireResponse {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

class HttpWire {
 public:
  // Connects to "http://127.0.0.1:PORT". Where nobody listens it is as if the other end had closed.
  explicit HttpWire(const std::string& address);
  ~HttpWire();
  HttpWire(const HttpWire&) = delete;

  // Whether somebody listened.
  bool is_open() const { return socket_ >= 0; }
  // False once the other end has closed.
  bool send(const std::string& bytes);
  // The next response; nothing when the connection ends first. `without_body` after HEAD.
  std::optional<WireResponse> receive(bool without_body = false);
  // send() and receive().
  std::optional<WireResponse> ask(const std::string& bytes);
  // Whether the other end closes within `wait`; what it still says is dropped.
  bool closed_within(std::chrono::milliseconds wait);

 private:
  bool fill();  // more of what comes; false once the other end has closed, or said nothing for kWait
  static constexpr std::chrono::seconds kWait{30};
  int socket_ = -1;
  std::string read_;
};

// A request in full: the head's fields beside Host and, where there is a body, Content-Length.
std::string http_request(const std::string& method, const std::string& target,
                         const std::map<std::string, std::string>& fields = {}, const std::string& body = "");

}  // namespace moot
