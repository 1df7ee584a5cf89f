// An agenda of a casebook that lives looks again at all whom an event concerns, those too whom it does not name. Each
// test brings such an event and asks for what is said by one that was made at once.
#include <gtest/gtest.h>

#include "tests/consumers/invented_years.h"

namespace moot {
namespace {

constexpr Date kMeetingDay{2021, 4, 13};
const Who kAvery("victim", "N-1", "Avery Exampleton", "1980-01-10"),
    kBlake("victim", "N-2", "Blake Fableford", "1971-03-04"), kCasey("victim", "N-3", "Casey Inventwood", "1963-05-06");

v1::Event later(v1::Event event, const std::string& stage, const std::string& body = "incident") {
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_record(envelope.id());
  envelope.set_id(envelope.id() + "-" + stage);
  envelope.set_revision(2);
  envelope.set_type("uk.csp." + body + "." + stage + ".v1");
  MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *event.mutable_facts()));
  return event;
}

v1::Event about(v1::Event event, const v1::Event& target, const std::string& rel = "about") {
  add_link(event, rel, target);
  return event;
}

// What agendas say after each of the events: of a casebook that lives, where they say what one made at once says.
std::vector<std::string> agendas_after(const std::vector<v1::Event>& events, const Board& board = every_section()) {
  Casebook living(test_secret());
  std::vector<v1::Event> so_far;
  std::vector<std::string> agendas;
  for (v1::Event event : events) {
    *event.mutable_envelope()->mutable_recorded_time() = event.envelope().time();
    living.apply(event);
    so_far.push_back(event);
    agendas.push_back(to_json(agenda_of(living, kMeetingDay, board)));
    EXPECT_EQ(agendas.back(), to_json(agenda_of(casebook_of(so_far), kMeetingDay, board)))
        << "after " << so_far.size() << " events";
  }
  return agendas;
}

// The last event names nobody of the case, and changes what is said of it.
void expect_it_concerns_the_case(const std::vector<std::string>& agendas) {
  EXPECT_NE(agendas[agendas.size() - 2], agendas.back()) << "the event changed nothing, so this tests nothing";
}

TEST(KeptAgenda, LooksAgainAtWhoseReportsAreOfOneIncidentOfAnother) {
  const v1::Event incident_of_blake = incident("north-homes", "b", "2021-03-01T09:00", kBlake);
  const v1::Event first = about(incident("north-homes", "a1", "2021-03-02T09:00", kAvery), incident_of_blake),
                  second = about(incident("north-homes", "a2", "2021-03-20T09:00", kAvery), incident_of_blake),
                  third = incident("north-homes", "a3", "2021-03-30T09:00", kAvery);
  expect_it_concerns_the_case(agendas_after({first, second, third, incident_of_blake}));
  expect_it_concerns_the_case(
      agendas_after({incident_of_blake, first, second, third, later(incident_of_blake, "withdrawn")}));
}

TEST(KeptAgenda, LooksAgainAtPlacesWhoseReportsAreOfOneIncidentElsewhere) {
  const v1::Event elsewhere = incident("north-homes", "b", "2021-03-01T09:00", kBlake);
  std::vector<v1::Event> events;
  for (const char* id : {"a1", "a2"}) {
    events.push_back(about(incident("north-homes", id, "2021-03-20T09:00", kAvery), elsewhere));
    add_place(events.back(), "12 High Street", "OX99 1AA");
  }
  events.push_back(elsewhere);
  expect_it_concerns_the_case(agendas_after(events));
}

TEST(KeptAgenda, LooksAgainAtWhoseProposedActionItsOwnerCarriedOut) {
  Board board = every_section();
  board.secretaries = always("north-police");
  v1::Event proposed = action("p", "set", "2021-03-10", "2021-03-09", "2021-04-30", {kAvery});
  proposed.mutable_envelope()->set_agency("north-homes");
  proposed.mutable_envelope()->set_source("/north-homes/records");
  v1::Event word = make_event("uk.csp.action.done.v1", "north-homes", "w", "2021-03-20");
  word.mutable_facts()->mutable_action()->set_board("jtm");
  // Avery stands before Blake as long as nobody acts.
  std::vector<v1::Event> events = {referral("r", "completed", "2021-03-02T09:00", kBlake, "outreach"), proposed};
  for (int i = 0; i < 5; ++i) {
    const std::string time = "2021-03-0" + std::to_string(i + 2) + "T09:00";
    events.push_back(incident("north-homes", "b" + std::to_string(i), time, kBlake));
    if (i < 3) events.push_back(incident("north-homes", "a" + std::to_string(i), time, kAvery));
  }
  events.push_back(about(word, proposed, "outcome-of"));
  const std::vector<std::string> agendas = agendas_after(events, board);
  const auto avery_is_first = [](const std::string& agenda) {
    const std::string_view section = std::string_view(agenda).substr(agenda.find("\"repeat-victims\""));
    return section.find("Avery Exampleton") < section.find("Blake Fableford");
  };
  EXPECT_TRUE(avery_is_first(agendas[agendas.size() - 2]));
  EXPECT_FALSE(avery_is_first(agendas.back()));
}

