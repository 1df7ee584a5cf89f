#include "deploy/bench/moot_bus.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>

#include "broker/wire/frames.h"

namespace moot::bench {

namespace {

constexpr std::chrono::seconds kWelcomeWithin{20};
constexpr std::uint64_t kCreditBytes = 8 * 1024 * 1024;
constexpr std::size_t kFramingBytes = 3;  // of one event in v1.Events: a tag, and a length of two bytes

class MootPublishers final : public Publishers {
 public:
  MootPublishers(std::unique_ptr<MootBus> bus, const Payload& payload)
      : bus_(std::move(bus)), payload_(payload), waiting_(static_cast<std::size_t>(bus_->count())) {
    request_.mutable_publish();
  }

  Status send(int publisher, std::uint64_t first, int events) override {
    Waiting& waiting = waiting_[static_cast<std::size_t>(publisher)];
    MOOT_CHECK(waiting.events_in_message == 0 || waiting.events_in_message == events);
    waiting.events_in_message = events;
    request_.set_number(++waiting.sent);
    bus_->send(publisher, request_, events,
               [&](int event, char* to) { payload_.write(publisher, first + static_cast<std::uint64_t>(event), to); });
    return {};
  }

  Status flush() override { return {}; }  // ZeroMQ's thread sends as soon as it can

  Status receive(std::chrono::nanoseconds longest, std::vector<Ack>& acks) override {
    return bus_->receive(longest, [&](int dealer, const v1::Reply& reply, std::uint64_t, std::uint64_t) -> Status {
      Waiting& waiting = waiting_[static_cast<std::size_t>(dealer)];
      if (reply.has_refusal()) return Status(Code::kBadRequest, "moot refused: " + reply.refusal().reason());
      if (!reply.has_publish_ack()) return {};
      const v1::PublishAck& ack = reply.publish_ack();
      if (ack.exceptions_size() > 0 || static_cast<int>(ack.stored()) != waiting.events_in_message)
        return Status(Code::kBadRequest, "moot stored " + std::to_string(ack.stored()) + " of " +
                                             std::to_string(waiting.events_in_message) + ": " +
                                             ack.ShortDebugString().substr(0, 300));
      if (reply.number() != ++waiting.answered)
        return Status(Code::kBadRequest, "moot acknowledges in another order than it was sent to");
      if (!acks.empty() && acks.back().publisher == dealer)
        ++acks.back().messages;
      else
        acks.push_back({dealer, 1});
      return {};
    });
  }

