#include "broker/bus_server.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "broker/core/filter.h"

namespace moot {

namespace {

// A turn takes at most so much before it commits, so that an ack never waits for a whole flood.
constexpr std::size_t kTurnBytesMax = 4 * 1024 * 1024;
constexpr int kTurnMessagesMax = 2000;
constexpr std::size_t kBatchBytesMax = 256 * 1024;
constexpr std::chrono::milliseconds kIdleWait{1000};
constexpr std::chrono::milliseconds kBusyWait{5};  // while an outbox waits for its peer
constexpr std::uint64_t kCreditMax = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kMarkEvery{50};
constexpr std::chrono::milliseconds kEntitlementsEvery{1000};
constexpr const char* kMonitorAddress = "inproc://bus-monitor";

// Not counted as a refusal: nobody did anything wrong.
Status entitlement_changed() {
  return Status(Code::kEntitlementChanged,
                "what this reader may read has changed with a sharing agreement or the date; it must begin again");
}

}  // namespace

BusServer::BusServer(const Parts& parts, const Limits& limits) : parts_(parts), limits_(limits) {}

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
    router_.set(zmq::sockopt::sndhwm, 64);  // messages of up to kBatchBytesMax
    router_.set(zmq::sockopt::rcvhwm, 16);  // a producer has 8 on their way
    // A frame over the limit is refused with a sentence; one over twice the limit is not read, and ends the connection.
    router_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(2 * limits_.message_bytes_max));
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

