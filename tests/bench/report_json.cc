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
          {"calls", calls}};
}

json::object object_of(const Sustained& s) {
  json::array slices;
  for (const Sustained::Slice& slice : s.slices)
    slices.push_back(json::object{
        {"events_per_second", slice.rate}, {"p99_ms", slice.p99_ms}, {"memory_bytes", slice.memory_bytes}});
  return {{"system", s.system},
          {"shape", s.shape},
          {"events", s.events},
          {"slices", slices},
          {"events_per_second", s.rate},
          {"p50_ms", s.p50_ms},
          {"p99_ms", s.p99_ms},
          {"p999_ms", s.p999_ms},
          {"cpu_per_million", s.cpu_per_million},
          {"disk_bytes", s.disk_bytes},
          {"segment_before", s.segment_rate_before},
          {"segment_after", s.segment_rate_after},
          {"acknowledged_at_kill", s.acknowledged_at_kill},
          {"sent_at_kill", s.sent_at_kill},
          {"stored_after", s.stored_after},
          {"until_it_acknowledges_s", s.until_it_acknowledges_s},
          {"memory_after_bytes", s.memory_after_bytes}};
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
                            {"sustained", array_of(findings.sustained)},
                            {"readings", array_of(findings.readings)},
                            {"failures", failures}};
  return json::serialize(all) + "\n";
}

}  // namespace moot::bench
