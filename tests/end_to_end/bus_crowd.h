// Many peers of one broker at once, from one thread: publishers that tell what they sent and how long each ack took,
// and readers that hold what they get against what they may have. Each speaks with the product's own state machines
// over a socket of its own, with CURVE.
//
// Thread: one, the test's.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "broker/client/consuming.h"
#include "broker/client/dialogue.h"
#include "broker/client/publishing.h"
#include "broker/wire/key_file.h"
#include "deploy/bench/latencies.h"

namespace moot {

using SteadyTime = std::chrono::steady_clock::time_point;

// A socket with a dialogue.
class CrowdPeer {
 public:
  CrowdPeer(zmq::context_t& context, const KeyFile& key, const std::string& address, int receive_mark = 0);
  virtual ~CrowdPeer() = default;

  void* handle() { return socket_.handle(); }
  // Takes what has arrived, `most` messages of it.
  void turn(SteadyTime now, int most);
  bool hear(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime now);
  const std::string& agency() const { return agency_; }
  const std::vector<std::string>& findings() const { return findings_; }

 protected:
  virtual void opened(SteadyTime now) = 0;
  virtual void answered(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime now) = 0;
  std::uint64_t send(v1::Request& request, const std::vector<std::string>& events = {});
  std::size_t window_bytes() const { return dialogue_.window_bytes(); }
  void find(std::string what) { findings_.push_back(agency_ + ": " + std::move(what)); }

 private:
  void pass_on(const v1::Request& request, const std::vector<std::string>& events);

  const std::string agency_;
  zmq::socket_t socket_;
  Dialogue dialogue_;
  bool open_ = false;
  std::vector<std::string> findings_;
};

// What each publisher offers.
struct CrowdLoad {
  int events = 0;
  int in_message = 5;           // at most
  std::size_t messages = 2;     // unacknowledged at once
  std::size_t event_bytes = 0;  // about; 0 = those of a usual event
};

class CrowdPublisher final : public CrowdPeer {
 public:
  // Offers events of its own source, `number` in its name.
  CrowdPublisher(zmq::context_t& context, const KeyFile& key, const std::string& address, int number,
                 const CrowdLoad& load);
  bool done() const { return told_ == load_.events; }
  int events() const { return load_.events; }
  const std::string& source() const { return source_; }
  const bench::Latencies& latencies() const { return latencies_; }

 protected:
  void opened(SteadyTime now) override { give(now); }
  void answered(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime now) override;

 private:
  void give(SteadyTime now);
  void send_all(SteadyTime now);

  const std::string source_;
  const CrowdLoad load_;
  int given_ = 0, told_ = 0;
  Publishing publishing_;
  std::map<std::uint64_t, SteadyTime> sent_;
  bench::Latencies latencies_;
};

class CrowdReader final : public CrowdPeer {
 public:
  struct Entitlement {
    std::set<std::string> agencies;  // and, of these, what its filter asks for
    bool content = true;             // else existence
  };
  CrowdReader(zmq::context_t& context, const KeyFile& key, const std::string& address, ConsumerOptions options,
              Entitlement entitlement);
  Offset through() const { return through_; }
  // How many of this source, which came in order and without a gap.
  int got_of(const std::string& source) const {
    const auto found = next_.find(source);
    return found == next_.end() ? 0 : found->second;
  }
  const Entitlement& entitlement() const { return entitlement_; }

 protected:
  void opened(SteadyTime now) override;
  void answered(const v1::Reply& reply, const std::vector<std::string>& events, SteadyTime now) override;

 private:
  void check(const v1::Event& event);

  const Entitlement entitlement_;
  Consuming consuming_;
  Offset through_;
  std::optional<std::uint64_t> last_offset_;
  std::map<std::string, int> next_;  // by source: the id that comes next
};

// Connections that never finish their handshake.
class HalfOpen {
 public:
  // As many as can be opened within four seconds.
  HalfOpen(const std::string& address, int count);
  ~HalfOpen();
  // How many the broker has not closed by now.
  std::size_t open() const;

 private:
  std::vector<int> descriptors_;
};

}  // namespace moot
