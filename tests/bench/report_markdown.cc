#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>

#include "tests/bench/report.h"

namespace moot::bench {

namespace {

using Numbers = std::vector<double>;

constexpr double kOthersMaxPercent = 10;

double median(Numbers numbers) {
  if (numbers.empty()) return NAN;
  std::sort(numbers.begin(), numbers.end());
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

std::string fixed(double number, int decimals) {
  if (std::isnan(number)) return "–";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return text;
}

// 1234567 as "1,234,567".
std::string grouped(double number) {
  std::string digits = fixed(number, 0);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string megabytes(std::uint64_t bytes) { return grouped(static_cast<double>(bytes) / 1e6); }

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

std::string head(const std::vector<std::string>& cells) {
  return row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

template <typename Row>
std::vector<std::string> in_order_of_appearance(const std::vector<Row>& rows, std::string Row::*field) {
  std::vector<std::string> names;
  for (const Row& r : rows)
    if (std::find(names.begin(), names.end(), r.*field) == names.end()) names.push_back(r.*field);
  return names;
}

// The measurements of one shape.
class ShapeTable {
 public:
  ShapeTable(const Findings& findings, std::string shape) : findings_(findings), shape_(std::move(shape)) {}

  std::string text() const {
    std::string text = "### " + shape_ + "\n\n";
    text += head({"system", "events/s min / median / max", "x redis-always", "x nats", "x nats-ids", "x segment",
                  "x postgres-copy", "ack ms p50 / p99 / p99.9", "in fdatasyncs p50 / p99", "server CPU-s/M",
                  "client CPU-s/M", "server MB"});
    std::vector<std::string> systems = {"disk", "segment"};
    for (const Description& d : findings_.descriptions) systems.push_back(d.system);
    for (const std::string& system : systems)
      if (!all_of(system).empty()) text += line(system);
    return text + "\n";
  }

 private:
  using Value = std::function<double(const Measurement&)>;

  std::vector<const Measurement*> all_of(const std::string& system) const {
    std::vector<const Measurement*> found;
    for (const Measurement& m : findings_.measurements)
      if (m.system == system && m.shape == shape_) found.push_back(&m);
    return found;
  }

  Numbers values(const std::string& system, const Value& value) const {
    Numbers numbers;
    for (const Measurement* m : all_of(system)) numbers.push_back(value(*m));
    return numbers;
  }

  // The median of the ratios between measurements of the same repetition.
  double ratio(const std::string& system, const std::string& other, const Value& value) const {
    Numbers ratios;
    for (const Measurement* a : all_of(system))
      for (const Measurement* b : all_of(other))
        if (a->repetition == b->repetition && value(*b) > 0) ratios.push_back(value(*a) / value(*b));
    return median(ratios);
  }

  std::string line(const std::string& system) const {
    const Value rate = [](const Measurement& m) { return m.rate; };
    const Value p50 = [](const Measurement& m) { return m.p50_ms; };
    const Value p99 = [](const Measurement& m) { return m.p99_ms; };
    const auto middle = [&](const Value& value) { return median(values(system, value)); };
    const Numbers rates = values(system, rate);
    const bool server = system != "disk" && system != "segment";
    std::vector<std::string> cells = {system, grouped(*std::min_element(rates.begin(), rates.end())) + " / " +
                                                  grouped(median(rates)) + " / " +
                                                  grouped(*std::max_element(rates.begin(), rates.end()))};
    for (const char* other : {"redis-always", "nats", "nats-ids", "segment", "postgres-copy"})
      cells.push_back(system == "disk" ? "" : fixed(ratio(system, other, rate), 2));
    cells.push_back(fixed(middle(p50), 2) + " / " + fixed(middle(p99), 2) + " / " +
                    fixed(middle([](const Measurement& m) { return m.p999_ms; }), 2));
    cells.push_back(fixed(ratio(system, "disk", p50), 1) + " / " + fixed(ratio(system, "disk", p99), 1));
    cells.push_back(fixed(middle([](const Measurement& m) { return m.cpu_per_million(m.server_cpu_s); }), 1));
    cells.push_back(server ? fixed(middle([](const Measurement& m) { return m.cpu_per_million(m.client_cpu_s); }), 1)
                           : "");
    cells.push_back(
        server ? fixed(middle([](const Measurement& m) { return static_cast<double>(m.memory_bytes) / 1e6; }), 0) : "");
    return row(cells);
  }

  const Findings& findings_;
  const std::string shape_;
};

// Whether the machine was quiet: what nobody measured used of its processors.
std::string quiet(const Findings& findings) {
  Numbers shares;
  for (const Measurement& m : findings.measurements) shares.push_back(100 * m.others_share);
  if (shares.empty()) return "";
  const double middle = median(shares);
  return "\n- CPU used by others, the kernel's own threads included: median " + fixed(middle, 0) + "%, at most " +
         fixed(*std::max_element(shares.begin(), shares.end()), 0) + "% of the machine" +
         (middle > kOthersMaxPercent ? ". **The machine was not quiet: these figures mean nothing**" : "");
}

std::string about(const Findings& findings) {
  std::string text =
      "# Moot and its peers\n\n- Machine: " + findings.machine + "\n- Events: " + findings.payload +
      "\n- Run: " + findings.schedule +
      "\n- `disk`: 512 bytes and a fdatasync, over a file of zeros; `segment`: groups of 1,000 events of "
      "528 bytes and a fdatasync, the ceiling of any log that commits in groups" +
      quiet(findings) +
      "\n- Ratios are medians of the ratios within a repetition; differences under 1.3 count as none\n\n";
  text += head({"system", "version", "settings and what an ack means", "an event, and a message of 100"});
  for (const Description& d : findings.descriptions) text += row({d.system, d.version, d.settings, d.operation});
  return text + "\n";
}

std::string syncs(const Findings& findings) {
  if (findings.syncs.empty()) return "";
  std::string text =
      "## Syncs, counted\n\nstrace on the server under load, outside the timed runs (it slows the server).\n\n";
  text += head({"system", "shape", "seconds", "events acknowledged", "fsync + fdatasync", "events for each of them",
                "all calls counted"});
  for (const SyncCount& count : findings.syncs) {
    std::uint64_t synced = 0;
    std::string calls;
    for (const auto& [name, times] : count.calls) {
      if (name == "fsync" || name == "fdatasync") synced += times;
      calls += (calls.empty() ? "" : ", ") + name + " " + std::to_string(times);
    }
    text +=
        row({count.system, count.shape, fixed(count.seconds, 1), grouped(static_cast<double>(count.events)),
             std::to_string(synced),
             synced == 0 ? "never synced" : fixed(static_cast<double>(count.events) / static_cast<double>(synced), 1),
             calls});
  }
  return text + "\n";
}

std::string sustained(const Findings& findings) {
  if (findings.sustained.empty()) return "";
  std::string text = "## Sustained\n\n";
  for (const Sustained& s : findings.sustained) {
    text += "### " + s.system + ", " + s.shape + ", " + grouped(static_cast<double>(s.events)) + " events\n\n";
    text += head({"tenth of them", "events/s", "ack p99 ms", "server MB"});
    for (std::size_t i = 0; i < s.slices.size(); ++i)
      text += row({std::to_string(i + 1), grouped(s.slices[i].rate), fixed(s.slices[i].p99_ms, 1),
                   megabytes(s.slices[i].memory_bytes)});
    if (s.slices.size() > 1)
      text += "\n- The last tenth at " + fixed(100 * s.slices.back().rate / s.slices.front().rate, 0) +
              "% of the rate of the first; " + grouped(s.rate) +
              " events/s altogether (segment before and after: " + grouped(s.segment_rate_before) + ", " +
              grouped(s.segment_rate_after) + ")\n";
    text += "- Acks p50 / p99 / p99.9 ms at saturation: " + fixed(s.p50_ms, 2) + " / " + fixed(s.p99_ms, 2) + " / " +
            fixed(s.p999_ms, 2) + "; server CPU-s per million: " + fixed(s.cpu_per_million, 1) + "\n";
    text += "- On disk: " + megabytes(s.disk_bytes) + " MB, " +
            fixed(static_cast<double>(s.disk_bytes) / static_cast<double>(s.events), 0) + " bytes an event\n";
    if (s.until_it_acknowledges_s > 0)
      text += "- Killed with " + grouped(static_cast<double>(s.acknowledged_at_kill)) + " acknowledged of " +
              grouped(static_cast<double>(s.sent_at_kill)) + " sent; " + grouped(static_cast<double>(s.stored_after)) +
              " there afterwards; it acknowledged again " + fixed(s.until_it_acknowledges_s, 2) +
              " s after the kill, with " + megabytes(s.memory_after_bytes) + " MB of memory\n";
    text += "\n";
  }
  return text;
}

std::string replay(const Findings& findings) {
  if (findings.readings.empty()) return "";
  std::string text = "## Reading everything back\n\n";
  text += head({"system", "way", "events", "events/s min / median / max", "moot-full is x of it", "server CPU-s/M",
                "client CPU-s/M"});
  const auto rates_of = [&](const std::string& way) {
    Numbers rates;
    for (const Reading& r : findings.readings)
      if (r.way == way) rates.push_back(r.rate);
    return rates;
  };
  for (const std::string& way : in_order_of_appearance(findings.readings, &Reading::way)) {
    Numbers ratios, server, client;
    const Reading* first = nullptr;
    for (const Reading& r : findings.readings) {
      if (r.way != way) continue;
      if (first == nullptr) first = &r;
      server.push_back(r.server_cpu_s * 1e6 / static_cast<double>(r.events));
      client.push_back(r.client_cpu_s * 1e6 / static_cast<double>(r.events));
      for (const Reading& moot : findings.readings)
        if (moot.system == "moot-full" && moot.repetition == r.repetition) ratios.push_back(moot.rate / r.rate);
    }
    const Numbers rates = rates_of(way);
    text += row({first->system, way, grouped(static_cast<double>(first->events)),
                 grouped(*std::min_element(rates.begin(), rates.end())) + " / " + grouped(median(rates)) + " / " +
                     grouped(*std::max_element(rates.begin(), rates.end())),
                 fixed(median(ratios), 2), fixed(median(server), 1), fixed(median(client), 1)});
  }
  return text + "\n";
}

}  // namespace

std::string markdown_of(const Findings& findings) {
  std::string text = about(findings);
  if (!findings.measurements.empty()) text += "## The comparison\n\n";
  for (const std::string& shape : in_order_of_appearance(findings.measurements, &Measurement::shape))
    text += ShapeTable(findings, shape).text();
  text += syncs(findings) + replay(findings) + sustained(findings);
  if (!findings.failures.empty()) {
    text += "## What could not be measured\n\n";
    for (const std::string& failure : findings.failures) text += "- " + failure + "\n";
  }
  return text;
}

}  // namespace moot::bench
