// Kind "deadline": something is due so long after an event, and another event shows that it was done. The review of a
// camera, the next assessment of a person at high risk, the decision on an application, the payment of a penalty.
#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

// "12-25". In a year that is none, so that 29 February may be named.
bool is_day_of_the_year(const std::string& text) { return parse_date("2000-" + text).ok(); }

void read_not_counted(Definition& version, ClockVersion& out) {
  out.not_counted = version.texts("not_counted");
  const bool right = std::all_of(out.not_counted.begin(), out.not_counted.end(), is_day_of_the_year);
  if (!right || out.not_counted.size() > 31)
    version.mistake("not_counted", "expected at most 31 days of the year, as [\"12-25\"]");
  if (!out.not_counted.empty() && out.span.hours == 0) version.mistake("not_counted", "expected only beside `hours`");
}

void read(Definition& version, ClockVersion& out) {
  out.where = predicate_of(version, "where");
  out.done = predicate_of(version, "done");
  out.span = span_of(version);
  read_not_counted(version, out);
  out.field = version.text_or("field", "");
  if (out.span.empty() && out.field.empty())
    version.mistake("months", "is required: months, days, working_days or hours; or field, a date of the event's own");
  if (!out.field.empty() && !(out.where.has_field(out.field) && is_date_field(out.field)))
    version.mistake("field", "expected a field of the body that `where` names, which holds a date");
  out.joined_by = version.text_or("joined_by", "record");
  if (out.joined_by != "record" && out.joined_by != "link" && out.joined_by != "person")
    version.mistake("joined_by", "expected \"record\", \"link\" or \"person\"");
  if (out.joined_by == "link" || version.has("rel")) out.rel = rel_of(version);
  out.warn_days = static_cast<int>(version.integer_or("warn_days", 31, 0, 3660));
  out.lapses_months = static_cast<int>(version.integer_or("lapses_months", 0, 0, 600));
}

// So many hours later. On days that are not counted the clock stands still.
Instant hours_end(const ClockVersion& version, const v1::Event& event) {
  Instant end{time_of(event).us + version.span.hours * kHourUs};
  if (version.not_counted.empty()) return end;
  for (Date day = local_date(time_of(event)); local_midnight(day) < end; day = plus_days(day, 1)) {
    const std::string in_year = to_iso(day).substr(5);
    if (std::find(version.not_counted.begin(), version.not_counted.end(), in_year) == version.not_counted.end())
      continue;
    const Instant from = std::max(time_of(event), local_midnight(day));
    end.us += local_midnight(plus_days(day, 1)).us - from.us;
  }
  return end;
}

// The date that the event itself gives, else by the rule's own length of time.
Date due_on(const ClockInput& input, const ClockVersion& version, const v1::Event& event) {
  if (!version.field.empty()) {
    const std::vector<std::string> given = values_of(event, version.field, input.areas);
    const Result<Date> date = parse_date(given.empty() ? std::string() : given.front());
    if (date.ok()) return *date;
  }
  if (version.span.hours > 0) return local_date(hours_end(version, event));
  return after(local_date(time_of(event)), version.span, input.working_days);
}

bool is_past(const ClockInput& input, const ClockVersion& version, const v1::Event& event, Date due, Instant then) {
  if (version.span.hours > 0 && version.field.empty()) return hours_end(version, event) < then;
  return local_date(then) > due || (then == input.end && due < input.on);
}

ClockFinding finding_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version,
                        const v1::Event& event) {
  ClockFinding finding = finding_about(input, event);
  finding.began = local_date(time_of(event));
  finding.date = due_on(input, version, event);
  const std::string began = event_phrase(event.facts()) + " on " + to_words(finding.began);
  if (const v1::Event* done = ended_by(input, version, event)) {
    finding.events.push_back(done);
    const bool late = is_past(input, version, event, finding.date, time_of(*done));
    finding.state = late ? "done-late" : "done";
    finding.text = rule.title + ": due " + to_words(finding.date) + ", done on " +
                   to_words(local_date(time_of(*done))) + (late ? ", late" : "") + " (" + began + ").";
    return finding;
  }
  finding.late = is_past(input, version, event, finding.date, input.end);
  const bool lapsed = version.lapses_months > 0 && plus_months(finding.date, version.lapses_months) <= input.on;
  finding.open = !lapsed && (finding.late || finding.date <= plus_days(input.on, version.warn_days));
  finding.state = lapsed ? "lapsed" : finding.late ? "overdue" : finding.open ? "due" : "running";
  finding.text = rule.title + ": " + (finding.late ? "overdue since " : "due ") +
                 day_and_distance(input, finding.date) + " (" + began + ").";
  return finding;
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope) {
  return input.that_may_match({&version.where});
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t record,
          ClockFindings& findings) {
  const v1::Event* began = nullptr;  // of stages that start it, the latest
  for (const v1::Event* stage : stages_before(input, record))
    if (version.where.matches(*stage, input.areas) && (began == nullptr || earlier(began, stage))) began = stage;
  if (began != nullptr) findings.push_back(finding_of(input, rule, version, *began));
}

}  // namespace

const ClockKind kDeadlineClock = {.name = "deadline",
                                  .read = read,
                                  .may_concern = may_concern,
                                  .find = find,
                                  .states = {"running", "due", "overdue", "lapsed", "done", "done-late"}};

}  // namespace moot
