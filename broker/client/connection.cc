#include "broker/client/connection.h"

#include <algorithm>
#include <cstring>
#include <thread>

namespace moot {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAddressPoll{50};
// Handshakes that end without a word: the broker has another key than the key file says, or died just then.
constexpr int kBrokenHandshakesMax = 5;

milliseconds until(steady_clock::time_point deadline) {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()));
}

}  // namespace

Status status_of(const v1::Refusal& refusal) {
  const auto code = static_cast<Code>(refusal.code());
  return Status(code == Code::kOk ? Code::kBadRequest : code, refusal.reason());
}

Status Connection::open(milliseconds timeout) {
  const steady_clock::time_point deadline = steady_clock::now() + timeout;
  for (;;) {
    close();
    take_rotated_key();
    if (key_file_.ended) MOOT_RETURN_IF_ERROR(key_file_.ended());
    const std::string address = current_address(key_file_);
    if (!address.empty()) {
      connect(address);
      const Status hello = say_hello(address, deadline);
      if (hello.ok() || hello.code() != Code::kUnavailable) return hello;
      close();
    }
    if (steady_clock::now() >= deadline)
      return Status(Code::kUnavailable, "no broker answered " + (address.empty() ? "here" : "at " + address) + " for " +
                                            std::to_string(timeout.count() / 1000) + " seconds");
    std::this_thread::sleep_for(kAddressPoll);
  }
}

// True when the file holds another key than the one in use, which is in use from then on.
bool Connection::take_rotated_key() {
  if (key_file_.file.empty()) return false;
  const Result<KeyFile> there = read_key_file(key_file_.file);
  if (!there.ok() || there->agency != key_file_.agency || there->public_key == key_file_.public_key) return false;
  key_file_.public_key = there->public_key;
  key_file_.secret_key = there->secret_key;
  return true;
}

void Connection::close() {
  monitor_.reset();
  socket_.reset();
  connected_ = false;
  broken_handshakes_ = 0;
}

void Connection::connect(const std::string& address) {
  try {
    socket_ = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::dealer);
    socket_->set(zmq::sockopt::linger, 0);
    socket_->set(zmq::sockopt::reconnect_ivl, 100);
    socket_->set(zmq::sockopt::reconnect_ivl_max, 1000);
    socket_->set(zmq::sockopt::handshake_ivl, 5000);
    socket_->set(zmq::sockopt::curve_serverkey,
                 zmq::const_buffer(key_file_.broker_public_key.data(), key_file_.broker_public_key.size()));
    socket_->set(zmq::sockopt::curve_publickey,
                 zmq::const_buffer(key_file_.public_key.data(), key_file_.public_key.size()));
    socket_->set(zmq::sockopt::curve_secretkey,
                 zmq::const_buffer(key_file_.secret_key.data(), key_file_.secret_key.size()));
    const std::string watch = "inproc://watch-" + std::to_string(reinterpret_cast<std::uintptr_t>(socket_.get())) +
                              "-" + std::to_string(++last_number_);
    MOOT_CHECK(zmq_socket_monitor(socket_->handle(), watch.c_str(),
                                  ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                      ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                      ZMQ_EVENT_DISCONNECTED) == 0);
    monitor_ = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::pair);
    monitor_->set(zmq::sockopt::linger, 0);
    monitor_->connect(watch);
    socket_->connect(address);
  } catch (const zmq::error_t&) {
    monitor_.reset();  // an address that makes no sense: nobody will answer, which open() says
    socket_.reset();
  }
  last_ping_ = steady_clock::now();
  ping_unanswered_ = false;
}

Status Connection::say_hello(const std::string& address, steady_clock::time_point deadline) {
  if (!socket_) return Status(Code::kUnavailable, "the address cannot be used");
  v1::Request hello;
  hello.mutable_hello()->set_protocol(kProtocolVersion);
  const std::uint64_t number = send(hello);
  // Anew now and then: the run file may tell of another port by now.
  const steady_clock::time_point patience = std::min(deadline, steady_clock::now() + milliseconds(3000));
  while (steady_clock::now() < patience && current_address(key_file_) == address) {
    if (key_file_.ended && !key_file_.ended().ok()) return key_file_.ended();
    Result<std::optional<Received>> received = receive(std::min(until(patience), milliseconds(100)));
    if (!received.ok()) return received.status();
    if (!received->has_value() || (*received)->reply.number() != number) continue;
    const v1::Reply& reply = (*received)->reply;
    if (reply.has_refusal()) return status_of(reply.refusal());
    if (reply.has_welcome()) {
      end_at_hello_ = Offset{reply.welcome().end_offset()};
      return {};
    }
  }
  return Status(Code::kUnavailable, "no broker answered");
}

