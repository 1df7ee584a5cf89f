#include <boost/json.hpp>

#include "tests/bench/report.h"

namespace moot::bench {

namespace {

namespace json = boost::json;

json::object object_of(const Measurement& m) {
  return {{"system", m.system},
          {"shape", m.shape},
          {"repetition", m.repetition},
          {"events", m.events},
          {"events_per_second", m.rate},
          {"p50_ms", m.p50_ms},
          {"p99_ms", m.p99_ms},
          {"p999_ms", m.p999_ms},
          {"server_cpu_s", m.server_cpu_s},
          {"client_cpu_s", m.client_cpu_s},
          {"others_share", m.others_share},
          {"memory_bytes", m.memory_bytes}};
}

json::object object_of(const SyncCount& count) {
  json::object calls;
  for (const auto& [name, times] : count.calls) calls[name] = times;
  return {{"system", count.system},
          {"shape", count.shape},
          {"events", count.events},
          {"seconds", count.seconds},
          {"calls", calls},
          {"duplicate_stored", count.duplicate_stored ? json::value(*count.duplicate_stored) : json::value()},
          {"held_ms", count.held_ms},
          {"fastest_ack_held_ms", count.fastest_ack_held_ms}};
}

json::value value_of(const std::optional<Recovery>& recovery) {
  if (!recovery) return nullptr;
  return json::object{{"acknowledged", recovery->acknowledged},
                      {"sent", recovery->sent},
                      {"stored", recovery->stored},
                      {"until_it_acknowledges_s", recovery->until_it_acknowledges_s},
                      {"memory_bytes", recovery->memory_bytes}};
}

json::object object_of(const History& h) {
  json::array slices;
  for (const History::Slice& slice : h.slices)
    slices.push_back(json::object{
        {"events_per_second", slice.rate}, {"p99_ms", slice.p99_ms}, {"memory_bytes", slice.memory_bytes}});
  return {{"system", h.system},
          {"shape", h.shape},
          {"events", h.events},
          {"slices", slices},
          {"events_per_second", h.rate},
          {"p50_ms", h.p50_ms},
          {"p99_ms", h.p99_ms},
          {"p999_ms", h.p999_ms},
          {"cpu_per_million", h.cpu_per_million},
          {"disk_bytes", h.disk_bytes},
          {"peak_memory_bytes", h.peak_memory_bytes},
          {"peak_memory_reading_bytes", h.peak_memory_reading_bytes},
          {"segment_before", h.segment_rate_before},
          {"segment_after", h.segment_rate_after},
          {"recovery", value_of(h.recovery)}};
}

json::object object_of(const Reading& r) {
  return {{"system", r.system},
          {"way", r.way},
          {"repetition", r.repetition},
          {"events", r.events},
          {"events_per_second", r.rate},
          {"server_cpu_s", r.server_cpu_s},
          {"client_cpu_s", r.client_cpu_s}};
}

json::object object_of(const Description& d) {
  return {{"system", d.system}, {"version", d.version}, {"settings", d.settings}, {"operation", d.operation}};
}

template <typename Row>
json::array array_of(const std::vector<Row>& rows) {
  json::array array;
  for (const Row& row : rows) array.push_back(object_of(row));
  return array;
}

}  // namespace

std::string json_of(const Findings& findings) {
  json::array failures;
  for (const std::string& failure : findings.failures) failures.push_back(json::value(failure));
  const json::object all = {{"machine", findings.machine},
                            {"payload", findings.payload},
                            {"schedule", findings.schedule},
                            {"systems", array_of(findings.descriptions)},
                            {"measurements", array_of(findings.measurements)},
                            {"syncs", array_of(findings.syncs)},
                            {"curve", array_of(findings.curve)},
                            {"histories", array_of(findings.histories)},
                            {"readings", array_of(findings.readings)},
                            {"scans", array_of(findings.scans)},
                            {"beside_replay", array_of(findings.beside_replay)},
                            {"failures", failures}};
  return json::serialize(all) + "\n";
}

}  // namespace moot::bench