Status BusServer::serve() {
  for (;;) {
    std::chrono::milliseconds wait = parts_.log->watermark->value() < end() ? kBusyWait : kIdleWait;
    for (const auto& [peer, session] : sessions_) {
      if (!session.outbox.empty())
        wait = std::min(wait, kBusyWait);
      else if (can_be_fed(session))
        wait = std::chrono::milliseconds(0);
    }
    zmq::pollitem_t items[] = {{router_.handle(), 0, ZMQ_POLLIN, 0},
                               {zap_->socket().handle(), 0, ZMQ_POLLIN, 0},
                               {monitor_.handle(), 0, ZMQ_POLLIN, 0},
                               {nullptr, wake_, ZMQ_POLLIN, 0}};
    // Through the C function: a signal is not an error here.
    const int ready = zmq_poll(items, 4, static_cast<long>(wait.count()));
    MOOT_RETURN_IF_ERROR(keep_watermarks(ready == 0));
    if ((items[3].revents & ZMQ_POLLIN) != 0) return end_all();
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
  MOOT_RETURN_IF_ERROR(drain());
  MOOT_RETURN_IF_ERROR(commit());
  flush_all();  // acks before anything that is read
  for (auto& [peer, session] : sessions_) MOOT_RETURN_IF_ERROR(feed(session));
  flush_all();
  end_changed_subscriptions();
  cut_sessions_of_ended_keys();
  drop_silent_sessions();
  audit_refusals();
  return show_figures();
}

Status BusServer::drain() {
  Arrival arrival;
  for (int count = 0; count < kTurnMessagesMax && parts_.ingest->staged_bytes() < kTurnBytesMax; ++count) {
    if (!receive(arrival)) break;
    dispatch(arrival);
  }
  return {};
}

bool BusServer::receive(Arrival& arrival) {
  zmq::message_t* const kept[] = {&arrival.identity, &arrival.header, &arrival.events};
  for (zmq::message_t* frame : kept) frame->rebuild();
  if (!router_.recv(arrival.identity, zmq::recv_flags::dontwait)) return false;
  bool more = arrival.identity.more();
  zmq::message_t forgotten;
  for (arrival.frames = 1; more; ++arrival.frames) {
    zmq::message_t& frame = arrival.frames < 3 ? *kept[arrival.frames] : forgotten;
    MOOT_CHECK(router_.recv(frame).has_value());  // the parts of one message come together
    more = frame.more();
  }
  arrival.peer.assign(arrival.identity.to_string_view());
  // On a body frame, never on the identity frame; absent only if ZAP was bypassed.
  try {
    arrival.connection = arrival.header.gets("User-Id");
  } catch (const zmq::error_t&) {
    arrival.connection.clear();
  }
  arrival.agency = arrival.connection.substr(0, arrival.connection.find('/'));
  return true;
}

void BusServer::dispatch(const Arrival& arrival) {
  const KeyHolder holder = parts_.registry->by_connection(arrival.connection);
  if (holder.member == nullptr) {
    // Cannot happen while ZAP guards the door, but nothing is taken on trust here.
    parts_.refusals->count(Code::kUnknownAgency, "");
    return;
  }
  v1::Request request;
  const bool understood = request.ParseFromArray(arrival.header.data(), static_cast<int>(arrival.header.size())) &&
                          request.kind_case() != v1::Request::KIND_NOT_SET;
  const Instant now = parts_.clock->now();
  Status admitted = parts_.registry->standing(holder, now);
  if (admitted.ok()) admitted = admit(arrival, *holder.member, request);
  if (!admitted.ok()) {
    parts_.refusals->count(admitted.code(), arrival.agency);
    return answer_stranger(arrival.peer, refusal_reply(request.number(), admitted));
  }
  Session& session = sessions_[arrival.peer];
  session.last_heard = std::chrono::steady_clock::now();
  if (understood && arrival.frames <= 3) return handle(arrival, session, request);
  parts_.refusals->count(Code::kBadRequest, arrival.agency);
  reply(session,
        refusal_reply(understood ? request.number() : 0,
                      Status(Code::kBadRequest, understood ? "a message has a header frame and one frame of events"
                                                           : "the header frame is not a protobuf moot.v1.Request")));
}

void BusServer::handle(const Arrival& arrival, Session& session, const v1::Request& request) {
  v1::Reply answer;
  answer.set_number(request.number());
  switch (request.kind_case()) {
    case v1::Request::kHello:
      return reply(session, welcome(session, request));
    case v1::Request::kPing:
      answer.mutable_pong();
      return reply(session, answer);
    case v1::Request::kPublish:
      return publish(arrival, session, request);
    case v1::Request::kConsume:
      return consume(session, request);
    case v1::Request::kCredit:
      if (session.subscription)
        session.subscription->credit_bytes = std::min<std::int64_t>(
            kCreditMax, session.subscription->credit_bytes +
                            static_cast<std::int64_t>(std::min<std::uint64_t>(request.credit().bytes(), kCreditMax)));
      return;
    default:
      answer = parts_.administration->answer(session.caller, request, [this] { return figures(); });
      if (answer.has_refusal()) parts_.refusals->count(static_cast<Code>(answer.refusal().code()), session.caller.name);
      if (answer.has_agency_revoked()) answer.mutable_agency_revoked()->set_sessions(sessions_to_cut());
      return reply(session, answer);
  }
}

v1::Reply BusServer::welcome(const Session& session, const v1::Request& request) const {
  if (request.hello().protocol() != kProtocolVersion)
    return refusal_reply(request.number(),
                         Status(Code::kBadRequest, "this broker speaks protocol " + std::to_string(kProtocolVersion) +
                                                       ", the caller " + std::to_string(request.hello().protocol())));
  v1::Reply answer;
  answer.set_number(request.number());
  answer.mutable_welcome()->set_protocol(kProtocolVersion);
  answer.mutable_welcome()->set_agency(session.caller.agency.value());
  answer.mutable_welcome()->set_end_offset(end().value);
  return answer;
}

void BusServer::publish(const Arrival& arrival, Session& session, const v1::Request& request) {
  const v1::Publish& publish = request.publish();
  const auto refuse = [&](const Status& why) {
    parts_.refusals->count(why.code(), session.caller.name);
    reply(session, refusal_reply(request.number(), why));
  };
  const Status allowed = may(session.caller, Right::kPublish, "publish");
  if (!allowed.ok()) return refuse(allowed);
  const Result<std::vector<std::string_view>> events =
      unpacked_events(arrival.events.to_string_view(), arrival.header.size(), limits_);
  if (!events.ok()) return refuse(events.status());
  if (publish.origins_size() != 0 && static_cast<std::size_t>(publish.origins_size()) != events->size())
    return refuse(Status(Code::kBadRequest, "there must be no origins, or one for each event"));
  if (events->size() + static_cast<std::size_t>(publish.refused_size()) > limits_.message_events_max)
    return refuse(Status(Code::kTooLarge, "the message has more than " + std::to_string(limits_.message_events_max) +
                                              " events and refusals"));
  const Member& member = *parts_.registry->by_id(session.caller.agency.value());
  const Status room = parts_.traffic->may_publish(member, parts_.ingest->staged_of(session.caller.agency),
                                                  events->size(), arrival.events.size(), parts_.clock->now());
  if (!room.ok()) return refuse(room);
  waiting_.push_back({arrival.peer, request.number()});
  parts_.ingest->offer(session.caller.agency, publish, *events);
}

namespace {

// What stands in a Consume is kept for as long as the session lasts.
Status check_consume(const v1::Consume& consume) {
  constexpr std::size_t kNameMax = 64;
  for (const std::string* name : {&consume.reader(), &consume.purpose(), &consume.coverage()})
    if (name->size() > kNameMax)
      return Status(Code::kTooLarge,
                    "a reader, a purpose and a coverage have at most " + std::to_string(kNameMax) + " characters");
  return check_filter(consume.filter());
}

}  // namespace

void BusServer::consume(Session& session, const v1::Request& request) {
  Status filter = may(session.caller, Right::kRead, "read events");
  if (filter.ok()) filter = check_consume(request.consume());
  const Offset from{request.consume().from_offset()};
  if (!filter.ok() || from > end()) {
    const Status refused = filter.ok()
                               ? Status(Code::kBadRequest, "there is no offset " + std::to_string(from.value) +
                                                               "; the log ends at " + std::to_string(end().value))
                               : filter;
    parts_.refusals->count(refused.code(), session.caller.name);
    return reply(session, refusal_reply(request.number(), refused));
  }
  Subscription subscription;
  subscription.reader = {session.caller.agency, request.consume().purpose()};
  subscription.coverage = parts_.reading->coverage_of(subscription.reader);
  if (!request.consume().coverage().empty() && request.consume().coverage() != subscription.coverage)
    return reply(session, refusal_reply(request.number(), entitlement_changed()));
  subscription.number = request.number();
  subscription.filter = request.consume().filter();
  subscription.next = from;
  subscription.credit_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(request.consume().credit_bytes(), kCreditMax));
  v1::AuditEntry entry;
  entry.set_actor(session.caller.name);
  entry.set_act("read");
  entry.set_purpose(subscription.reader.purpose);
  entry.set_what(in_audit_words(subscription.filter, from));
  subscription.audit_number = parts_.audit->note(std::move(entry));
  end_subscription(session);
  session.subscription = std::move(subscription);
}

