#include "tests/simulation/network.h"

#include <algorithm>

namespace moot::simulation {

namespace {

std::vector<std::string> events_in(const std::string& frame) {
  const Result<std::vector<std::string_view>> events = unpacked_events(frame, 0, Limits());
  MOOT_CHECK_OK(events.status());
  return {events->begin(), events->end()};
}

std::vector<v1::Reply> replies_in(const BusMessage& message) {
  v1::Reply reply;
  MOOT_CHECK(reply.ParseFromString(message.header));
  return separate(std::move(reply));
}

}  // namespace

std::string Network::new_routing_id() {
  std::string id(1, '\0');  // as ZeroMQ makes them: a zero and four bytes
  ++routing_ids_;
  for (int shift = 0; shift < 32; shift += 8) id.push_back(static_cast<char>(routing_ids_ >> shift));
  return id;
}

int Network::connect(Peer& peer, const std::string& connection) {
  Line line;
  line.peer = &peer;
  line.connection = connection;
  line.routing_id = new_routing_id();
  line.delay = Span(draw_.between(20, draw_.chance(0.1) ? 200'000 : 3'000));
  lines_.push_back(line);
  const int number = static_cast<int>(lines_.size()) - 1;
  by_routing_id_[line.routing_id] = number;
  return number;
}

void Network::send(int number, const v1::Request& request, const std::vector<std::string>& events) {
  Line& line = lines_[static_cast<std::size_t>(number)];
  if (!line.alive) {
    if (!request.has_ping()) ++faults_.requests_lost;
    return;
  }
  line.to_broker.push_back({request.SerializeAsString(), packed_events(events)});
  const Span due = std::max({timeline_.passed() + line.delay, line.held_until, line.next_to_broker});
  line.next_to_broker = due + Span(1);
  timeline_.after(due - timeline_.passed(),
                  [this, number, broken = line.broken] { deliver_to_broker(number, broken); });
}

void Network::deliver_to_broker(int number, std::uint64_t broken) {
  Line& line = lines_[static_cast<std::size_t>(number)];
  if (line.broken != broken || line.to_broker.empty()) return;
  if (timeline_.passed() < line.held_until) {
    ++faults_.partitions;
    timeline_.after(line.held_until - timeline_.passed(),
                    [this, number, broken] { deliver_to_broker(number, broken); });
    return;
  }
  const BusMessage message = std::move(line.to_broker.front());
  line.to_broker.pop_front();
  if (!at_broker) return;
  if (line.peer == nullptr) ++faults_.overtaken;
  at_broker({line.routing_id, line.connection, message.header, message.events, message.events.empty() ? 2 : 3});
}

void Network::give_up(int number) {
  Line& line = lines_[static_cast<std::size_t>(number)];
  line.peer = nullptr;
  if (line.alive) ++faults_.takeovers;
}

void Network::count_lost_acks(const std::vector<v1::Reply>& replies) {
  for (const v1::Reply& reply : replies)
    if (reply.has_publish_ack()) ++faults_.acks_lost;
}

// Both directions.
void Network::lose_all(Line& line) {
  ++line.broken;
  for (const BusMessage& message : line.to_broker) {
    v1::Request request;
    if (request.ParseFromString(message.header) && !request.has_ping()) ++faults_.requests_lost;
  }
  for (const BusMessage& message : line.to_peer) {
    count_lost_acks(replies_in(message));
  }
  line.to_broker.clear();
  line.to_peer.clear();
}

void Network::end(Line& line, bool tell_peer) {
  if (!line.alive) return;
  line.alive = false;
  lose_all(line);
  if (!tell_peer || line.peer == nullptr) return;
  timeline_.after(Span(draw_.between(100, 50'000)), [this, number = &line - lines_.data()] {
    Peer* peer = lines_[static_cast<std::size_t>(number)].peer;
    if (peer != nullptr) peer->connection_broke();
  });
}

void Network::broker_went() {
  for (Line& line : lines_) {
    end(line, healed_ || draw_.chance(0.8));  // or it stays silent, as when the machine is gone
    line.seen_gone = true;
  }
}

void Network::disturb() {
  if (healed_) return;
  std::vector<int> live;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (lines_[i].alive && lines_[i].peer != nullptr) live.push_back(static_cast<int>(i));
  if (live.empty()) return;
  const int number = draw_.one_of(live);
  Line& line = lines_[static_cast<std::size_t>(number)];
  switch (draw_.below(7)) {
    case 0:  // held up for a while, both ways
    case 1:
      line.held_until = timeline_.passed() + Span(draw_.between(10'000, draw_.chance(0.3) ? 30'000'000 : 2'000'000));
      break;
    case 2:  // broken, and the peer is told; the broker only when it sends
      end(line, true);
      line.seen_gone = draw_.chance(0.5);
      break;
    case 3:  // broken without a word to anybody
      end(line, false);
      break;
    case 4:  // broken for the peer alone: what it sent arrives in the end
    case 5:
      line.held_until = timeline_.passed() + Span(draw_.between(0, 5'000'000));
      line.peer->connection_broke();
      break;
    default:  // made anew below the peer, under another routing id: what was on its way is lost
      lose_all(line);
      line.routing_id = new_routing_id();
      by_routing_id_[line.routing_id] = number;
      break;
  }
}

void Network::heal() {
  healed_ = true;
  for (Line& line : lines_) line.held_until = Span(0);
}

Outlet::Sent Network::send(const std::string& routing_id, const BusMessage& message) {
  before_send();
  const int number = by_routing_id_.at(routing_id);
  Line& line = lines_[static_cast<std::size_t>(number)];
  if (line.seen_gone || line.routing_id != routing_id) return Sent::kGone;
  if (line.alive && line.to_peer.size() >= kQueueMax) {
    ++faults_.outlets_full;
    return Sent::kFull;
  }
  const std::vector<v1::Reply> replies = replies_in(message);
  for (const v1::Reply& reply : replies) on_reply(line.connection, routing_id, reply, events_in(message.events));
  if (!line.alive || line.peer == nullptr) {
    count_lost_acks(replies);
    return Sent::kTaken;  // and lost: nobody knows yet
  }
  line.to_peer.push_back(message);
  const Span due = std::max({timeline_.passed() + line.delay, line.held_until, line.next_to_peer});
  line.next_to_peer = due + line.peer->handling();
  timeline_.after(due - timeline_.passed(), [this, number, broken = line.broken] { deliver_to_peer(number, broken); });
  return Sent::kTaken;
}

void Network::deliver_to_peer(int number, std::uint64_t broken) {
  Line& line = lines_[static_cast<std::size_t>(number)];
  if (line.broken != broken || line.to_peer.empty()) return;
  if (timeline_.passed() < line.held_until) {
    ++faults_.partitions;
    timeline_.after(line.held_until - timeline_.passed(), [this, number, broken] { deliver_to_peer(number, broken); });
    return;
  }
  const BusMessage message = std::move(line.to_peer.front());
  line.to_peer.pop_front();
  Peer* peer = line.peer;
  const std::vector<v1::Reply> replies = replies_in(message);
  if (peer == nullptr) return count_lost_acks(replies);
  for (const v1::Reply& reply : replies) peer->hear(reply, events_in(message.events));
}

}  // namespace moot::simulation
