// The server over real sockets: what it serves, what it refuses within which limit, and that nobody else is harmed.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "broker/http/http_server.h"
#include "tests/http/http_wire.h"

namespace moot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Takes what it is sent and answers with how much it was; stops wanting more at `wanted` bytes.
class CountingSink final : public BodySink {
 public:
  explicit CountingSink(std::size_t wanted) : wanted_(wanted) {}
  void take(std::string bytes, std::function<void(bool)> taken) override {
    count_ += bytes.size();
    // From another thread, as a handler that hands work over does it.
    std::thread([taken, more = count_ < wanted_] { taken(more); }).detach();
  }
  void end(const Status& how, Respond respond) override {
    respond({how.ok() ? 200u : 400u, "text/plain", std::to_string(count_) + " " + how.to_string()});
  }

 private:
  const std::size_t wanted_;
  std::size_t count_ = 0;
};

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    options_.limits.head_max = milliseconds(400);
    options_.limits.block_max = milliseconds(400);
    options_.limits.idle_max = milliseconds(3000);
    options_.routes = [this](const HttpHead& head) { return plan(head); };
  }

  HttpPlan plan(const HttpHead& head) {
    if (head.path == "/echo") {
      return TakeBody{1000, [](std::string body, Respond respond) { respond({200, "text/plain", std::move(body)}); }};
    }
    if (head.path == "/later")
      return TakeBody{1000, [this](std::string, Respond respond) {
                        const std::lock_guard<std::mutex> lock(mutex_);
                        later_.push_back(std::move(respond));
                      }};
    if (head.path == "/forgets") return TakeBody{1000, [](const std::string&, const Respond&) {}};
    if (head.path == "/throws") throw std::runtime_error("with a secret");
    if (head.path == "/stream") return StreamBody{1'000'000, std::make_shared<CountingSink>(500'000)};
    if (head.path == "/") return HttpResponse{200, "text/plain", "here"};
    return http_problem(404, "nothing is here");
  }
  std::string start() {
    auto started = HttpServer::start(options_);
    MOOT_CHECK_OK(started.status());
    server_ = std::move(*started);
    return server_->address();
  }
  // Whether a well-behaved client is served now.
  static testing::AssertionResult serves(const std::string& address) {
    HttpWire wire(address);
    const auto response = wire.ask(http_request("GET", "/"));
    if (response && response->status == 200) return testing::AssertionSuccess();
    return testing::AssertionFailure() << "others are not served";
  }
  static int status_of(const std::string& address, const std::string& bytes) {
    HttpWire wire(address);
    const auto response = wire.ask(bytes);
    return response ? response->status : 0;
  }
  std::size_t waiting() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return later_.size();
  }

  HttpOptions options_;
  std::mutex mutex_;
  std::vector<Respond> later_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, ServesSeveralRequestsOnOneConnectionAndPipelinedOnesInOrder) {
  HttpWire wire(start());
  EXPECT_EQ(wire.ask(http_request("GET", "/"))->body, "here");
  EXPECT_EQ(wire.ask(http_request("POST", "/echo", {}, "one"))->body, "one");
  wire.send(http_request("POST", "/echo", {}, "two") + http_request("POST", "/echo", {}, "three"));
  EXPECT_EQ(wire.receive()->body, "two");
  EXPECT_EQ(wire.receive()->body, "three");
  const auto nothing = wire.ask(http_request("GET", "/nothing"));
  EXPECT_EQ(nothing->status, 404);
  EXPECT_EQ(nothing->fields.at("content-type"), "application/problem+json");
  wire.send(http_request("HEAD", "/"));
  const auto head = wire.receive(true);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->fields.at("content-length"), "4");
  EXPECT_EQ(wire.ask(http_request("GET", "/", {{"Connection", "close"}}))->status, 200);
  EXPECT_TRUE(wire.closed_within(seconds(2)));
}

TEST_F(HttpServerTest, TakesABodyInChunks) {
  HttpWire wire(start());
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(wire.ask(head + "3\r\nabc\r\n4;name=value\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n")->body, "abcdefg");
  EXPECT_EQ(wire.ask(http_request("GET", "/"))->body, "here");
}

TEST_F(HttpServerTest, AnswersALaterAnswerFromAnotherThread) {
  HttpWire wire(start());
  wire.send(http_request("POST", "/later", {}, "x"));
  while (waiting() == 0) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(serves(server_->address())) << "while another request waits";
  std::thread([this] { later_[0]({201, "text/plain", "done"}); }).join();
  EXPECT_EQ(wire.receive()->status, 201);
}

TEST_F(HttpServerTest, AHandlerThatFailsOrForgetsIsAnswered500AndSaysNothingOfIt) {
  const std::string address = start();
  HttpWire wire(address);
  EXPECT_EQ(wire.ask(http_request("POST", "/forgets", {}, "x"))->status, 500);
  const auto thrown = wire.ask(http_request("GET", "/throws"));
  EXPECT_EQ(thrown->status, 500);
  EXPECT_EQ(thrown->body.find("secret"), std::string::npos);
  EXPECT_TRUE(serves(address));
}

