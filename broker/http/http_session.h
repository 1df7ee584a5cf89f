// One connection: a coroutine that reads a request, has it answered, sends the response, and begins again. What it
// waits for, and for how long, is in its own words below. Included by http_server.cc alone, the one file that compiles
// Beast.
//
// Thread: http. The server's shared part outlives every session.
#pragma once

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "broker/http/http_server.h"
#include "broker/http/mailbox.h"
#include "broker/http/request_head.h"

namespace moot {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using tcp = net::ip::tcp;

inline constexpr auto kResult = net::as_tuple(net::use_awaitable);
inline constexpr std::size_t kBlockBytes = 64 * 1024;
// What was not asked for is read and forgotten up to so much, so that the sender gets to see its answer.
inline constexpr std::size_t kForgottenBytesMax = 4 * 1024 * 1024;
inline constexpr std::chrono::milliseconds kForgottenMax{1000};

// One connection as the server sees it, for limits and for stopping.
struct HttpLive {
  beast::tcp_stream* stream = nullptr;
  bool idle = false;
  std::function<void()> wake;  // while it waits for an answer from elsewhere
};

// What all sessions share with the server.
struct HttpShared {
  explicit HttpShared(HttpOptions given) : options(std::move(given)) {}

  const HttpOptions options;
  net::io_context io{1};
  net::steady_timer enough{io};  // while stopping: how long there is patience
  std::list<HttpLive> live;
  std::size_t bodies_bytes = 0;
  bool stopping = false;
};

// A handler that forgets to answer answers so.
struct UnansweredGuard {
  explicit UnansweredGuard(std::shared_ptr<Mailbox<HttpResponse>> waiting) : box(std::move(waiting)) {}
  UnansweredGuard(const UnansweredGuard&) = delete;
  std::shared_ptr<Mailbox<HttpResponse>> box;
  ~UnansweredGuard() { box->put(http_problem(500, "the request was lost in here; send it again")); }
};

inline Respond responding_to(const std::shared_ptr<Mailbox<HttpResponse>>& box) {
  auto guard = std::make_shared<UnansweredGuard>(box);
  return [guard](HttpResponse response) { guard->box->put(std::move(response)); };
}

inline bool is_continue(std::string_view expectation) {
  return beast::iequals(beast::string_view(expectation.data(), expectation.size()), "100-continue");
}

// Whether the error is about what was said, not about the line it was said on.
inline bool is_of_http(beast::error_code error) {
  return error.category() == http::make_error_code(http::error::bad_chunk).category() &&
         error != http::error::partial_message && error != http::error::end_of_stream;
}

// What no route has to deal with; status 200 when there is nothing against it.
inline HttpResponse refusal_by_head(const HttpHead& head) {
  if (head.field("content-encoding").value_or("identity") != "identity") {
    HttpResponse refused = http_problem(415, "the body is compressed; send it as it is, without Content-Encoding");
    refused.fields.emplace_back("Accept-Encoding", "identity");
    return refused;
  }
  if (head.field("expect") && !is_continue(*head.field("expect")))
    return http_problem(417, "the only expectation that is met is 100-continue");
  return {};
}

template <typename Stream>
class HttpSession {
 public:
  template <typename... Arguments>
  HttpSession(HttpShared& server, std::string peer, Arguments&&... arguments)
      : server_(server), stream_(std::forward<Arguments>(arguments)...), peer_(std::move(peer)) {
    self_ = server_.live.insert(server_.live.end(), HttpLive{&tcp_layer(), true, {}});
  }
  ~HttpSession() {
    give_back();
    server_.live.erase(self_);
    if (server_.stopping && server_.live.empty()) server_.enough.cancel();
  }

  Stream& stream() { return stream_; }
  void showed(std::string certificate) { certificate_ = std::move(certificate); }
  beast::tcp_stream& tcp_layer() { return beast::get_lowest_layer(stream_); }
  void expire_after(std::chrono::milliseconds time) { tcp_layer().expires_after(time); }
  bool ends() const { return server_.stopping; }