// The set puts the last of its people where another was.
TEST(KeptAgenda, KnowsWhomItsClocksAreOfWhenSomebodyElseIsGone) {
  const v1::Event of_blake = call("b", "2021-03-01T09:00", kBlake);
  v1::Event warned = make_event("uk.csp.order.issued.v1", "north-homes", "o", "2021-03-06T09:00", {kCasey});
  warned.mutable_facts()->mutable_order()->set_power("cpw");
  std::vector<v1::Event> events = {risk("a", "2021-03-02T09:00", kAvery, "high", 10),
                                   of_blake,
                                   risk("c", "2021-03-03T09:00", kCasey, "high", 10),
                                   warned,
                                   incident("north-homes", "c1", "2021-03-03T09:00", kCasey),
                                   incident("north-homes", "c2", "2021-03-05T09:00", kCasey)};
  for (int i = 0; i < 4; ++i) events.push_back(call("x" + std::to_string(i), "2021-03-04T09:00", kCasey));
  events.push_back(later(of_blake, "withdrawn", "contact"));
  EXPECT_NE(agendas_after(events).back().find("warning on 6 March 2021"), std::string::npos);
  std::swap(events[0], events[2]);
  agendas_after(events);
}

// Two people of one reference whom a decision keeps apart: whoever is the earlier has the id that goes by it.
TEST(KeptAgenda, KnowsTheIdOfWhomAnotherLeftIt) {
  const v1::Event one = risk("a1", "2021-03-02T09:00", kAvery, "high", 10),
                  other = risk("a2", "2021-03-03T09:00", kAvery, "high", 10);
  v1::Event apart = make_event("uk.csp.identity.unlinked.v1", "operator", "d", "2021-03-04T09:00");
  add_link(apart, "record", one);
  add_link(apart, "record", other);
  agendas_after({one, other, call("b", "2021-03-01T09:00", kBlake), apart, call("c", "2021-03-01T09:00", kCasey),
                 later(one, "withdrawn", "risk")});
  agendas_after({one, other, call("b", "2021-03-01T09:00", kBlake), apart, call("c", "2021-03-01T09:00", kCasey),
                 later(other, "withdrawn", "risk")});
}

// What was printed of somebody who stays on the agenda is printed anew where it says something else.

// So long ago that no clock says anything of it.
TEST(KeptAgenda, PrintsAnewWhoseReportsAreOfOneIncidentOfAnother) {
  const v1::Event of_blake = incident("north-homes", "b", "2020-10-01T09:00", kBlake);
  std::vector<v1::Event> events = {about(incident("north-homes", "a1", "2020-10-02T09:00", kAvery), of_blake),
                                   about(incident("north-homes", "a2", "2020-10-20T09:00", kAvery), of_blake)};
  for (const char* id : {"a3", "a4", "a5"})
    events.push_back(incident("north-homes", id, std::string("2020-10-1") + id[1] + "T09:00", kAvery));
  events.push_back(of_blake);
  const std::vector<std::string> agendas = agendas_after(events);
  EXPECT_NE(agendas[4].find("5 incidents"), std::string::npos);
  EXPECT_NE(agendas[5].find("4 incidents"), std::string::npos);
}

TEST(KeptAgenda, PrintsAnewWhoseClockEndedByARecordThatNamesNobody) {
  v1::Event notice = make_event("uk.csp.order.issued.v1", "north-homes", "o", "2021-03-06T09:00", {kAvery});
  notice.mutable_facts()->mutable_order()->set_power("cpn");
  const v1::Event paid =
      about(make_event("uk.csp.order.paid.v1", "north-homes", "p", "2021-03-20T09:00"), notice, "caused-by");
  const std::vector<std::string> agendas =
      agendas_after({risk("a", "2021-03-02T09:00", kAvery, "high", 10), notice, paid});
  const auto times = [](const std::string& text, const std::string& words) {
    std::size_t found = 0;
    for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++found;
    return found;
  };
  EXPECT_GT(times(agendas[1], "Paid"), 0u);
  EXPECT_EQ(times(agendas[2], "Paid"), 0u);
  EXPECT_GT(times(agendas[2], "Assessed again"), 0u) << "nobody stays on the agenda, so this tests nothing";
}

