#include "tests/bench/aims.h"

#include <cmath>
#include <functional>

#include "deploy/bench/comparison.h"
#include "tests/bench/report_words.h"

namespace moot::bench {

namespace {

struct Aim {
  std::string measure;
  double found = NAN;
  double must = 0, aim = 0;
  bool at_least = true;  // else at most
  int decimals = 2;
};

std::string verdict(const Aim& aim) {
  const auto reaches = [&](double limit) { return aim.at_least ? aim.found >= limit : aim.found <= limit; };
  return reaches(aim.aim) ? "aim" : reaches(aim.must) ? "must" : "**missed**";
}

class Aims {
 public:
  explicit Aims(const Findings& findings) : findings_(findings) {
    add_rates();
    add_times();
    add_curve();
    add_histories();
    add_reading();
  }

  std::string text() const {
    std::string rows;
    for (const Aim& aim : aims_) {
      if (std::isnan(aim.found)) continue;
      const std::string sign = aim.at_least ? "≥ " : "≤ ";
      rows += row({aim.measure, fixed(aim.found, aim.decimals), sign + fixed(aim.must, aim.decimals),
                   sign + fixed(aim.aim, aim.decimals), verdict(aim)});
    }
    if (rows.empty()) return "";
    return "## What was to be reached\n\n" + head({"measure", "found", "must", "aim", "reached"}) + rows + "\n";
  }

 private:
  void at_least(const std::string& measure, double found, double must, double aim) {
    aims_.push_back({measure, found, must, aim});
  }
  void at_most(const std::string& measure, double found, double must, double aim, int decimals = 1) {
    aims_.push_back({measure, found, must, aim, false, decimals});
  }
  // Medians over repetitions of what systems did in a shape.
  double rate(const char* shape, const char* system, const char* other) const {
    return Comparison(findings_.measurements, shape).ratio(system, other, rate_of);
  }
  double times(const char* shape, const Comparison::Value& value) const {
    return Comparison(findings_.measurements, shape).ratio("moot-full", "disk", value);
  }
  double cpu(const char* shape) const {
    return Comparison(findings_.measurements, shape).middle("moot-full", [](const Measurement& m) {
      return m.cpu_per_million(m.server_cpu_s);
    });
  }

  void add_rates() {
    at_least("16x100 singles, plain / redis-always", rate(kSingles, "moot-plain", "redis-always"), 1.4, 2.2);
    at_least("16x100 singles, full / redis-always", rate(kSingles, "moot-full", "redis-always"), 1.0, 1.6);
    at_least("16x100 singles, plain / nats", rate(kSingles, "moot-plain", "nats"), 1.1, 1.8);
    at_least("16x100 singles, full / nats", rate(kSingles, "moot-full", "nats"), 0.8, 1.3);
    at_least("16x4 frames of 100, plain / segment", rate(kFrames, "moot-plain", "segment"), 0.20, 0.45);
    at_least("16x4 frames of 100, full / segment", rate(kFrames, "moot-full", "segment"), 0.14, 0.30);
    at_least("16x4 frames of 100, full / postgres-copy", rate(kFrames, "moot-full", "postgres-copy"), 5, 10);
    at_least("64x1, full / redis-always", rate("64x1", "moot-full", "redis-always"), 0.9, 1.2);
    at_most("server CPU-s per million, singles", cpu(kSingles), 9, 6);
    at_most("server CPU-s per million, frames", cpu(kFrames), 7, 4);
  }

  void add_times() {
    at_most("1x1 ack p50, in fdatasyncs", times("1x1", p50_of), 3, 2);
    at_most("1x1 ack p99, in fdatasyncs", times("1x1", p99_of), 3, 2);
    at_most("1,000 events/s ack p50, in fdatasyncs", times("1000-a-second", p50_of), 5, 4);
    at_most("1,000 events/s ack p99, in fdatasyncs", times("1000-a-second", p99_of), 9, 5);
  }

  void add_curve() {
    for (const char* shape : {kSingles, kFrames})
      at_least("encryption keeps of " + std::string(shape),
               Comparison(findings_.curve, shape).ratio("moot-full", "moot-open", rate_of), 0.60, 0.70);
  }

  void add_histories() {
    for (const History& h : findings_.histories) {
      if (h.system != "moot-full" || h.slices.empty()) continue;
      const std::string events = " of " + grouped(static_cast<double>(h.events)) + ", " + h.shape;
      const bool frames = h.shape == kFrames;
      at_least("last tenth / first tenth" + events, h.slices.back().rate / h.slices.front().rate, 0.80, 0.95);
      at_most("ack p99 ms at saturation" + events, h.p99_ms, frames ? 80 : 40, frames ? 40 : 20);
      const std::uint64_t peak = std::max(h.peak_memory_bytes, h.peak_memory_reading_bytes);
      at_most("most memory, MB," + events, static_cast<double>(peak) / 1e6, 300, 200, 0);
      if (h.recovery) at_most("restart after kill -9, s," + events, h.recovery->until_it_acknowledges_s, 1.5, 0.5, 2);
    }
  }

  // The median of the ratios within a repetition between two ways to read.
  static double reading(const std::vector<Reading>& readings, const std::string& way, const std::string& other) {
    return reading(readings, way, readings, other);
  }
  static double reading(const std::vector<Reading>& readings, const std::string& way,
                        const std::vector<Reading>& others, const std::string& other) {
    Numbers ratios;
    for (const Reading& a : readings)
      for (const Reading& b : others)
        if (a.way.starts_with(way) && b.way.starts_with(other) && a.repetition == b.repetition)
          ratios.push_back(a.rate / b.rate);
    return median(ratios);
  }

  double clear_to(const std::string& scan) const {
    return reading(findings_.readings, "in the clear", findings_.scans, scan);
  }

  void add_reading() {
    at_least("replay inside the broker, opened, / segment scan", reading(findings_.scans, "reading", "segment"), 0.40,
             0.60);
    at_least("replay inside the broker, as stored, / segment scan", reading(findings_.scans, "log", "segment"), 0.40,
             0.60);
    at_least("replay to a client in the clear / scan of the log", clear_to("log"), 0.60, 0.60);
    at_least("replay to a client in the clear / segment scan", clear_to("segment"), 0.25, 0.25);
    at_least("replay to a client, encrypted / in the clear", reading(findings_.readings, "Consume", "in the clear"),
             0.65, 0.65);
    at_least("replay to a client / JetStream pull", reading(findings_.readings, "Consume", "pull"), 5, 8);
    at_least("replay to a client / XREAD", reading(findings_.readings, "Consume", "XREAD"), 1.3, 2);
  }

  const Findings& findings_;
  std::vector<Aim> aims_;
};

}  // namespace

std::string aims_table(const Findings& findings) { return Aims(findings).text(); }

}  // namespace moot::bench
