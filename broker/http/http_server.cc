#include "broker/http/http_server.h"

#include <pthread.h>

#include <csignal>
#include <mutex>
#include <thread>

#include "broker/http/client_certificate.h"
#include "broker/http/http_address.h"
#include "broker/http/http_session.h"
#include "broker/http/tls_context.h"

namespace moot {

class HttpServer::Impl {
 public:
  explicit Impl(HttpOptions options) : shared_(std::move(options)), acceptor_(shared_.io) {}

  Status listen();
  void start();
  void stop(std::chrono::milliseconds patience);
  const std::string& address() const { return address_; }

 private:
  net::awaitable<void> accept();
  void begin(tcp::socket socket, std::string peer);
  template <typename Stream>
  net::awaitable<void> serve(std::unique_ptr<HttpSession<Stream>> session);
  bool make_room();
  void end_all();

  // Constant after listen().
  std::string address_;
  std::shared_ptr<net::ssl::context> tls_;
  // Owned by the http thread. The shared part first: it holds the io_context that everything else lives on.
  HttpShared shared_;
  tcp::acceptor acceptor_;
  std::mutex stop_mutex_;  // guards thread_ once it runs
  std::thread thread_;
};

template <typename Stream>
net::awaitable<void> HttpServer::Impl::serve(std::unique_ptr<HttpSession<Stream>> session) {
  if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
    session->expire_after(shared_.options.limits.head_max);
    auto greeting = session->stream().async_handshake(net::ssl::stream_base::server, kResult);
    const auto [error] = co_await std::move(greeting);
    if (error) co_return;
    if (shared_.options.client_certificates) session->showed(shown_certificate(session->stream().native_handle()));
  }
  while (!shared_.stopping) {
    const bool asked = co_await session->wait_for_request();
    if (!asked) co_return;  // nobody is there, or nothing was said for too long
    const bool goes_on = co_await session->one_request();
    if (!goes_on) break;
  }
  if (!session->tcp_layer().socket().is_open()) co_return;
  co_await session->forget_rest();
}

// An idle connection gives way to a new one: its client finds it closed, as any client of HTTP must expect.
bool HttpServer::Impl::make_room() {
  if (shared_.live.size() < shared_.options.limits.connections_max) return true;
  for (HttpLive& live : shared_.live) {
    if (!live.idle) continue;
    live.idle = false;
    live.stream->close();
    return true;
  }
  return false;
}

net::awaitable<void> HttpServer::Impl::accept() {
  net::steady_timer pause(shared_.io);
  while (!shared_.stopping) {
    auto accepting = acceptor_.async_accept(kResult);
    auto [error, socket] = co_await std::move(accepting);
    if (shared_.stopping) co_return;
    if (error) {  // no descriptors left, for example: others may close theirs
      pause.expires_after(std::chrono::milliseconds(50));
      auto pausing = pause.async_wait(kResult);
      (void)co_await std::move(pausing);
      continue;
    }
    beast::error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone || !make_room()) continue;
    socket.set_option(tcp::no_delay(true), gone);
    begin(std::move(socket), peer.address().to_string());
  }
}

void HttpServer::Impl::begin(tcp::socket socket, std::string peer) {
  if (!tls_) {
    auto session = std::make_unique<HttpSession<beast::tcp_stream>>(shared_, std::move(peer), std::move(socket));
    net::co_spawn(shared_.io, serve<beast::tcp_stream>(std::move(session)), net::detached);
    return;
  }
  using Tls = beast::ssl_stream<beast::tcp_stream>;
  auto session = std::make_unique<HttpSession<Tls>>(shared_, std::move(peer), std::move(socket), *tls_);
  net::co_spawn(shared_.io, serve<Tls>(std::move(session)), net::detached);
}

Status HttpServer::Impl::listen() {
  Result<HttpAddress> address = parse_http_address(shared_.options.address);
  if (!address.ok()) return address.status();
  beast::error_code error;
  const net::ip::address host = net::ip::make_address(address->host, error);
  if (error) return parse_http_address("").status().with(shared_.options.address);
  if (!address->tls && !host.is_loopback())
    return Status(Code::kUsage, shared_.options.address +
                                    ": others could read what is sent in the clear; plain http is for this machine "
                                    "only (127.0.0.1), everything else needs https");
  if (address->tls) {
    Result<std::shared_ptr<net::ssl::context>> made =
        make_tls_context(shared_.options.certificate, shared_.options.private_key);
    if (!made.ok()) return made.status();
    tls_ = std::move(*made);
    if (shared_.options.client_certificates) ask_for_certificates(tls_->native_handle());
  }
  const tcp::endpoint endpoint(host, address->port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) return Status(Code::kUnavailable, shared_.options.address + ": cannot be listened on: " + error.message());
  address->port = acceptor_.local_endpoint().port();
  address_ = to_text(*address);
  return {};
}

void HttpServer::Impl::start() {
  net::co_spawn(shared_.io, accept(), net::detached);
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "http");
    sigset_t all;  // signals are the main thread's business
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    shared_.io.run();
  });
}

void HttpServer::Impl::end_all() {
  for (HttpLive& live : shared_.live) {
    live.stream->close();
    if (live.wake) live.wake();
  }
}

void HttpServer::Impl::stop(std::chrono::milliseconds patience) {
  const std::lock_guard<std::mutex> lock(stop_mutex_);
  if (!thread_.joinable()) return;
  net::post(shared_.io, [this, patience] {
    shared_.stopping = true;
    acceptor_.close();
    for (HttpLive& live : shared_.live)
      if (live.idle) live.stream->close();
    if (shared_.live.empty()) return;
    shared_.enough.expires_after(patience);
    shared_.enough.async_wait([this](beast::error_code) { end_all(); });
  });
  thread_.join();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { impl_->stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  MOOT_RETURN_IF_ERROR(impl->listen());
  impl->start();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

const std::string& HttpServer::address() const { return impl_->address(); }
void HttpServer::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace moot
