#include "tests/end_to_end/raw_dealer.h"

#include <algorithm>

#include "broker/core/limits.h"
#include "broker/core/status.h"
#include "broker/wire/frames.h"

namespace moot {

RawDealer::RawDealer(const std::string& address, const std::optional<KeyFile>& key)
    : socket_(context_, zmq::socket_type::dealer) {
  socket_.set(zmq::sockopt::linger, 0);
  if (key) {
    const auto bytes = [](const Key& part) { return zmq::const_buffer(part.data(), part.size()); };
    socket_.set(zmq::sockopt::curve_serverkey, bytes(key->broker_public_key));
    socket_.set(zmq::sockopt::curve_publickey, bytes(key->public_key));
    socket_.set(zmq::sockopt::curve_secretkey, bytes(key->secret_key));
  }
  socket_.connect(address);
}

void RawDealer::send(const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i)
    socket_.send(zmq::buffer(frames[i]), i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

void RawDealer::send(const v1::Request& request, const std::vector<std::string>& events) {
  std::vector<std::string> frames = {request.SerializeAsString()};
  if (!events.empty()) frames.push_back(packed_events(events));
  send(frames);
}

std::optional<v1::Reply> RawDealer::receive(std::chrono::milliseconds wait) {
  const auto end = std::chrono::steady_clock::now() + wait;
  for (;;) {
    if (!received_.empty()) {
      v1::Reply reply = std::move(received_.front());
      received_.pop_front();
      return reply;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    zmq::pollitem_t items[] = {{socket_.handle(), 0, ZMQ_POLLIN, 0}};
    if (zmq::poll(items, 1, std::max(left, std::chrono::milliseconds(0))) == 0) return std::nullopt;
    zmq::message_t frame;
    MOOT_CHECK(socket_.recv(frame).has_value());
    v1::Reply reply;
    const bool understood = reply.ParseFromArray(frame.data(), static_cast<int>(frame.size()));
    while (frame.more()) MOOT_CHECK(socket_.recv(frame).has_value());
    if (!understood || reply.has_pong()) continue;
    for (v1::Reply& one : separate(std::move(reply))) received_.push_back(std::move(one));
  }
}

v1::Event event_of_size(const std::string& id, std::size_t bytes) {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_id(id);
  envelope.set_source("/millbrook-wardens/calls");
  envelope.set_type("uk.csp.contact.received.v1");
  envelope.mutable_time()->set_seconds(1'650'000'000);
  event.mutable_facts()->mutable_contact()->set_stage(v1::Contact::RECEIVED);
  const std::size_t field = Limits().field_characters_max;
  while (event.ByteSizeLong() + field + 40 < bytes) {
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("description");
    text.set_text(std::string(field, 'x'));
  }
  v1::Text& last = *event.mutable_personal()->add_texts();
  last.set_field("description");
  while (event.ByteSizeLong() < bytes && last.text().size() < field) last.mutable_text()->push_back('y');
  return event;
}

v1::Request a_publish(std::uint64_t number) {
  v1::Request request;
  request.set_number(number);
  request.mutable_publish()->set_backfill(true);
  return request;
}

}  // namespace moot
