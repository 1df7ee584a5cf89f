// Some TCP connections to one port of this machine, without a thread or a library of their own: written and read in
// one go when there is something, waited for together.
//
// Thread: one, its owner's. Blocking up to the time given.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"

namespace moot::bench {

class TcpStreams {
 public:
  static Result<std::unique_ptr<TcpStreams>> connect(std::uint16_t port, int count);
  ~TcpStreams();
  TcpStreams(const TcpStreams&) = delete;

  int count() const { return static_cast<int>(streams_.size()); }
  // What is to be sent: append to it, then flush().
  std::string& out(int stream) { return streams_[static_cast<std::size_t>(stream)].out; }
  Status flush();

  // Takes what it can use of the bytes not taken yet, and says how many that were.
  using Take = std::function<Result<std::size_t>(int stream, std::string_view unread)>;
  // Waits at most so long for the first byte of any stream; then gives what is there to `take`.
  Status wait(std::chrono::nanoseconds longest, const Take& take);

  // Sends, and waits until `complete` is content with all that has come back, which is then forgotten.
  using Complete = std::function<bool(std::string_view reply)>;
  Result<std::string> ask(int stream, std::string_view request, const Complete& complete);

 private:
  struct Stream {
    int fd = -1;
    std::string out;
    std::size_t sent = 0;        // of out
    bool waits_to_send = false;  // the kernel's buffer was full
    std::vector<char> in;
    std::size_t begin = 0, end = 0;  // of what was read and not taken
  };
  TcpStreams() = default;
  Status flush(std::size_t index);
  Status fill(Stream& stream);
  void watch(std::size_t index, bool to_send);

  int epoll_ = -1;
  std::vector<Stream> streams_;
};

}  // namespace moot::bench
