// What a run of the bench found, as plain values; the report is made from them. Rates are events a second, times
// milliseconds, sizes bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace moot::bench {

// One system in one shape in one repetition. "disk" and "segment" are systems too.
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

// What strace counted of one server under load.
struct SyncCount {
  std::string system, shape;
  std::uint64_t events = 0;  // acknowledged meanwhile
  double seconds = 0;
  std::map<std::string, std::uint64_t> calls;
};

struct Sustained {
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
  double segment_rate_before = 0, segment_rate_after = 0;  // the ceiling in the same minutes
  // Then the server is killed with messages in flight, and started again.
  std::uint64_t acknowledged_at_kill = 0, sent_at_kill = 0, stored_after = 0;
  double until_it_acknowledges_s = 0;
  std::uint64_t memory_after_bytes = 0;
};

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
  std::vector<SyncCount> syncs;
  std::vector<Sustained> sustained;
  std::vector<Reading> readings;
  std::vector<std::string> failures;  // what could not be measured, and why
};

}  // namespace moot::bench
