#include "deploy/governance_log.h"

#include <optional>

namespace moot {
namespace {

constexpr std::int64_t kWaitMs = 1000;
constexpr std::int64_t kLookMs = 1;

}  // namespace

Result<std::unique_ptr<GovernanceLog>> GovernanceLog::open(const Options& options, const Reach& reach) {
  const Result<KeyFile> key = reach.acting();
  if (!key.ok()) return key.status();
  ConsumerOptions reading;
  reading.timeout_ms = options.timeout_ms();
  reading.purpose = options.purpose.empty() ? "operations" : options.purpose;
  reading.filter.add_types("governance");
  std::unique_ptr<GovernanceLog> log(new GovernanceLog(*key, std::move(reading)));
  MOOT_RETURN_IF_ERROR(log->connect());
  return log;
}

Status GovernanceLog::connect() {
  Result<std::unique_ptr<Consumer>> consumer = Consumer::connect(key_, reading_);
  if (!consumer.ok()) return consumer.status();
  consumer_ = std::move(*consumer);
  caught_up_before_ = false;
  return {};
}

Status GovernanceLog::catch_up(const Take& take) {
  std::optional<Offset> end;  // as it was when the reading began
  for (;;) {
    const Result<Delivery> delivery = consumer_->next(caught_up_before_ ? kLookMs : kWaitMs);
    if (delivery.status().code() == Code::kEntitlementChanged) {
      MOOT_RETURN_IF_ERROR(connect());
      end.reset();
      continue;
    }
    if (!delivery.ok()) return delivery.status();
    if (delivery->end == Delivery::kNotKnown) {
      if (caught_up_before_) return {};
      continue;
    }
    if (!end) end = delivery->end;
    for (const v1::Event& event : delivery->events) take(event);
    if (delivery->through >= *end && (!caught_up_before_ || delivery->events.empty())) break;
  }
  caught_up_before_ = true;
  return {};
}

}  // namespace moot
