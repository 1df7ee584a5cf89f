#include "consumers/rules/clock_kind.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>

#include "broker/core/event_rules.h"
#include "consumers/agenda/agenda_item.h"
#include "consumers/casebook/whose_matter.h"
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

// By what is said, and of what says the same by the records it rests on: positions in the set tell no order.
bool stands_before(const ClockFinding& a, const ClockFinding& b) {
  const auto said = [](const ClockFinding& one) {
    return std::tie(one.date, one.case_id, one.began, one.text, one.state, one.open);
  };
  if (said(a) != said(b)) return said(a) < said(b);
  return std::lexicographical_compare(a.events.begin(), a.events.end(), b.events.begin(), b.events.end(),
                                      [](const v1::Event* x, const v1::Event* y) {
                                        const v1::Envelope &one = x->envelope(), &other = y->envelope();
                                        return std::tie(one.source(), one.id()) < std::tie(other.source(), other.id());
                                      });
}

// Two records that say the same of one case, such as two forms of one day, are one finding.
ClockFindings each_once(ClockFindings sorted) {
  ClockFindings once;
  for (ClockFinding& finding : sorted) {
    const bool same = !once.empty() && once.back().case_id == finding.case_id && once.back().text == finding.text &&
                      once.back().state == finding.state && once.back().open == finding.open;
    if (!same) {
      once.push_back(std::move(finding));
      continue;
    }
    once.back().events.insert(once.back().events.end(), finding.events.begin(), finding.events.end());
    sort_once(once.back().events);
  }
  return once;
}

}  // namespace

const std::vector<const ClockKind*>& clock_kinds() {
  static const std::vector<const ClockKind*> kKinds = {&kDeadlineClock,  &kExpiryClock, &kEscalationClock,
                                                       &kThresholdClock, &kRepeatClock, &kBandsClock};
  return kKinds;
}

std::string area_name(const Partnership& partnership, const std::string& code) {
  for (const Area& area : partnership.areas)
    if (area.code == code) return area.name;
  return code_as_name(code);
}

std::string title_of_record(const Partnership& partnership, const v1::Event& event) {
  const v1::Facts& facts = event.facts();
  std::string what;
  if (facts.has_order()) what = code_as_name(facts.order().power());
  if (facts.has_referral()) what = code_as_name(facts.referral().scheme());
  if (facts.has_review()) what = code_as_name(facts.review().kind());
  if (what.empty()) what = capitalised(code_as_words(body_name(facts)));
  const std::string& subject = event.envelope().subject();
  const std::string title = what + " " + (subject.empty() ? record_of(event.envelope()) : subject);
  const std::string& area = event.envelope().area();
  return area.empty() ? title : title + ", " + area_name(partnership, area);
}

ClockInput::ClockInput(const CaseSet& cases, const Partnership& its_partnership, const AreaNames& area_names,
                       const WorkingDays& days, Date day)
    : set(cases),
      partnership(its_partnership),
      areas(area_names),
      working_days(days),
      on(day),
      end(local_midnight(day)) {}

// A link may be to any version of a record. Whoever asks for the links to one notes that: nothing rests on all of them.
const ClockInput::Links& ClockInput::links(const std::string& rel) const {
  const auto [place, is_new] = links_.try_emplace(rel);
  if (!is_new) return place->second;
  for (const std::uint32_t i : set.records().linking_as(rel))
    for (const v1::Link& link : set.records()[i]->envelope().links())
      if (link.rel() == rel)
        if (const std::optional<std::size_t> target = set.records().find(link.source(), link.id()))
          place->second.emplace(*target, i);
  return place->second;
}

std::vector<std::size_t> ClockInput::linking_to(const v1::Event& event, const std::string& rel) const {
  const auto current = set.find_position(event.envelope().source(), event.envelope().id());
  if (!current) return {};
  set.note_links_to(*current);
  const auto range = links(rel).equal_range(*current);
  std::vector<std::size_t> found;
  for (auto at = range.first; at != range.second; ++at) found.push_back(at->second);
  std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) { return set.records().before(a, b); });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::size_t ClockInput::position(const v1::Event& event) const {
  const std::optional<std::size_t> found = set.find_position(event.envelope().source(), event.envelope().id());
  MOOT_CHECK(found.has_value());  // every event that clocks look at is a version of a record of the set
  return *found;
}

std::optional<std::size_t> ClockInput::whose_matter(std::size_t record) const {
  return set.person_at({record, first_whose_matter(*set.records()[record])});
}

bool ClockInput::is_matter_of(const Mention& mention) const {
  return moot::is_matter_of(set.record(mention), mention.index);
}

std::vector<std::size_t> ClockInput::that_may_match(const std::vector<const Predicate*>& some,
                                                    std::optional<Instant> from) const {
  const CaseRecords& records = set.records();
  // A record may have been of another body before, and its earlier versions of any time.
  std::vector<std::size_t> positions(records.with_history().begin(), records.with_history().end());
  for (const Predicate* predicate : some) {
    MOOT_CHECK(predicate->names_types());
    CaseRecords::Notes notes = records.notes("may match\x1f" + predicate->words());
    const auto may = [&](std::uint32_t position) {
      std::uint8_t& note = notes[position];
      if (note == 0) note = may_match(*predicate, position) ? 2 : 1;
      return note == 2;
    };
    for (const v1::Facts::BodyCase body : predicate->bodies()) {
      const auto those = from ? records.since(body, *from) : std::span(records.of_body(body));
      std::copy_if(those.begin(), those.end(), std::back_inserter(positions), may);
    }
  }
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

// An action may have from an earlier version what it does not say itself.
bool ClockInput::may_match(const Predicate& predicate, std::size_t record) const {
  if (set.records().body(record) == v1::Facts::kAction) return true;
  set.records().read_facts(record, facts_);
  return predicate.may_match(facts_);
}

std::vector<std::size_t> ClockInput::people_of(const std::vector<std::size_t>& records) const {
  std::vector<std::size_t> people;
  for (const std::size_t record : records)
    for (const std::size_t person : set.people_of(record, {})) people.push_back(person);
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return people;
}

void keep_what_holds(const ClockRule& rule, const ClockVersion& version, ClockScope scope, ClockFindings& findings) {
  std::erase_if(findings, [&](const ClockFinding& finding) {
    return !version.validity.holds_on(finding.began) || (scope == ClockScope::kOpen && !finding.open);
  });
  for (ClockFinding& finding : findings) {
    finding.clock = rule.id;
    finding.rule = rule.version_name(version);
  }
}

ClockFindings put_together(ClockFindings findings) {
  std::sort(findings.begin(), findings.end(), stands_before);
  return each_once(std::move(findings));
}

ClockFindings findings_of(const ClockInput& input, const ClockRule& rule, ClockScope scope) {
  ClockFindings all;
  for (const ClockVersion& version : rule.versions) {
    ClockFindings of_version;
    for (const std::size_t one : rule.kind->may_concern(input, version, scope))
      rule.kind->find(input, rule, version, one, of_version);
    if (rule.kind->find_rest != nullptr) rule.kind->find_rest(input, rule, version, of_version);
    keep_what_holds(rule, version, scope, of_version);
    std::move(of_version.begin(), of_version.end(), std::back_inserter(all));
  }
  return put_together(std::move(all));
}

Predicate predicate_of(Definition& version, std::string_view key) {
  if (std::optional<Definition> table = version.table(key)) return Predicate::read(*table);
  version.mistake(key, "is required: a table that says which events, as [clock.version." + std::string(key) + "]");
  return {};
}

std::string rel_of(Definition& version) {
  std::string rel = version.text("rel");
  if (!rel.empty()) expect_codes(version, "rel", {rel});
  return rel;
}

TimeSpan span_of(Definition& version) {
  TimeSpan span;
  span.months = static_cast<int>(version.integer_or("months", 0, 0, 600));
  span.days = static_cast<int>(version.integer_or("days", 0, 0, 36'600));
  span.working_days = static_cast<int>(version.integer_or("working_days", 0, 0, 1000));
  span.hours = static_cast<int>(version.integer_or("hours", 0, 0, 8760));
  return span;
}

ClockFinding finding_about_person(const ClockInput& input, std::size_t person) {
  ClockFinding finding;
  finding.person = person;
  finding.case_id = input.set.persons()[person].id;
  finding.kind = "person";
  finding.title = title_of(input.set.persons()[person]);
  return finding;
}

ClockFinding finding_about(const ClockInput& input, const v1::Event& event) {
  const std::size_t record = input.position(event);
  ClockFinding finding;
  if (const std::optional<std::size_t> person = input.whose_matter(record)) {
    finding = finding_about_person(input, *person);
  } else {
    finding.case_id = input.set.case_of_record(record);
    finding.kind = "record";
    finding.title = title_of_record(input.partnership, event);
  }
  finding.area = input.areas.code_of(event.envelope().area());
  finding.events = {&event};
  return finding;
}

std::string day_and_distance(const ClockInput& input, Date date) {
  const std::int64_t days = days_since_epoch(date) - days_since_epoch(input.on);
  if (days == 0) return to_words(date) + ", the day of the meeting";
  const bool holidays_known = input.working_days.id().empty() || input.working_days.covers(date);
  const std::string not_known = holidays_known ? "" : " (bank holidays not known)";
  if (days < 0)
    return to_words(date) + ", " + counted(static_cast<std::size_t>(-days), "day") + " before the meeting" + not_known;
  const int working = input.working_days.between(input.on, date);
  std::string text = to_words(date) + ", in ";
  text += working > 0 ? counted(static_cast<std::size_t>(working), "working day")
                      : counted(static_cast<std::size_t>(days), "day") + ", none of them a working day";
  return text + not_known;
}

const v1::Event* state_before(const ClockInput& input, std::size_t record) {
  for (const v1::Event* version : input.set.versions_of(record))
    if (time_of(*version) < input.end) return version;
  return nullptr;
}

Events stages_before(const ClockInput& input, std::size_t record) {
  std::vector<std::string> seen;
  Events stages;
  for (const v1::Event* version : input.set.versions_of(record)) {
    if (time_of(*version) >= input.end) continue;
    std::string stage = stage_name(version->facts());
    if (stage == "withdrawn" || std::find(seen.begin(), seen.end(), stage) != seen.end()) continue;
    seen.push_back(std::move(stage));
    stages.push_back(version);
  }
  return stages;
}

const v1::Event* ended_by(const ClockInput& input, const ClockVersion& version, const v1::Event& began) {
  if (!version.done) return nullptr;
  const std::size_t record = input.position(began);
  std::vector<std::size_t> candidates;
  if (version.joined_by == "record") candidates = {record};
  if (version.joined_by == "link") candidates = input.linking_to(began, version.rel);
  if (version.joined_by == "person") {
    if (const std::optional<std::size_t> person = input.whose_matter(record))
      for (const Mention& mention : input.set.persons()[*person].mentions)
        if (input.is_matter_of(mention)) candidates.push_back(mention.record);
  }
  const v1::Event* first = nullptr;
  for (const std::size_t candidate : candidates) {
    for (const v1::Event* stage : stages_before(input, candidate)) {
      const bool later =
          version.joined_by == "person" ? time_of(*stage) > time_of(began) : time_of(*stage) >= time_of(began);
      if (stage == &began || !later || !version.done->matches(*stage, input.areas)) continue;
      if (first == nullptr || earlier(stage, first)) first = stage;
    }
  }
  return first;
}

}  // namespace moot
