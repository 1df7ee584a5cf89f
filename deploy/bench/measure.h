// One measurement of one system in one shape, and the finding out of what a kill costs it.
//
// Thread: one, the bench's.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "deploy/bench/disk.h"
#include "deploy/bench/load.h"
#include "deploy/bench/payload.h"
#include "deploy/bench/system.h"
#include "deploy/stop_signal.h"

namespace moot::bench {

// Rates are events a second, times milliseconds, sizes bytes.
struct Measurement {
  std::string system, shape;
  int repetition = 0;
  std::uint64_t events = 0;
  double rate = 0;
  double p50_ms = 0, p99_ms = 0, p999_ms = 0;
  double server_cpu_s = 0, client_cpu_s = 0;  // while they were measured
  double others_share = 0;                    // of all cores' time: what everybody else used, the kernel included
  std::uint64_t memory_bytes = 0;             // of the server, at the end
  double cpu_per_million(double cpu_s) const { return events == 0 ? 0 : cpu_s * 1e6 / static_cast<double>(events); }
};

std::chrono::nanoseconds seconds(double count);

// What every measurement of a run is taken with; all outlives it.
struct Conditions {
  double seconds = 0;
  double warm_up = 0;  // before them, left out
  const Payload& payload;
  const StopSignal& stop;
};

// A server on an empty store with its publishers at work. Whoever asked for it ends the system, this first.
struct UnderLoad {
  std::unique_ptr<Publishers> publishers;
  std::unique_ptr<Load> load;

  // `shape` as the system is driven in it (System::own_shape).
  static Result<UnderLoad> start(System& system, const Shape& shape, const Conditions& conditions);
};

// Starts the server on an empty store and measures it; kCorrupt when it does not have exactly what it acknowledged.
// Whoever calls ends the server. `repetition` is left to the caller.
Result<Measurement> measure(System& system, const Shape& shape, const Conditions& conditions);

// The disk itself in place of a system: "disk" (512 bytes), "disk-64k", "segment".
Result<Measurement> measure_disk(Disk& disk, const std::string& work, double time_s);

// Ends the server and lets its disk come to rest, so that nobody pays for another's unwritten data.
Status end(System& system);

struct Recovery {
  std::uint64_t acknowledged = 0, sent = 0;  // at the kill
  std::uint64_t stored = 0;                  // of them, after it
  double until_it_acknowledges_s = 0;        // from the kill
  std::uint64_t memory_bytes = 0;            // then
};

// Lets the load run for a moment more, kills the server with messages in flight, starts it again and publishes an
// event. kCorrupt when anything acknowledged is gone.
Result<Recovery> kill_and_recover(System& system, Load& load, const Conditions& conditions);

}  // namespace moot::bench
