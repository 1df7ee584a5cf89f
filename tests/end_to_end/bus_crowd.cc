#include "tests/end_to_end/bus_crowd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "broker/wire/frames.h"
#include "tests/unit/example_event.h"

namespace moot {

namespace {

ProducerOptions crowd_options(const CrowdLoad& load) {
  ProducerOptions options;
  options.window_messages = load.messages;
  options.limits.message_events_max = static_cast<std::size_t>(load.in_message);
  return options;
}

v1::Event crowd_event(int number, const std::string& source, std::size_t bytes) {
  constexpr std::size_t kTextBytes = 3900;
  v1::Event event = example_event(std::to_string(number), source);
  for (std::size_t text = 0; (text + 1) * kTextBytes < bytes; ++text) {
    v1::Text& one = *event.mutable_personal()->add_texts();
    one.set_field("note");
    one.set_text(std::string(kTextBytes, static_cast<char>('a' + text)));
  }
  return event;
}

}  // namespace

CrowdPeer::CrowdPeer(zmq::context_t& context, const KeyFile& key, const std::string& address, int receive_mark)
    : agency_(key.agency.value()), socket_(context, zmq::socket_type::dealer) {
  const auto bytes = [](const Key& part) { return zmq::const_buffer(part.data(), part.size()); };
  socket_.set(zmq::sockopt::linger, 0);
  if (receive_mark > 0) socket_.set(zmq::sockopt::rcvhwm, receive_mark);
  socket_.set(zmq::sockopt::curve_serverkey, bytes(key.broker_public_key));
  socket_.set(zmq::sockopt::curve_publickey, bytes(key.public_key));
  socket_.set(zmq::sockopt::curve_secretkey, bytes(key.secret_key));
  socket_.connect(address);
  dialogue_.begin(std::chrono::steady_clock::now());
  pass_on(dialogue_.hello(), {});
}

void CrowdPeer::pass_on(const v1::Request& request, const std::vector<std::string>& events) {
  socket_.send(zmq::buffer(request.SerializeAsString()),
               events.empty() ? zmq::send_flags::none : zmq::send_flags::sndmore);
  if (!events.empty()) socket_.send(zmq::buffer(packed_events(events)), zmq::send_flags::none);
}

std::uint64_t CrowdPeer::send(v1::Request& request, const std::vector<std::string>& events) {
  const std::uint64_t number = dialogue_.number(request);
  pass_on(request, events);
  return number;
}

// False when there is nothing more to hear.
bool CrowdPeer::hear(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime now) {
  const Status heard = dialogue_.heard(reply);
  if (!heard.ok()) {
    find(heard.to_string());
    return false;
  }
  if (reply.has_pong()) return true;
  if (open_) {
    answered(reply, events, now);
    return true;
  }
  const Result<bool> greeted = dialogue_.greeted(reply);
  if (!greeted.ok()) {
    find(greeted.status().to_string());
    return false;
  }
  open_ = *greeted;
  if (open_) opened(now);
  return true;
}

void CrowdPeer::turn(SteadyTime now, int most) {
  for (zmq::message_t frame; most > 0 && socket_.recv(frame, zmq::recv_flags::dontwait); --most) {
    v1::Reply reply;
    if (!reply.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return find("a reply cannot be read");
    std::vector<std::string> events;
    if (frame.more()) {
      MOOT_CHECK(socket_.recv(frame).has_value());
      const auto unpacked = unpacked_events(frame.to_string_view(), 0, Limits());
      MOOT_CHECK_OK(unpacked.status());
      events.assign(unpacked->begin(), unpacked->end());
    }
    for (const v1::Reply& one : separate(std::move(reply)))
      if (!hear(one, events, now)) return;
  }
  if (!open_) return;
  if (const std::optional<v1::Request> ping = dialogue_.ping_due(now)) pass_on(*ping, {});
}

CrowdPublisher::CrowdPublisher(zmq::context_t& context, const KeyFile& key, const std::string& address, int number,
                               const CrowdLoad& load)
    : CrowdPeer(context, key, address),
      source_("/" + key.agency.value() + "/s" + std::to_string(number)),
      load_(load),
      publishing_(crowd_options(load)) {
  publishing_.on_outcome([this](const Outcome& outcome) {
    ++told_;
    if (outcome.fate != Fate::kAccepted) find("an event was not accepted: " + outcome.status.to_string());
  });
}

// As a producer does: no more than the windows have room for.
void CrowdPublisher::give(SteadyTime now) {
  const int most = static_cast<int>(load_.messages) * load_.in_message;
  send_all(now);
  while (given_ < load_.events && given_ - told_ < most && publishing_.all_sent()) {
    publishing_.add(crowd_event(given_, source_, load_.event_bytes), {});
    ++given_;
    if (given_ % load_.in_message == 0 || given_ == load_.events) publishing_.close();
    send_all(now);
  }
}

void CrowdPublisher::send_all(SteadyTime now) {
  publishing_.allow(window_bytes());
  while (Publishing::Message* message = publishing_.next()) {
    v1::Request request;
    *request.mutable_publish() = message->publish;
    const std::uint64_t number = send(request, message->events);
    sent_[number] = now;
    publishing_.sent(*message, number);
  }
}

void CrowdPublisher::answered(const v1::Reply& reply, const std::vector<std::string>&, SteadyTime now) {
  const auto sent = sent_.find(reply.number());
  if (sent != sent_.end()) {
    latencies_.add(std::chrono::nanoseconds(now - sent->second).count());
    sent_.erase(sent);
  }
  const Status taken = publishing_.take(reply);
  if (!taken.ok()) return find(taken.to_string());
  give(now);
}

CrowdReader::CrowdReader(zmq::context_t& context, const KeyFile& key, const std::string& address,
                         ConsumerOptions options, Entitlement entitlement)
    : CrowdPeer(context, key, address), entitlement_(std::move(entitlement)), consuming_(options) {}

void CrowdReader::opened(SteadyTime) {
  v1::Request request = consuming_.request();
  consuming_.asked(send(request));
}

void CrowdReader::answered(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime) {
  const Result<Delivery> delivery = consuming_.take(reply, events);
  if (!delivery.ok()) return find(delivery.status().to_string());
  for (const v1::Event& event : delivery->events) check(event);
  through_ = delivery->through;
  if (std::optional<v1::Request> credit = consuming_.credit_due()) send(*credit);
}

void CrowdReader::check(const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  if (last_offset_ && envelope.offset() <= *last_offset_)
    find("offset " + std::to_string(envelope.offset()) + " again");
  last_offset_ = envelope.offset();
  if (!entitlement_.agencies.contains(envelope.agency())) find("an event of " + envelope.agency());
  const bool content = event.facts().body_case() != v1::Facts::BODY_NOT_SET || event.personal().people_size() > 0;
  if (content != entitlement_.content) find("another grade than its agreement's");
  int& next = next_[envelope.source()];
  // Whoever does not read its acks does not hear that it has no session any more, and leaves gaps.
  const bool gaps = envelope.source().ends_with("/never-reads");
  if (gaps && std::stoi(envelope.id()) >= next) next = std::stoi(envelope.id());
  if (envelope.id() != std::to_string(next)) find(envelope.source() + " goes on with " + envelope.id());
  ++next;
}

HalfOpen::HalfOpen(const std::string& address, int count) {
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The broker closes each after five seconds: what cannot be opened by then is not worth waiting for.
  const SteadyTime deadline = std::chrono::steady_clock::now() + std::chrono::seconds(4);
  for (int i = 0; i < count && std::chrono::steady_clock::now() < deadline; ++i) {
    // Who finds a listener's queue full waits for a second.
    if (i % 100 == 99) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return;
    descriptors_.push_back(descriptor);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return;
  }
}

std::size_t HalfOpen::open() const {
  return static_cast<std::size_t>(std::count_if(descriptors_.begin(), descriptors_.end(), [](int descriptor) {
    char greeting[64];
    ssize_t got = 0;
    do got = ::recv(descriptor, greeting, sizeof greeting, MSG_DONTWAIT);
    while (got > 0);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }));
}

HalfOpen::~HalfOpen() {
  for (const int descriptor : descriptors_) ::close(descriptor);
}

}  // namespace moot
