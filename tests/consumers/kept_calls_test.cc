// A list of callers of a casebook that lives says after each event what one says that was made at once: of calls that
// come late, go, count for nobody, or count for what they are about.
#include <gtest/gtest.h>

#include <random>

#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/json.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

const CallerPolicy& policy() {
  static const CallerPolicy kPolicy = test_policy(
      "[[version.left_out]]\nreason = \"a professional\"\nroles = [\"professional\"]\n"
      "[[version.left_out]]\nreason = \"an alarm line\"\nnames = [\"Lifeline Example\"]\n");
  return kPolicy;
}

v1::CallerList list_of(const Casebook& casebook) {
  Result<v1::CallerList> list = make_caller_list(casebook, test_partnership(), policy(), CallerQuery{kOn, {}, {}, {}});
  MOOT_CHECK_OK(list.status());
  return std::move(*list);
}

// After each of the events.
std::vector<v1::CallerList> lists_after(const std::vector<v1::Event>& events) {
  Casebook living(test_secret());
  std::vector<v1::Event> so_far;
  std::vector<v1::CallerList> lists;
  for (v1::Event event : events) {
    *event.mutable_envelope()->mutable_recorded_time() = event.envelope().time();
    living.apply(event);
    so_far.push_back(event);
    lists.push_back(list_of(living));
    EXPECT_EQ(to_json(lists.back()), to_json(list_of(casebook_of(so_far)))) << "after " << so_far.size() << " events";
  }
  return lists;
}

Who somebody(int number) {
  return Who("caller", "N-" + std::to_string(number), "Casey Number" + std::to_string(number), "");
}

v1::Event call_of(int number, int of) {
  return call("c" + std::to_string(number) + "-" + std::to_string(of),
              to_iso(plus_days(Date{2021, 2, 20}, of * 2)) + "T1" + std::to_string(number % 10) + ":00",
              somebody(number));
}

v1::Event later(v1::Event event, const std::string& type) {
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_record(envelope.id());
  envelope.set_id(envelope.id() + "-later");
  envelope.set_revision(2);
  envelope.set_type(type);
  MOOT_CHECK_OK(set_body_and_stage(type, *event.mutable_facts()));
  return event;
}

int calls_of_first(const v1::CallerList& list) { return list.callers().empty() ? 0 : list.callers(0).calls(); }

TEST(KeptCalls, CountACallForWhatItIsAboutAsThatIsNow) {
  const Who avery("victim", "N-9", "Avery Exampleton", "1980-01-10");
  const v1::Event about = incident("north-homes", "i", "2021-03-01T09:00", avery);
  v1::Event traffic = about;
  traffic.mutable_facts()->mutable_incident()->set_category("traffic");
  v1::Event without_category = call_of(1, 0);
  without_category.mutable_facts()->mutable_contact()->clear_category();
  add_link(without_category, "about", about);
  const std::vector<v1::CallerList> lists =
      lists_after({call_of(1, 1), without_category, about, later(traffic, "uk.csp.incident.updated.v1")});
  EXPECT_EQ(calls_of_first(lists[1]), 1);
  EXPECT_EQ(calls_of_first(lists[2]), 2) << "the incident came after the call";
  EXPECT_EQ(calls_of_first(lists[3]), 1) << "it was no such incident";
}

TEST(KeptCalls, AreNotCountedWhenTheyAreTakenBackOrSomebodyElseCalled) {
  v1::Event other_caller = later(call_of(1, 1), "uk.csp.contact.received.v1");
  *other_caller.mutable_personal() = call_of(2, 0).personal();
  const std::vector<v1::CallerList> lists =
      lists_after({call_of(1, 0), call_of(1, 1), call_of(1, 2), call_of(2, 0), other_caller,
                   later(call_of(1, 2), "uk.csp.contact.withdrawn.v1")});
  EXPECT_EQ(calls_of_first(lists[3]), 3);
  EXPECT_EQ(lists[4].callers(0).calls(), 2);
  EXPECT_EQ(lists[4].callers(1).calls(), 2);
  EXPECT_EQ(lists[5].callers(1).calls(), 1);
}

// An export that tells days and no times has many calls of one midnight.
TEST(KeptCalls, OfOneInstantAreThereUntilTheyAreTakenBack) {
  std::vector<v1::Event> calls;
  for (const char* id : {"a", "b", "c"}) calls.push_back(call(id, "2021-03-01T00:00", somebody(1)));
  for (std::size_t gone = 0; gone < calls.size(); ++gone) {
    std::vector<v1::Event> events = calls;
    events.push_back(later(calls[gone], "uk.csp.contact.withdrawn.v1"));
    events.push_back(call("d", "2021-03-01T00:00", somebody(1)));
    events.push_back(call("e", "2021-03-01T00:00", somebody(2)));
    const std::vector<v1::CallerList> lists = lists_after(events);
    EXPECT_EQ(calls_of_first(lists[2]), 3);
    EXPECT_EQ(calls_of_first(lists[3]), 2);
    EXPECT_EQ(calls_of_first(lists[4]), 3);
  }
}