std::uint64_t Connection::send(v1::Request& request, const std::vector<std::string>& events) {
  MOOT_CHECK(socket_ != nullptr);
  request.set_number(++last_number_);
  const std::string header = request.SerializeAsString();
  socket_->send(zmq::buffer(header), events.empty() ? zmq::send_flags::none : zmq::send_flags::sndmore);
  if (!events.empty()) socket_->send(zmq::buffer(packed_events(events)), zmq::send_flags::none);
  return last_number_;
}

Status Connection::watch() {
  for (;;) {
    zmq::message_t frame;
    if (!monitor_->recv(frame, zmq::recv_flags::dontwait)) return {};
    std::uint16_t event = 0;
    MOOT_CHECK(frame.size() >= sizeof event);
    std::memcpy(&event, frame.data(), sizeof event);
    while (frame.more()) MOOT_CHECK(monitor_->recv(frame).has_value());
    switch (event) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        connected_ = true;
        broken_handshakes_ = 0;
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        return Status(Code::kUnknownKey, "the broker does not know the key of agency \"" + key_file_.agency.value() +
                                             "\"; it may have been revoked or replaced, or have expired");
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        if (++broken_handshakes_ >= kBrokenHandshakesMax)
          return Status(Code::kUnknownKey,
                        "the broker breaks off the greeting: it has not the broker key that the key "
                        "file of agency \"" +
                            key_file_.agency.value() + "\" names");
        break;
      case ZMQ_EVENT_DISCONNECTED:
        if (connected_) return Status(Code::kUnavailable, "the broker has gone away");
        break;
      default:
        break;
    }
  }
}

std::optional<Connection::Received> Connection::read() {
  zmq::message_t frame;
  if (!socket_->recv(frame, zmq::recv_flags::dontwait)) return std::nullopt;
  Received received;
  bool understood = received.reply.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
  while (frame.more()) {
    MOOT_CHECK(socket_->recv(frame).has_value());
    const std::string_view bytes(static_cast<const char*>(frame.data()), frame.size());
    const Result<std::vector<std::string_view>> events = unpacked_events(bytes, 0, Limits());
    understood = understood && events.ok();
    if (understood) received.events.assign(events->begin(), events->end());
  }
  if (!understood) return Received{};  // a newer broker's message: number 0, nobody waits for it
  return received;
}

Result<std::optional<Connection::Received>> Connection::receive(milliseconds wait, int wake) {
  MOOT_CHECK(socket_ != nullptr);
  const steady_clock::time_point deadline = steady_clock::now() + wait;
  for (;;) {
    if (std::optional<Received> received = read()) {
      ping_unanswered_ = false;  // anything it says is a sign of life
      if (received->reply.has_pong()) continue;
      if (received->reply.refusal().code() == static_cast<std::uint32_t>(Code::kNoSession))
        return Status(Code::kUnavailable, "the broker has forgotten this connection");
      if (received->reply.refusal().code() == static_cast<std::uint32_t>(Code::kKeyEnded))
        return take_rotated_key() ? Status(Code::kUnavailable, "the key was rotated")
                                  : status_of(received->reply.refusal());
      return std::optional<Received>(std::move(received));
    }
    MOOT_RETURN_IF_ERROR(watch());
    const steady_clock::time_point now = steady_clock::now();
    if (ping_unanswered_ && now - last_ping_ > kSilenceMax)
      return Status(Code::kUnavailable,
                    "the broker has been silent for " + std::to_string(kSilenceMax.count() / 1000) + " seconds");
    if (connected_ && !ping_unanswered_ && now - last_ping_ > kPingEvery) {
      v1::Request ping;
      ping.mutable_ping();
      send(ping);
      last_ping_ = now;
      ping_unanswered_ = true;
    }
    if (now >= deadline) return std::optional<Received>();
    zmq::pollitem_t items[] = {
        {socket_->handle(), 0, ZMQ_POLLIN, 0}, {monitor_->handle(), 0, ZMQ_POLLIN, 0}, {nullptr, wake, ZMQ_POLLIN, 0}};
    // Through the C function: a signal is not an error here.
    zmq_poll(items, wake < 0 ? 2 : 3, static_cast<long>((std::min(until(deadline), kPingEvery)).count()));
    if (wake >= 0 && (items[2].revents & ZMQ_POLLIN) != 0) return std::optional<Received>(read());
  }
}

Result<v1::Reply> Connection::call(v1::Request request, milliseconds timeout) {
  const steady_clock::time_point deadline = steady_clock::now() + timeout;
  const std::uint64_t number = send(request);
  while (steady_clock::now() < deadline) {
    Result<std::optional<Received>> received = receive(until(deadline));
    if (!received.ok()) return received.status();
    if (!received->has_value() || (*received)->reply.number() != number) continue;
    if ((*received)->reply.has_refusal()) return status_of((*received)->reply.refusal());
    return std::move((*received)->reply);
  }
  return Status(Code::kUnavailable,
                "the broker did not answer for " + std::to_string(timeout.count() / 1000) + " seconds");
}

}  // namespace moot