// The record does not change when it is said whom it named before they were erased.
TEST(KeptAgenda, KnowsWhomAClockIsOfWhoWasErased) {
  v1::Event assessed = risk("o", "2021-03-06T09:00", Who("subject", "", "", ""), "high", 10);
  assessed.mutable_personal()->mutable_people(0)->set_erased(true);
  v1::Event known = make_event("uk.csp.identity.linked.v1", "operator", "g", "2021-03-10T09:00");
  known.mutable_facts()->mutable_identity()->set_person("p-of-before");
  add_link(known, "record", assessed);
  const Board board = board_of(kTwoHours, section_of("clocks", "clocks = [\"again\"]\n"));
  expect_it_concerns_the_case(
      agendas_after({risk("a", "2021-03-02T09:00", kAvery, "high", 10), assessed, known}, board));
}

TEST(KeptAgenda, PrintsAnewHowOftenSomebodyCalledWhoIsNotOnTheList) {
  const v1::Event of_blake = incident("north-homes", "b", "2021-03-01T09:00", kBlake);
  const Who avery("caller", "N-1", "Avery Exampleton", "1980-01-10");
  std::vector<v1::Event> events = {call("a", "2021-03-05T09:00", avery)};
  events.push_back(about(call("a-about", "2021-03-08T09:00", avery), of_blake));
  events.back().mutable_facts()->mutable_contact()->clear_category();
  for (int number = 0; number < 10; ++number)
    for (int i = 0; i < 4; ++i)
      events.push_back(call("n" + std::to_string(number) + "-" + std::to_string(i),
                            "2021-03-1" + std::to_string(2 * i) + "T09:00",
                            Who("caller", "N-1" + std::to_string(number),
                                "Casey Number" + std::string(1, static_cast<char>(97 + number)), "")));
  events.push_back(of_blake);
  const std::vector<std::string> agendas = agendas_after(events);
  EXPECT_NE(agendas[agendas.size() - 2].find("1 call in 90 days; not among"), std::string::npos);
  EXPECT_NE(agendas.back().find("2 calls in 90 days; not among"), std::string::npos);
}

// Whom no section looked at but for their call is told of once when another section looks at them too.
TEST(KeptAgenda, TellsOnceWhyNotOfWhoCalledAndIsAVictimLater) {
  std::vector<v1::Event> events;
  for (int number = 0; number < 6; ++number)  // the list has four places
    for (int i = 0; i < 2; ++i)
      events.push_back(call("c" + std::to_string(number) + std::to_string(i),
                            "2021-03-1" + std::to_string(2 * i) + "T09:00",
                            Who("caller", "N-2" + std::to_string(number),
                                "Casey Number" + std::string(1, static_cast<char>(97 + number)), "")));
  events.push_back(call("a", "2021-03-20T09:00", Who("caller", "N-1", "Avery Exampleton", "1980-01-10")));
  events.push_back(incident("north-homes", "i", "2021-03-22T09:00", kAvery));
  const std::vector<std::string> agendas = agendas_after(events);
  const std::string why = "1 call in 90 days; not among the first";
  EXPECT_NE(agendas[agendas.size() - 2].find(why), std::string::npos) << "so this tests nothing";
  EXPECT_NE(agendas.back().find(why), std::string::npos) << "so this tests nothing";
}

// What was given up in January stands on no agenda of April, and its owner did it all the same, as is heard late.
TEST(KeptAgenda, PrintsAnewForWhomAnActionWasDoneThatIsOnNoListAnyMore) {
  Board board = every_section();
  board.secretaries = always("north-police");
  v1::Event given_up = action("p", "not-done", "2021-01-10", "2021-01-05", "2021-01-30", {kAvery});
  given_up.mutable_envelope()->set_agency("north-homes");
  given_up.mutable_envelope()->set_source("/north-homes/records");
  given_up.mutable_facts()->mutable_action()->set_owner("north-health");
  v1::Event word = make_event("uk.csp.action.done.v1", "north-health", "w", "2021-02-01");
  word.mutable_facts()->mutable_action()->set_board("jtm");
  v1::Event met = make_event("uk.csp.meeting.held.v1", "north-police", "m", "2021-03-09T11:00");
  met.mutable_facts()->mutable_meeting()->set_board("jtm");
  met.mutable_facts()->mutable_meeting()->set_on("2021-03-09");
  std::vector<v1::Event> events = {met, given_up};
  for (int i = 0; i < 4; ++i)
    events.push_back(
        incident("north-homes", "a" + std::to_string(i), "2021-03-1" + std::to_string(i) + "T09:00", kAvery));
  events.push_back(about(word, given_up, "outcome-of"));
  const std::vector<std::string> agendas = agendas_after(events, board);
  const std::string nobody_acts = "No referral, assessment, action or closure is recorded";
  EXPECT_NE(agendas[agendas.size() - 2].find(nobody_acts), std::string::npos);
  EXPECT_EQ(agendas.back().find(nobody_acts), std::string::npos);
  EXPECT_NE(agendas.back().find("Avery Exampleton"), std::string::npos);
}

}  // namespace
}  // namespace moot
