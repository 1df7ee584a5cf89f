// ZAP (ZeroMQ RFC 27): decides at each handshake whether a CURVE key is known, and names it: the
// agency and which of its keys (connection_name), which every message is then authorised by.
//
// libzmq admits everybody when no handler is bound or the domain is empty, so the handler is bound before any socket of
// the context listens, and the ROUTER enforces its domain (brokers.md §5b). Thread: bus; owns its REP socket.
#pragma once

#include <zmq.hpp>

#include "broker/access/registry.h"
#include "broker/ingest.h"

namespace moot {

inline constexpr const char* kZapDomain = "moot";

class Zap {
 public:
  // Binds inproc://zeromq.zap.01; throws zmq::error_t when the context has a handler already.
  Zap(zmq::context_t& context, const Registry& registry, const Clock& clock, RefusalCounts& refusals);

  zmq::socket_ref socket() { return socket_; }
  // Answers every handshake that waits.
  void answer();

 private:
  const Registry& registry_;
  const Clock& clock_;
  RefusalCounts& refusals_;
  zmq::socket_t socket_;
};

}  // namespace moot
