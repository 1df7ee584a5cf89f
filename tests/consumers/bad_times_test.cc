// Boards that select everybody, events of another year, owners who are gone: what agendas make of them.
#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

v1::Agenda agenda_of_april(const std::vector<v1::Event>& events, const Board& board) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          {Date{2021, 4, 13}, london("2021-04-13"), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

// Its sections: what is told of the agencies' feeds may differ.
std::string documents_on_april(const Casebook& casebook) {
  Result<v1::Agenda> agenda = make_agenda(casebook, test_partnership(), test_policy(), test_board(),
                                          {Date{2021, 4, 13}, london("2021-04-13"), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  agenda->clear_feeds();
  return to_json(*agenda);
}

// "north-homes 2 to 2031-03-02"
std::string told_ahead(const std::vector<v1::Event>& events) {
  std::string told;
  const v1::Agenda agenda = agenda_of_april(events, test_board());
  for (const v1::Feed& feed : agenda.feeds())
    if (feed.dated_ahead() > 0)
      told += (told.empty() ? "" : ", ") + feed.agency() + " " + std::to_string(feed.dated_ahead()) + " to " +
              feed.ahead_to();
  return told;
}

// An agency typed 2031, and Moot knew of it in March.
v1::Event typed_wrongly(v1::Event event) {
  *event.mutable_envelope()->mutable_time() = to_proto(london("2031-03-02T10:00"));
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-02T10:00"));
  return event;
}

TEST(EventsToCome, CountNowhereBeforeTheirDay) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  const std::vector<v1::Event> before = {incident("north-police", "i1", "2021-03-01", who),
                                         incident("north-police", "i2", "2021-03-05", who),
                                         call("c1", "2021-03-06", Who("caller", "", "Cal Invent", "1971-06-06"))};
  std::vector<v1::Event> events = before;
  events.push_back(typed_wrongly(incident("north-homes", "later", "2021-03-02", who)));
  events.push_back(typed_wrongly(call("later-call", "2021-03-02", Who("caller", "", "Cal Invent", "1971-06-06"))));
  const v1::Agenda agenda = agenda_of_april(events, test_board()), same = agenda_of_april(before, test_board());
  ASSERT_EQ(agenda.sections_size(), same.sections_size());
  for (int i = 0; i < agenda.sections_size(); ++i) {
    ASSERT_EQ(agenda.sections(i).items_size(), same.sections(i).items_size()) << i;
    for (int j = 0; j < agenda.sections(i).items_size(); ++j)
      EXPECT_EQ(agenda.sections(i).items(j).score(), same.sections(i).items(j).score()) << i;
  }
  for (const v1::Feed& feed : agenda.feeds()) EXPECT_FALSE(feed.last().starts_with("2031")) << feed.agency();
}

Casebook casebook_with(std::vector<v1::Event> events, const v1::Event& more) {
  events.push_back(more);
  return casebook_of(events);
}

// What is there on the day and what is not: a case that was taken off, an action that was done, a word of an owner.
TEST(EventsToCome, DecideNothingBeforeTheirDay) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  const std::vector<v1::Event> before = {risk("r1", "2021-03-01", who, "high", 33),
                                         action("a1", "set", "2021-03-09T15:00", "2021-03-09", "2021-04-01", {who})};
  const std::string as_before = documents_on_april(casebook_of(before));
  v1::Event done = action("a1/2", "done", "2021-03-20", "2021-03-09", "2021-04-01", {who}), word = done;
  done.mutable_envelope()->set_record("a1");
  done.mutable_envelope()->set_revision(2);
  word.mutable_envelope()->set_agency("north-homes");
  word.mutable_envelope()->set_source("/north-homes/records");
  add_link(word, "outcome-of", before[1]);
  v1::Event lower = risk("r1/2", "2021-03-20", who, "standard", 10);
  lower.mutable_envelope()->set_record("r1");
  lower.mutable_envelope()->set_revision(2);
  for (const v1::Event& event : {of_meeting("m1", "removed", "2021-03-09", {who}), done, word, lower}) {
    EXPECT_NE(documents_on_april(casebook_with(before, event)), as_before) << event.envelope().type();
    EXPECT_EQ(documents_on_april(casebook_with(before, typed_wrongly(event))), as_before) << event.envelope().type();
    const Casebook casebook = casebook_with(before, typed_wrongly(event));
    EXPECT_EQ(casebook.as_at(Instant{london("2031-03-02T10:00").us - 1}).records().size(), 2u);
    EXPECT_NE(casebook.as_at(london("2031-03-02T10:00")).find(event.envelope().source(), event.envelope().id()),
              nullptr);
  }
}

TEST(EventsToCome, CountAtOnceWhereAClockOrATimeZoneExplainsThem) {
  v1::Event event = call("c1", "2021-03-02T10:00");
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01T10:00"));
  EXPECT_EQ(casebook_of({event}).as_at(london("2021-03-01T10:00")).records().size(), 1u) << "a day";
  event.mutable_envelope()->mutable_time()->set_nanos(1000);
  EXPECT_EQ(casebook_of({event}).as_at(london("2021-03-01T10:00")).records().size(), 0u);
  v1::Event scheduled = of_meeting("s", "scheduled", "2021-05-18");
  *scheduled.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01T10:00"));
  EXPECT_EQ(casebook_of({scheduled}).as_at(london("2021-03-01T10:00")).records().size(), 1u) << "as calendars have it";
}

TEST(EventsToCome, AreToldOfByAgencyUntilTheyArePutRight) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  std::vector<v1::Event> events = {typed_wrongly(incident("north-homes", "i1", "2021-03-02", who)),
                                   typed_wrongly(incident("north-homes", "i2", "2021-03-02", who)),
                                   typed_wrongly(incident("gone-trust", "i3", "2021-03-02", who)),
                                   incident("north-police", "i4", "2021-03-02", who)};
  v1::Event closed = typed_wrongly(incident("north-police", "i5", "2021-03-02", who));
  closed.mutable_envelope()->set_compartment("channel");
  events.push_back(closed);
  EXPECT_EQ(told_ahead(events), "north-homes 2 to 2031-03-02, gone-trust 1 to 2031-03-02");
  v1::Event right = incident("north-homes", "i1/2", "2021-03-02", who);
  right.mutable_envelope()->set_record("i1");
  right.mutable_envelope()->set_revision(2);
  events.push_back(right);
  EXPECT_EQ(told_ahead(events), "north-homes 1 to 2031-03-02, gone-trust 1 to 2031-03-02");
  const v1::Agenda agenda = agenda_of_april(events, test_board());
  const std::string words =
      "1 event of North Homes is dated later than this is as at, on 2 March 2031. It counts from that date on";
  for (const std::string& text : {to_markdown(agenda, test_partnership()), to_html(agenda, test_partnership())})
    EXPECT_NE(text.find(words), std::string::npos) << text;
  const Result<v1::CallerList> callers = make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                                                          {Date{2021, 4, 13}, {}, {}, london("2021-04-13")});
  ASSERT_TRUE(callers.ok());
  EXPECT_NE(to_markdown(*callers, test_partnership()).find(words), std::string::npos);
  std::string saved;
  casebook_of(events).save(saved);
  Casebook loaded(test_secret());
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(loaded.as_at(london("2021-04-13")).dated_ahead.at("north-homes").events, 1) << "also after a start";
}

