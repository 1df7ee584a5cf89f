// Kind "expiry": what is in force ends on a day, or after so long at most. Orders, notices, agreements.
#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

void read(Definition& version, ClockVersion& out) {
  out.where = predicate_of(version, "where");
  if (version.has("renewed")) {
    out.done = predicate_of(version, "renewed");
    out.rel = rel_of(version);
  }
  out.span = span_of(version);
  if (out.span.empty()) version.mistake("months", "is required: months, days, working_days or hours, the longest time");
  out.span_extended = out.span;
  out.span_extended.months = static_cast<int>(version.integer_or("months_extended", out.span.months, 0, 600));
  out.span_extended.hours = static_cast<int>(version.integer_or("hours_extended", out.span.hours, 0, 8760));
  if (out.span_extended.months < out.span.months || out.span_extended.hours < out.span.hours)
    version.mistake(out.span_extended.months < out.span.months ? "months_extended" : "hours_extended",
                    "expected no less than what is allowed without an extension");
  out.warn_days = static_cast<int>(version.integer_or("warn_days", 60, 0, 3660));
  out.joined_by = "link";
}

// In force from the first on, until before the second.
struct Force {
  Date starts;
  Date ends;
  TimeSpan longest;
  bool too_long = false;
};

bool has_been_extended(const ClockInput& input, const v1::Event& event) {
  for (const v1::Event* stage : stages_before(input, input.position(event)))
    if (stage->facts().order().stage() == v1::Order::EXTENDED) return true;
  return false;
}

// When it would have ended, had it not been extended the last time; nothing where that is not on record. The end may
// have been put right before that, or since: two versions that speak of one extension are of the same time.
std::optional<Date> end_before(const ClockInput& input, const v1::Event& event) {
  const v1::Event* extension = nullptr;
  for (const v1::Event* version : input.set.versions_of(input.position(event))) {  // the latest first
    if (time_of(*version) >= input.end) continue;
    const bool extends = version->facts().order().stage() == v1::Order::EXTENDED;
    if (extension == nullptr ? !extends : extends && time_of(*version) == time_of(*extension)) continue;
    if (extension == nullptr) {
      extension = version;
      continue;
    }
    const Result<Date> ends = parse_date(version->facts().order().ends());
    if (ends.ok()) return *ends;
  }
  return std::nullopt;
}

Force force_of(const ClockInput& input, const ClockVersion& version, const v1::Event& event) {
  const v1::Order& order = event.facts().order();
  const Result<Date> starts = parse_date(order.starts()), ends = parse_date(order.ends());
  const bool extended = has_been_extended(input, event);
  const TimeSpan& longest =
      extended && version.span_extended.months + version.span_extended.hours ? version.span_extended : version.span;
  Force force;
  force.longest = longest;
  force.starts = starts.ok() ? *starts : local_date(time_of(event));
  // What is extended may last so long in all, where the rule tells a time for that, else so long once more.
  const bool in_all =
      version.span_extended.months != version.span.months || version.span_extended.hours != version.span.hours;
  const std::optional<Date> before = extended && !in_all ? end_before(input, event) : std::nullopt;
  const Date from = before ? std::max(*before, force.starts) : force.starts;
  const Date latest = end_of(from, longest, input.working_days);
  force.ends = ends.ok() ? *ends : latest;
  force.too_long = force.ends > latest || (longest.hours > 0 && order.hours() > static_cast<unsigned>(longest.hours));
  return force;
}

ClockFinding finding_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version,
                        const v1::Event& event) {
  const Force force = force_of(input, version, event);
  ClockFinding finding = finding_about(input, event);
  finding.began = force.starts;
  finding.date = force.ends;
  const std::string from = ", in force from " + to_words(force.starts);
  const v1::Event* renewed = nullptr;
  for (const std::size_t record : version.done ? input.linking_to(event, version.rel) : std::vector<std::size_t>())
    for (const v1::Event* stage : stages_before(input, record))
      if (version.done->matches(*stage, input.areas)) renewed = stage;
  if (renewed != nullptr) {
    finding.events.push_back(renewed);
    finding.state = "renewed";
    finding.text = rule.title + ": " + to_words(force.ends) + from + "; renewed on " +
                   to_words(local_date(time_of(*renewed))) + ".";
  } else if (force.ends <= input.on) {
    finding.state = "expired";
    finding.text = rule.title + ": expired on " + to_words(force.ends) + from + ".";
  } else {
    finding.open = force.ends <= plus_days(input.on, version.warn_days);
    finding.state = finding.open ? "expiring" : "in-force";
    finding.text = rule.title + ": " + day_and_distance(input, force.ends) + from + ".";
  }
  if (force.too_long) {
    finding.open = finding.open || force.ends > input.on;
    finding.text += " That is longer than " + to_words(force.longest) + ", the most that the rule allows.";
  }
  return finding;
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope) {
  return input.that_may_match({&version.where});
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t record,
          ClockFindings& findings) {
  const v1::Event* state = state_before(input, record);
  if (state != nullptr && version.where.matches(*state, input.areas))
    findings.push_back(finding_of(input, rule, version, *state));
}

}  // namespace

const ClockKind kExpiryClock = {.name = "expiry",
                                .read = read,
                                .may_concern = may_concern,
                                .find = find,
                                .states = {"in-force", "expiring", "expired", "renewed"}};

}  // namespace moot
