#include "tests/bench/tcp_streams.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace moot::bench {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::chrono::seconds kAnswerWithin{20};

Status failed(const std::string& what) { return Status(Code::kUnavailable, what + ": " + std::strerror(errno)); }

}  // namespace

Result<std::unique_ptr<TcpStreams>> TcpStreams::connect(std::uint16_t port, int count) {
  auto streams = std::unique_ptr<TcpStreams>(new TcpStreams());
  streams->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  MOOT_CHECK(streams->epoll_ >= 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int i = 0; i < count; ++i) {
    Stream stream;
    stream.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    MOOT_CHECK(stream.fd >= 0);
    stream.in.resize(kReadBytes);
    streams->streams_.push_back(std::move(stream));
    const int fd = streams->streams_.back().fd, one = 1;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return failed("cannot connect to port " + std::to_string(port));
    MOOT_CHECK(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0);
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint64_t>(i);
    MOOT_CHECK(::epoll_ctl(streams->epoll_, EPOLL_CTL_ADD, fd, &event) == 0);
  }
  return streams;
}

TcpStreams::~TcpStreams() {
  for (const Stream& stream : streams_) ::close(stream.fd);
  if (epoll_ >= 0) ::close(epoll_);
}

void TcpStreams::watch(std::size_t index, bool to_send) {
  Stream& stream = streams_[index];
  if (stream.waits_to_send == to_send) return;
  stream.waits_to_send = to_send;
  epoll_event event = {};
  event.events = to_send ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = index;
  MOOT_CHECK(::epoll_ctl(epoll_, EPOLL_CTL_MOD, stream.fd, &event) == 0);
}

Status TcpStreams::flush(std::size_t index) {
  Stream& stream = streams_[index];
  while (stream.sent < stream.out.size()) {
    const ssize_t n = ::send(stream.fd, stream.out.data() + stream.sent, stream.out.size() - stream.sent,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {
      watch(index, true);
      return {};
    }
    if (n < 0) return failed("cannot send");
    stream.sent += static_cast<std::size_t>(n);
  }
  stream.out.clear();
  stream.sent = 0;
  watch(index, false);
  return {};
}

Status TcpStreams::flush() {
  for (std::size_t i = 0; i < streams_.size(); ++i)
    if (!streams_[i].out.empty() && !streams_[i].waits_to_send) MOOT_RETURN_IF_ERROR(flush(i));
  return {};
}

Status TcpStreams::fill(Stream& stream) {
  if (stream.begin > 0) {
    std::memmove(stream.in.data(), stream.in.data() + stream.begin, stream.end - stream.begin);
    stream.end -= stream.begin;
    stream.begin = 0;
  }
  if (stream.end == stream.in.size()) stream.in.resize(stream.in.size() * 2);
  for (;;) {
    const ssize_t n = ::recv(stream.fd, stream.in.data() + stream.end, stream.in.size() - stream.end, MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return {};
    if (n < 0) return failed("cannot receive");
    if (n == 0) return Status(Code::kUnavailable, "the server has closed the connection");
    stream.end += static_cast<std::size_t>(n);
    return {};
  }
}

Status TcpStreams::wait(std::chrono::nanoseconds longest, const Take& take) {
  std::array<epoll_event, 64> events;
  const auto nanoseconds = std::max<std::int64_t>(0, longest.count());
  const timespec time = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  const int ready = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
  if (ready < 0 && errno != EINTR) return failed("cannot wait");
  for (int i = 0; i < ready; ++i) {
    const auto index = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
    Stream& stream = streams_[index];
    if ((events[static_cast<std::size_t>(i)].events & EPOLLOUT) != 0) MOOT_RETURN_IF_ERROR(flush(index));
    if ((events[static_cast<std::size_t>(i)].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) continue;
    MOOT_RETURN_IF_ERROR(fill(stream));
    const Result<std::size_t> taken =
        take(static_cast<int>(index), {stream.in.data() + stream.begin, stream.end - stream.begin});
    if (!taken.ok()) return taken.status();
    stream.begin += *taken;
  }
  return {};
}

Result<std::string> TcpStreams::ask(int stream, std::string_view request, const Complete& complete) {
  out(stream).append(request);
  MOOT_RETURN_IF_ERROR(flush());
  const auto deadline = std::chrono::steady_clock::now() + kAnswerWithin;
  std::string reply;
  bool done = complete({});
  while (!done) {
    if (std::chrono::steady_clock::now() > deadline)
      return Status(Code::kUnavailable, "no answer to \"" + std::string(request.substr(0, 40)) + "\"");
    MOOT_RETURN_IF_ERROR(wait(std::chrono::milliseconds(100), [&](int from, std::string_view unread) {
      if (from != stream) return Result<std::size_t>(std::size_t{0});
      reply.append(unread);
      done = complete(reply);
      return Result<std::size_t>(unread.size());
    }));
  }
  return reply;
}

}  // namespace moot::bench
