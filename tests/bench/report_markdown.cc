#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>

#include "deploy/bench/comparison.h"
#include "tests/bench/aims.h"
#include "tests/bench/report.h"
#include "tests/bench/report_words.h"

namespace moot::bench {

namespace {

constexpr double kOthersMaxPercent = 10;
constexpr double kDiskMaxSpread = 3;

template <typename Row>
std::vector<std::string> in_order_of_appearance(const std::vector<Row>& rows, std::string Row::*field) {
  std::vector<std::string> names;
  for (const Row& r : rows)
    if (std::find(names.begin(), names.end(), r.*field) == names.end()) names.push_back(r.*field);
  return names;
}

std::string spread(const Numbers& rates) {
  return grouped(*std::min_element(rates.begin(), rates.end())) + " / " + grouped(median(rates)) + " / " +
         grouped(*std::max_element(rates.begin(), rates.end()));
}

std::string line_of(const Comparison& shape, const std::string& system) {
  const auto middle = [&](const Comparison::Value& value) { return shape.middle(system, value); };
  const bool server = system != "disk" && system != "segment";
  std::vector<std::string> cells = {system, spread(shape.values(system, rate_of))};
  for (const char* other : {"redis-always", "nats", "nats-ids", "segment", "postgres-copy"})
    cells.push_back(system == "disk" ? "" : fixed(shape.ratio(system, other, rate_of), 2));
  cells.push_back(fixed(middle(p50_of), 2) + " / " + fixed(middle(p99_of), 2) + " / " +
                  fixed(middle([](const Measurement& m) { return m.p999_ms; }), 2));
  cells.push_back(fixed(shape.ratio(system, "disk", p50_of), 1) + " / " +
                  fixed(shape.ratio(system, "disk", p99_of), 1));
  cells.push_back(fixed(middle([](const Measurement& m) { return m.cpu_per_million(m.server_cpu_s); }), 1));
  cells.push_back(server ? fixed(middle([](const Measurement& m) { return m.cpu_per_million(m.client_cpu_s); }), 1)
                         : "");
  cells.push_back(
      server ? fixed(middle([](const Measurement& m) { return static_cast<double>(m.memory_bytes) / 1e6; }), 0) : "");
  return row(cells);
}

std::string table_of(const Findings& findings, const std::string& name) {
  std::string text = "### " + name + "\n\n";
  text += head({"system", "events/s min / median / max", "x redis-always", "x nats", "x nats-ids", "x segment",
                "x postgres-copy", "ack ms p50 / p99 / p99.9", "in fdatasyncs p50 / p99", "server CPU-s/M",
                "client CPU-s/M", "server MB"});
  const Comparison shape(findings.measurements, name);
  std::vector<std::string> systems = {"disk", "segment"};
  for (const Description& d : findings.descriptions) systems.push_back(d.system);
  for (const std::string& system : systems)
    if (!shape.values(system, rate_of).empty()) text += line_of(shape, system);
  return text + "\n";
}

std::string curve(const Findings& findings) {
  if (findings.curve.empty()) return "";
  std::string text =
      "## What encryption costs\n\n`moot-open` is the same broker, all of it, on a bus without CURVE.\n\n";
  text += head({"shape", "encrypted, events/s min / median / max", "not encrypted", "encryption keeps",
                "server CPU-s/M encrypted / not"});
  for (const std::string& name : in_order_of_appearance(findings.curve, &Measurement::shape)) {
    const Comparison shape(findings.curve, name);
    const Numbers with = shape.values("moot-full", rate_of), without = shape.values("moot-open", rate_of);
    if (with.empty() || without.empty()) continue;
    const auto cpu = [&](const char* system) {
      return fixed(shape.middle(system, [](const Measurement& m) { return m.cpu_per_million(m.server_cpu_s); }), 1);
    };
    text +=
        row({name, spread(with), spread(without), fixed(100 * shape.ratio("moot-full", "moot-open", rate_of), 0) + "%",
             cpu("moot-full") + " / " + cpu("moot-open")});
  }
  return text + "\n";
}

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

// Whether the disk was the same throughout: some are slowed down once they have written much.
std::string steady(const Findings& findings) {
  Numbers rates;
  for (const Measurement& m : findings.measurements)
    if (m.system == "segment") rates.push_back(m.rate);
  for (const History& h : findings.histories) rates.insert(rates.end(), {h.segment_rate_before, h.segment_rate_after});
  if (rates.empty()) return "";
  const auto [least, most] = std::minmax_element(rates.begin(), rates.end());
  return "\n- The disk's segment rate throughout the run: " + grouped(*least) + " to " + grouped(*most) + " events/s" +
         (*most > kDiskMaxSpread * *least
              ? ". **The disk was not the same throughout: only compare what was measured side by side, and more than "
                "once**"
              : "");
}

std::string about(const Findings& findings) {
  std::string text =
      "# Moot and its peers\n\n- Machine: " + findings.machine + "\n- Events: " + findings.payload +
      "\n- Run: " + findings.schedule +
      "\n- `disk`: 512 bytes and a fdatasync, over a file of zeros; `segment`: groups of 1,000 events of "
      "528 bytes and a fdatasync, the ceiling of any log that commits in groups" +
      quiet(findings) + steady(findings) +
      "\n- Ratios are medians of the ratios within a repetition; differences under 1.3 count as none\n\n";
  text += head({"system", "version", "settings and what an ack means", "an event, and a message of 100"});
  for (const Description& d : findings.descriptions) text += row({d.system, d.version, d.settings, d.operation});
  return text + "\n";
}

std::string syncs(const Findings& findings) {
  if (findings.syncs.empty()) return "";
  std::string text =
      "## What an ack means\n\nstrace on the server under load, outside the timed runs (it slows the server): its "
      "calls "
      "counted; then every sync held up, and the fastest ack with one message in flight. A server that says it syncs "
      "before it acknowledges and does not stands under \"What could not be measured\".\n\n";
  text += head({"system", "shape", "seconds", "events acknowledged", "fsync + fdatasync", "events for each of them",
                "all calls counted", "an event sent again", "fastest ack with syncs held up"});
  for (const SyncCount& count : findings.syncs) {
    std::string calls;
    for (const auto& [name, times] : count.calls)
      calls += (calls.empty() ? "" : ", ") + name + " " + std::to_string(times);
    const auto synced = static_cast<double>(count.syncs());
    text += row({count.system, count.shape, fixed(count.seconds, 1), grouped(static_cast<double>(count.events)),
                 grouped(synced), synced == 0 ? "never synced" : fixed(static_cast<double>(count.events) / synced, 1),
                 calls,
                 !count.duplicate_stored   ? "not known"
                 : *count.duplicate_stored ? "stored again"
                                           : "found",
                 count.held_ms == 0
                     ? "not known"
                     : fixed(count.fastest_ack_held_ms, 2) + " ms, syncs by " + fixed(count.held_ms, 0) + " ms"});
  }
  return text + "\n";
}

std::string recovery_of(const Recovery& r) {
  return "- Killed with " + grouped(static_cast<double>(r.acknowledged)) + " acknowledged of " +
         grouped(static_cast<double>(r.sent)) + " sent; " + grouped(static_cast<double>(r.stored)) +
         " there afterwards; it acknowledged again " + fixed(r.until_it_acknowledges_s, 2) +
         " s after the kill, with " + megabytes(r.memory_bytes) + " MB of memory\n";
}

std::string history(const History& h) {
  std::string text = "### " + h.system + ", " + h.shape + ", " + grouped(static_cast<double>(h.events)) + " events\n\n";
  text += head({"tenth of them", "events/s", "of the first", "ack p99 ms", "server MB"});
  for (std::size_t i = 0; i < h.slices.size(); ++i)
    text += row({std::to_string(i + 1), grouped(h.slices[i].rate),
                 fixed(100 * h.slices[i].rate / h.slices.front().rate, 0) + "%", fixed(h.slices[i].p99_ms, 1),
                 megabytes(h.slices[i].memory_bytes)});
  text += "\n- " + grouped(h.rate) +
          " events/s altogether (segment before and after: " + grouped(h.segment_rate_before) + ", " +
          grouped(h.segment_rate_after) + ")\n";
  text += "- Acks p50 / p99 / p99.9 ms at saturation: " + fixed(h.p50_ms, 2) + " / " + fixed(h.p99_ms, 2) + " / " +
          fixed(h.p999_ms, 2) + "; server CPU-s per million: " + fixed(h.cpu_per_million, 1) + "\n";
  text += "- On disk: " + megabytes(h.disk_bytes) + " MB, " +
          fixed(static_cast<double>(h.disk_bytes) / static_cast<double>(h.events), 0) + " bytes an event\n";
  text += "- The most memory while it was written: " + megabytes(h.peak_memory_bytes) + " MB" +
          (h.peak_memory_reading_bytes == 0
               ? ""
               : "; until all of it was read back: " + megabytes(h.peak_memory_reading_bytes) + " MB") +
          "\n";
  return text + (h.recovery ? recovery_of(*h.recovery) : "") + "\n";
}

std::string histories(const Findings& findings) {
  std::string text = findings.histories.empty() ? "" : "## Long histories\n\n";
  for (const History& h : findings.histories) text += history(h);
  return text;
}

// One row for each way; `ratio`: of a reading to another of the same repetition, where the two are to be compared.
using Ratio = std::function<std::optional<double>(const Reading& reading, const Reading& other)>;
std::string readings_in(const std::vector<Reading>& readings, const std::string& ratio_name, const Ratio& ratio) {
  std::string text =
      head({"system", "way", "events", "events/s min / median / max", ratio_name, "server CPU-s/M", "client CPU-s/M"});
  for (const std::string& way : in_order_of_appearance(readings, &Reading::way)) {
    Numbers rates, ratios, server, client;
    const Reading* first = nullptr;
    for (const Reading& r : readings) {
      if (r.way != way) continue;
      if (first == nullptr) first = &r;
      rates.push_back(r.rate);
      server.push_back(r.server_cpu_s * 1e6 / static_cast<double>(r.events));
      client.push_back(r.client_cpu_s * 1e6 / static_cast<double>(r.events));
      for (const Reading& other : readings)
        if (const std::optional<double> one = ratio(r, other); one && other.repetition == r.repetition)
          ratios.push_back(*one);
    }
    text += row({first->system, way, grouped(static_cast<double>(first->events)), spread(rates),
                 fixed(median(ratios), 2), fixed(median(server), 1), fixed(median(client), 1)});
  }
  return text + "\n";
}

std::string replay(const Findings& findings) {
  std::string text;
  if (!findings.readings.empty())
    text += "## Reading everything back, over the bus\n\n" +
            readings_in(findings.readings, "moot-full is x of it", [](const Reading& r, const Reading& other) {
              return other.system == "moot-full" ? std::optional(other.rate / r.rate) : std::nullopt;
            });
  if (!findings.scans.empty())
    text +=
        "## Reading everything inside the broker\n\n`segment`: a plain file of records with length and checksum. "
        "`log`: the records as they are stored. `reading`: the events as a reader gets them, opened with their "
        "keys. All found in memory already.\n\n" +
        readings_in(findings.scans, "x segment", [](const Reading& r, const Reading& other) {
          return other.way == "segment" ? std::optional(r.rate / other.rate) : std::nullopt;
        });
  return text;
}

std::string beside_replay(const Findings& findings) {
  if (findings.beside_replay.empty()) return "";
  const Comparison both(findings.beside_replay, findings.beside_replay.front().shape);
  std::string text =
      "## Publishing while everything is read back\n\nThe same events a second by the clock; the reader, in the "
      "publishers' process on a thread of its own, reads as fast as it can and begins again at the end.\n\n" +
      head({"", "events/s", "ack p50 ms min / median / max", "ack p99 ms min / median / max"});
  const auto times = [&](const char* way, const Comparison::Value& value) {
    const Numbers all = both.values(way, value);
    if (all.empty()) return std::string("-");
    const auto [least, most] = std::minmax_element(all.begin(), all.end());
    return fixed(*least, 2) + " / " + fixed(median(all), 2) + " / " + fixed(*most, 2);
  };
  for (const char* way : {"alone", "beside a replay"})
    text += row({way, grouped(both.middle(way, rate_of)), times(way, p50_of), times(way, p99_of)});
  return text + "\n- p99 beside a replay: " + fixed(both.ratio("beside a replay", "alone", p99_of), 2) +
         " times that without\n\n";
}

}  // namespace

std::string markdown_of(const Findings& findings) {
  std::string text = about(findings) + aims_table(findings);
  if (!findings.measurements.empty()) text += "## The comparison\n\n";
  for (const std::string& shape : in_order_of_appearance(findings.measurements, &Measurement::shape))
    text += table_of(findings, shape);
  text += curve(findings) + syncs(findings) + replay(findings) + beside_replay(findings) + histories(findings);
  if (!findings.failures.empty()) {
    text += "## What could not be measured\n\n";
    for (const std::string& failure : findings.failures) text += "- " + failure + "\n";
  }
  return text;
}

}  // namespace moot::bench
