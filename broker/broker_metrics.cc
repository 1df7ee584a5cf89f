#include "broker/broker_metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace moot {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Buckets = prometheus::Histogram::BucketBoundaries;

const Buckets& group_bounds() {
  static const Buckets bounds = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10'000};
  return bounds;
}

const Buckets& commit_bounds() {
  static const Buckets bounds = {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5};
  return bounds;
}

// Gathers families in the order of their names' first use.
class Families {
 public:
  void gauge(const char* name, const char* help, double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric& metric = add(name, help, MetricType::Gauge, std::move(labels));
    metric.gauge.value = value;
  }
  void counter(const char* name, const char* help, double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric& metric = add(name, help, MetricType::Counter, std::move(labels));
    metric.counter.value = value;
  }
  void take(const char* name, const char* help, MetricType type, ClientMetric metric) {
    add(name, help, type, {}) = std::move(metric);
  }
  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  ClientMetric& add(const char* name, const char* help, MetricType type, std::vector<ClientMetric::Label> labels) {
    if (families_.empty() || families_.back().name != name) families_.push_back({name, help, type, {}});
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    return metric;
  }
  std::vector<MetricFamily> families_;
};

double seconds_of(const std::string& rfc3339) {
  const Result<Instant> at = parse_rfc3339(rfc3339);
  return at.ok() ? static_cast<double>(at->us) / 1e6 : 0;
}

template <typename Tell>
void for_each_agency(const v1::BrokerStatus& status, const Tell& tell) {
  for (const v1::BrokerStatus::Agency& agency : status.agencies())
    tell(agency, std::vector<ClientMetric::Label>{{"agency", agency.id()}});
}

void tell_agencies(const v1::BrokerStatus& status, Instant now, Families& out) {
  using Agency = v1::BrokerStatus::Agency;
  using Labels = std::vector<ClientMetric::Label>;
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    out.counter("moot_events_stored_total", "Events stored since the broker started.", number(a.events()), labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    out.counter("moot_stored_bytes_total", "Bytes of them, as stored.", number(a.bytes()), labels);
  });
  for (const v1::BrokerStatus::Refused& row : status.refused_by())
    out.counter("moot_refusals_total", "What was refused since the broker started, by reason.", number(row.count()),
                {{"agency", row.agency().empty() ? "unknown" : row.agency()}, {"code", row.code()}});
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    if (!a.last_recorded().empty())
      out.gauge("moot_agency_last_event_timestamp_seconds", "When its last event was recorded.",
                seconds_of(a.last_recorded()), labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    if (a.rhythm_days() > 0)
      out.gauge("moot_agency_silent", "1 when it was not heard from for longer than agreed.", a.silent() ? 1 : 0,
                labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    out.gauge("moot_reader_lag_events", "Events that its reader was not given yet.", number(a.lag()), labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    const double age = static_cast<double>(now.us) / 1e6 - seconds_of(a.unread_since());
    out.gauge("moot_reader_oldest_unread_seconds", "The age of the oldest of them.",
              a.unread_since().empty() ? 0 : std::max(0.0, age), labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    out.gauge("moot_sessions", "Sessions on the bus.", a.sessions(), labels);
  });
  for_each_agency(status, [&](const Agency& a, const Labels& labels) {
    if (!a.key_until().empty())
      out.gauge("moot_key_expires_timestamp_seconds", "When its latest key ends.", seconds_of(a.key_until()), labels);
  });
}

// What every process tells under the names that Prometheus has for it: memory to be watched against its ceiling.
void tell_process(Families& out) {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  out.gauge("process_resident_memory_bytes", "Memory that the process holds.",
            static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
  rusage usage = {};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    out.counter("process_cpu_seconds_total", "Processor time that it used.",
                seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  std::error_code failed;
  std::size_t descriptors = 0;
  for (std::filesystem::directory_iterator file("/proc/self/fd", failed), end; !failed && file != end;
       file.increment(failed))
    ++descriptors;
  out.gauge("process_open_fds", "Files and connections that it has open.", static_cast<double>(descriptors));
}

}  // namespace

BrokerMetrics::BrokerMetrics() : group_events_(group_bounds()), commit_seconds_(commit_bounds()) {}

void BrokerMetrics::committed(std::size_t events, std::chrono::steady_clock::duration took) {
  group_events_.Observe(static_cast<double>(events));
  commit_seconds_.Observe(std::chrono::duration<double>(took).count());
}

void BrokerMetrics::show(v1::BrokerStatus status, Instant now) {
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
  now_ = now;
  shown_ = std::chrono::steady_clock::now();
}

std::uint64_t BrokerMetrics::group_events(double quantile) const {
  const ClientMetric::Histogram histogram = group_events_.Collect().histogram;
  const double wanted = quantile * static_cast<double>(histogram.sample_count);
  if (histogram.sample_count == 0) return 0;
  for (const ClientMetric::Bucket& bucket : histogram.bucket)
    if (static_cast<double>(bucket.cumulative_count) >= wanted && std::isfinite(bucket.upper_bound))
      return static_cast<std::uint64_t>(bucket.upper_bound);
  return static_cast<std::uint64_t>(group_bounds().back());
}

std::string BrokerMetrics::text() const {
  const std::lock_guard lock(mutex_);
  Families out;
  const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
  // A collector of OpenTelemetry makes this the resource that all the rest is of.
  out.gauge("target_info", "What tells these figures.", 1, {{"service_name", "moot"}});
  out.gauge("moot_start_time_seconds", "When the broker started.", seconds_of(status_.started()));
  out.gauge("moot_log_events", "Events in the log: its end offset.", number(status_.end_offset()));
  out.gauge("moot_log_disk_bytes", "Bytes of the log on disk.", number(status_.disk_bytes()));
  out.take("moot_commit_seconds", "Appending, syncing and settling one group of events.", MetricType::Histogram,
           commit_seconds_.Collect());
  out.take("moot_commit_events", "Events that shared one sync.", MetricType::Histogram, group_events_.Collect());
  out.gauge("moot_sync_p50_seconds", "What a sync takes.", number(status_.fsync_us_p50()) / 1e6);
  out.gauge("moot_sync_p99_seconds", "What one sync in a hundred exceeds.", number(status_.fsync_us_p99()) / 1e6);
  out.gauge("moot_connections", "Peers connected to the bus.", number(status_.connections()));
  out.gauge("moot_outbox_messages", "Replies that peers have not taken yet.", number(status_.outbox_messages()));
  out.gauge("moot_inbox_items", "What waits for a person.", number(status_.inbox_items()));
  out.gauge("moot_audit_entries", "Entries of the audit log.", number(status_.audit_entries()));
  tell_agencies(status_, now_, out);
  tell_process(out);
  return out.text();
}

Status BrokerMetrics::ready() const {
  const std::lock_guard lock(mutex_);
  if (!shown_) return Status(Code::kUnavailable, "the broker is starting");
  if (std::chrono::steady_clock::now() - *shown_ > kStillMax)
    return Status(Code::kUnavailable, "the bus has stood still for more than " + std::to_string(kStillMax.count()) +
                                          " seconds: it waits for the disk, or has ended");
  return {};
}

}  // namespace moot
