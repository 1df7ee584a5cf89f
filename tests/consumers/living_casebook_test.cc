// A casebook that lives, with documents made from it while events come, says what one says that was folded at once from
// the same events: whatever came late, was superseded, taken back, decided or erased, and in whatever order.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "broker/core/event_rules.h"
#include "consumers/runtime/counts_from.h"
#include "tests/consumers/invented_years.h"

namespace moot {
namespace {

// Later versions of some of the events, decisions about who is who, people erased since, and some of it dated ahead.
class Changes {
 public:
  explicit Changes(std::vector<v1::Event> events) : events_(std::move(events)) {}

  std::vector<v1::Event> all() {
    const std::size_t first = events_.size();
    for (std::size_t i = 0; i < first; ++i) {
      if (events_[i].facts().has_contact() && i % 13 == 5) know_earlier(events_[i], 100 * 24 * kHourUs);
      if (events_[i].facts().has_contact() && i % 13 == 7) know_earlier(events_[i], 12 * kHourUs);
      const v1::Event event = events_[i];
      if (event.facts().has_incident() && i % 5 == 0) change(event, i % 15 == 0 ? "withdrawn" : "updated");
      if (event.facts().has_contact() && i % 7 == 0) decide(event, events_[(i + 1) % 100], i % 2 == 0);
      if (event.facts().has_contact() && i % 21 == 0) date_ahead(events_.back(), 90);
      if (event.facts().has_contact() && i % 29 == 0) erase(i);
      if (event.facts().has_incident() && i % 4 == 0) slip(event, i % 8 == 0, i % 12 == 0);
    }
    return std::move(events_);
  }

 private:
  void change(const v1::Event& event, const std::string& stage) {
    v1::Event later = event;
    v1::Envelope& envelope = *later.mutable_envelope();
    envelope.set_id(event.envelope().id() + "-later");
    envelope.set_record(event.envelope().id());
    envelope.set_revision(2);
    envelope.set_type("uk.csp.incident." + stage + ".v1");
    MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *later.mutable_facts()));
    later_by_days(later, 9);
    events_.push_back(std::move(later));
  }
  // A version dated half a year ahead, and perhaps another in its place soon.
  void slip(const v1::Event& event, bool withdrawn, bool put_right) {
    change(event, withdrawn ? "withdrawn" : "updated");
    events_.back().mutable_envelope()->set_id(event.envelope().id() + "-slip");
    date_ahead(events_.back(), 180);
    if (!put_right) return;
    change(event, "updated");
    events_.back().mutable_envelope()->set_id(event.envelope().id() + "-right");
    events_.back().mutable_envelope()->set_revision(3);
    later_by_days(events_.back(), 30);
  }
  void decide(const v1::Event& one, const v1::Event& other, bool linked) {
    v1::Event decision = make_event(linked ? "uk.csp.identity.linked.v1" : "uk.csp.identity.unlinked.v1", "operator",
                                    "d" + one.envelope().id(), "2020-01-01T09:00");
    *decision.mutable_envelope()->mutable_known_time() = one.envelope().known_time();
    later_by_days(decision, 30);
    *decision.mutable_envelope()->mutable_time() = to_proto(london("2023-12-01T09:00"));  // when it was decided
    add_link(decision, "record", one);
    add_link(decision, "record", other);
    events_.push_back(std::move(decision));
  }
  // As the broker gives out what was erased, and says whom the record named.
  void erase(std::size_t at) {
    v1::Event decision =
        make_event("uk.csp.identity.confirmed.v1", "operator", "g" + events_[at].envelope().id(), "2021-06-01T09:00");
    *decision.mutable_envelope()->mutable_known_time() = decision.envelope().time();
    decision.mutable_facts()->mutable_identity()->set_person("p-" + std::to_string(at));
    add_link(decision, "record", events_[at]);
    v1::Person& person = *events_[at].mutable_personal()->mutable_people(0);
    const std::string role = person.role();
    person.Clear();
    person.set_role(role);
    person.set_erased(true);
    events_.push_back(std::move(decision));
  }
  static void know_earlier(v1::Event& event, std::int64_t by_us) {
    v1::Envelope& envelope = *event.mutable_envelope();
    *envelope.mutable_known_time() = to_proto(Instant{from_proto(envelope.time()).us - by_us});
  }
  static void date_ahead(v1::Event& event, int days) {
    v1::Envelope& envelope = *event.mutable_envelope();
    envelope.set_backfill(true);
    *envelope.mutable_time() = to_proto(Instant{from_proto(envelope.known_time()).us + days * 24 * kHourUs});
  }
  static void later_by_days(v1::Event& event, int days) {
    v1::Envelope& envelope = *event.mutable_envelope();
    const Instant known{from_proto(envelope.known_time()).us + days * 24 * kHourUs};
    *envelope.mutable_time() = *envelope.mutable_known_time() = to_proto(known);
  }