  net::awaitable<bool> wait_for_request();
  net::awaitable<bool> one_request();
  net::awaitable<void> forget_rest();

 private:
  using Parser = http::request_parser<http::buffer_body>;
  struct Block {
    std::string bytes;
    Status status;
  };

  const HttpLimits& limits() const { return server_.options.limits; }
  Result<HttpHead> head_of(const Parser& parser) const;
  HttpPlan plan_of(const HttpHead& head) const;
  net::awaitable<bool> send(HttpResponse response, bool head_only, bool keep_alive);
  net::awaitable<bool> refuse_head(beast::error_code error);
  net::awaitable<bool> go_on(Parser& parser);
  net::awaitable<Block> read_block(Parser& parser);
  net::awaitable<std::optional<HttpResponse>> take_body(Parser& parser, TakeBody plan);
  net::awaitable<std::optional<HttpResponse>> stream_body(Parser& parser, StreamBody plan);
  net::awaitable<std::optional<HttpResponse>> answer(Parser& parser, HttpPlan plan);
  template <typename T>
  net::awaitable<std::optional<T>> wait_for(std::shared_ptr<Mailbox<T>> box);
  void give_back() {
    server_.bodies_bytes -= held_;
    held_ = 0;
  }

  HttpShared& server_;
  Stream stream_;
  const std::string peer_;
  std::string certificate_;  // constant after the greeting
  std::list<HttpLive>::iterator self_;
  beast::flat_buffer buffer_{kBlockBytes + 1024};
  std::size_t held_ = 0;  // of the server's bodies_bytes_
};

template <typename Stream>
net::awaitable<bool> HttpSession<Stream>::wait_for_request() {
  if (buffer_.size() > 0) co_return true;
  self_->idle = true;
  expire_after(limits().idle_max);
  auto reading = stream_.async_read_some(buffer_.prepare(4096), kResult);
  const auto [error, bytes] = co_await std::move(reading);
  self_->idle = false;
  buffer_.commit(bytes);
  co_return !error;
}

template <typename Stream>
Result<HttpHead> HttpSession<Stream>::head_of(const Parser& parser) const {
  const auto text = [](beast::string_view view) { return std::string_view(view.data(), view.size()); };
  RawHead raw{
      text(parser.get().method_string()), text(parser.get().target()), static_cast<int>(parser.get().version()), {}};
  for (const auto& field : parser.get())
    raw.fields.emplace_back(std::string(text(field.name_string())), std::string(text(field.value())));
  Result<HttpHead> head = read_request_head(std::move(raw), peer_);
  if (head.ok()) head->certificate = certificate_;
  return head;
}

template <typename Stream>
HttpPlan HttpSession<Stream>::plan_of(const HttpHead& head) const {
  try {
    return server_.options.routes(head);
  } catch (const std::exception&) {  // of a library; what it says might name a value
    return http_problem(500, "the request met an error that nobody expected");
  }
}

// False when the connection ends after it.
template <typename Stream>
net::awaitable<bool> HttpSession<Stream>::one_request() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits().head_bytes_max));
  parser.body_limit(boost::none);
  expire_after(limits().head_max);
  auto reading = http::async_read_header(stream_, buffer_, parser, kResult);
  const auto [error, bytes] = co_await std::move(reading);
  if (error) co_return co_await refuse_head(error);
  Result<HttpHead> head = head_of(parser);
  if (!head.ok()) {
    const unsigned status = head.status().code() == Code::kUsage ? 501 : 400;
    auto refusing = send(http_problem(status, head.status().message()), false, false);
    co_return co_await std::move(refusing);
  }
  const bool head_only = head->method == "HEAD";
  if (head_only) head->method = "GET";
  HttpPlan plan = refusal_by_head(*head);
  if (std::get<HttpResponse>(plan).status == 200) plan = plan_of(*head);
  auto answering = answer(parser, std::move(plan));
  std::optional<HttpResponse> response = co_await std::move(answering);
  give_back();
  if (!response) co_return false;
  // What was sent behind a request that is not read to its end cannot be told from another request.
  const bool keep_alive = parser.is_done() && parser.get().keep_alive() && !ends();
  if (server_.options.answered) server_.options.answered(*head, response->status);
  co_return co_await send(std::move(*response), head_only, keep_alive);
}