TEST_F(HttpServerTest, AsksForABodyThatWaitsToBeAskedFor) {
  const std::string address = start();
  HttpWire wire(address);
  wire.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wire.receive()->status, 100);
  EXPECT_EQ(wire.ask("abc")->body, "abc");
  // What is refused is not asked for.
  wire.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wire.receive()->status, 404);
  EXPECT_TRUE(wire.closed_within(seconds(2))) << "nobody knows whether the body follows";
  EXPECT_EQ(status_of(address, "GET / HTTP/1.1\r\nHost: x\r\nExpect: coffee\r\n\r\n"), 417);
}

TEST_F(HttpServerTest, RefusesAHeadOverItsLimit) {
  const std::string address = start();
  const std::string field(20'000, 'a');
  EXPECT_EQ(status_of(address, http_request("GET", "/", {{"X-Long", field}})), 431);
  EXPECT_EQ(status_of(address, "GET /" + field + " HTTP/1.1\r\nHost: x\r\n\r\n"), 431);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 5000; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(status_of(address, many + "\r\n"), 431);
  EXPECT_EQ(status_of(address, http_request("GET", "/", {{"X-Short", field.substr(0, 10'000)}})), 200);
  EXPECT_TRUE(serves(address));
}

TEST_F(HttpServerTest, RefusesABodyOverItsLimitWithoutReadingIt) {
  const std::string address = start();
  EXPECT_EQ(status_of(address, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n"), 413);
  EXPECT_EQ(status_of(address, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"), 400);
  HttpWire wire(address);
  wire.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(wire.ask("3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n")->status, 413);
  EXPECT_TRUE(wire.closed_within(seconds(3)));
  EXPECT_EQ(status_of(address, http_request("POST", "/echo", {}, std::string(1000, 'a'))), 200);
}

TEST_F(HttpServerTest, RefusesWhatCouldHideARequestInAnother) {
  const std::string address = start();
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  const std::string hidden = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const std::string& bytes : {post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + hidden,
                                   post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + hidden,
                                   post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n" + hidden,
                                   post + "Content-Length : 5\r\n\r\n" + hidden,
                                   post + "Content-Length: -5\r\n\r\n" + hidden,
                                   post + "Content-Length: 0x5\r\n\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + hidden,
                                   post + "Transfer-Encoding: xchunked\r\n\r\n" + hidden,
                                   post + "Transfer-Encoding: gzip, chunked\r\n\r\n" + hidden,
                                   post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + hidden,
                                   post + "Transfer-Encoding:\x0b chunked\r\n\r\n" + hidden,
                                   post + "Bad Field: x\r\n\r\n" + hidden,
                                   "POST /echo HTTP/1.1\nHost: x\n\n" + hidden,
                                   "POST /echo HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + hidden,
                                   "POST /echo HTTP/1.1\r\n\r\n" + hidden,
                                   "POST /echo HTTP/9.9\r\nHost: x\r\n\r\n" + hidden,
                                   std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + hidden}) {
    HttpWire wire(address);
    const auto response = wire.ask(bytes);
    // Answered with a refusal, or not at all; and the connection has ended: what was hidden is no request.
    if (response) {
      EXPECT_GE(response->status, 400) << bytes;
      EXPECT_NE(response->status, 404) << bytes;
      EXPECT_FALSE(wire.receive()) << bytes;
    }
  }
  EXPECT_TRUE(serves(address));
}

TEST_F(HttpServerTest, RefusesPathTricksAndCompressedBodies) {
  const std::string address = start();
  for (const char* target : {"/../etc/passwd", "/%2e%2e/", "//x", "/a%2fb", "/%00", "/%zz", "/a?b=1&b=2"})
    EXPECT_EQ(status_of(address, http_request("GET", target)), 400) << target;
  HttpWire wire(address);
  const auto compressed = wire.ask(http_request("POST", "/echo", {{"Content-Encoding", "gzip"}}, "\x1f\x8b"));
  EXPECT_EQ(compressed->status, 415);
  EXPECT_EQ(compressed->fields.at("accept-encoding"), "identity");
  EXPECT_EQ(wire.ask(http_request("GET", "/"))->status, 200) << "a small refused body costs no connection";
  EXPECT_EQ(status_of(address, http_request("POST", "/echo", {{"Content-Encoding", "identity"}}, "x")), 200);
}

TEST_F(HttpServerTest, EndsSlowHeadsAndSlowBodiesWhileOthersAreServed) {
  const std::string address = start();
  HttpWire head(address), body(address), idle(address);
  head.send("GET / HTTP/1.1\r\nHo");
  body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  // A byte now and then does not lengthen it.
  for (int i = 0; i < 4; ++i) {
    std::this_thread::sleep_for(milliseconds(50));
    head.send("s");
    body.send("d");
    EXPECT_TRUE(serves(address));
  }
  EXPECT_TRUE(head.closed_within(milliseconds(1500)));
  EXPECT_TRUE(body.closed_within(milliseconds(1500)));
  EXPECT_EQ(idle.ask(http_request("GET", "/"))->status, 200) << "between requests there is more time";
  EXPECT_TRUE(idle.closed_within(milliseconds(6000)));
}

TEST_F(HttpServerTest, HoldsNoMoreConnectionsThanItsLimitAndLetsIdleOnesMakeRoom) {
  options_.limits.connections_max = 4;
  const std::string address = start();
  std::vector<std::unique_ptr<HttpWire>> idle;
  for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<HttpWire>(address));
  EXPECT_TRUE(serves(address));
  std::vector<std::unique_ptr<HttpWire>> busy;
  for (int i = 0; i < 4; ++i) {
    busy.push_back(std::make_unique<HttpWire>(address));
    busy.back()->send(http_request("POST", "/later", {}, "x"));
  }
  while (waiting() < 4) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_TRUE(HttpWire(address).closed_within(seconds(2))) << "all are busy: the fifth is not taken";
  for (const Respond& respond : later_) respond({204, "", ""});
  for (const auto& wire : busy) EXPECT_EQ(wire->receive()->status, 204);
  EXPECT_TRUE(serves(address));
}

TEST_F(HttpServerTest, BoundsTheBodiesHeldInMemoryAltogether) {
  options_.limits.bodies_bytes_max = 1500;
  const std::string address = start();
  HttpWire first(address);
  first.send(http_request("POST", "/later", {}, std::string(1000, 'a')));
  while (waiting() == 0) std::this_thread::sleep_for(milliseconds(5));
  HttpWire second(address);
  const auto busy = second.ask(http_request("POST", "/later", {}, std::string(1000, 'a')));
  EXPECT_EQ(busy->status, 503);
  EXPECT_EQ(busy->fields.count("retry-after"), 1u);
  later_[0]({200, "", ""});
  EXPECT_EQ(first.receive()->status, 200);
  EXPECT_EQ(second.ask(http_request("POST", "/echo", {}, std::string(1000, 'a')))->status, 200);
}

TEST_F(HttpServerTest, StreamsABodyAndTellsTheSinkHowItEnded) {
  const std::string address = start();
  HttpWire wire(address);
  EXPECT_EQ(wire.ask(http_request("POST", "/stream", {}, std::string(400'000, 'a')))->body, "400000 ok");
  EXPECT_EQ(wire.ask(http_request("POST", "/stream", {}, "b"))->body, "1 ok");
  // It wants no more: it is answered at once, and the rest is not read.
  const auto enough = HttpWire(address).ask(http_request("POST", "/stream", {}, std::string(900'000, 'a')));
  ASSERT_TRUE(enough);
  EXPECT_LT(std::atoi(enough->body.c_str()), 600'000);
  EXPECT_EQ(status_of(address, "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n"), 413);
  const std::string chunked = "POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(HttpWire(address).ask(chunked + "3\r\nabc\r\nnonsense\r\n")->status, 400);
}

TEST_F(HttpServerTest, StopsGracefullyAndThenTakesNothingMore) {
  const std::string address = start();
  HttpWire idle(address), busy(address);
  EXPECT_EQ(idle.ask(http_request("GET", "/"))->status, 200);
  busy.send(http_request("POST", "/later", {}, "x"));
  while (waiting() == 0) std::this_thread::sleep_for(milliseconds(5));
  std::thread stopping([this] { server_->stop(seconds(5)); });
  EXPECT_TRUE(idle.closed_within(seconds(2)));
  later_[0]({200, "text/plain", "finished"});
  const auto response = busy.receive();
  EXPECT_EQ(response->body, "finished");
  EXPECT_EQ(response->fields.at("connection"), "close");
  stopping.join();
  // With its patience at an end it waits for nobody, and a late answer harms nothing.
  start();
  HttpWire stuck(server_->address());
  later_.clear();
  stuck.send(http_request("POST", "/later", {}, "x"));
  while (waiting() == 0) std::this_thread::sleep_for(milliseconds(5));
  server_->stop(milliseconds(50));
  EXPECT_TRUE(stuck.closed_within(seconds(2)));
  server_.reset();
  later_[0]({200, "", ""});
}

TEST_F(HttpServerTest, RefusesPlainHttpBeyondThisMachineAndHttpsWithoutACertificate) {
  options_.address = "http://0.0.0.0:0";
  EXPECT_EQ(HttpServer::start(options_).status().code(), Code::kUsage);
  options_.address = "https://127.0.0.1:0";
  EXPECT_EQ(HttpServer::start(options_).status().code(), Code::kMissing);
  options_.address = "http://127.0.0.1:0";
  options_.address = start();
  EXPECT_EQ(HttpServer::start(options_).status().code(), Code::kUnavailable) << "the port is taken";
}

}  // namespace
}  // namespace moot