  std::vector<v1::Event> events_;
};

const std::vector<v1::Event>& changing_years() {
  static const std::vector<v1::Event> kEvents = Changes(the_years()).all();
  return kEvents;
}

// The version of each record that stands as at an instant, worked out from the events alone: by source and record.
using Place = std::tuple<std::uint64_t, Instant, std::string>;

Place place_of(const v1::Envelope& version) { return {version.revision(), from_proto(version.time()), version.id()}; }

std::string record_named(const v1::Envelope& version) { return version.source() + "\n" + record_of(version); }

std::map<std::string, std::pair<Place, const v1::Event*>> latest_by(const std::vector<v1::Event>& events,
                                                                    Instant instant) {
  std::map<std::string, std::pair<Place, const v1::Event*>> latest;
  for (const v1::Event& event : events) {
    const v1::Envelope& envelope = event.envelope();
    if (event.facts().has_governance() || counts_from(envelope) > instant) continue;
    auto& last = latest[record_named(envelope)];
    if (last.second == nullptr || last.first < place_of(envelope)) last = {place_of(envelope), &event};
  }
  return latest;
}

std::string records_by(const std::vector<v1::Event>& events, Instant instant) {
  std::set<std::string> ids;
  for (const auto& [record, last] : latest_by(events, instant))
    if (stage_name(last.second->facts()) != "withdrawn" && !last.second->facts().has_identity())
      ids.insert(last.second->envelope().source() + " " + last.second->envelope().id());
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  return text;
}

bool is_ahead(const v1::Event& event) { return known_from(event.envelope()) < counts_from(event.envelope()); }

DatedAheadBy ahead_by(const std::vector<v1::Event>& events, Instant instant) {
  DatedAheadBy agencies;
  const auto latest = latest_by(events, instant);
  for (const v1::Event& event : events) {
    const v1::Envelope& envelope = event.envelope();
    if (known_from(envelope) > instant || counts_from(envelope) <= instant) continue;
    const auto last = latest.find(record_named(envelope));
    if (last != latest.end() && place_of(envelope) < last->second.first) continue;
    agencies[envelope.agency()].add(from_proto(envelope.time()));
  }
  return agencies;
}

std::string records_of(const CaseSet& set) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < set.records().size(); ++i)
    if (set.records().is_there(i))
      ids.insert(set.records()[i]->envelope().source() + " " + set.records()[i]->envelope().id());
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  return text;
}

std::string reference_of(const CaseSet& set, const Mention& mention) {
  const v1::Envelope& envelope = set.record(mention).envelope();
  return envelope.source() + "#" + envelope.id() + "/" + std::to_string(mention.index);
}

std::string ahead_of(const DatedAheadBy& agencies) {
  std::string text = "ahead";
  for (const auto& [agency, ahead] : agencies)
    text += " " + agency + " " + std::to_string(ahead.events) + " to " + to_rfc3339(ahead.last);
  return text;
}

