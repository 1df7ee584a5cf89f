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

// Later versions of some of the events, decisions about who is who, and people erased since.
class Changes {
 public:
  explicit Changes(std::vector<v1::Event> events) : events_(std::move(events)) {}

  std::vector<v1::Event> all() {
    const std::size_t first = events_.size();
    for (std::size_t i = 0; i < first; ++i) {
      const v1::Event event = events_[i];
      if (event.facts().has_incident() && i % 5 == 0) change(event, i % 15 == 0 ? "withdrawn" : "updated");
      if (event.facts().has_contact() && i % 7 == 0) decide(event, events_[(i + 1) % 100], i % 2 == 0);
      if (event.facts().has_contact() && i % 29 == 0) erase(i);
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

// Which records there are as at an instant, worked out from the events alone.
std::string records_by(const std::vector<v1::Event>& events, Instant instant) {
  using Place = std::tuple<std::uint64_t, Instant, std::string>;
  std::map<std::string, std::pair<Place, const v1::Event*>> latest;
  for (const v1::Event& event : events) {
    const v1::Envelope& envelope = event.envelope();
    if (event.facts().has_governance() || counts_from(envelope) > instant) continue;
    const Place place(envelope.revision(), from_proto(envelope.time()), envelope.id());
    auto& last = latest[envelope.source() + "\n" + record_of(envelope)];
    if (last.second == nullptr || std::get<0>(last) < place) last = {place, &event};
  }
  std::set<std::string> ids;
  for (const auto& [record, last] : latest)
    if (stage_name(last.second->facts()) != "withdrawn" && !last.second->facts().has_identity())
      ids.insert(last.second->envelope().source() + " " + last.second->envelope().id());
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  return text;
}

std::string records_of(const CaseSet& set) {
  std::string text;
  for (const v1::Event* event : set.records()) text += event->envelope().source() + " " + event->envelope().id() + "\n";
  return text;
}

// Who is who, and whatever else a set says beside its records.
std::string people_of(const CaseSet& set) {
  std::string text;
  for (const PersonCase& person : set.persons()) {
    text += person.id + " " + person.name + " " + person.born + (person.erased ? " erased:" : ":");
    for (const Mention& mention : person.mentions)
      text += " " + std::to_string(mention.record) + "/" + std::to_string(mention.index);
    text += "\n";
  }
  for (const PossiblePerson& pair : set.possible())
    text +=
        set.persons()[pair.a].id + " or " + set.persons()[pair.b].id + " " + std::to_string(pair.probability) + "\n";
  for (const auto& [agency, heard] : set.last_heard) text += agency + " " + to_local_rfc3339(heard) + "\n";
  return text + std::to_string(set.loaded_later);
}

// What lives against what is folded and linked at once: the model given by hand has nothing to go on from.
void expect_as_at_once(const Casebook& living, const std::vector<v1::Event>& events, Instant instant) {
  const std::shared_ptr<const CaseSet> set = living.cases_at(instant, {});
  EXPECT_EQ(records_of(*set), records_by(events, instant)) << to_local_rfc3339(instant);
  const Casebook at_once = casebook_of(events);
  const CaseSet linked_at_once = at_once.as_at(instant, at_once.epoch_at(instant));
  EXPECT_EQ(people_of(*set), people_of(linked_at_once)) << to_local_rfc3339(instant);
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

constexpr const char* kKinds[] = {"late", "updated", "withdrawn", "linked", "unlinked", "erased"};

bool is_of_kind(const v1::Event& event, const std::string& kind) {
  const v1::Identity& identity = event.facts().identity();
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
      text += records_of(set) + people_of(set);
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
