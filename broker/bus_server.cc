#include "broker/bus_server.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstring>

namespace moot {

namespace {

// A turn takes at most so many messages before it commits, so that an ack never waits for a whole flood.
constexpr int kTurnMessagesMax = 2000;
constexpr std::chrono::milliseconds kIdleWait{1000};
constexpr std::chrono::milliseconds kBusyWait{5};  // while an outbox waits for its peer
constexpr std::chrono::milliseconds kMarkEvery{50};
constexpr const char* kMonitorAddress = "inproc://bus-monitor";

}  // namespace

BusServer::BusServer(const Parts& parts, const Limits& limits)
    : parts_(parts),
      limits_(limits),
      sessions_({parts.registry, parts.ingest, parts.reading, parts.readers, parts.administration, parts.log->log.get(),
                 parts.audit, parts.traffic, parts.metrics, parts.refusals, parts.clock, this},
                limits) {}

BusServer::~BusServer() {
  if (wake_ >= 0) ::close(wake_);
}

Result<std::unique_ptr<BusServer>> BusServer::create(const Parts& parts, const Limits& limits, const Key& secret_key,
                                                     const std::string& address) {
  auto server = std::unique_ptr<BusServer>(new BusServer(parts, limits));
  const Status listening = server->listen(secret_key, address);
  if (!listening.ok()) return listening;
  return server;
}

Status BusServer::listen(const Key& secret_key, const std::string& address) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  MOOT_CHECK(wake_ >= 0);
  try {
    zap_ =
        std::make_unique<Zap>(context_, *parts_.registry, *parts_.clock, *parts_.refusals);  // before anything listens
    router_ = zmq::socket_t(context_, zmq::socket_type::router);
    router_.set(zmq::sockopt::router_mandatory, true);
    router_.set(zmq::sockopt::linger, 500);
    router_.set(zmq::sockopt::sndhwm, PeerRoom::kMessagesWaiting);
    router_.set(zmq::sockopt::rcvhwm, 16);  // fewer cost singles a third of their rate; see peer_room.h
    // A frame over the limit is refused with a sentence; one over twice the limit is not read, and ends the connection.
    router_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(2 * limits_.message_bytes_max));
    // Of connections that wait to be accepted: a thousand clients come back at once when a broker was away, and those
    // that find no room try again only after a second. The system may allow fewer.
    router_.set(zmq::sockopt::backlog, 4096);
    router_.set(zmq::sockopt::handshake_ivl, 5000);
    router_.set(zmq::sockopt::curve_server, true);
    router_.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(secret_key.data(), secret_key.size()));
    router_.set(zmq::sockopt::zap_domain, kZapDomain);
    // Without this a missing handler lets everybody in. zmq.h names the option only to draft builds; the library takes
    // it.
    constexpr int kZapEnforceDomain = 93;
    const int enforce = 1;
    if (zmq_setsockopt(router_.handle(), kZapEnforceDomain, &enforce, sizeof enforce) != 0) throw zmq::error_t();
    MOOT_CHECK(zmq_socket_monitor(router_.handle(), kMonitorAddress,
                                  ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                      ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) == 0);
    monitor_ = zmq::socket_t(context_, zmq::socket_type::pair);
    monitor_.set(zmq::sockopt::linger, 0);
    monitor_.connect(kMonitorAddress);
    router_.bind(address);
    address_ = router_.get(zmq::sockopt::last_endpoint);
  } catch (const zmq::error_t& error) {
    return Status(Code::kUnavailable, "the bus cannot listen on " + address + ": " + error.what());
  }
  return {};
}

void BusServer::stop() {
  const std::uint64_t one = 1;
  const ssize_t written = ::write(wake_, &one, sizeof one);
  MOOT_CHECK(written == sizeof one);
}

Status BusServer::run() {
  const Status ended = serve();
  // Whoever still waits for an answer finds out at once.
  router_.close();
  return ended;
}

// How long a turn waits for something to arrive.
std::chrono::milliseconds BusServer::patience() const {
  switch (sessions_.work_left()) {
    case Sessions::Work::kReading:
      return std::chrono::milliseconds(0);
    case Sessions::Work::kOutbox:
      return kBusyWait;
    case Sessions::Work::kNone:
      break;
  }
  return parts_.log->watermark->value() < parts_.log->log->end_offset() ? kBusyWait : kIdleWait;
}