// Everything that documents ask a set for, in an order that positions have no part in.
std::vector<std::string> told_by(const CaseSet& set, const std::vector<v1::Event>& events) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < set.persons().size(); ++i) {
    const PersonCase& person = set.persons()[i];
    std::string line = person.id + " " + person.name + " " + person.born + (person.erased ? " erased" : "");
    for (const Mention& mention : person.mentions) {
      line += " " + reference_of(set, mention);
      EXPECT_EQ(set.person_at(mention), i);
    }
    for (const PossiblePerson& possible : set.possible_of(i))
      line += " or " + reference_of(set, possible.a_record) + " = " + reference_of(set, possible.b_record) + " " +
              std::to_string(possible.probability);
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  for (int body = 1; body < 30; ++body) {
    std::string line = "body " + std::to_string(body);
    for (const std::uint32_t i : set.records().of_body(static_cast<v1::Facts::BodyCase>(body)))
      line += " " + set.records()[i]->envelope().id();
    lines.push_back(line);
    std::vector<std::pair<Instant, std::string>> lately;  // of equal times in no order
    for (const std::uint32_t i : set.records().since(static_cast<v1::Facts::BodyCase>(body), london("2020-01-01")))
      lately.emplace_back(set.records().time(i), set.records()[i]->envelope().id());
    EXPECT_TRUE(
        std::is_sorted(lately.begin(), lately.end(), [](const auto& a, const auto& b) { return a.first < b.first; }));
    std::sort(lately.begin(), lately.end());
    line = "lately " + std::to_string(body);
    for (const auto& [time, id] : lately) line += " " + id;
    lines.push_back(line);
  }
  std::string linking = "linking", history = "with history";
  for (const std::uint32_t i : set.records().linking()) linking += " " + set.records()[i]->envelope().id();
  for (const std::uint32_t i : set.records().with_history()) history += " " + set.records()[i]->envelope().id();
  lines.insert(lines.end(), {linking, history});
  for (const v1::Event& event : events) {
    const v1::Event* found = set.find(event.envelope().source(), event.envelope().id());
    lines.push_back(event.envelope().id() + " -> " + (found == nullptr ? "" : found->envelope().id()));
  }
  for (const auto& [agency, time] : set.last_heard) lines.push_back(agency + " " + to_rfc3339(time));
  lines.push_back(ahead_of(set.dated_ahead));
  lines.push_back(std::to_string(set.records().count()) + " records, later " + std::to_string(set.loaded_later));
  return lines;
}

// What lives against what is folded and linked at once: the model given by hand has nothing to go on from.
void expect_as_at_once(const Casebook& living, const std::vector<v1::Event>& events, Instant instant) {
  const std::shared_ptr<const CaseSet> set = living.cases_at(instant, {});
  EXPECT_EQ(records_of(*set), records_by(events, instant)) << to_local_rfc3339(instant);
  const Casebook at_once = casebook_of(events);
  const CaseSet linked_at_once = at_once.as_at(instant, at_once.epoch_at(instant));
  EXPECT_EQ(told_by(*set, events), told_by(linked_at_once, events)) << to_local_rfc3339(instant);
  EXPECT_EQ(ahead_of(set->dated_ahead), ahead_of(ahead_by(events, instant))) << to_local_rfc3339(instant);
}