 private:
  struct Waiting {
    int events_in_message = 0;
    std::uint64_t sent = 0, answered = 0;
  };
  std::unique_ptr<MootBus> bus_;
  const Payload& payload_;
  v1::Request request_;
  std::vector<Waiting> waiting_;
};

}  // namespace

MootBus::~MootBus() {
  if (epoll_ >= 0) ::close(epoll_);
}

void MootBus::open(const std::string& address, const KeyFile& key, bool encrypted) {
  Dealer dealer;
  dealer.socket = zmq::socket_t(context_, zmq::socket_type::dealer);
  dealer.socket.set(zmq::sockopt::linger, 0);
  dealer.socket.set(zmq::sockopt::sndhwm, 0);
  dealer.socket.set(zmq::sockopt::rcvhwm, 0);
  const auto bytes = [](const Key& part) { return zmq::const_buffer(part.data(), part.size()); };
  if (encrypted) {
    dealer.socket.set(zmq::sockopt::curve_serverkey, bytes(key.broker_public_key));
    dealer.socket.set(zmq::sockopt::curve_publickey, bytes(key.public_key));
    dealer.socket.set(zmq::sockopt::curve_secretkey, bytes(key.secret_key));
  } else {
    dealer.socket.set(zmq::sockopt::plain_username, key.agency.value());
    dealer.socket.set(zmq::sockopt::plain_password, "none");
  }
  dealer.socket.connect(address);
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.u64 = dealers_.size();
  MOOT_CHECK(::epoll_ctl(epoll_, EPOLL_CTL_ADD, dealer.socket.get(zmq::sockopt::fd), &event) == 0);
  dealers_.push_back(std::move(dealer));
}

Result<std::unique_ptr<MootBus>> MootBus::connect(const std::string& address, const std::vector<KeyFile>& keys,
                                                  bool encrypted) {
  auto bus = std::unique_ptr<MootBus>(new MootBus());
  bus->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  MOOT_CHECK(bus->epoll_ >= 0);
  for (const KeyFile& key : keys) bus->open(address, key, encrypted);
  const Status welcomed = bus->say_hello();
  if (!welcomed.ok()) return welcomed;
  return bus;
}

Status MootBus::say_hello() {
  v1::Request hello;
  hello.set_number(1);
  hello.mutable_hello()->set_protocol(kProtocolVersion);
  for (int i = 0; i < count(); ++i) send(i, hello, 0, {});
  int welcomed = 0;
  const auto deadline = std::chrono::steady_clock::now() + kWelcomeWithin;
  while (welcomed < count()) {
    if (std::chrono::steady_clock::now() > deadline) return Status(Code::kUnavailable, "moot does not say welcome");
    MOOT_RETURN_IF_ERROR(receive(std::chrono::milliseconds(100), [&](int dealer, const v1::Reply& reply, auto, auto) {
      if (reply.has_refusal()) return Status(Code::kBadRequest, "moot refused: " + reply.refusal().reason());
      if (!reply.has_welcome()) return Status();
      if (dealer == 0) end_offset_ = reply.welcome().end_offset();
      ++welcomed;
      return Status();
    }));
  }
  return {};
}

void MootBus::send(int dealer, const v1::Request& request, int events, const Write& write) {
  Dealer& to = dealers_[static_cast<std::size_t>(dealer)];
  request.SerializeToString(&header_);
  to.sent = true;
  if (events == 0) {
    to.socket.send(zmq::buffer(header_), zmq::send_flags::none);
    return;
  }
  // v1.Events, written in place: the client shares the machine with what it measures.
  static const std::string framing = packed_events({std::string(kEventBytes, ' ')}).substr(0, kFramingBytes);
  const std::size_t bytes = static_cast<std::size_t>(events) * (kFramingBytes + kEventBytes);
  const bool within = bytes <= kEventsInHeaderMax;  // as the client does it
  if (within) append_header_framing(header_, bytes);
  if (!within) to.socket.send(zmq::buffer(header_), zmq::send_flags::sndmore);
  const std::size_t before = within ? header_.size() : 0;
  zmq::message_t frame(before + bytes);
  char* at = std::copy_n(header_.data(), before, frame.data<char>());
  for (int i = 0; i < events; ++i, at += kEventBytes) {
    at = std::copy(framing.begin(), framing.end(), at);
    write(i, at);
  }
  to.socket.send(frame, zmq::send_flags::none);
}

// Everything a dealer has; true when that was anything.
Result<bool> MootBus::drain(std::size_t index, const OnReply& on_reply) {
  Dealer& from = dealers_[index];
  from.sent = false;
  bool any = false;
  zmq::message_t frame;
  while (from.socket.recv(frame, zmq::recv_flags::dontwait)) {
    any = true;
    const bool understood = reply_.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
    std::uint64_t events = 0, bytes = 0;
    while (frame.more()) {
      MOOT_CHECK(from.socket.recv(frame).has_value());  // the parts of one message come together
      const auto unpacked = unpacked_events(frame.to_string_view(), 0, Limits());
      if (!unpacked.ok()) return unpacked.status();
      events += unpacked->size();
      bytes += frame.size();
    }
    if (!understood) return Status(Code::kUnreadable, "moot sent a header that is no Reply");
    for (const v1::Reply& reply : separate(std::move(reply_))) {
      const Status status = on_reply(static_cast<int>(index), reply, events, bytes);
      if (!status.ok()) return status;
    }
  }
  return any;
}

Status MootBus::receive(std::chrono::nanoseconds longest, const OnReply& on_reply) {
  bool any = false;
  for (std::size_t i = 0; i < dealers_.size(); ++i) {
    if (!dealers_[i].sent) continue;
    const Result<bool> drained = drain(i, on_reply);
    if (!drained.ok()) return drained.status();
    any = any || *drained;
  }
  std::array<epoll_event, kPublishersMax> events;
  const auto nanoseconds = any ? 0 : std::max<std::int64_t>(0, longest.count());
  const timespec time = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  const int ready = ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
  for (int i = 0; i < ready; ++i) {
    const Result<bool> drained =
        drain(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64), on_reply);
    if (!drained.ok()) return drained.status();
  }
  return {};
}

std::unique_ptr<Publishers> make_moot_publishers(std::unique_ptr<MootBus> bus, const Payload& payload) {
  return std::make_unique<MootPublishers>(std::move(bus), payload);
}

Status read_from_moot(MootBus& bus, std::uint64_t events) {
  v1::Request request;
  request.set_number(2);
  request.mutable_consume()->set_credit_bytes(kCreditBytes);
  request.mutable_consume()->set_reader("bench");
  bus.send(0, request, 0, {});
  std::uint64_t seen = 0;
  auto last_at = std::chrono::steady_clock::now();
  while (seen < events) {
    std::uint64_t taken = 0;
    MOOT_RETURN_IF_ERROR(bus.receive(std::chrono::milliseconds(100),
                                     [&](int, const v1::Reply& reply, std::uint64_t count, std::uint64_t bytes) {
                                       if (reply.has_refusal())
                                         return Status(Code::kBadRequest, "moot refused: " + reply.refusal().reason());
                                       if (count > 0 && bytes < count * kEventBytes / 2)
                                         return Status(Code::kNotAllowed, "moot strips the events for this reader");
                                       seen += count;
                                       taken += bytes;
                                       return Status();
                                     }));
    const auto now = std::chrono::steady_clock::now();
    if (taken == 0) {
      if (now - last_at > std::chrono::seconds(20))
        return Status(Code::kMissing, "moot gave back only " + std::to_string(seen) + " events");
      continue;
    }
    last_at = now;
    v1::Request credit;
    credit.set_number(2);
    credit.mutable_credit()->set_bytes(taken);
    bus.send(0, credit, 0, {});
  }
  return {};
}

}  // namespace moot::bench