Status BusServer::commit() {
  MOOT_RETURN_IF_ERROR(parts_.audit->commit());  // before anything of what it tells is given
  if (!parts_.ingest->anything_staged()) return {};
  const std::size_t events = parts_.ingest->staged_events();
  const auto began = std::chrono::steady_clock::now();
  Result<std::vector<v1::PublishAck>> acks = parts_.ingest->commit();
  if (!acks.ok()) return acks.status();
  if (events > 0) parts_.metrics->committed(events, std::chrono::steady_clock::now() - began);
  MOOT_CHECK(acks->size() == waiting_.size());
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const auto session = sessions_.find(waiting_[i].peer);
    if (session == sessions_.end()) continue;  // gone since; what it sent is stored all the same
    v1::Reply answer;
    answer.set_number(waiting_[i].number);
    *answer.mutable_publish_ack() = std::move((*acks)[i]);
    reply(session->second, answer);
  }
  waiting_.clear();
  return {};
}

bool BusServer::can_be_fed(const Session& session) const {
  if (!session.subscription || session.subscription->credit_bytes <= 0 || !session.outbox.empty()) return false;
  return !session.subscription->told || session.subscription->told_through < end();
}

bool BusServer::end_if_changed(Session& session) {
  if (parts_.reading->coverage_of(session.subscription->reader) == session.subscription->coverage) return false;
  reply(session, refusal_reply(session.subscription->number, entitlement_changed()));
  end_subscription(session);
  return true;
}

// Those too that have read everything: a clause begins or ends with a day, without a new event.
void BusServer::end_changed_subscriptions() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_at_entitlements_ < kEntitlementsEvery) return;
  looked_at_entitlements_ = now;
  for (auto& [peer, session] : sessions_)
    if (session.subscription) end_if_changed(session);
}

Status BusServer::feed(Session& session) {
  if (!can_be_fed(session) || end_if_changed(session)) return {};
  Subscription& subscription = *session.subscription;
  const std::size_t most = std::min<std::size_t>(kBatchBytesMax, static_cast<std::size_t>(subscription.credit_bytes));
  Result<Reading::Portion> portion =
      parts_.reading->next(subscription.reader, subscription.filter, subscription.next, most);
  if (portion.status().code() == Code::kMissing) {
    // A key is gone: this reader cannot go on, and is told; everybody else can.
    parts_.refusals->count(Code::kMissing, session.caller.agency.value());
    reply(session, refusal_reply(subscription.number, portion.status()));
    end_subscription(session);
    return {};
  }
  if (!portion.ok()) return portion.status();
  subscription.next = portion->through;
  subscription.credit_bytes -= static_cast<std::int64_t>(portion->bytes);
  subscription.told = true;
  subscription.given += portion->events.size();
  subscription.told_through = portion->through;
  if (!session.caller.is_person()) positions_[session.caller.agency.value()] = portion->through;
  v1::Reply batch;
  batch.set_number(subscription.number);
  batch.mutable_batch()->set_through_offset(portion->through.value);
  batch.mutable_batch()->set_end_offset(end().value);
  batch.mutable_batch()->set_coverage(subscription.coverage);
  reply(session, batch, packed_events(portion->events));
  return {};
}

void BusServer::reply(Session& session, const v1::Reply& reply, std::string events) {
  session.outbox.push_back({reply.SerializeAsString(), std::move(events)});
}

}  // namespace moot
