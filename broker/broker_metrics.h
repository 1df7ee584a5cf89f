// How the broker is doing, for those who watch it: the figures of `moot status`, once a second, and what each commit
// took. As Prometheus' text (names by its conventions, which OpenTelemetry's Prometheus form shares); no label is
// anything but an agency or a code.
//
// Thread: committed() and show() are the bus thread's; text(), latest() and ready() may be called from any.
#pragma once

#include <prometheus/histogram.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

class BrokerMetrics {
 public:
  BrokerMetrics();

  void committed(std::size_t events, std::chrono::steady_clock::duration took);
  // `now`: what ages are counted to.
  void show(v1::BrokerStatus status, Instant now);
  // The usual number of events in a commit, and what one commit in a hundred exceeds; 0 before the first. As far as the
  // histogram's bounds tell: the upper bound of where it lies.
  std::uint64_t group_events(double quantile) const;

  std::string text() const;
  // Ok while the bus thread goes round. kUnavailable, with a sentence, before the first round and when it has not for
  // kStillMax: it waits for the disk, or has ended.
  Status ready() const;
  static constexpr std::chrono::seconds kStillMax{5};

 private:
  prometheus::Histogram group_events_;
  prometheus::Histogram commit_seconds_;
  mutable std::mutex mutex_;  // guards what follows
  v1::BrokerStatus status_;
  Instant now_;
  std::optional<std::chrono::steady_clock::time_point> shown_;
};

}  // namespace moot
