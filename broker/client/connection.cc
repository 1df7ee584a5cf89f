#include "broker/client/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

namespace moot {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAddressPoll{50};
// A goodbye that is not answered by then is given up.
constexpr milliseconds kGoodbyeMax{100};
// Handshakes that end without a word: the broker has another key than the key file says, or died just then.
constexpr int kBrokenHandshakesMax = 5;

milliseconds until(steady_clock::time_point deadline) {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()));
}

// A signal is no error of the socket's: what it broke off is done again. cppzmq throws for it, now and then even where
// nothing is waited for.
template <typename Step>
auto undisturbed(Step step) -> decltype(step()) {
  for (;;) {
    try {
      return step();
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) throw;
    }
  }
}

}  // namespace

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
  if (socket_ && connected_ && events_unanswered_.empty()) say_goodbye();
  if (socket_ && monitor_) {
    // First: libzmq's own thread would wait without end for somebody to read an event of a socket that is closing.
    zmq_socket_monitor(socket_->handle(), nullptr, 0);
    monitor_.reset();
  }
  socket_.reset();
  connected_ = false;
  broken_handshakes_ = 0;
  events_unanswered_.clear();
  received_.clear();
}

// Until it is answered: what the broker has sent before is then read, and nothing comes after it. A socket that
// lingered instead would come back by itself after a break, abort the process where it breaks within a message of two
// frames (libzmq 4.3.4, session_base.cpp), and lose the memory of what it was about to receive.
void Connection::say_goodbye() {
  const std::optional<v1::Request> goodbye = dialogue_.goodbye();
  if (!goodbye) return;
  const steady_clock::time_point deadline = steady_clock::now() + kGoodbyeMax;
  try {
    if (!socket_->send(zmq::buffer(goodbye->SerializeAsString()), zmq::send_flags::dontwait)) return;
    while (steady_clock::now() < deadline) {
      const std::optional<Received> received = read();
      if (received && received->reply.number() == goodbye->number()) return;
      if (received) continue;
      if (!watch().ok()) return;
      zmq::pollitem_t items[] = {{socket_->handle(), 0, ZMQ_POLLIN, 0}, {monitor_->handle(), 0, ZMQ_POLLIN, 0}};
      zmq_poll(items, 2, static_cast<long>(until(deadline).count()));
    }
  } catch (const zmq::error_t&) {  // the broker finds out by the silence
  }
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
                              "-" + std::to_string(++sockets_);
    undisturbed([&] {
      const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_DISCONNECTED;
      const int done = zmq_socket_monitor(socket_->handle(), watch.c_str(), events);
      if (done != 0 && zmq_errno() == EINTR) throw zmq::error_t();
      MOOT_CHECK(done == 0);
    });
    monitor_ = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::pair);
    monitor_->set(zmq::sockopt::linger, 0);
    undisturbed([&] { monitor_->connect(watch); });
    undisturbed([&] { socket_->connect(address); });
  } catch (const zmq::error_t&) {
    monitor_.reset();  // an address that makes no sense: nobody will answer, which open() says
    socket_.reset();
  }
  dialogue_.begin(steady_clock::now());
}

Status Connection::say_hello(const std::string& address, steady_clock::time_point deadline) {
  if (!socket_) return Status(Code::kUnavailable, "the address cannot be used");
  pass_on(dialogue_.hello(), {});
  // Anew now and then: the run file may tell of another port by now.
  const steady_clock::time_point patience = std::min(deadline, steady_clock::now() + milliseconds(3000));
  // Once it has shaken hands it is the right one, and busy: to begin again would only add to that.
  while (steady_clock::now() < (connected_ ? deadline : patience) && current_address(key_file_) == address) {
    if (key_file_.ended && !key_file_.ended().ok()) return key_file_.ended();
    Result<std::optional<Received>> received = receive(std::min(until(deadline), milliseconds(100)));
    if (!received.ok()) return received.status();
    if (!received->has_value()) continue;
    const Result<bool> greeted = dialogue_.greeted((*received)->reply);
    if (!greeted.ok()) return greeted.status();
    if (*greeted) return {};
  }
  return Status(Code::kUnavailable, "no broker answered");
}

