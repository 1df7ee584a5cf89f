#include "broker/core/figure_rules.h"

#include <cmath>

#include "broker/core/invalid_field.h"

namespace moot {
namespace {

// Up to here whole numbers are what they are written as, and no partnership counts as far.
constexpr double kLargest = 999'999'999'999'999;

Status check_measure(const v1::Measure& measure) {
  if (measure.stage() == v1::Measure::WITHDRAWN) return {};
  if (measure.measure().empty()) return invalid("measure.measure", "is required: which figure it is, a code");
  if (measure.has_value() && !(std::abs(measure.value()) <= kLargest))
    return invalid("measure.value", "must be a number, of 15 digits at most");
  if (measure.has_denominator() && !(measure.denominator() >= 0 && measure.denominator() <= kLargest))
    return invalid("measure.denominator", "must be a number of 15 digits at most, not below 0");
  if (measure.starts().empty() != measure.ends().empty())
    return invalid("measure.ends", "must stand where measure.starts does, and only there");
  // Both are dates as YYYY-MM-DD by now, which sort as texts.
  if (!measure.ends().empty() && measure.ends() <= measure.starts())
    return invalid("measure.ends", "must be later than it starts");
  return {};
}

}  // namespace

Status check_figures(const v1::Facts& facts) {
  if (facts.has_referral() && facts.referral().cost_pence() < 0) return invalid("referral.cost_pence", "is below 0");
  if (facts.has_order() && facts.order().amount_pence() < 0) return invalid("order.amount_pence", "is below 0");
  if (facts.has_activity() && (facts.activity().count() < 0 || facts.activity().base() < 0))
    return invalid("activity.count", "is below 0");
  return facts.has_measure() ? check_measure(facts.measure()) : Status();
}

Status check_notification(const v1::Event& event) {
  const bool must_name_nobody =
      event.facts().has_notification() && event.facts().notification().stage() == v1::Notification::MS1;
  if (must_name_nobody && event.personal().ByteSizeLong() > 0)
    return invalid("personal", "must be left out of an MS1 notification, which names nobody");
  return {};
}

}  // namespace moot
