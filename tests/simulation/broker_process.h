// A broker as a process that lives and dies: the real sessions, ingest, reading and administration over logs that
// forget what was not synced. What it keeps on disk outlives it; everything else is made anew at each start.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "broker/access/registry.h"
#include "broker/administration.h"
#include "broker/agency_keys.h"
#include "broker/audit_log.h"
#include "broker/broker_metrics.h"
#include "broker/ingest.h"
#include "broker/reading.h"
#include "broker/sessions.h"
#include "tests/simulation/forgetful_log.h"
#include "tests/simulation/network.h"

namespace moot::simulation {

// What schedules share, because it costs to make and nothing of it tells them apart: the keys of events, and where
// refused input is kept. Both are real, and durable.
struct Stores {
  KeyStore* keys;
  Inbox* inbox;
  Ingest::Secrets secrets;
  std::filesystem::path folder;
};

class BrokerProcess {
 public:
  BrokerProcess(Timeline& timeline, people::Draw& draw, Faults& faults, Network& network, const Stores& stores,
                Registry& registry, Planted planted);

  void start();
  bool running() const { return live_ != nullptr; }
  void cut_power();  // now, between two turns
  void cut_power_in_append(double kept) { log_.crash_in_append(kept); }
  void cut_power_after_replies(int replies) { replies_left_ = replies; }
  void stop();         // in order, as for an upgrade
  void never_mind() {  // of crashes that were to come
    log_.never_mind();
    replies_left_.reset();
  }
  std::function<void()> on_crash = [] {};
  std::function<void(const Sessions::Arrival&)> on_arrival = [](const auto&) {};

  ForgetfulLog& log() { return log_; }
  const std::string& broken() const { return broken_; }  // what a turn failed with: it never should
  const Agreements* agreements() const { return live_ ? &live_->agreements : nullptr; }

 private:
  struct Live {  // in the order they are made
    RefusalCounts refusals;
    Traffic traffic;
    BrokerMetrics metrics;
    Agreements agreements, none;
    BorrowedLog log;
    std::unique_ptr<AuditLog> audit;
    std::unique_ptr<Ingest> ingest;
    std::unique_ptr<Reading> reading;
    std::unique_ptr<ReaderPositions> readers;
    std::unique_ptr<AgencyKeys> agency_keys;
    std::unique_ptr<Administration> administration;
    std::unique_ptr<Sessions> sessions;
    explicit Live(ForgetfulLog& kept) : log(kept) {}
  };
  struct Arrived {
    Sessions::Arrival arrival;
    std::string header, events;
  };

  void arrive(const Sessions::Arrival& arrival);
  void turn_after(Span delay);
  void turn();
  void take_arrivals();
  void die();

  Timeline& timeline_;
  people::Draw& draw_;
  Faults& faults_;
  Network& network_;
  const Stores stores_;
  Registry& registry_;
  const Planted planted_;
  ForgetfulLog log_, audit_log_;
  const std::string address_ = "tcp://127.0.0.1:1";
  std::unique_ptr<Live> live_;
  std::deque<Arrived> arrived_;
  std::optional<Span> turn_due_;
  std::optional<int> replies_left_;
  std::uint64_t lives_ = 0;
  std::string broken_;
};

}  // namespace moot::simulation
