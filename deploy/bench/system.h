// What is measured: a server that stores events and acknowledges them. Moot is one (moot_system.h); tests/bench has
// others to measure it against.
//
// Thread: one, the bench's; everything here is its. Servers are processes of their own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/status.h"
#include "deploy/bench/payload.h"
#include "deploy/bench/shape.h"

namespace moot::bench {

// Of one publisher, so many of the oldest unacknowledged messages: systems acknowledge in the order of sending, and a
// Publishers checks that they do.
struct Ack {
  int publisher = 0;
  int messages = 0;
};

// The connections of a shape's publishers to one system. As cheap as can be: they share the cores with the server.
class Publishers {
 public:
  virtual ~Publishers() = default;
  // Puts a message on its way, with `events` events numbered from `first`; at the latest with the next flush().
  virtual Status send(int publisher, std::uint64_t first, int events) = 0;
  virtual Status flush() = 0;
  // Waits at most so long for the first ack, and appends what is there. An error when the system refused anything.
  virtual Status receive(std::chrono::nanoseconds wait, std::vector<Ack>& acks) = 0;
};

class System {
 public:
  virtual ~System() = default;

  virtual std::string name() const = 0;  // one word: "redis-always"
  virtual std::string version() const = 0;
  virtual std::string settings() const = 0;   // all that is not the default, and what an ack means
  virtual std::string operation() const = 0;  // how one event, and how 100, are published
  // An ack means fsynced: what the counting of its syncs must bear out.
  virtual bool syncs_before_ack() const = 0;
  // An event that is sent again is not stored again: tried out too.
  virtual bool finds_duplicates() const = 0;
  virtual bool takes(const Shape&) const { return true; }
  // The shape as this system is driven in it, where it has a way of its own.
  virtual Shape own_shape(const Shape& shape) const { return shape; }

  // Starts the server on an empty store; returns when it answers.
  virtual Status start() = 0;
  virtual Result<std::unique_ptr<Publishers>> connect(int publishers, const Payload& payload) = 0;
  // The server's processes at this moment.
  virtual std::vector<pid_t> processes() const = 0;
  // How many events the server says it has.
  virtual Result<std::uint64_t> stored() = 0;
  // Ends the server; its data go with it.
  virtual Status stop() = 0;

  // The ways to read everything back from the first event on; read() reads `events` events in one of them.
  virtual std::vector<std::string> ways_to_read() const { return {}; }
  virtual Status read(const std::string& way, std::uint64_t events);

  // A system whose recovery is measured: killed with SIGKILL, and started again on the same data; the process alone,
  // whoever wants to know when it answers connects.
  virtual bool can_be_killed() const { return false; }
  virtual Status kill_and_start_again();
  virtual std::filesystem::path folder() const = 0;  // all that it keeps on disk
};

}  // namespace moot::bench
