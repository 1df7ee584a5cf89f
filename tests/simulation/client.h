// A client on the made-up network: the real dialogue with its broker, and what it does about a connection that breaks
// or falls silent. What it wants of the broker is its kind's: publisher.h, reader.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/access/registry.h"
#include "broker/client/dialogue.h"
#include "tests/simulation/network.h"

namespace moot::simulation {

struct Surroundings {
  Timeline* timeline;
  people::Draw* draw;
  Faults* faults;
  Network* network;
  const Registry* registry;
};

class Client : public Peer {
 public:
  Client(const Surroundings& around, std::string agency) : around_(around), agency_(std::move(agency)) {}

  void start();
  // Its memory is gone; it comes back after a while.
  void crash(Span away);
  bool running() const { return running_; }
  bool key_ended() const { return key_ended_; }  // for good
  const std::string& agency() const { return agency_; }

  void hear(const v1::Reply& reply, const std::vector<std::string>& events) override;
  void connection_broke() override { reconnect(); }
  Span handling() override { return Span(1); }

 protected:
  virtual void begin() = 0;   // with what it has on its own disk
  virtual void opened() = 0;  // the broker said welcome
  virtual void answered(const v1::Reply& reply, const std::vector<std::string>& events) = 0;
  virtual void forget() = 0;  // what was in memory
  virtual void tick() {}
  std::uint64_t send(v1::Request& request, const std::vector<std::string>& events = {});
  void reconnect();
  bool open() const { return greeted_; }
  // Calls it later, unless the client has crashed or is done since.
  void after(Span delay, std::function<void()> thing);

  const Surroundings around_;
  Dialogue dialogue_;

 private:
  void connect();
  void look_after(std::uint64_t connection);

  const std::string agency_;
  bool running_ = false, key_ended_ = false, greeted_ = false;
  std::optional<int> line_;
  std::uint64_t lives_ = 0, connections_ = 0;
};

}  // namespace moot::simulation
