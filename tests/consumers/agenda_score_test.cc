// Points that look at change, decisions of earlier meetings, and how an action stands.
#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const std::string& version = "",
                     const std::string& secretary = "", const std::vector<const Board*>& boards = {}) {
  Board board = test_board(version);
  board.secretaries = always(secretary);
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          AgendaQuery{kOn, london("2021-04-13"), {}, "", nullptr, boards});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

Who casey(const std::string& role = "victim") { return Who(role); }

// All cases but actions, whatever section they are in.
std::vector<v1::AgendaItem> cases(const v1::Agenda& agenda) {
  std::vector<v1::AgendaItem> items;
  for (const v1::AgendaSection& section : agenda.sections())
    if (section.id() != "previous-actions") items.insert(items.end(), section.items().begin(), section.items().end());
  return items;
}

// The points of the one case's reason that begins so; -1000 when it has none.
int points_of(const v1::Agenda& agenda, const std::string& beginning) {
  for (const v1::AgendaItem& item : cases(agenda))
    for (const v1::ScoredReason& reason : item.reasons())
      if (reason.text().starts_with(beginning)) return reason.points();
  return -1000;
}

std::string text_of(const v1::Agenda& agenda, const std::string& beginning) {
  for (const v1::AgendaItem& item : cases(agenda))
    for (const v1::ScoredReason& reason : item.reasons())
      if (reason.text().starts_with(beginning)) return reason.text();
  return "";
}

v1::Event assessed(const std::string& id, const std::string& day, const std::string& band, int score,
                   const std::string& tool = "ram") {
  return risk(id, day, casey("subject"), band, score, tool);
}

v1::Event asked_of(const std::string& id, const std::string& stage, const std::string& due, int carried = 0) {
  return action(id, stage, "2021-03-20", "2021-03-09", due, {casey("subject")}, carried);
}

TEST(Score, SaysThatARiskRoseByABandOrAFifth) {
  const std::string rising = "Risk rising";
  EXPECT_EQ(points_of(agenda_of({assessed("r1", "2021-02-01", "medium", 24), assessed("r2", "2021-03-01", "high", 25)}),
                      rising),
            15);
  EXPECT_EQ(points_of(agenda_of({assessed("r1", "2021-02-01", "high", 30), assessed("r2", "2021-03-01", "high", 36)}),
                      rising),
            15);
  EXPECT_EQ(points_of(agenda_of({assessed("r1", "2021-02-01", "high", 30), assessed("r2", "2021-03-01", "high", 35)}),
                      rising),
            -1000);
  EXPECT_EQ(points_of(agenda_of({assessed("r1", "2021-02-01", "high", 20), assessed("r2", "2021-03-01", "medium", 40)}),
                      rising),
            -1000);
  EXPECT_EQ(points_of(agenda_of({assessed("r1", "2021-02-01", "medium", 10),
                                 assessed("r2", "2021-03-01", "high", 30, "dash")}),
                      rising),
            -1000)
      << "two tools do not compare";
  EXPECT_EQ(text_of(agenda_of({assessed("r1", "2021-02-01", "medium", 24), assessed("r2", "2021-03-01", "high", 33)}),
                    rising),
            "Risk rising: RAM 33 (high) on 1 March 2021, was 24 (medium) on 1 February 2021.");
  v1::Event nothing_found = assessed("r1", "2021-02-01", "high", 0);
  const v1::Event found = assessed("r2", "2021-03-01", "high", 30);
  EXPECT_EQ(points_of(agenda_of({nothing_found, found}), rising), -1000) << "of the first there is no score";
  nothing_found.mutable_facts()->mutable_risk()->set_score(0);
  EXPECT_EQ(text_of(agenda_of({nothing_found, found}), rising),
            "Risk rising: RAM 30 (high) on 1 March 2021, was 0 (high) on 1 February 2021.");
}