// Who is not on the list is told why, and that depends on who is.
TEST(KeptCalls, OfWhomAreNotListedSayWhetherTheListHasRoom) {
  const CallerPolicy two_at_least = test_policy("top = 1\nepisodes_min = 2\n");
  const Board board = board_of("", section_of("frequent-callers"));
  const auto reason = [&](const Casebook& casebook) {
    Result<v1::Agenda> agenda = make_agenda(casebook, test_partnership(), two_at_least, board, {kOn, {}});
    MOOT_CHECK_OK(agenda.status());
    return agenda->not_listed_size() == 0 ? "" : agenda->not_listed(0).reason();
  };
  Casebook living(test_secret());
  std::vector<v1::Event> events;
  std::vector<std::string> reasons;
  for (const v1::Event& event : {call_of(1, 1), call_of(2, 3), call_of(2, 5)}) {
    living.apply(event);
    events.push_back(event);
    reasons.push_back(reason(living));
    EXPECT_EQ(reasons.back(), reason(casebook_of(events)));
  }
  EXPECT_EQ(reasons[0], "1 call in 90 days; not enough for a place on the frequent-caller list");
  EXPECT_EQ(reasons[2], "1 call in 90 days; not among the first 1 of the frequent-caller rule");
}

TEST(KeptCalls, KnowWhoIsLeftOutAndWhichNameNobody) {
  v1::Event nobody = call_of(3, 0);
  nobody.mutable_personal()->clear_people();
  v1::Event named = later(nobody, "uk.csp.contact.received.v1");
  *named.mutable_personal() = call_of(3, 1).personal();
  v1::Event nurse = call("n", "2021-03-04T10:00", Who("professional", "nurse-1", "Nora Nurseworth", ""));
  v1::Event line = call("l", "2021-03-05T10:00", Who("caller", "line-1", "LIFELINE Example", ""));
  v1::Event no_line = later(line, "uk.csp.contact.received.v1");
  *no_line.mutable_personal() = call_of(4, 1).personal();
  const std::vector<v1::CallerList> lists =
      lists_after({call_of(1, 0), nobody, nurse, line, named, no_line, later(nurse, "uk.csp.contact.withdrawn.v1")});
  EXPECT_EQ(lists[3].left_out_size(), 2);
  EXPECT_EQ(lists[3].notes_size(), 2);
  EXPECT_EQ(lists[4].notes_size(), 1) << "it names its caller now";
  EXPECT_EQ(lists[5].left_out_size(), 1);
  EXPECT_EQ(lists[6].left_out_size(), 0);
}

// Of a call that names two people one of whom changes, the other is counted once.
TEST(KeptCalls, CountACallOnceForWhomItNamesBesideSomebodyWhoChanged) {
  v1::Event of_two = call_of(1, 0);
  *of_two.mutable_personal()->add_people() = call_of(2, 0).personal().people(0);
  const std::vector<v1::CallerList> lists = lists_after({of_two, call_of(1, 1), call_of(2, 1), call_of(2, 2)});
  ASSERT_EQ(lists[3].callers_size(), 2);
  EXPECT_EQ(lists[3].callers(0).calls(), 3);
  EXPECT_EQ(lists[3].callers(1).calls(), 2);
}

// Decisions link people and part them, and the positions of others change.
TEST(KeptCalls, AreOfWhomDecisionsSayTheyAre) {
  std::vector<v1::Event> events;
  for (int number = 0; number < 6; ++number)
    for (int of = 0; of < 3; ++of) events.push_back(call_of(number, of));
  std::mt19937 random(7);
  for (int i = 0; i < 12; ++i) {
    const bool linked = i % 3 != 2;
    v1::Event decision = make_event(linked ? "uk.csp.identity.linked.v1" : "uk.csp.identity.unlinked.v1", "operator",
                                    "d" + std::to_string(i), "2021-03-1" + std::to_string(i % 10) + "T09:00");
    add_link(decision, "record", events[random() % 18]);
    add_link(decision, "record", events[random() % 18]);
    events.push_back(std::move(decision));
    if (i % 4 == 3) events.push_back(later(events[random() % 18], "uk.csp.contact.withdrawn.v1"));
  }
  EXPECT_GT(calls_of_first(lists_after(events).back()), 3) << "nobody was linked, so this tests nothing";
}

}  // namespace
}  // namespace moot
