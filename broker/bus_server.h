// The bus: one ROUTER socket and one loop around the sessions (broker/sessions.h), which decide everything. Each turn
// drains the socket into them and lets them commit, ack and feed readers: one sync for all publishers of a turn.
//
// Identity is the CURVE key: it and its agency are read from the "User-Id" of a body frame of every message
// (libzmq 4.3.4 loses the metadata of a prefetched first frame). Sends never wait.
//
// Thread: bus. run() is that thread; stop() may be called from any.
#pragma once

#include <zmq.hpp>

#include <atomic>
#include <memory>
#include <set>
#include <string>

#include "broker/core/limits.h"
#include "broker/log/watched_log.h"
#include "broker/sessions.h"
#include "broker/zap.h"

namespace moot {

class BusServer final : private Outlet {
 public:
  struct Parts {  // all outlive the server
    Registry* registry;
    Ingest* ingest;
    const Reading* reading;
    ReaderPositions* readers;
    Administration* administration;
    WatchedLog* log;
    AuditLog* audit;
    const Traffic* traffic;
    BrokerMetrics* metrics;
    RefusalCounts* refusals;
    const Clock* clock;
  };

  // Listens. `address` as ZeroMQ writes it, "tcp://127.0.0.1:0" for any free port. kUnavailable when it cannot listen.
  static Result<std::unique_ptr<BusServer>> create(const Parts& parts, const Limits& limits, const Key& secret_key,
                                                   const std::string& address);
  ~BusServer() override;

  const std::string& address() const { return address_; }  // the real one

  // Until stop(). An error means that the log or the inbox failed: nothing more was acknowledged.
  Status run();
  void stop();
  // Peers connected by now. From any thread.
  std::size_t connections() const { return connections_; }

 private:
  BusServer(const Parts& parts, const Limits& limits);
  Status listen(const Key& secret_key, const std::string& address);
  Status serve();
  std::chrono::milliseconds patience() const;
  Status turn();
  struct Frames {  // of a message, as libzmq has them
    zmq::message_t identity, header, events;
    int count = 0;
  };
  bool receive(Frames& frames);
  Sent send(const std::string& peer, const BusMessage& message) override;
  Status keep_watermarks(bool idle);
  void watch_connections();

  // Constant after construction.
  const Parts parts_;
  const Limits limits_;
  std::string address_;
  int wake_ = -1;  // eventfd: written by stop()
  // Owned by the bus thread. The context first: sockets must go before it.
  zmq::context_t context_;
  std::unique_ptr<Zap> zap_;
  zmq::socket_t router_;
  zmq::socket_t monitor_;
  Sessions sessions_;
  std::chrono::steady_clock::time_point marked_;  // when the watermark was last raised
  std::set<std::int32_t> descriptors_;            // of connected peers
  std::atomic<std::size_t> connections_{0};       // how many: written by the bus thread
};

}  // namespace moot