// Works at the house of somebody who complains of them, or whose witness they are, were not done for them.
TEST(Score, CountsWorkForThoseForWhomItWasDone) {
  const auto score = [](const std::string& role) {
    std::vector<v1::Event> events = {incident("north-police", "a", "2021-02-01", casey()),
                                     incident("north-police", "b", "2021-02-03", casey())};
    if (!role.empty())
      events.push_back(make_event("uk.csp.referral.completed.v1", "north-homes", "w", "2021-02-10",
                                  {Who("victim", "", "Robin Madeup", "1975-07-08"), casey(role)}));
    const v1::Agenda agenda = agenda_of(events);
    int points = -1000;
    for (const v1::AgendaItem& item : cases(agenda))
      if (item.title().starts_with("Casey")) points = item.score();
    return points;
  };
  EXPECT_EQ(score("perpetrator"), score(""));
  EXPECT_EQ(score("witness"), score(""));
  EXPECT_EQ(score("subject"), score(""));
  EXPECT_LT(score("victim"), score("")) << "there was no report since";
}

TEST(Score, SaysThatReportsDoubledInFourWeeks) {
  std::vector<v1::Event> events;
  for (const char* day : {"2021-03-10", "2021-03-20", "2021-03-27"})
    events.push_back(incident("north-police", "i" + std::to_string(events.size()), day));
  EXPECT_EQ(points_of(agenda_of(events), "Escalating"), -1000) << "two in 28 days are too few";
  events.push_back(call("c1", "2021-04-04T10:00"));
  EXPECT_EQ(points_of(agenda_of(events), "Escalating"), 10);
  EXPECT_EQ(text_of(agenda_of(events), "Escalating"),
            "Escalating: 3 reports in the 28 days before 13 April 2021, 1 in the 28 days before that.");
  events.push_back(incident("north-police", "i9", "2021-03-12"));
  EXPECT_EQ(points_of(agenda_of(events), "Escalating"), -1000) << "not twice as many";
}

TEST(Score, TakesPointsOffWhereNobodyReportedSinceSomethingSucceeded) {
  std::vector<v1::Event> events = {assessed("r1", "2020-12-01", "high", 30),
                                   incident("north-police", "i1", "2021-01-10")};
  events.push_back(referral("r", "completed", "2021-03-03", casey("subject"), "mediation"));
  EXPECT_EQ(text_of(agenda_of(events), "No report"),
            "No report in the 41 days since Mediation completed on 3 March 2021 (North Homes): consider removing.");
  EXPECT_EQ(points_of(agenda_of(events), "No report"), -10);
  EXPECT_EQ(cases(agenda_of(events))[0].score(), 35 - 10);
  EXPECT_EQ(points_of(agenda_of(events, "[version.points]\nquiet_days = 42\n"), "No report"), -1000) << "too early";
  EXPECT_EQ(points_of(agenda_of(events, "successes = [\"action.done\"]\n"), "No report"), -1000);
  events.push_back(incident("north-police", "i2", "2021-03-10"));
  EXPECT_EQ(points_of(agenda_of(events), "No report"), -1000);
}

TEST(Score, CountsAnAgencyThatOnlyRepeatsAReportNotAsIndependent) {
  v1::Event first = incident("north-police", "i1", "2021-02-01T10:00");
  v1::Event repeated = call("c1", "2021-02-01T11:00");
  repeated.mutable_envelope()->set_agency("north-homes");
  repeated.mutable_envelope()->set_source("/north-homes/records");
  const std::vector<v1::Event> apart = {first, incident("north-police", "i2", "2021-02-10"), repeated};
  EXPECT_EQ(points_of(agenda_of(apart), "2 agencies"), 8);
  add_link(repeated, "about", first);
  EXPECT_EQ(points_of(agenda_of({first, apart[1], repeated}), "2 agencies"), -1000);
}

TEST(Score, SaysThatNobodyActsWhereABoardAsksForIt) {
  const std::vector<v1::Event> events = {incident("north-police", "i1", "2021-02-01"),
                                         incident("north-police", "i2", "2021-02-10")};
  EXPECT_EQ(points_of(agenda_of(events), "No referral"), -1000) << "off unless the board gives it points";
  const std::string version = "[version.points]\nnobody_acts = 12\n";
  EXPECT_EQ(points_of(agenda_of(events, version), "No referral"), 12);
  EXPECT_EQ(points_of(agenda_of({events[0], events[1], asked_of("a", "set", "")}, version), "No referral"), -1000);
  const std::vector<v1::Event> with_proposal = {events[0], events[1], asked_of("a", "done", "")};
  EXPECT_EQ(points_of(agenda_of(with_proposal, version, "north-health"), "No referral"), 12) << "it is proposed alone";
  EXPECT_TRUE(text_of(agenda_of(with_proposal, version, "north-health"), "No referral")
                  .ends_with(" for 2 reports, but 1 action only proposed."));
  EXPECT_TRUE(text_of(agenda_of(events, version), "No referral").ends_with(" for 2 reports."));
  EXPECT_EQ(points_of(agenda_of(with_proposal, version, "north-police"), "No referral"), -1000);
}