// As they come: some documents after each few events, of today and of dates before.
TEST(LivingCasebook, SaysWhatOneSaysThatIsFoldedAtOnceInAnyOrder) {
  std::mt19937 random(11);
  std::vector<v1::Event> events = changing_years();
  for (int order = 0; order < 3; ++order) {
    std::shuffle(events.begin(), events.end(), random);
    const std::vector<v1::Event> log = published(events);
    Casebook living(test_secret());
    for (std::size_t i = 0; i < log.size(); ++i) {
      living.apply(log[i]);
      if (i % 40 != 0 && i + 1 != log.size()) continue;
      std::vector<v1::Event> so_far(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      std::shuffle(so_far.begin(), so_far.end(), random);
      const Casebook at_once = casebook_of(so_far);
      for (const int month : {24, static_cast<int>(i / 40 % 24), 24}) {
        EXPECT_TRUE(documents_of(living, plus_months(kFirst, month)) ==
                    documents_of(at_once, plus_months(kFirst, month)))
            << i << " events of order " << order << ", month " << month;
        expect_as_at_once(living, so_far, living.default_as_at(plus_months(kFirst, month)));
      }
    }
  }
}

// After each event, of one day: what was found out of everybody else before is kept, and holds.
TEST(LivingCasebook, LooksAgainAtAllWhomAnEventConcerns) {
  std::vector<v1::Event> events = changing_years();
  for (const unsigned seed : {5u, 6u}) {
    std::mt19937 random(seed);
    std::shuffle(events.begin(), events.end(), random);
    const std::vector<v1::Event> log = published(events);
    const Date on = plus_months(kFirst, 18);
    Casebook living(test_secret());
    std::vector<v1::Event> so_far;
    for (const v1::Event& event : log) {
      living.apply(event);
      so_far.push_back(event);
      if (so_far.size() < 150) continue;  // the first of them change most of the set
      ASSERT_EQ(to_json(agenda_of(living, on)), to_json(agenda_of(casebook_of(so_far), on)))
          << so_far.size() << " events, the last " << event.envelope().type() << " " << event.envelope().id();
    }
  }
}

TEST(LivingCasebook, HasTheRecordsAndPeopleOfASetMadeAtOnce) {
  std::mt19937 random(3);
  std::vector<v1::Event> events = changing_years();
  std::shuffle(events.begin(), events.end(), random);
  const std::vector<v1::Event> log = published(events);
  Casebook living(test_secret());
  for (std::size_t i = 0; i < log.size(); ++i) {
    living.apply(log[i]);
    if (i % 11 != 0 && i + 1 != log.size()) continue;
    for (const int month : {24, static_cast<int>(i / 11 % 24), 24}) {
      const Instant at = local_midnight(plus_months(kFirst, month));
      EXPECT_EQ(told_by(*living.cases_at(at, {}), log), told_by(living.as_at(at, std::vector<std::string>()), log))
          << i << " events, month " << month;
    }
  }
}

// Else a document would cost what all of history costs, however little came.
TEST(LivingCasebook, TakesWhatComesIntoTheSetThatIsThere) {
  Casebook living = casebook_of(published(the_years()));
  const Instant at = london("2031-01-01");
  const std::size_t before = living.cases_at(at, {})->records().size();
  v1::Event first = call("0", "2021-03-01T09:00", Who("caller", "", "Casey Inventzz", "1980-01-10", "OX10 9ZZ"), "101");
  *first.mutable_envelope()->mutable_recorded_time() = to_proto(london("2030-01-01"));
  living.apply(first);
  const std::shared_ptr<const CaseSet> cases = living.cases_at(at, {});
  EXPECT_EQ(cases->find_position(first.envelope().source(), "0"), before) << "made anew, it would stand by its id";
  living.apply(call("1", "2021-03-01T09:00", Who("caller", "", "Casey Inventzz", "1980-01-10", "OX10 9ZZ"), "101"));
  EXPECT_NE(living.cases_at(at, {}), cases) << "somebody still holds it";
  EXPECT_EQ(cases->records().count(), before + 1);
}

// A board that sees a compartment has a set of its own beside those that do not, and both go on.
TEST(LivingCasebook, TakesWhatComesIntoTheSetOfEachListOfCompartments) {
  std::vector<v1::Event> log = published(changing_years());
  for (std::size_t i = 0; i < log.size(); i += 7) log[i].mutable_envelope()->set_compartment("channel");
  const std::vector<std::string> none, channel = {"channel"};
  Casebook living(test_secret());
  std::vector<v1::Event> so_far;
  for (std::size_t i = 0; i < log.size(); ++i) {
    living.apply(log[i]);
    so_far.push_back(log[i]);
    if (i % (log.size() / 5) != 0) continue;
    for (const int month : {24, 12}) {
      const Instant at = living.default_as_at(plus_months(kFirst, month));
      for (const std::vector<std::string>& open : {none, channel})
        EXPECT_EQ(told_by(*living.cases_at(at, open), so_far), told_by(living.as_at(at, open), so_far)) << i;
    }
  }
  const Instant at = london("2031-01-01");
  const std::size_t before = living.cases_at(at, channel)->records().size();
  ASSERT_GT(before, living.cases_at(at, none)->records().count()) << "nothing is in the compartment";
  v1::Event first = call("0", "2021-03-01T09:00", Who("caller", "", "Casey Inventzz", "1980-01-10", "OX10 9ZZ"), "101");
  *first.mutable_envelope()->mutable_recorded_time() = to_proto(london("2030-01-01"));
  living.apply(first);
  living.cases_at(at, none);
  EXPECT_EQ(living.cases_at(at, channel)->find_position(first.envelope().source(), "0"), before)
      << "made anew, it would stand by its id";
}

TEST(LivingCasebook, GoesOnFromItsSnapshot) {
  const std::vector<v1::Event> log = published(changing_years());
  const std::size_t half = log.size() / 2;
  Casebook before(test_secret());
  for (std::size_t i = 0; i < half; ++i) before.apply(log[i]);
  std::string saved;
  before.save(saved);
  Casebook after(test_secret());
  ASSERT_TRUE(after.load(saved).ok());
  for (std::size_t i = half / 2; i < log.size(); ++i) after.apply(log[i]);  // some of them once more
  const Casebook at_once = casebook_of(log);
  EXPECT_EQ(after.version_count(), at_once.version_count());
  for (const int month : {6, 12, 24})
    EXPECT_TRUE(documents_of(after, plus_months(kFirst, month)) == documents_of(at_once, plus_months(kFirst, month)));
  for (const int month : {6, 12, 24}) expect_as_at_once(after, log, after.default_as_at(plus_months(kFirst, month)));
}

constexpr const char* kKinds[] = {"late", "ahead", "updated", "withdrawn", "linked", "unlinked", "erased"};

bool is_of_kind(const v1::Event& event, const std::string& kind) {
  const v1::Identity& identity = event.facts().identity();
  if (kind == "ahead") return is_ahead(event);
  if (kind == "linked") return identity.stage() == v1::Identity::LINKED;
  if (kind == "unlinked") return identity.stage() == v1::Identity::UNLINKED;
  if (kind == "erased") return !identity.person().empty();
  return event.envelope().revision() == 2 && event.facts().has_incident() && stage_name(event.facts()) == kind;
}

std::vector<v1::Event> without(std::vector<v1::Event> events, const std::string& kind) {
  if (kind == "late")
    for (v1::Event& event : events) *event.mutable_envelope()->mutable_known_time() = event.envelope().time();
  std::erase_if(events, [&](const v1::Event& event) { return is_of_kind(event, kind); });
  return events;
}

// The kinds of change that make a difference among the events: to who is who, to what there is, or to when it counts.
std::set<std::string> kinds_among(const std::vector<v1::Event>& events) {
  const auto said = [&](const std::vector<v1::Event>& of) {
    std::string text;
    for (const int month : {3, 6, 12, 24}) {
      const CaseSet set = casebook_of(published(of)).as_at(local_midnight(plus_months(kFirst, month)));
      text += records_of(set);
      for (const std::string& line : told_by(set, {})) text += line + "\n";
    }
    return text;
  };
  const std::string whole = said(events);
  std::set<std::string> kinds;
  for (const char* kind : kKinds)
    if (said(without(events, kind)) != whole) kinds.insert(kind);
  return kinds;
}

TEST(LivingCasebook, HasSomethingOfEveryKindOfChange) {
  EXPECT_EQ(kinds_among(changing_years()), std::set<std::string>(std::begin(kKinds), std::end(kKinds)));
  for (const char* kind : kKinds)
    EXPECT_FALSE(kinds_among(without(changing_years(), kind)).contains(kind)) << kind << " is missed where it is not";
  EXPECT_TRUE(kinds_among({}).empty());
}

}  // namespace
}  // namespace moot
