#include "tests/http/http_wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "broker/core/status.h"

namespace moot {

HttpWire::HttpWire(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return;
  ::close(socket_);
  socket_ = -1;  // as a connection that the other end has closed
}

HttpWire::~HttpWire() {
  if (socket_ >= 0) ::close(socket_);
}

bool HttpWire::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool HttpWire::fill() {
  if (socket_ < 0) return false;
  pollfd ready = {socket_, POLLIN, 0};
  if (::poll(&ready, 1, std::chrono::milliseconds(kWait).count()) <= 0) return false;
  char bytes[65536];
  const ssize_t n = ::recv(socket_, bytes, sizeof bytes, 0);
  if (n <= 0) return false;
  read_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

std::optional<WireResponse> HttpWire::receive(bool without_body) {
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos)
    if (!fill()) return std::nullopt;
  WireResponse response;
  response.status = std::atoi(read_.c_str() + 9);
  std::size_t at = read_.find("\r\n") + 2;
  while (at < end) {
    const std::size_t line_end = read_.find("\r\n", at), colon = read_.find(':', at);
    std::string name = read_.substr(at, colon - at);
    for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const std::size_t value = read_.find_first_not_of(' ', colon + 1);
    response.fields[name] = read_.substr(value, line_end - value);
    at = line_end + 2;
  }
  read_.erase(0, end + 4);
  if (response.status == 100 || without_body) return response;
  const auto length = static_cast<std::size_t>(std::atoll(response.fields["content-length"].c_str()));
  while (read_.size() < length)
    if (!fill()) return std::nullopt;
  response.body = read_.substr(0, length);
  read_.erase(0, length);
  return response;
}

std::optional<WireResponse> HttpWire::ask(const std::string& bytes) {
  send(bytes);
  return receive();
}

bool HttpWire::closed_within(std::chrono::milliseconds wait) {
  if (socket_ < 0) return true;
  const auto end = std::chrono::steady_clock::now() + wait;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready = {socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return false;
    char bytes[65536];
    if (::recv(socket_, bytes, sizeof bytes, 0) <= 0) return true;
  }
}

std::string http_request(const std::string& method, const std::string& target,
                         const std::map<std::string, std::string>& fields, const std::string& body) {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: moot.example\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + body;
}

}  // namespace moot