// As in the list of callers: what is proposed to any board is nobody's work yet.
TEST(Score, SaysThatNobodyActsWhereAnActionIsProposedToAnotherBoard) {
  std::vector<v1::Event> events = {incident("north-police", "i1", "2021-02-01"),
                                   incident("north-police", "i2", "2021-02-10"), asked_of("a", "set", "")};
  events.back().mutable_facts()->mutable_action()->set_board("nag");
  Board nag = test_board();
  nag.id = nag.known_as = "nag";
  const std::string version = "[version.points]\nnobody_acts = 12\n";
  for (const char* secretary : {"north-health", "north-police"}) {
    nag.secretaries = always(secretary);
    const bool proposed = secretary == std::string("north-health");
    EXPECT_EQ(points_of(agenda_of(events, version, "north-homes", {&nag}), "No referral"), proposed ? 12 : -1000);
  }
}

TEST(Decisions, OfEarlierMeetingsStandWithTheCase) {
  const v1::Agenda agenda = agenda_of({assessed("r1", "2021-02-01", "high", 33),
                                       of_meeting("k", "kept", "2021-03-09", {casey("subject")}, "risk-continues")});
  ASSERT_EQ(cases(agenda).size(), 1u);
  ASSERT_EQ(cases(agenda)[0].decisions_size(), 1);
  EXPECT_EQ(cases(agenda)[0].decisions(0).text(), "Kept on 9 March 2021: risk continues.");
  EXPECT_EQ(cases(agenda)[0].decisions(0).events(0).id(), "k");
}

TEST(Decisions, ToRemoveKeepACaseOffUntilSomethingIsNew) {
  std::vector<v1::Event> events = {assessed("r1", "2021-02-01", "high", 33),
                                   of_meeting("x", "removed", "2021-03-09", {casey("subject")}, "moved-away")};
  const v1::Agenda without = agenda_of(events);
  EXPECT_TRUE(cases(without).empty());
  ASSERT_EQ(without.not_listed_size(), 1);
  EXPECT_EQ(without.not_listed(0).reason(), "removed on 9 March 2021: moved away, and no new event since");
  EXPECT_EQ(without.not_listed(0).events(0).id(), "x");
  v1::Event other_board = events[1];
  other_board.mutable_facts()->mutable_meeting()->set_board("nag");
  EXPECT_EQ(cases(agenda_of({events[0], other_board})).size(), 1u) << "another board's decision";
  events.push_back(incident("north-homes", "i1", "2021-03-20"));
  const v1::Agenda with = agenda_of(events);
  ASSERT_EQ(cases(with).size(), 1u);
  EXPECT_EQ(cases(with)[0].decisions(0).text(),
            "Removed on 9 March 2021: moved away. Back because of 1 new event after that.");
  EXPECT_EQ(cases(with)[0].decisions(0).events(1).id(), "i1");
}

TEST(Actions, AreRatedInWordsAndNotDoneStandsApartFromOvertaken) {
  const v1::Agenda agenda =
      agenda_of({asked_of("green", "set", "2021-05-01"), asked_of("soon", "set", "2021-04-20"),
                 asked_of("once", "set", "2021-05-01", 1), asked_of("late", "set", "2021-04-12"),
                 asked_of("twice", "set", "2021-05-01", 2), asked_of("failed", "not-done", "2021-05-01"),
                 asked_of("finished", "done", "2021-05-01"), asked_of("past", "overtaken", "2021-05-01")});
  std::map<std::string, std::string> ratings;
  const v1::AgendaSection& section = agenda.sections(0);
  for (const v1::AgendaAction& action : section.items(0).actions())
    ratings[action.action()] = action.rag() + ", " + action.state();
  EXPECT_EQ(ratings, (std::map<std::string, std::string>{{"green", "green, open"},
                                                         {"soon", "amber, open"},
                                                         {"once", "amber, open"},
                                                         {"late", "red, overdue"},
                                                         {"twice", "red, open"},
                                                         {"failed", "red, not done"},
                                                         {"finished", "green, done"},
                                                         {"past", ", overtaken"}}));
  EXPECT_EQ(section.items(0).actions(0).action(), "failed");
  EXPECT_EQ(section.items(0).actions(7).action(), "past");
  ASSERT_EQ(section.notes_size(), 4);
  EXPECT_EQ(section.notes(0), "8 actions: 1 not done, 1 overdue, 4 open, 1 done and 1 overtaken.");
  EXPECT_EQ(section.notes(2), "Not done: its owner did not do it.");
}

