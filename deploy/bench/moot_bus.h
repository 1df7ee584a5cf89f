// Moot's bus as the bench speaks it: ZeroMQ DEALERs with CURVE keys, one thread, no library of Moot's own in between,
// so that the client costs as little as those of the other systems. One ZeroMQ I/O thread encrypts.
//
// Thread: one, its owner's.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "deploy/bench/system.h"
#include "proto/bus.pb.h"

namespace moot::bench {

class MootBus {
 public:
  // One connection for each key; all have been welcomed when it returns. Not encrypted: to a broker built to take that,
  // which is how the price of encryption is found out; the agency then says itself who it is.
  static Result<std::unique_ptr<MootBus>> connect(const std::string& address, const std::vector<KeyFile>& keys,
                                                  bool encrypted = true);
  ~MootBus();
  MootBus(const MootBus&) = delete;

  int count() const { return static_cast<int>(dealers_.size()); }
  // The end of the log at the first connection's welcome.
  std::uint64_t end_offset() const { return end_offset_; }

  // Sends a header and, where there are any, events; event i is written by `write(i, to)` to kEventBytes.
  using Write = std::function<void(int event, char* to)>;
  void send(int dealer, const v1::Request& request, int events, const Write& write);
  // Waits at most so long for the first message of any dealer, then hands over all there are: the header, how many
  // events came with it and their bytes.
  using OnReply = std::function<Status(int dealer, const v1::Reply& reply, std::uint64_t events, std::uint64_t bytes)>;
  Status receive(std::chrono::nanoseconds longest, const OnReply& on_reply);

 private:
  MootBus() : context_(1) {}
  void open(const std::string& address, const KeyFile& key, bool encrypted);
  Status say_hello();
  Result<bool> drain(std::size_t index, const OnReply& on_reply);

  struct Dealer {
    zmq::socket_t socket;
    bool sent = false;  // since it was last drained: sending may take the wake-up call of what came in
  };
  zmq::context_t context_;
  std::vector<Dealer> dealers_;
  int epoll_ = -1;
  std::string header_;
  v1::Reply reply_;
  std::uint64_t end_offset_ = 0;
};

std::unique_ptr<Publishers> make_moot_publishers(std::unique_ptr<MootBus> bus, const Payload& payload);
// Reads so many events from the first on.
Status read_from_moot(MootBus& bus, std::uint64_t events);

}  // namespace moot::bench
