// What a watcher is told of a broker over HTTP.
#include "broker/broker_metrics.h"

#include <gtest/gtest.h>

#include "broker/health_routes.h"

namespace moot {
namespace {

HttpHead get(const std::string& path, const std::string& peer = "127.0.0.1") {
  HttpHead head;
  head.method = "GET";
  head.path = path;
  head.peer = peer;
  return head;
}

v1::BrokerStatus example_status() {
  v1::BrokerStatus status;
  status.set_end_offset(1234);
  status.set_fsync_us_p99(2500);
  v1::BrokerStatus::Agency& agency = *status.add_agencies();
  agency.set_id("soha");
  agency.set_events(7);
  agency.set_lag(3);
  agency.set_unread_since("2021-03-10T12:00:00Z");
  agency.set_rhythm_days(7);
  agency.set_silent(true);
  v1::BrokerStatus::Refused& refused = *status.add_refused_by();
  refused.set_code("no-key");
  refused.set_count(2);
  return status;
}

TEST(BrokerMetrics, AreGivenAsPrometheusReadsThem) {
  BrokerMetrics metrics;
  metrics.show(example_status(), *parse_rfc3339("2021-03-10T12:01:30Z"));
  for (const std::size_t events : {1, 3, 3, 150}) metrics.committed(events, std::chrono::milliseconds(3));
  const std::string text = metrics.text();
  for (const char* line :
       {"\nmoot_log_events 1234\n", "\nmoot_sync_p99_seconds 0.0025\n",
        "\nmoot_events_stored_total{agency=\"soha\"} 7\n", "\nmoot_reader_lag_events{agency=\"soha\"} 3\n",
        "\nmoot_reader_oldest_unread_seconds{agency=\"soha\"} 90\n", "\nmoot_agency_silent{agency=\"soha\"} 1\n",
        "\nmoot_refusals_total{agency=\"unknown\",code=\"no-key\"} 2\n", "\nmoot_commit_events_bucket{le=\"5\"} 3\n",
        "\ntarget_info{service_name=\"moot\"} 1\n", "\nmoot_commit_events_count 4\n",
        "\n# TYPE moot_commit_seconds histogram\n", "\n# TYPE moot_events_stored_total counter\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
  // A family is told once, with its help, before its first value.
  const std::string type = "# TYPE moot_events_stored_total";
  EXPECT_EQ(text.find(type), text.rfind(type));
}

TEST(BrokerMetrics, TellWhatTheProcessUses) {
  const std::string text = BrokerMetrics().text();
  for (const char* name : {"\nprocess_resident_memory_bytes ", "\nprocess_cpu_seconds_total ", "\nprocess_open_fds "}) {
    const std::size_t line = text.find(name);
    ASSERT_NE(line, std::string::npos) << name;
    EXPECT_GT(std::stod(text.substr(line + std::string(name).size())), 0) << name;
  }
}

TEST(BrokerMetrics, TellTheUsualGroupAndTheLargest) {
  BrokerMetrics metrics;
  EXPECT_EQ(metrics.group_events(0.5), 0u);
  for (int i = 0; i < 98; ++i) metrics.committed(2, {});
  for (int i = 0; i < 2; ++i) metrics.committed(900, {});
  EXPECT_EQ(metrics.group_events(0.5), 2u);
  EXPECT_EQ(metrics.group_events(0.99), 1000u);
}

TEST(HealthRoutes, AreReadyOnlyWhileTheBusGoesRound) {
  BrokerMetrics metrics;
  EXPECT_EQ(health_response(get("/healthz"), &metrics)->status, 200u);
  const auto starting = health_response(get("/readyz"), &metrics);
  EXPECT_EQ(starting->status, 503u);
  EXPECT_NE(starting->body.find("the broker is starting"), std::string::npos) << starting->body;
  metrics.show(example_status(), Instant{});
  EXPECT_EQ(health_response(get("/readyz"), &metrics)->status, 200u);
}

TEST(HealthRoutes, AreReadyOnlyWhileAllOfTheProcessIs) {
  BrokerMetrics metrics;
  metrics.show(example_status(), Instant{});
  const auto tokens = [] { return Status(Code::kCorrupt, "tokens cannot be checked just now"); };
  const auto refused = health_response(get("/readyz"), &metrics, tokens);
  EXPECT_EQ(refused->status, 503u);
  EXPECT_NE(refused->body.find("tokens cannot be checked"), std::string::npos) << refused->body;
  EXPECT_EQ(health_response(get("/healthz"), &metrics, tokens)->status, 200u) << "it lives";
}

TEST(HealthRoutes, TellFiguresToThisMachineOnly) {
  BrokerMetrics metrics;
  metrics.show(example_status(), Instant{});
  EXPECT_EQ(health_response(get("/metrics"), &metrics)->status, 200u);
  EXPECT_EQ(health_response(get("/metrics", "::1"), &metrics)->status, 200u);
  const auto elsewhere = health_response(get("/metrics", "192.0.2.7"), &metrics);
  EXPECT_EQ(elsewhere->status, 403u);
  EXPECT_EQ(elsewhere->body.find("soha"), std::string::npos);
  EXPECT_EQ(health_response(get("/healthz", "192.0.2.7"), &metrics)->status, 200u);
}

TEST(HealthRoutes, OfAProcessWithoutABrokerAskWhetherThereIsOne) {
  EXPECT_EQ(
      health_response(get("/readyz"), nullptr, [] { return Status(Code::kUnavailable, "no broker runs"); })->status,
      503u);
  EXPECT_EQ(health_response(get("/readyz"), nullptr, [] { return Status(); })->status, 200u);
  EXPECT_EQ(health_response(get("/metrics"), nullptr)->status, 404u);
  EXPECT_FALSE(health_response(get("/events"), nullptr).has_value());
  HttpHead posted = get("/readyz");
  posted.method = "POST";
  EXPECT_EQ(health_response(posted, nullptr)->status, 405u);
}

}  // namespace
}  // namespace moot
