// Kind "threshold": so many incidents, reported by one person or at one place, in so many months. The case review's
// three qualifying complaints; the two reports after which a victim must be told of it.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "consumers/document/phrase.h"
#include "consumers/linkage/normal_place.h"
#include "consumers/report/codes.h"
#include "consumers/rules/clock_kind.h"
#include "consumers/rules/same_incident.h"

namespace moot {
namespace {

void read(Definition& version, ClockVersion& out) {
  out.where = predicate_of(version, "where");
  out.count = static_cast<int>(version.integer("count", 1, 1000));
  out.months = static_cast<int>(version.integer("within_months", 1, 120));
  out.reported_within_months = static_cast<int>(version.integer_or("reported_within_months", 0, 0, 120));
  out.roles = codes_of(version, "roles");
  const std::string of = version.text_or("of", "person");
  out.of_place = of == "place";
  if (of != "person" && of != "place") version.mistake("of", "expected \"person\" or \"place\"");
  out.people_min = static_cast<int>(version.integer_or("people_min", 0, 0, 1000));
  if (out.people_min > 0 && !out.of_place) version.mistake("people_min", "is of a place: of = \"place\"");
  if (std::optional<Definition> same = version.table("same_incident")) {
    out.same.hours = static_cast<int>(same->integer("hours", 1, 24 * 31));
    out.same.metres = static_cast<int>(same->integer_or("metres", 0, 0, 100'000));
  }
  if (version.has("done")) out.done = predicate_of(version, "done");
  out.joined_by = "person";
  out.span = span_of(version);
  if (!out.span.empty() && !out.done) version.mistake("done", "is required: what shows that it was done in that time");
}

// When the complaint was made: when its agency wrote it down; when it happened, where that is not supplied.
Date complained(const v1::Event& report) {
  if (!report.envelope().has_known_time()) return local_date(time_of(report));
  return std::max(local_date(time_of(report)), local_date(from_proto(report.envelope().known_time())));
}

// "Within one month beginning with the day": the same day of the next month is too late.
bool qualifies(const ClockVersion& version, const v1::Event& report) {
  return version.reported_within_months == 0 ||
         complained(report) < end_of_months(local_date(time_of(report)), version.reported_within_months);
}

// Whose complaints, or which place's.
struct Complaints {
  std::optional<std::size_t> person;
  std::string place, written;  // the place as its first record writes it
  std::size_t written_in = 0;  // position of that
  Events reports;
};

bool is_counted(const ClockInput& input, const ClockVersion& version, const v1::Event& event) {
  return time_of(event) < input.end && version.where.matches(event, input.areas) && complained(event) < input.on &&
         qualifies(version, event);
}

// Who may have complained so often. For whom the number is full on the day, each of so many incidents has a complaint
// of the months that are counted, about what happened no longer before than complaints are waited for.
std::vector<std::size_t> who_may_have(const ClockInput& input, const ClockVersion& version, ClockScope scope) {
  std::optional<Instant> from;
  if (scope == ClockScope::kOpen && version.reported_within_months > 0)  // months differ by three days
    from = local_midnight(plus_days(plus_months(input.on, -version.months - version.reported_within_months), -3));
  std::unordered_map<std::size_t, int> complaints;
  for (const std::size_t record : input.that_may_match({&version.where}, from))
    for (const std::size_t person : input.set.people_of(record, {})) ++complaints[person];
  std::vector<std::size_t> people;
  for (const auto& [person, count] : complaints)
    if (count >= version.count) people.push_back(person);
  std::sort(people.begin(), people.end());
  return people;
}

Complaints of_person(const ClockInput& input, const ClockVersion& version, std::size_t person) {
  Complaints complaints{person, {}, {}, 0, {}};
  for (const Mention& mention : input.set.persons()[person].mentions)
    if (version.where.is_of_body(input.set.records().body(mention.record)) &&
        is_in(version.roles, input.set.person(mention).role()) && is_counted(input, version, input.set.record(mention)))
      complaints.reports.push_back(&input.set.record(mention));
  sort_once(complaints.reports);
  return complaints;
}

std::vector<Complaints> of_places(const ClockInput& input, const ClockVersion& version) {
  std::map<std::string, Complaints> places;
  for (std::size_t record = 0; record < input.set.records().size(); ++record) {
    if (!input.set.records().is_there(record) || !version.where.is_of_body(input.set.records().body(record))) continue;
    const v1::Event* event = input.set.records()[record];
    if (!is_counted(input, version, *event)) continue;
    for (const v1::Place& place : event->personal().places()) {
      const NormalPlace normal = normal_place(place.address(), event->envelope().area());
      if (normal.key.empty()) continue;
      Complaints& complaints = places[normal.key];
      complaints.place = normal.key;
      if (complaints.reports.empty() || input.set.records().before(record, complaints.written_in)) {
        complaints.written = normal.written;
        complaints.written_in = record;
      }
      complaints.reports.push_back(event);
    }
  }
  std::vector<Complaints> all;
  for (auto& [key, complaints] : places) {
    sort_once(complaints.reports);
    if (complaints.reports.size() >= static_cast<std::size_t>(version.count)) all.push_back(std::move(complaints));
  }
  return all;
}

Date first_complaint(const Occurrence& incident) {
  Date first = complained(*incident.reports.front());
  for (const v1::Event* report : incident.reports) first = std::min(first, complained(*report));
  return first;
}

ClockFinding finding_about_complaints(const ClockInput& input, const Complaints& complaints) {
  if (complaints.person) return finding_about_person(input, *complaints.person);
  ClockFinding finding;
  finding.case_id = input.set.case_of_place(complaints.place);
  finding.kind = "place";
  finding.title = complaints.written;
  return finding;
}

// What became of it after the day on which the number was full.
void tell_state(const ClockInput& input, const ClockVersion& version, bool holds, ClockFinding& finding) {
  const v1::Event* done = nullptr;
  if (version.done && finding.person) {
    for (const Mention& mention : input.set.persons()[*finding.person].mentions) {
      if (!input.is_matter_of(mention)) continue;
      for (const v1::Event* stage : stages_before(input, mention.record)) {
        if (local_date(time_of(*stage)) < finding.began || !version.done->matches(*stage, input.areas)) continue;
        if (done == nullptr || earlier(stage, done)) done = stage;
      }
    }
  }
  if (!version.span.empty()) finding.date = after(finding.began, version.span, input.working_days);
  if (done != nullptr) {
    const bool late = !version.span.empty() && local_date(time_of(*done)) > finding.date;
    finding.events.push_back(done);
    finding.state = late ? "done-late" : "done";
    finding.text += " Done on " + to_words(local_date(time_of(*done))) + (late ? ", late." : ".");
    return;
  }
  finding.open = holds;
  if (version.span.empty() || !holds) {
    finding.state = holds ? "reached" : "lapsed";
    return;
  }
  finding.late = finding.date < input.on;
  finding.state = finding.late ? "overdue" : "due";
  finding.text += (finding.late ? " Overdue since " : " Due ") + day_and_distance(input, finding.date) + ".";
}

// A time during which the number was full: what it was first full with and, where it is so still, what it is full with
// on the day.
struct Fullness {
  std::vector<Occurrence> first;
  std::vector<Occurrence> now;  // empty = no longer
};

ClockFinding finding_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version,
                        const Complaints& complaints, const Fullness& fullness) {
  const bool holds = !fullness.now.empty();
  const std::vector<Occurrence>& shown = holds ? fullness.now : fullness.first;
  ClockFinding finding = finding_about_complaints(input, complaints);
  finding.began = first_complaint(fullness.first.back());
  finding.date = finding.began;
  std::set<std::string> agencies;
  for (const Occurrence& incident : shown)
    for (const v1::Event* report : incident.reports) {
      finding.events.push_back(report);
      agencies.insert(input.partnership.agency_name(report->envelope().agency()));
    }
  sort_once(finding.events);
  finding.area = input.areas.code_of(shown.back().first->envelope().area());
  finding.text = rule.title + ": " + counted(shown.size(), "incident") + " reported within " +
                 counted(static_cast<std::size_t>(version.months), "month") + ", the last on " +
                 to_words(first_complaint(shown.back())) + ", to " + in_list({agencies.begin(), agencies.end()}) +
                 "; enough since " + to_words(finding.began) + (holds ? "." : ", and no longer.");
  if (finding.events.size() > shown.size())
    finding.text += " " + counted(finding.events.size() - shown.size(), "report") +
                    " of an incident told before not counted again.";
  tell_state(input, version, holds, finding);
  return finding;
}

// The incidents complained of, as a version counts them, and when the number was full. Somebody or some place may have
// thousands: what is counted slides along, and each incident comes into it once and leaves it once.
class Counting {
 public:
  Counting(const ClockInput& input, const ClockVersion& version, const Complaints& complaints)
      : input_(input), version_(version) {
    const PersonCase* whose = complaints.person ? &input.set.persons()[*complaints.person] : nullptr;
    for (Occurrence& incident : incidents_in(input.set, complaints.reports, version.same, whose)) {
      const Date first = first_complaint(incident);
      incidents_.push_back({people_in(incident), std::move(incident), first, end_of_months(first, version.months)});
    }
    std::stable_sort(incidents_.begin(), incidents_.end(),
                     [](const Complained& a, const Complained& b) { return a.first < b.first; });
  }

  // Each time that the number is full: once, until there are fewer again. It begins with a complaint made while the
  // version holds, though those before may be older; and not while it is full by another version already.
  template <typename IsFullAlready>
  std::vector<Fullness> times_full(const IsFullAlready& is_full_already) const {
    std::vector<Fullness> times;
    std::optional<Fullness> fullness;
    Counted counted;
    for (std::size_t i = 0; i < incidents_.size(); ++i) {
      const Date day = incidents_[i].first;
      if (fullness && !is_full(counted, day, i)) {
        times.push_back(std::move(*fullness));
        fullness.reset();
      }
      if (!fullness && version_.validity.holds_on(day) && !is_full_already(day) && is_full(counted, day, i + 1))
        fullness = Fullness{occurrences(counted), {}};
    }
    if (!fullness) return times;
    if (is_full(counted, input_.on, incidents_.size())) fullness->now = occurrences(counted);
    times.push_back(std::move(*fullness));
    return times;
  }

  // Whether a time that began before the day, while the version held, goes on. Asked of days as they follow each other.
  bool is_full_on(Date day) const {
    const auto later = std::partition_point(incidents_.begin(), incidents_.end(),
                                            [&](const Complained& one) { return one.first < day; });
    const auto count = static_cast<std::size_t>(later - incidents_.begin());
    if (full_after_.empty()) look_through();
    return full_after_[count] && is_full(asked_, day, count);
  }

 private:
  struct Complained {
    std::vector<std::size_t> people;  // who reported it, each once; none where the rule does not ask for them
    Occurrence incident;
    Date first;
    Date until;  // the first day that counts it no more; never earlier than that of one before it
  };

  // What is counted: the incidents from the one until before the other, and of how many of them each person reported.
  struct Counted {
    std::size_t from = 0, to = 0;
    std::unordered_map<std::size_t, std::size_t> reported;
  };

  std::vector<std::size_t> people_in(const Occurrence& incident) const {
    if (version_.people_min == 0) return {};
    std::set<std::size_t> people;
    for (const v1::Event* report : incident.reports)
      for (const std::size_t person : input_.set.people_of(input_.position(*report), version_.roles))
        people.insert(person);
    return {people.begin(), people.end()};
  }

  // Whether the number is full on the day with the complaints so far, of the months that begin with the day of each;
  // `counted` is then what counts. It only ever slides on.
  bool is_full(Counted& counted, Date day, std::size_t count) const {
    MOOT_CHECK(count >= counted.to);
    for (; counted.to < count; ++counted.to)
      for (const std::size_t person : incidents_[counted.to].people) ++counted.reported[person];
    for (; counted.from < count && incidents_[counted.from].until <= day; ++counted.from)
      for (const std::size_t person : incidents_[counted.from].people)
        if (--counted.reported[person] == 0) counted.reported.erase(person);
    return count - counted.from >= static_cast<std::size_t>(version_.count) &&
           counted.reported.size() >= static_cast<std::size_t>(version_.people_min);
  }

  std::vector<Occurrence> occurrences(const Counted& counted) const {
    std::vector<Occurrence> all;
    for (std::size_t i = counted.from; i < counted.to; ++i) all.push_back(incidents_[i].incident);
    return all;
  }

  void look_through() const {
    full_after_.assign(incidents_.size() + 1, false);
    Counted counted;
    for (std::size_t i = 0; i < incidents_.size(); ++i) {
      const Date complaint = incidents_[i].first;
      const bool goes_on = full_after_[i] && is_full(counted, complaint, i);
      full_after_[i + 1] = goes_on || (version_.validity.holds_on(complaint) && is_full(counted, complaint, i + 1));
    }
  }

  const ClockInput& input_;
  const ClockVersion& version_;
  std::vector<Complained> incidents_;     // by the first complaint
  mutable std::vector<bool> full_after_;  // by how many complaints; empty = not looked through yet
  mutable Counted asked_;
};

// `earlier`: what the rule's earlier versions count of the same person or place.
void find_of(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, const Complaints& complaints,
             const std::vector<Counting>& earlier, ClockFindings& findings) {
  const auto is_full_already = [&](Date day) {
    return std::any_of(earlier.begin(), earlier.end(), [&](const Counting& one) { return one.is_full_on(day); });
  };
  for (const Fullness& fullness : Counting(input, version, complaints).times_full(is_full_already))
    findings.push_back(finding_of(input, rule, version, complaints, fullness));
}

std::vector<const ClockVersion*> earlier_than(const ClockRule& rule, const ClockVersion& version) {
  std::vector<const ClockVersion*> earlier;
  for (const ClockVersion& other : rule.versions)
    if (other.validity.from < version.validity.from && other.of_place == version.of_place) earlier.push_back(&other);
  return earlier;
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope scope) {
  if (version.of_place || !input.may_begin(version)) return {};
  return who_may_have(input, version, scope);
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t person,
          ClockFindings& findings) {
  if (version.of_place || !input.may_begin(version)) return;
  const Complaints complaints = of_person(input, version, person);
  if (complaints.reports.size() < static_cast<std::size_t>(version.count)) return;
  std::vector<Counting> earlier;
  for (const ClockVersion* other : earlier_than(rule, version))
    earlier.emplace_back(input, *other, of_person(input, *other, person));
  find_of(input, rule, version, complaints, earlier, findings);
}

void find_places(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, ClockFindings& findings) {
  if (!version.of_place || !input.may_begin(version)) return;
  const std::vector<Complaints> places = of_places(input, version);
  std::map<std::string, std::vector<Counting>> earlier;
  for (const ClockVersion* other : places.empty() ? std::vector<const ClockVersion*>() : earlier_than(rule, version))
    for (const Complaints& place : of_places(input, *other)) earlier[place.place].emplace_back(input, *other, place);
  for (const Complaints& place : places) find_of(input, rule, version, place, earlier[place.place], findings);
}

}  // namespace

const ClockKind kThresholdClock = {.name = "threshold",
                                   .read = read,
                                   .of_people = true,
                                   .may_concern = may_concern,
                                   .find = find,
                                   .find_rest = find_places,
                                   .states = {"reached", "lapsed", "due", "overdue", "done", "done-late"}};

}  // namespace moot
