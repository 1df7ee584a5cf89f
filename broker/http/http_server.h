// An HTTP/1.1 server that knows no route: it takes connections, reads what it is sent within named limits, asks
// `routes` what is to become of each request, and sends the response. Everything it refuses itself is answered with
// application/problem+json and costs the others nothing.
//
// Plain HTTP is for this machine only (a loopback address); https needs TLS 1.2 or newer, a certificate and its key.
// A request whose end is in doubt (both lengths, a wrong chunk, another transfer coding) ends its connection.
//
// Thread: "http", its own; routes and sinks are called there and must not block. A Respond may be called from any
// thread, once, also after the server is gone. start(), stop() and the destructor are the owner's.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "broker/core/status.h"
#include "broker/http/http_message.h"

namespace moot {

struct HttpLimits {
  std::size_t head_bytes_max = 16 * 1024;            // request line and fields
  std::size_t connections_max = 1000;                // beyond: an idle one makes room, or the new one is closed
  std::size_t bodies_bytes_max = 128 * 1024 * 1024;  // of whole bodies in memory, all connections together
  std::chrono::milliseconds idle_max{60'000};        // between requests
  std::chrono::milliseconds head_max{10'000};        // from the first byte of a head to its end; a TLS greeting
  std::chrono::milliseconds block_max{20'000};       // for each 64 KiB of a body or a response
};

using Respond = std::function<void(HttpResponse)>;

// Takes a body in pieces as it comes. Calls come one at a time, on the http thread; the next one only when the one
// before was answered.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // `taken(true)` from any thread when there is room for more; `taken(false)` when no more is wanted: end() follows.
  virtual void take(std::string bytes, std::function<void(bool)> taken) = 0;
  // Last: the body is whole, or why it is not (kTooLarge, kUnavailable, kBadRequest). The response may find nobody any
  // more. A sink that goes without it belonged to a request that was refused before its body.
  virtual void end(const Status& how, Respond respond) = 0;
};

// What becomes of a request, decided by its head alone.
struct TakeBody {
  std::size_t bytes_max = 1024 * 1024;
  std::function<void(std::string body, Respond respond)> handle;
};
struct StreamBody {
  std::uint64_t bytes_max = 0;
  std::shared_ptr<BodySink> sink;
};
using HttpPlan = std::variant<HttpResponse, TakeBody, StreamBody>;

struct HttpOptions {
  std::string address = "http://127.0.0.1:0";  // or https://…; port 0 = any free one
  std::filesystem::path certificate;           // PEM, with its chain; for https
  std::filesystem::path private_key;           // PEM
  bool client_certificates = false;            // asked for
  HttpLimits limits;
  std::function<HttpPlan(const HttpHead&)> routes;
  // After each response to a request that had a head; for figures. May be empty.
  std::function<void(const HttpHead&, unsigned status)> answered;
};

class HttpServer {
 public:
  // Listens and serves. kUsage for an address that makes no sense or plain HTTP beyond this machine; kUnavailable when
  // it cannot listen; kMissing or kDefinition when the certificate or its key cannot be used.
  static Result<std::unique_ptr<HttpServer>> start(HttpOptions options);
  ~HttpServer();

  const std::string& address() const;  // the real one
  // Takes no more connections, lets what is under way end for `patience`, then ends it. May be called again.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(5));

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot
