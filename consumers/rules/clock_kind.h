// The kinds of clock that a rule pack can have, one in a file of its own, all of them in the table clock_kinds(). A new
// clock of a kind that is here needs no code.
//
// Which version of a clock holds is told by the day on which it began: the day of the notice, of the camera, of the
// report that made the number full. A clock that began under an earlier rule runs out under it.
// Thread: constants and pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/agenda/case_history.h"
#include "consumers/casebook/case_set.h"
#include "consumers/report/event_values.h"
#include "consumers/rules/rule_pack.h"

namespace moot {

// All that a clock finds; or only what asks for attention on the day: an agenda tells of nothing else, and what was
// done, has lapsed or is far away need not be looked at, which is most of a long history.
enum class ClockScope { kAll, kOpen };

// What clocks are worked out from. All outlive it. Only what happened before `on` counts.
// Thread: one; links are looked at when they are first asked for.
struct ClockInput {
  const CaseSet& set;
  const Partnership& partnership;
  const AreaNames& areas;
  const WorkingDays& working_days;
  Date on;
  Instant end;  // local midnight of `on`

  ClockInput(const CaseSet& cases, const Partnership& its_partnership, const AreaNames& area_names,
             const WorkingDays& days, Date day);
  // The records with a link of the kind to the event's record, by (source, id).
  std::vector<std::size_t> linking_to(const v1::Event& event, const std::string& rel) const;
  std::size_t position(const v1::Event& event) const;
  // Whose matter the record is (casebook/whose_matter.h), where it names anybody who is known by more than a role.
  std::optional<std::size_t> whose_matter(std::size_t record) const;
  bool is_matter_of(const Mention& mention) const;
  // The records of which some version may match one of these: positions, each once, in no order. Where there is a
  // `from`, those alone of which a version may be of then or later.
  std::vector<std::size_t> that_may_match(const std::vector<const Predicate*>& some,
                                          std::optional<Instant> from = {}) const;
  // People whom such records name: positions in persons(), each once.
  std::vector<std::size_t> people_of(const std::vector<std::size_t>& records) const;
  // Whether anything that began before `on` can be under this version.
  bool may_begin(const ClockVersion& version) const { return version.validity.from < on; }

 private:
  using Links = std::unordered_multimap<std::size_t, std::size_t>;  // positions in records(), by where they link to
  const Links& links(const std::string& rel) const;
  bool may_match(const Predicate& predicate, std::size_t record) const;  // as it now is
  mutable std::map<std::string, Links> links_;                           // by the kind of link
  mutable v1::Facts facts_;                                              // of one record after the other
};

// What one clock says of one case.
struct ClockFinding {
  std::string clock;  // its id
  std::string rule;   // its id and version
  std::string case_id;
  std::string kind;  // "person", "place" or "record"
  std::string title;
  std::optional<std::size_t> person;  // position in CaseSet::persons()
  std::string area;
  Date began;
  Date date;          // the day that counts: due, expires, was reached
  std::string state;  // README, "Rule packs"
  bool open = false;  // it asks for attention on `on`
  bool late = false;  // and is past its day
  std::string text;   // a sentence
  Events events;
};

using ClockFindings = std::vector<ClockFinding>;

// What a clock says is worked out for one record after the other, or for one person after the other: by position. That
// of one rests on what CaseSet::find(), find_position() and person_at() give, on linking_to(), on the person's own
// records, and on nothing else: on that rests which are worked out again after a change (kept_findings.h).
struct ClockKind {
  std::string_view name;
  // Asks for the kind's own keys, and no others.
  void (*read)(Definition& version, ClockVersion& out) = nullptr;
  bool of_people = false;
  // The records or people of which it may say anything; with kOpen, anything that asks for attention.
  std::vector<std::size_t> (*may_concern)(const ClockInput& input, const ClockVersion& version,
                                          ClockScope scope) = nullptr;
  // Adds what it says of one; of whatever it does not concern that is nothing.
  void (*find)(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t one,
               ClockFindings& findings) = nullptr;
  // Adds what it says of what is no record and nobody: places.
  void (*find_rest)(const ClockInput& input, const ClockRule& rule, const ClockVersion& version,
                    ClockFindings& findings) = nullptr;
  std::vector<std::string_view> states;  // that its findings can have
};

extern const ClockKind kBandsClock;
extern const ClockKind kDeadlineClock;
extern const ClockKind kEscalationClock;
extern const ClockKind kExpiryClock;
extern const ClockKind kRepeatClock;
extern const ClockKind kThresholdClock;

const std::vector<const ClockKind*>& clock_kinds();

// What a clock says on the day, of every case: by date, then case.
ClockFindings findings_of(const ClockInput& input, const ClockRule& rule, ClockScope scope = ClockScope::kAll);
// The same of findings of single records and people, of any of the rule's versions.
ClockFindings put_together(ClockFindings findings);
// Of those one version found, what is under it, and of its scope: each told which rule it is of.
void keep_what_holds(const ClockRule& rule, const ClockVersion& version, ClockScope scope, ClockFindings& findings);

std::string area_name(const Partnership& partnership, const std::string& code);
// "PSPO N18-011, Thame and Henley": what it is, the publisher's own number, where. A subject is never a name.
std::string title_of_record(const Partnership& partnership, const v1::Event& event);

// For kinds.
Predicate predicate_of(Definition& version, std::string_view key);  // required
std::string rel_of(Definition& version);                            // "rel", a kind of link, which is required
TimeSpan span_of(Definition& version);                              // "months", "days", "working_days", "hours"
// A finding about the first person the event names, else about its record.
ClockFinding finding_about(const ClockInput& input, const v1::Event& event);
ClockFinding finding_about_person(const ClockInput& input, std::size_t person);
// "5 August 2020, in 3 working days", "… , 12 days ago", "… , today".
std::string day_and_distance(const ClockInput& input, Date date);
// Of the record, the state just before `on`; nullptr where there was none.
const v1::Event* state_before(const ClockInput& input, std::size_t record);
// Of each stage that the record had gone through by then, its latest version.
Events stages_before(const ClockInput& input, std::size_t record);
// An event that `done` matches, at or after the one that began, and belongs to it as the version says; the first.
const v1::Event* ended_by(const ClockInput& input, const ClockVersion& version, const v1::Event& began);

}  // namespace moot
