// What a run of the bench found, as plain values; the report is made from them. Rates are events a second, times
// milliseconds, sizes bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deploy/bench/measure.h"

namespace moot::bench {

// What strace counted of one server under load, and what it did to it.
struct SyncCount {
  std::string system, shape;
  std::uint64_t events = 0;  // acknowledged meanwhile
  double seconds = 0;
  std::map<std::string, std::uint64_t> calls;
  std::optional<bool> duplicate_stored;  // when its first message was sent again
  double held_ms = 0;                    // then every sync was held up for so long,
  double fastest_ack_held_ms = 0;        // and this was the fastest ack of one event in flight
  std::uint64_t syncs() const;
};

inline std::uint64_t SyncCount::syncs() const {
  std::uint64_t count = 0;
  for (const char* call : {"fsync", "fdatasync"})
    if (const auto found = calls.find(call); found != calls.end()) count += found->second;
  return count;
}

// A long history: how it is written, and what it costs to have it.
struct History {
  struct Slice {
    double rate = 0;
    double p99_ms = 0;
    std::uint64_t memory_bytes = 0;  // at its end
  };
  std::string system, shape;
  std::uint64_t events = 0;
  std::vector<Slice> slices;  // ten of the same number of events
  double rate = 0;
  double p50_ms = 0, p99_ms = 0, p999_ms = 0;  // over all of it
  double cpu_per_million = 0;
  std::uint64_t disk_bytes = 0;
  std::uint64_t peak_memory_bytes = 0;                     // while it was written
  double segment_rate_before = 0, segment_rate_after = 0;  // the ceiling in the same minutes
  std::optional<Recovery> recovery;
  std::uint64_t peak_memory_reading_bytes = 0;  // while all of it was read back; 0 = it was not
};

// Everything read back in one way. Rates are events a second.
struct Reading {
  std::string system, way;
  int repetition = 0;
  std::uint64_t events = 0;
  double rate = 0;
  double server_cpu_s = 0, client_cpu_s = 0;
};

struct Description {
  std::string system, version, settings, operation;
};

struct Findings {
  std::string machine, payload, schedule;
  std::vector<Description> descriptions;
  std::vector<Measurement> measurements;
  std::vector<Measurement> curve;  // Moot with and without encryption
  std::vector<SyncCount> syncs;
  std::vector<History> histories;
  std::vector<Reading> readings;           // to a client
  std::vector<Reading> scans;              // inside the broker, without a bus
  std::vector<Measurement> beside_replay;  // publishing "alone" and "beside a replay"
  std::vector<std::string> failures;       // what could not be measured, and why
};

}  // namespace moot::bench