Status BusServer::serve() {
  for (;;) {
    zmq::pollitem_t items[] = {{router_.handle(), 0, ZMQ_POLLIN, 0},
                               {zap_->socket().handle(), 0, ZMQ_POLLIN, 0},
                               {monitor_.handle(), 0, ZMQ_POLLIN, 0},
                               {nullptr, wake_, ZMQ_POLLIN, 0}};
    // Through the C function: a signal is not an error here.
    const int ready = zmq_poll(items, 4, static_cast<long>(patience().count()));
    MOOT_RETURN_IF_ERROR(keep_watermarks(ready == 0));
    if ((items[3].revents & ZMQ_POLLIN) != 0) {
      MOOT_RETURN_IF_ERROR(sessions_.end_all(std::chrono::steady_clock::now()));
      return keep_watermarks(true);
    }
    MOOT_RETURN_IF_ERROR(turn());
  }
}

Status BusServer::keep_watermarks(bool idle) {
  const auto now = std::chrono::steady_clock::now();
  if (!idle && now - marked_ < kMarkEvery) return {};
  marked_ = now;
  MOOT_RETURN_IF_ERROR(parts_.audit->raise_watermark());
  return parts_.log->raise_watermark();
}

Status BusServer::turn() {
  zap_->answer();
  watch_connections();
  const auto now = std::chrono::steady_clock::now();
  Frames frames;
  Sessions::Arrival arrival;
  for (int count = 0; count < kTurnMessagesMax && !sessions_.turn_is_due() && receive(frames); ++count) {
    arrival.peer.assign(frames.identity.to_string_view());
    // On a body frame, never on the identity frame; absent only if ZAP was bypassed.
    try {
      arrival.connection = frames.header.gets("User-Id");
    } catch (const zmq::error_t&) {
      arrival.connection.clear();
    }
    arrival.header = frames.header.to_string_view();
    arrival.events = frames.events.to_string_view();
    arrival.frames = frames.count;
    sessions_.take(arrival, now);
  }
  return sessions_.turn(now);
}

bool BusServer::receive(Frames& frames) {
  zmq::message_t* const kept[] = {&frames.identity, &frames.header, &frames.events};
  for (zmq::message_t* frame : kept) frame->rebuild();
  if (!router_.recv(frames.identity, zmq::recv_flags::dontwait)) return false;
  bool more = frames.identity.more();
  zmq::message_t forgotten;
  for (frames.count = 1; more; ++frames.count) {
    zmq::message_t& frame = frames.count < 3 ? *kept[frames.count] : forgotten;
    MOOT_CHECK(router_.recv(frame).has_value());  // the parts of one message come together
    more = frame.more();
  }
  return true;
}

Outlet::Sent BusServer::send(const std::string& peer, const BusMessage& message) {
  try {
    // The identity frame is where a full or vanished peer shows; after it the rest is taken.
    if (!router_.send(zmq::buffer(peer), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return Sent::kFull;
    const bool with_events = !message.events.empty();
    router_.send(zmq::buffer(message.header), with_events ? zmq::send_flags::sndmore : zmq::send_flags::none);
    if (with_events) router_.send(zmq::buffer(message.events), zmq::send_flags::none);
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return Sent::kGone;
    throw;
  }
  return Sent::kTaken;
}

void BusServer::watch_connections() {
  for (;;) {
    zmq::message_t frame;
    if (!monitor_.recv(frame, zmq::recv_flags::dontwait)) return;
    std::uint16_t event = 0;
    std::int32_t value = 0;  // of accepted and disconnected: the file descriptor
    MOOT_CHECK(frame.size() == sizeof event + sizeof value);
    std::memcpy(&event, frame.data(), sizeof event);
    std::memcpy(&value, static_cast<const char*>(frame.data()) + sizeof event, sizeof value);
    while (frame.more()) MOOT_CHECK(monitor_.recv(frame).has_value());
    if (event == ZMQ_EVENT_ACCEPTED) descriptors_.insert(value);
    if (event == ZMQ_EVENT_DISCONNECTED) descriptors_.erase(value);
    // A greeting that broke off before a key was shown: no CURVE at all (the two ends disagree, and either may hang up
    // first), another broker's key, or something that is not ZeroMQ.
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL || event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
      parts_.refusals->count(Code::kNoKey, "");
    connections_ = descriptors_.size();
    sessions_.set_connections(connections_);
  }
}

}  // namespace moot