std::uint64_t Connection::send(v1::Request& request, const std::vector<std::string>& events) {
  const std::uint64_t number = dialogue_.number(request);
  if (!events.empty()) events_unanswered_.insert(number);
  pass_on(request, events);
  return number;
}

void Connection::pass_on(const v1::Request& request, const std::vector<std::string>& events) {
  MOOT_CHECK(socket_ != nullptr);
  std::string header = request.SerializeAsString();
  const std::string packed = packed_events(events);
  const bool within = packed.empty() || (packed.size() <= kEventsInHeaderMax && dialogue_.takes_events_in_header());
  if (within && !packed.empty()) append_to_header(header, packed);
  undisturbed(
      [&] { return socket_->send(zmq::buffer(header), within ? zmq::send_flags::none : zmq::send_flags::sndmore); });
  if (!within) undisturbed([&] { return socket_->send(zmq::buffer(packed), zmq::send_flags::none); });
}

Status Connection::watch() {
  for (;;) {
    zmq::message_t frame;
    if (!undisturbed([&] { return monitor_->recv(frame, zmq::recv_flags::dontwait); })) return {};
    std::uint16_t event = 0;
    MOOT_CHECK(frame.size() >= sizeof event);
    std::memcpy(&event, frame.data(), sizeof event);
    while (frame.more()) MOOT_CHECK(undisturbed([&] { return monitor_->recv(frame); }).has_value());
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
        if (!connected_) break;
        connected_ = false;
        return Status(Code::kUnavailable, "the broker has gone away");
        break;
      default:
        break;
    }
  }
}

std::optional<Connection::Received> Connection::read() {
  if (received_.empty() && !read_message()) return std::nullopt;
  Received received = std::move(received_.front());
  received_.pop_front();
  events_unanswered_.erase(received.reply.number());
  return received;
}

bool Connection::read_message() {
  zmq::message_t frame;
  if (!undisturbed([&] { return socket_->recv(frame, zmq::recv_flags::dontwait); })) return false;
  v1::Reply message;
  std::vector<std::string> packed;
  bool understood = message.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
  while (frame.more()) {
    MOOT_CHECK(undisturbed([&] { return socket_->recv(frame); }).has_value());
    const std::string_view bytes(static_cast<const char*>(frame.data()), frame.size());
    const Result<std::vector<std::string_view>> events = unpacked_events(bytes, 0, Limits());
    understood = understood && events.ok();
    if (understood) packed.assign(events->begin(), events->end());
  }
  if (!understood) message = v1::Reply();  // a newer broker's: number 0, nobody waits for it
  for (v1::Reply& reply : separate(std::move(message))) received_.push_back({std::move(reply), {}});
  if (!packed.empty() && !received_.empty()) received_.back().events = std::move(packed);
  return !received_.empty();
}

Result<std::optional<Connection::Received>> Connection::receive(milliseconds wait, int wake) {
  MOOT_CHECK(socket_ != nullptr);
  const steady_clock::time_point deadline = steady_clock::now() + wait;
  for (;;) {
    if (std::optional<Received> received = read()) {
      const Status heard = dialogue_.heard(received->reply);
      if (heard.code() == Code::kKeyEnded && take_rotated_key())
        return Status(Code::kUnavailable, "the key was rotated");
      if (!heard.ok()) return heard;
      if (received->reply.has_pong()) continue;
      return std::optional<Received>(std::move(received));
    }
    MOOT_RETURN_IF_ERROR(watch());
    const steady_clock::time_point now = steady_clock::now();
    MOOT_RETURN_IF_ERROR(dialogue_.silence(now));
    const std::optional<v1::Request> ping = connected_ ? dialogue_.ping_due(now) : std::nullopt;
    if (ping) pass_on(*ping, {});
    if (now >= deadline) return std::optional<Received>();
    zmq::pollitem_t items[] = {
        {socket_->handle(), 0, ZMQ_POLLIN, 0}, {monitor_->handle(), 0, ZMQ_POLLIN, 0}, {nullptr, wake, ZMQ_POLLIN, 0}};
    // Through the C function: a signal is not an error here.
    zmq_poll(items, wake < 0 ? 2 : 3, static_cast<long>((std::min(until(deadline), Dialogue::kPingEvery)).count()));
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
