// The network between peers and a broker, made up: connections that keep the order of what they carry, as TCP and
// CURVE's counted nonces do, and otherwise delay it, hold it up, lose it when they break, or deliver it when nobody
// expects it any more. Reordering and duplication come about between connections: a peer gives one up and sends again
// on the next, and what the first still carried arrives as well, earlier or later.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "broker/sessions.h"
#include "tests/people/draw.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/timeline.h"

namespace moot::simulation {

// One end of a connection that is not the broker's.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void hear(const v1::Reply& reply, const std::vector<std::string>& events) = 0;
  virtual void connection_broke() = 0;
  virtual Span handling() = 0;  // how long it takes over a message
};

class Network final : public Outlet {
 public:
  Network(Timeline& timeline, people::Draw& draw, Faults& faults) : timeline_(timeline), draw_(draw), faults_(faults) {}

  // What arrives at the broker; none while it is down. What it sends, before anything happens to it.
  std::function<void(const Sessions::Arrival&)> at_broker;
  std::function<void(const std::string& connection, const std::string& peer, const v1::Reply&,
                     const std::vector<std::string>&)>
      on_reply = [](const auto&, const auto&, const auto&, const auto&) {};
  // A planted crash of the broker between two of its replies.
  std::function<void()> before_send = [] {};

  // The number of the new connection, with the key of this connection_name.
  int connect(Peer& peer, const std::string& connection);
  void send(int line, const v1::Request& request, const std::vector<std::string>& events = {});
  // The peer wants to know nothing of it any more; what is on its way arrives all the same.
  void give_up(int line);

  // The broker is gone: what was on its way is lost, and its peers may find out.
  void broker_went();
  // Faults of one connection that carries something; a draw decides which.
  void disturb();
  // From now on nothing breaks.
  void heal();

  Sent send(const std::string& peer, const BusMessage& message) override;

 private:
  struct Line {
    Peer* peer = nullptr;  // none: given up
    std::string connection, routing_id;
    Span delay{0};
    Span held_until{0};                       // a partition
    Span next_to_broker{0}, next_to_peer{0};  // what is sent now arrives no earlier
    std::deque<BusMessage> to_broker, to_peer;
    std::uint64_t broken = 0;  // counts: what was on its way before is lost
    bool alive = true;         // its messages still arrive
    bool seen_gone = false;    // the broker's end knows that it broke
  };

  std::string new_routing_id();
  void deliver_to_broker(int line, std::uint64_t broken);
  void deliver_to_peer(int line, std::uint64_t broken);
  void lose_all(Line& line);
  void count_lost_acks(const std::vector<v1::Reply>& replies);
  void end(Line& line, bool tell_peer);

  Timeline& timeline_;
  people::Draw& draw_;
  Faults& faults_;
  std::vector<Line> lines_;
  std::map<std::string, int> by_routing_id_;
  std::uint32_t routing_ids_ = 0;
  bool healed_ = false;
  static constexpr std::size_t kQueueMax = 8;  // messages that a peer has not taken
};

}  // namespace moot::simulation
