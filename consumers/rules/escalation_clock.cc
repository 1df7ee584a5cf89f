// Kind "escalation": steps that follow one another, each linked to the one before, over however many years: a warning,
// the notice that came of it, the penalty for its breach. One finding for each chain, with the next lawful step.
#include <algorithm>
#include <set>

#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

void read(Definition& version, ClockVersion& out) {
  out.rel = rel_of(version);
  if (version.has("done")) out.done = predicate_of(version, "done");
  out.warn_days = static_cast<int>(version.integer_or("open_days", 365, 0, 36'600));
  for (Definition& table : version.tables("step")) {
    EscalationStep step;
    step.title = table.text("title");
    step.where = predicate_of(table, "where");
    step.next = table.text_or("next", "");
    step.needed = table.flag_or("needed", false);
    out.steps.push_back(std::move(step));
  }
  constexpr std::size_t kMost = 4;  // "step-4" is the last state that a finding can have
  if (out.steps.size() > kMost) version.mistake("step", "expected at most four steps");
  if (out.steps.size() < 2) version.mistake("step", "is required: at least two [[clock.version.step]], lowest first");
  out.joined_by = "link";
}

struct Taken {
  std::size_t step = 0;  // in ClockVersion::steps
  const v1::Event* event = nullptr;
};

std::optional<std::size_t> step_of(const ClockInput& input, const ClockVersion& version, const v1::Event& event) {
  for (std::size_t i = 0; i < version.steps.size(); ++i)
    if (version.steps[i].where.matches(event, input.areas)) return i;
  return std::nullopt;
}

// The stage of the record that is a step, if any is.
std::optional<Taken> taken_by(const ClockInput& input, const ClockVersion& version, std::size_t record) {
  std::optional<Taken> taken;
  for (const v1::Event* stage : stages_before(input, record))
    if (const auto step = step_of(input, version, *stage); step && (!taken || *step >= taken->step))
      taken = Taken{*step, stage};
  return taken;
}

// The step that this one comes of; it is lower, so that no chain goes round.
std::optional<Taken> step_before(const ClockInput& input, const ClockVersion& version, const Taken& taken) {
  for (const v1::Link& link : taken.event->envelope().links()) {
    if (link.rel() != version.rel) continue;
    const std::optional<std::size_t> record = input.set.find_position(link.source(), link.id());
    if (!record) continue;
    const std::optional<Taken> before = taken_by(input, version, *record);
    if (before && before->step < taken.step) return before;
  }
  return std::nullopt;
}

bool is_followed(const ClockInput& input, const ClockVersion& version, const Taken& taken) {
  const std::vector<std::size_t> followers = input.linking_to(*taken.event, version.rel);
  return std::any_of(followers.begin(), followers.end(), [&](std::size_t record) {
    const std::optional<Taken> later = taken_by(input, version, record);
    return later && later->step > taken.step;
  });
}

std::string told(const EscalationStep& step, const v1::Event& event) {
  return step.title + " on " + to_words(local_date(time_of(event)));
}

ClockFinding finding_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version,
                        const Taken& highest) {
  std::vector<Taken> chain = {highest};  // highest first
  while (const std::optional<Taken> before = step_before(input, version, chain.back())) chain.push_back(*before);
  std::reverse(chain.begin(), chain.end());
  ClockFinding finding = finding_about(input, *highest.event);
  finding.began = local_date(time_of(*highest.event));
  finding.date = finding.began;
  finding.events.clear();
  std::set<std::size_t> steps;
  std::vector<std::string> words, missing;
  for (const Taken& taken : chain) {
    finding.events.push_back(taken.event);
    words.push_back(told(version.steps[taken.step], *taken.event));
    steps.insert(taken.step);
  }
  for (std::size_t step = 0; step < highest.step; ++step)
    if (version.steps[step].needed && !steps.contains(step)) missing.push_back(version.steps[step].title);
  finding.text = rule.title + ": " + in_list(words, "then");
  const v1::Event* done = ended_by(input, version, *highest.event);
  if (done != nullptr) {
    finding.events.push_back(done);
    finding.text += ", " + event_phrase(done->facts()) + " on " + to_words(local_date(time_of(*done)));
  }
  finding.text += ".";
  const bool top = highest.step + 1 == version.steps.size();
  const EscalationStep& step = version.steps[highest.step];
  const std::string next = !step.next.empty() ? step.next : top ? "" : version.steps[highest.step + 1].title;
  if (done == nullptr && !next.empty()) finding.text += " Next lawful step: " + next + ".";
  if (!missing.empty()) finding.text += " Not on record before it: " + in_list(missing) + ".";
  finding.open = done == nullptr && plus_days(finding.date, version.warn_days) > input.on;
  finding.state = !missing.empty()  ? "step-missing"
                  : done != nullptr ? "ended"
                                    : "step-" + std::to_string(highest.step + 1);
  return finding;
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope scope) {
  std::vector<const Predicate*> steps;
  for (const EscalationStep& step : version.steps) steps.push_back(&step.where);
  std::optional<Instant> from;  // before it no step is open any more
  if (scope == ClockScope::kOpen) from = local_midnight(plus_days(input.on, -version.warn_days));
  return input.that_may_match(steps, from);
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t record,
          ClockFindings& findings) {
  const std::optional<Taken> taken = taken_by(input, version, record);
  if (taken && !is_followed(input, version, *taken)) findings.push_back(finding_of(input, rule, version, *taken));
}

}  // namespace

const ClockKind kEscalationClock = {.name = "escalation",
                                    .read = read,
                                    .may_concern = may_concern,
                                    .find = find,
                                    .states = {"step-1", "step-2", "step-3", "step-4", "step-missing", "ended"}};

}  // namespace moot
