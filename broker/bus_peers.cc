// The part of the bus server that deals with who is connected: sessions given and taken away, and what each is sent.
#include <algorithm>
#include <cstring>

#include "broker/bus_server.h"

namespace moot {

// Whether the peer has a session of its own, or gets one with this hello.
Status BusServer::admit(const Arrival& arrival, const Member& member, const v1::Request& request) {
  const std::string& peer = arrival.peer;
  // An id that a peer has chosen could be chosen by another one after it, and the session with it. Those that ZeroMQ
  // makes (a zero and four bytes) are never used twice.
  if (peer.size() != 5 || peer[0] != '\0') return Status(Code::kBadRequest, "the routing id is to be left to ZeroMQ");
  const auto known = sessions_.find(peer);
  if (request.has_hello()) {
    const auto of_agency = std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
      return entry.second.agency == member.id && entry.first != peer;
    });
    if (static_cast<std::size_t>(of_agency) >= kSessionsOfAgencyMax ||
        (known == sessions_.end() && sessions_.size() >= kSessionsMax))
      return Status(Code::kTooLarge, "there are " + std::to_string(sessions_.size()) + " sessions, " +
                                         std::to_string(of_agency) + " of them this agency's: no more are taken");
    sessions_[peer] = Session{};
    sessions_[peer].agency = member.id;
    sessions_[peer].connection = arrival.connection;
    return {};
  }
  // Dropped for its silence, or connected anew below it: what it had running is gone, which it must know.
  if (known == sessions_.end() || known->second.agency != member.id) return Status(Code::kNoSession, "say hello first");
  return {};
}

void BusServer::answer_stranger(const std::string& peer, const v1::Reply& reply) {
  Session passing;
  passing.outbox.push_back({reply.SerializeAsString(), {}});
  flush(peer, passing);  // what it does not take at once it does not get: it asks again
}

void BusServer::flush_all() {
  for (auto entry = sessions_.begin(); entry != sessions_.end();)
    entry = flush(entry->first, entry->second) ? std::next(entry) : sessions_.erase(entry);
}

bool BusServer::flush(const std::string& peer, Session& session) {
  while (!session.outbox.empty()) {
    const BusMessage& message = session.outbox.front();
    try {
      // The identity frame is where a full or vanished peer shows; after it the rest is taken.
      if (!router_.send(zmq::buffer(peer), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) break;
      const bool with_events = !message.events.empty();
      router_.send(zmq::buffer(message.header), with_events ? zmq::send_flags::sndmore : zmq::send_flags::none);
      if (with_events) router_.send(zmq::buffer(message.events), zmq::send_flags::none);
    } catch (const zmq::error_t& error) {
      if (error.num() == EHOSTUNREACH) return false;
      throw;
    }
    session.outbox.pop_front();
  }
  return session.outbox.size() <= kOutboxMessagesMax;
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
  }
}

void BusServer::drop_silent_sessions() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(sessions_, [&](const auto& entry) { return now - entry.second.last_heard > kSessionSilenceMax; });
}

// Ok, or why its key opens nothing any more.
Status BusServer::key_of(const Session& session) const {
  const KeyHolder holder = parts_.registry->by_connection(session.connection);
  MOOT_CHECK(holder.member != nullptr);  // keys stay on record
  const Instant now = parts_.clock->now();
  return holder.key->valid(now) ? Status() : key_ended(*holder.member, *holder.key, now);
}

std::size_t BusServer::sessions_to_cut() const {
  return static_cast<std::size_t>(
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) { return !key_of(entry.second).ok(); }));
}

// With the turn that revokes a key, and within kKeysEvery of one that expires. ZeroMQ cannot hang up on one peer: it is
// told, has no session any more, and nothing that it sends is taken.
void BusServer::cut_sessions_of_ended_keys() {
  constexpr std::chrono::milliseconds kKeysEvery{500};
  const auto now = std::chrono::steady_clock::now();
  if (registry_changes_ == parts_.registry->changes() && now - looked_at_keys_ < kKeysEvery) return;
  registry_changes_ = parts_.registry->changes();
  looked_at_keys_ = now;
  for (auto entry = sessions_.begin(); entry != sessions_.end();) {
    const Status key = key_of(entry->second);
    if (key.ok()) {
      ++entry;
      continue;
    }
    parts_.refusals->count(key.code(), entry->second.agency.value());
    reply(entry->second, refusal_reply(0, key));
    flush(entry->first, entry->second);
    entry = sessions_.erase(entry);
  }
}

}  // namespace moot
