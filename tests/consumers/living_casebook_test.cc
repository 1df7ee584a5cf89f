// A casebook that lives, with documents made from it while events come, says what one says that was folded at once from
// the same events: whatever came late, was superseded, taken back, decided or erased, and in whatever order.
#include <gtest/gtest.h>

#include <random>

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
    *decision.mutable_envelope()->mutable_time() = one.envelope().time();
    *decision.mutable_envelope()->mutable_known_time() = one.envelope().known_time();
    later_by_days(decision, 30);
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
      for (const int month : {24, static_cast<int>(i / 40 % 24), 24})
        EXPECT_TRUE(documents_of(living, plus_months(kFirst, month)) ==
                    documents_of(at_once, plus_months(kFirst, month)))
            << i << " events of order " << order << ", month " << month;
    }
  }
}

std::string reference_of(const CaseSet& set, const Mention& mention) {
  const v1::Envelope& envelope = set.record(mention).envelope();
  return envelope.source() + "#" + envelope.id() + "/" + std::to_string(mention.index);
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
  lines.push_back(std::to_string(set.records().count()) + " records, later " + std::to_string(set.loaded_later));
  return lines;
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
}

// What is erased names nobody in them, and what was taken back or changed does not count as it was.
TEST(LivingCasebook, HasSomethingOfEveryKindOfChange) {
  const CaseSet set = casebook_of(published(changing_years())).as_at(london("2023-01-01"));
  int erased = 0;
  for (const PersonCase& person : set.persons()) erased += person.erased ? 1 : 0;
  EXPECT_GT(erased, 0);
  EXPECT_LT(set.records().size(), changing_years().size());
  EXPECT_FALSE(documents_of(casebook_of(published(changing_years())), plus_months(kFirst, 24)) ==
               documents_of(casebook_of(published(the_years())), plus_months(kFirst, 24)));
}

}  // namespace
}  // namespace moot