template <typename Stream>
net::awaitable<std::optional<HttpResponse>> HttpSession<Stream>::answer(Parser& parser, HttpPlan plan) {
  const std::uint64_t length = parser.content_length().value_or(0);
  if (auto* response = std::get_if<HttpResponse>(&plan)) {
    // A small body is read past, so that the connection lives on; a sender that waits to be asked is not.
    if (parser.is_done() || length == 0 || length > kBlockBytes || parser.get().count(http::field::expect) > 0)
      co_return std::move(*response);
    while (!parser.is_done()) {
      const Block block = co_await read_block(parser);
      if (!block.status.ok()) co_return std::nullopt;
    }
    co_return std::move(*response);
  }
  const auto* whole = std::get_if<TakeBody>(&plan);
  const std::uint64_t most = whole != nullptr ? whole->bytes_max : std::get<StreamBody>(plan).bytes_max;
  if (length > most) {
    co_return http_problem(413, "the body is over " + std::to_string(most) + " bytes");
  }
  parser.body_limit(most);
  const bool asked = co_await go_on(parser);
  if (!asked) co_return std::nullopt;
  if (whole != nullptr) co_return co_await take_body(parser, std::get<TakeBody>(std::move(plan)));
  co_return co_await stream_body(parser, std::get<StreamBody>(std::move(plan)));
}

// "100 Continue" to a sender that waits for it.
template <typename Stream>
net::awaitable<bool> HttpSession<Stream>::go_on(Parser& parser) {
  if (parser.get().count(http::field::expect) == 0 || parser.get().version() < 11 || parser.is_done()) co_return true;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  expire_after(limits().block_max);
  auto writing = net::async_write(stream_, net::buffer(kContinue), kResult);
  const auto [error, bytes] = co_await std::move(writing);
  co_return !error;
}

template <typename Stream>
net::awaitable<typename HttpSession<Stream>::Block> HttpSession<Stream>::read_block(Parser& parser) {
  Block block;
  block.bytes.resize(kBlockBytes);
  parser.get().body().data = block.bytes.data();
  parser.get().body().size = block.bytes.size();
  expire_after(limits().block_max);
  auto reading = http::async_read(stream_, buffer_, parser, kResult);
  const auto [error, bytes] = co_await std::move(reading);
  block.bytes.resize(kBlockBytes - parser.get().body().size);
  if (error && error != http::error::need_buffer) {
    if (error == http::error::body_limit)
      block.status = Status(Code::kTooLarge, "the body is over its limit");
    else if (is_of_http(error))
      block.status = Status(Code::kBadRequest, "the body is not in chunks as HTTP has them");
    else
      block.status = Status(Code::kUnavailable, "the sender broke off");
  }
  co_return block;
}

template <typename Stream>
net::awaitable<std::optional<HttpResponse>> HttpSession<Stream>::take_body(Parser& parser, TakeBody plan) {
  std::string body;
  while (!parser.is_done()) {
    const Block block = co_await read_block(parser);
    if (block.status.code() == Code::kTooLarge)
      co_return http_problem(413, "the body is over " + std::to_string(plan.bytes_max) + " bytes");
    if (block.status.code() == Code::kBadRequest) co_return http_problem(400, block.status.message());
    if (!block.status.ok()) co_return std::nullopt;
    held_ += block.bytes.size();
    server_.bodies_bytes += block.bytes.size();
    if (server_.bodies_bytes > limits().bodies_bytes_max) {
      HttpResponse busy = http_problem(503, "too much is being sent at once; try again shortly");
      busy.fields.emplace_back("Retry-After", "2");
      co_return busy;
    }
    body += block.bytes;
  }
  const auto box = std::make_shared<Mailbox<HttpResponse>>(server_.io);
  try {
    plan.handle(std::move(body), responding_to(box));
  } catch (const std::exception&) {
    box->put(http_problem(500, "the request met an error that nobody expected"));
  }
  co_return co_await wait_for(box);
}

