// A broker: opens a data directory and runs the bus over it on a thread of its own. Composition only: it owns the parts
// and their order of start and stop.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "broker/core/limits.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

class BrokerMetrics;

struct BrokerOptions {
  std::filesystem::path data;
  std::filesystem::path keys;
  std::string bus_address = "tcp://127.0.0.1:0";
  Limits limits;
  std::vector<Agency> agencies;       // of the configuration: added when they are not there yet
  std::vector<v1::Event> agreements;  // likewise: the clauses to be signed
};

class Broker {
 public:
  // Opens everything and starts the bus thread. On an error nothing runs.
  static Result<std::unique_ptr<Broker>> start(const BrokerOptions& options);
  ~Broker();  // stops and waits for the thread

  const std::string& bus_address() const;
  // The key file of an agency of this data directory, as its owner finds it in the key directory.
  std::filesystem::path key_file(const std::string& agency) const;

  // Its figures, for whoever watches; as long as the broker.
  const BrokerMetrics& metrics() const;
  // What of the log's end a crash had torn, and was dropped at this start: a sentence, or empty.
  const std::string& torn_end() const { return torn_end_; }
  // Peers connected by now, those of this process included.
  std::size_t connections() const;
  // False once the bus thread has ended by itself; then ended() says why.
  bool running() const { return running_; }
  Status ended() const { return running_ ? Status() : ended_; }
  Status stop();  // and the status the bus thread ended with; may be called again

 private:
  struct Parts;
  explicit Broker(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
  std::string torn_end_;
  std::atomic<bool> running_{false};
  std::thread thread_;
  Status ended_;  // written by the bus thread before running_ is cleared
};

}  // namespace moot
