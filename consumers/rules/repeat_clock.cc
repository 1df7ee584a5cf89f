// Kind "repeat": something of a person happens again within so long after something else. A case that was at MARAC, and
// abuse reported within twelve months of it: it goes back. What has not come again by then leaves the list.
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"
#include "consumers/rules/clock_kind.h"
#include "consumers/rules/same_incident.h"

namespace moot {
namespace {

void read(Definition& version, ClockVersion& out) {
  out.where = predicate_of(version, "where");
  out.after = predicate_of(version, "after");
  out.span = span_of(version);
  if (out.span.empty())
    version.mistake("months", "is required: months, days or working_days, how long a repeat is one");
  out.roles = codes_of(version, "roles");
  if (std::optional<Definition> same = version.table("same_incident")) {
    out.same.hours = static_cast<int>(same->integer("hours", 1, 24 * 31));
    out.same.metres = static_cast<int>(same->integer_or("metres", 0, 0, 100'000));
  }
  out.warn_days = static_cast<int>(version.integer_or("warn_days", 0, 0, 3660));
}

struct Told {
  Events first;    // what a repeat follows, by time
  Events repeats;  // by time
};

Told told_of(const ClockInput& input, const ClockVersion& version, const PersonCase& person) {
  Told told;
  const CaseRecords& records = input.set.records();
  for (const Mention& mention : person.mentions) {
    const v1::Facts::BodyCase body = records.body(mention.record);
    if (!records.has_history(mention.record) && !version.after->is_of_body(body) && !version.where.is_of_body(body))
      continue;
    const bool is_theirs = input.is_matter_of(mention);
    for (const v1::Event* stage : stages_before(input, mention.record))
      if (is_theirs && version.after->matches(*stage, input.areas)) told.first.push_back(stage);
    const v1::Event* state = state_before(input, mention.record);
    if (state != nullptr && is_in(version.roles, input.set.person(mention).role()) &&
        version.where.matches(*state, input.areas))
      told.repeats.push_back(state);
  }
  sort_once(told.first);
  sort_once(told.repeats);
  return told;
}

ClockFinding finding_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t person,
                        const Told& told, std::size_t place) {
  const v1::Event& first = *told.first[place];
  const Date began = local_date(time_of(first));
  const Date until = after(began, version.span, input.working_days);
  const v1::Event* again = place + 1 < told.first.size() ? told.first[place + 1] : nullptr;
  Events repeats;
  for (const v1::Event* event : told.repeats)
    if (earlier(&first, event) && local_date(time_of(*event)) < until && (again == nullptr || earlier(event, again)))
      repeats.push_back(event);
  const std::vector<Occurrence> incidents =
      incidents_in(input.set, repeats, version.same, &input.set.persons()[person]);
  ClockFinding finding = finding_about_person(input, person);
  finding.area = input.areas.code_of(first.envelope().area());
  finding.events = {&first};
  const std::string since = event_phrase(first.facts()) + " on " + to_words(began);
  if (incidents.empty()) {
    finding.began = began;
    finding.date = until;
    const bool over = until <= input.on;
    finding.state = again != nullptr ? "done" : over ? "lapsed" : "watched";
    finding.open = finding.state == "watched" && until <= plus_days(input.on, version.warn_days);
    finding.text = rule.title + ": none within " + to_words(version.span) + " of the " + since + "; until " +
                   to_words(until) + ".";
    return finding;
  }
  // By the rule of the day on which it came again.
  finding.began = finding.date = local_date(time_of(*incidents.front().first));
  for (const Occurrence& incident : incidents)
    finding.events.insert(finding.events.end(), incident.reports.begin(), incident.reports.end());
  finding.text = rule.title + ": " + counted(incidents.size(), "incident") + " within " + to_words(version.span) +
                 " of the " + since + ", the first on " + to_words(finding.date) + ".";
  finding.state = again == nullptr ? "repeat" : "done";
  finding.open = again == nullptr;
  if (again == nullptr) return finding;
  finding.events.push_back(again);
  finding.text += " Again: " + event_phrase(again->facts()) + " on " + to_words(local_date(time_of(*again))) + ".";
  return finding;
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope) {
  if (!input.may_begin(version)) return {};
  return input.people_of(input.that_may_match({&*version.after}));
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t person,
          ClockFindings& findings) {
  if (!input.may_begin(version)) return;
  const Told told = told_of(input, version, input.set.persons()[person]);
  for (std::size_t place = 0; place < told.first.size(); ++place)
    findings.push_back(finding_of(input, rule, version, person, told, place));
}

}  // namespace

const ClockKind kRepeatClock = {.name = "repeat",
                                .read = read,
                                .of_people = true,
                                .may_concern = may_concern,
                                .find = find,
                                .states = {"watched", "repeat", "lapsed", "done"}};

}  // namespace moot