TEST(EventsToCome, AreToldOfInReportsAndCountInNone) {
  const Who who("victim", "", "Vera Invent", "1970-05-05");
  std::vector<v1::Event> events = {referral("x1", "installed", "2020-05-01", who, "guardcam"),
                                   typed_wrongly(referral("x1/2", "withdrawn", "2021-03-02", who, "guardcam"))};
  events.back().mutable_envelope()->set_record("x1");
  events.back().mutable_envelope()->set_revision(2);
  const auto report = [&] {
    return report_on(events, measure_of("m", "", "type = \"referral.installed\""), "2020-21", "2021-04-01");
  };
  EXPECT_EQ(line_of(report(), "m").figure.value, 1) << "a record that is taken back in 2031";
  ASSERT_EQ(report().flags.size(), 1u);
  EXPECT_EQ(report().flags[0].text,
            "Dated later than this report is as at, and counted from that date on, not here: 1 event of North Homes "
            "(on 2 March 2031).");
  events.back().mutable_envelope()->set_compartment("channel");
  EXPECT_TRUE(report().flags.empty());
}

TEST(WholeBoards, ListEverybodyOnceAndSayWhereTheTimeEnds) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 60; ++i)
    events.push_back(incident("north-police", "i" + std::to_string(i), "2021-03-01",
                              Who("victim", "R" + std::to_string(i), "Person" + std::to_string(i) + " Invent",
                                  std::to_string(1930 + i) + "-01-0" + std::to_string(1 + i % 9))));
  const std::string everything = "[version.section.where]\ntype = [\"incident\", \"contact\", \"referral\"]\n";
  const Board board = board_of(kTwoHours, section_of("people", "roles = [\"victim\"]\n" + everything));
  const v1::Agenda agenda = agenda_of_april(events, board);
  EXPECT_EQ(agenda.sections(0).items_size(), 60);
  int discussed = 0;
  for (const v1::AgendaItem& item : agenda.sections(0).items()) discussed += item.listed_for() == "noting" ? 0 : 1;
  EXPECT_EQ(discussed, 16) << "100 minutes at 6 each";
  EXPECT_NE(to_markdown(agenda, test_partnership()).find("44 more cases are for noting"), std::string::npos);
}

TEST(OwnersWhoAreGone, AreNamedAsNoneOfThePartnership) {
  v1::Event asked = action("a1", "set", "2021-03-09T15:00", "2021-03-09", "2021-04-01", {}, 0, "Write to the owner");
  asked.mutable_facts()->mutable_action()->set_owner("closed-trust");
  const v1::Agenda agenda = agenda_of_april({asked}, test_board());
  for (const std::string& text : {to_markdown(agenda, test_partnership()), to_html(agenda, test_partnership())})
    EXPECT_NE(text.find("Closed Trust (none of the partnership’s agencies)"), std::string::npos);
}

}  // namespace
}  // namespace moot