template <typename Stream>
net::awaitable<std::optional<HttpResponse>> HttpSession<Stream>::stream_body(Parser& parser, StreamBody plan) {
  Status how;
  bool wanted = true;
  while (!parser.is_done() && how.ok() && wanted) {
    Block block = co_await read_block(parser);
    how = block.status;
    if (block.bytes.empty()) continue;
    const auto room = std::make_shared<Mailbox<bool>>(server_.io);
    plan.sink->take(std::move(block.bytes), [room](bool more) { room->put(more); });
    const std::optional<bool> more = co_await wait_for(room);
    if (!more) how = Status(Code::kUnavailable, "the server is being stopped");
    wanted = more.value_or(false);
  }
  const auto box = std::make_shared<Mailbox<HttpResponse>>(server_.io);
  plan.sink->end(how, responding_to(box));
  co_return co_await wait_for(box);
}

template <typename Stream>
template <typename T>
net::awaitable<std::optional<T>> HttpSession<Stream>::wait_for(std::shared_ptr<Mailbox<T>> box) {
  tcp_layer().expires_never();
  self_->wake = [box] { box->close(); };
  auto taking = Mailbox<T>::take(box);
  std::optional<T> value = co_await std::move(taking);
  self_->wake = {};
  box->close();
  co_return value;
}

template <typename Stream>
net::awaitable<bool> HttpSession<Stream>::send(HttpResponse response, bool head_only, bool keep_alive) {
  http::response<http::string_body> message(static_cast<http::status>(response.status), 11);
  message.reason(beast::string_view(reason_of(response.status).data(), reason_of(response.status).size()));
  for (const HttpField& field : response.fields) message.set(field.first, field.second);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  if (!head_only) message.body() = std::move(response.body);
  http::response_serializer<http::string_body> serializer(message);
  expire_after(limits().block_max);
  if (head_only) {
    auto writing = http::async_write_header(stream_, serializer, kResult);
    const auto [error, bytes] = co_await std::move(writing);
    co_return !error && keep_alive;
  }
  auto writing = http::async_write(stream_, serializer, kResult);
  const auto [error, bytes] = co_await std::move(writing);
  co_return !error && keep_alive;
}

template <typename Stream>
net::awaitable<bool> HttpSession<Stream>::refuse_head(beast::error_code error) {
  if (!is_of_http(error)) co_return false;  // nobody is there to be told
  const bool large = error == http::error::header_limit || error == http::error::buffer_overflow;
  HttpResponse refused =
      large ? http_problem(431, "the request's head is over " + std::to_string(limits().head_bytes_max) + " bytes")
            : http_problem(400, "the request's head is not one of HTTP/1.1");
  auto sending = send(std::move(refused), false, false);
  co_return co_await std::move(sending);
}

// So that the last response arrives: a socket closed over unread bytes takes it back.
template <typename Stream>
net::awaitable<void> HttpSession<Stream>::forget_rest() {
  self_->idle = true;
  expire_after(kForgottenMax);
  beast::error_code ignored;
  if constexpr (std::is_same_v<Stream, beast::tcp_stream>) {
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }
  std::string scratch(kBlockBytes, '\0');
  for (std::size_t forgotten = 0; forgotten < kForgottenBytesMax && !ends();) {
    auto reading = stream_.async_read_some(net::buffer(scratch), kResult);
    const auto [error, bytes] = co_await std::move(reading);
    if (error) break;
    forgotten += bytes;
  }
}

}  // namespace moot
