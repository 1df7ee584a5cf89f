// The bus: one ROUTER socket and one loop. Each turn drains the socket, commits what came as one group (one sync for
// all publishers), sends the acks, and gives readers what their credit allows.
//
// Identity is the CURVE key: it and its agency are read from the "User-Id" of a body frame of every message
// (libzmq 4.3.4 loses the metadata of a prefetched first frame), and every message is authorised anew. Routing ids say
// nothing. Sends never wait: what a peer does not take stays in its outbox, bounded by its credit, and holds up nobody
// else.
//
// Thread: bus. run() is that thread; stop() may be called from any.
#pragma once

#include <zmq.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "broker/administration.h"
#include "broker/audit_log.h"
#include "broker/core/limits.h"
#include "broker/ingest.h"
#include "broker/log/watched_log.h"
#include "broker/reading.h"
#include "broker/session.h"
#include "broker/wire/frames.h"
#include "broker/zap.h"

namespace moot {

class BusServer {
 public:
  struct Parts {  // all outlive the server
    Registry* registry;
    Ingest* ingest;
    const Reading* reading;
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
  ~BusServer();

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
  Status turn();
  Status drain();
  struct Arrival {  // a message as it came, and who ZAP says sent it
    zmq::message_t identity, header, events;
    int frames = 0;
    std::string peer, connection, agency;
  };
  bool receive(Arrival& arrival);
  void dispatch(const Arrival& arrival);
  Status admit(const Arrival& arrival, const Member& member, const v1::Request& request);
  void handle(const Arrival& arrival, Session& session, const v1::Request& request);
  v1::Reply welcome(const Session& session, const v1::Request& request) const;
  void answer_stranger(const std::string& peer, const v1::Reply& reply);
  void publish(const Arrival& arrival, Session& session, const v1::Request& request);
  void consume(Session& session, const v1::Request& request);
  Status commit();
  Status keep_watermarks(bool idle);
  Offset end() const { return parts_.log->log->end_offset(); }
  void end_subscription(Session& session);
  BusFigures figures() const;
  Status show_figures();
  void audit_refusals();
  Status end_all();
  bool can_be_fed(const Session& session) const;
  bool end_if_changed(Session& session);
  void end_changed_subscriptions();
  Status feed(Session& session);
  void flush_all();
  void reply(Session& session, const v1::Reply& reply, std::string events = {});
  bool flush(const std::string& peer, Session& session);
  std::map<std::string, Session>::iterator forget(std::map<std::string, Session>::iterator session);
  void watch_connections();
  void drop_silent_sessions();
  Status key_of(const Session& session) const;
  std::size_t sessions_to_cut() const;
  void cut_sessions_of_ended_keys();

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
  std::map<std::string, Session> sessions_;       // by routing id; forget() takes one out
  std::map<std::string, Offset> positions_;       // by agency: how far its reader has come
  std::chrono::steady_clock::time_point marked_;  // when the watermark was last raised
  std::chrono::steady_clock::time_point looked_at_entitlements_;
  std::chrono::steady_clock::time_point looked_at_keys_;
  std::chrono::steady_clock::time_point showed_figures_at_;
  std::chrono::steady_clock::time_point audited_refusals_at_;
  std::map<std::pair<std::string, Code>, std::uint64_t> audited_refusals_;  // how many an entry tells of
  std::uint64_t registry_changes_ = 0;       // when the keys of sessions were last looked at
  std::set<std::int32_t> descriptors_;       // of connected peers
  std::atomic<std::size_t> connections_{0};  // how many: written by the bus thread
  struct Waiting {
    std::string peer;
    std::uint64_t number;
  };
  std::vector<Waiting> waiting_;  // one per offer to ingest since the last commit
};

}  // namespace moot