TEST(Actions, NameTheirEvidenceWhoeverSaysThatItIs) {
  v1::Event done = asked_of("a", "done", "2021-04-01");
  const v1::Event letter = incident("north-police", "i1", "2021-03-18");
  v1::Event reading = referral("n1", "installed", "2021-03-15", casey("subject"), "sound-monitor");
  add_link(done, "evidence", letter);
  add_link(done, "evidence", call("gone", "2021-03-18T10:00"));
  add_link(reading, "evidence", done);
  const v1::Agenda agenda = agenda_of({done, letter, reading});
  const v1::AgendaAction& action = agenda.sections(0).items(0).actions(0);
  ASSERT_EQ(action.evidence_size(), 3);
  EXPECT_EQ(action.evidence(0).text(), "Sound Monitor installed on 15 March 2021 (North Homes)");
  EXPECT_EQ(action.evidence(1).text(), "incident reported on 18 March 2021 (North Police)");
  EXPECT_EQ(action.evidence(2).text(), "a record that is not supplied");
  EXPECT_EQ(action.evidence(2).events(0).id(), "gone");
}

TEST(KnownTo, NamesTheAgencyAskedWhenAnotherSaysThatItWasAsked) {
  v1::Event asked = make_event("uk.csp.knowledge.asked.v1", "north-police", "k1", "2021-03-01", {casey("subject")});
  asked.mutable_facts()->mutable_knowledge()->set_board("jtm");
  asked.mutable_facts()->mutable_knowledge()->set_agency("north-health");
  const auto answer_of_health = [](const v1::Agenda& agenda) { return cases(agenda)[0].known_to(2).answer(); };
  const v1::Event high = assessed("r1", "2021-02-01", "high", 33);
  EXPECT_EQ(answer_of_health(agenda_of({high})), "not asked");
  EXPECT_EQ(answer_of_health(agenda_of({high, asked})), "not answered");
  v1::Event for_another = asked;
  for_another.mutable_envelope()->set_id("k2");
  for_another.mutable_facts()->mutable_knowledge()->set_stage(v1::Knowledge::YES);
  EXPECT_EQ(answer_of_health(agenda_of({high, asked, for_another})), "not answered") << "nobody answers for another";
}

TEST(KnownTo, TakesTheNewestOfRecordsAndAnswersAndDatesIt) {
  v1::Event asked = make_event("uk.csp.knowledge.no.v1", "north-homes", "k1", "2021-03-01", {casey("subject")});
  asked.mutable_facts()->mutable_knowledge()->set_board("jtm");
  const auto of_homes = [](const v1::Agenda& agenda) { return cases(agenda)[0].known_to(1); };
  const v1::Event high = assessed("r1", "2021-02-01", "high", 33);
  EXPECT_EQ(of_homes(agenda_of({high})).answer(), "yes");
  EXPECT_EQ(of_homes(agenda_of({high})).on(), "2021-02-01");
  EXPECT_TRUE(of_homes(agenda_of({high})).from_records());
  EXPECT_EQ(of_homes(agenda_of({high, asked})).answer(), "no") << "it looked, later than its record";
  EXPECT_EQ(of_homes(agenda_of({high, asked})).on(), "2021-03-01");
  EXPECT_FALSE(of_homes(agenda_of({high, asked})).from_records());
  EXPECT_EQ(of_homes(agenda_of({high, asked, assessed("r2", "2021-03-10", "high", 34)})).answer(), "yes");
}

}  // namespace
}  // namespace moot
