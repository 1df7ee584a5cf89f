// When a board meets: by its cadence, moved where that is no working day, and as events scheduled it.
#include "consumers/agenda/meeting_days.h"

#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "consumers/document/html.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

Board board_of(const std::string& cadence) {
  Result<Board> board = Board::parse(
      "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2019-04-01\ncadence = { " + cadence +
          " }\n" + section_of("people", "[version.section.where]\ntype = \"referral.made\"\n"),
      "jtm.toml");
  MOOT_CHECK_OK(board.status());
  return *board;
}

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const Board& board, Date on = kOn) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          {on, london(to_iso(on)), {}, "", nullptr});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

TEST(Cadence, TellsTheNextMeetingAndTheDayOfItsPapers) {
  const auto next = [](const std::string& cadence, Date on) {
    const v1::Agenda agenda = agenda_of({}, board_of(cadence), on);
    return agenda.next_meeting() + (agenda.papers_by().empty() ? "" : " papers " + agenda.papers_by());
  };
  const std::string second_tuesday = "every = \"month\", weekday = \"tuesday\", which = 2, papers_working_days = 5";
  EXPECT_EQ(next(second_tuesday, {2021, 4, 13}), "2021-05-11 papers 2021-05-04");
  EXPECT_EQ(next(second_tuesday, {2021, 4, 12}), "2021-04-13 papers 2021-04-06");
  EXPECT_EQ(next("every = \"week\", weekday = \"thursday\"", {2021, 4, 13}), "2021-04-15");
  EXPECT_EQ(next("every = \"week\", weekday = \"tuesday\"", {2021, 4, 13}), "2021-04-20");
  EXPECT_EQ(next("every = \"quarter\", weekday = \"tuesday\", which = 3", {2021, 4, 20}), "2021-07-20");
  EXPECT_EQ(next("every = \"quarter\", weekday = \"tuesday\", which = 1, first_month = 3", {2021, 4, 13}),
            "2021-06-01");
  EXPECT_EQ(next("every = \"month\", weekday = \"friday\", which = -1", {2021, 4, 13}), "2021-04-30");
  EXPECT_EQ(next("every = \"month\", weekday = \"saturday\", which = 1", {2021, 4, 13}), "2021-05-03") << "moved on";
  EXPECT_EQ(next("every = \"month\", weekday = \"saturday\", which = 1, if_closed = \"previous\"", {2021, 4, 13}),
            "2021-04-30");
}

TEST(Cadence, MovesAMeetingFromABankHoliday) {
  Result<RulePack> pack = RulePack::parse(
      "id = \"p\"\ntitle = \"P\"\nversion = \"1\"\nbank_holidays = \"" MOOT_SOURCE_DIR
      "/deploy/rules/bank-holidays-england.toml\"\n[[clock]]\nid = \"c\"\ntitle = \"C\"\nkind = \"expiry\"\n"
      "[[clock.version]]\nvalid_from = 2010-01-01\nsource = \"s\"\nmonths = 3\n[clock.version.where]\ntype = "
      "\"order\"\n",
      "p.toml");
  ASSERT_TRUE(pack.ok()) << pack.status().message();
  const Board board = board_of("every = \"month\", weekday = \"monday\", which = 1");
  const auto agenda = make_agenda(casebook_of({}), test_partnership(), test_policy(), board, {kOn, {}, {}, "", &*pack});
  ASSERT_TRUE(agenda.ok());
  EXPECT_EQ(agenda->next_meeting(), "2021-05-04") << "3 May 2021 was the early May bank holiday";
  EXPECT_EQ(agenda->next_meeting_moved_from(), "2021-05-03");
  const std::string says = "Tuesday 4 May 2021 (moved from Monday 3 May 2021, which is no working day)";
  for (const std::string& text : {to_html(*agenda, test_partnership()), to_markdown(*agenda, test_partnership())})
    EXPECT_NE(text.find(says), std::string::npos) << text;
  const auto on_the_day =
      make_agenda(casebook_of({}), test_partnership(), test_policy(), board, {Date{2021, 5, 4}, {}, {}, "", &*pack});
  EXPECT_EQ(on_the_day->moved_from(), "2021-05-03");
  EXPECT_EQ(on_the_day->next_meeting(), "2021-06-07");
  EXPECT_EQ(on_the_day->next_meeting_moved_from(), "");
  EXPECT_NE(to_html(*on_the_day, test_partnership()).find("Agenda for 4 May 2021 (moved from Monday 3 May"),
            std::string::npos);
}

TEST(Cadence, GivesWayToAMeetingThatWasScheduled) {
  v1::Event scheduled = of_meeting("s1", "scheduled", "2021-05-18");
  *scheduled.mutable_envelope()->mutable_time() = to_proto(london("2021-03-01"));
  *scheduled.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01"));
  const Board board = board_of("every = \"month\", weekday = \"tuesday\", which = 2");
  EXPECT_EQ(agenda_of({scheduled}, board).next_meeting(), "2021-05-18");
  // Scheduled long before, a later one leaves the usual ones before it as they are.
  scheduled.mutable_facts()->mutable_meeting()->set_on("2021-07-20");
  EXPECT_EQ(agenda_of({scheduled}, board).next_meeting(), "2021-05-11");
  // Many calendars date it with the meeting, and need not say so again.
  v1::Event undated = of_meeting("s2", "scheduled", "2021-05-18");
  *undated.mutable_envelope()->mutable_recorded_time() = to_proto(london("2021-03-01"));
  undated.mutable_facts()->mutable_meeting()->clear_on();
  EXPECT_EQ(agenda_of({undated}, board).next_meeting(), "2021-05-18");
  // Who is not the secretary does not schedule.
  scheduled.mutable_facts()->mutable_meeting()->set_on("2021-05-18");
  Board with_secretary = board;
  with_secretary.secretaries = always("north-homes");
  EXPECT_EQ(scheduled.envelope().agency(), "north-police");
  EXPECT_EQ(agenda_of({scheduled}, with_secretary).next_meeting(), "2021-05-11");
}

// Who says on 3 May that the board meets says that of another day, which is not known.
TEST(Cadence, DoesNotGiveWayToTheDayOnWhichSomebodyDidTheScheduling) {
  const Board board = board_of("every = \"month\", weekday = \"tuesday\", which = 2");
  const auto met = [&](const std::string& time, const std::string& recorded, v1::TimePrecision precision = v1::EXACT) {
    v1::Event event = of_meeting("s1", "scheduled", time.substr(0, 10));
    event.mutable_facts()->mutable_meeting()->clear_on();
    *event.mutable_envelope()->mutable_time() = to_proto(london(time));
    event.mutable_envelope()->set_time_precision(precision);
    *event.mutable_envelope()->mutable_recorded_time() = to_proto(london(recorded));
    std::string text;
    for (const MeetingDay& day : meeting_days(casebook_of({event}).as_at(london("2030-01-01")), board, "",
                                              WorkingDays(), {2021, 5, 1}, {2021, 6, 1}))
      text += to_iso(day.on) + (day.scheduled ? "! " : " ");
    return text;
  };
  EXPECT_EQ(met("2021-05-03T10:00", "2021-05-03T10:00"), "2021-05-11 ");
  EXPECT_EQ(met("2021-05-03T10:00", "2021-05-04T10:00"), "2021-05-11 ") << "recorded later";
  EXPECT_EQ(met("2021-05-03T10:05", "2021-05-03T10:00"), "2021-05-11 ") << "a clock that is before ours";
  EXPECT_EQ(met("2021-05-18T10:00", "2021-05-03T10:00"), "2021-05-18! ");
  EXPECT_EQ(met("2021-05-18T10:00", "2021-05-03T10:00", v1::DAY), "2021-05-18! ");
  for (const v1::TimePrecision precision : {v1::MONTH, v1::APPROXIMATE})
    EXPECT_EQ(met("2021-05-18T10:00", "2021-05-03T10:00", precision), "2021-05-11 ");
}

// The last Monday of August is a bank holiday, and the day after it may be of another month.
TEST(Cadence, CountsAMovedMeetingToTheMonthThatItWasMovedFrom) {
  const Result<WorkingDays> days = WorkingDays::parse(
      "id = \"x\"\ntitle = \"X\"\nsource = \"s\"\nfrom = 2020-01-01\nto = 2022-01-01\n[[holiday]]\non = "
      "2020-08-31\nname = \"Summer\"\n",
      "x.toml");
  ASSERT_TRUE(days.ok()) << days.status().message();
  const Board board = board_of("every = \"month\", weekday = \"monday\", which = -1");
  const auto met = [&](const std::vector<v1::Event>& events) {
    std::string text;
    for (const MeetingDay& day :
         meeting_days(casebook_of(events).as_at(london("2030-01-01")), board, "", *days, {2020, 8, 1}, {2020, 10, 1}))
      text += to_iso(day.on) + (day.scheduled ? "! " : " ") +
              (day.moved_from ? "from " + to_iso(*day.moved_from) + " " : "");
    return text;
  };
  EXPECT_EQ(met({}), "2020-09-01 from 2020-08-31 2020-09-28 ");
  EXPECT_EQ(met({of_meeting("s1", "scheduled", "2020-09-01")}), "2020-09-01! from 2020-08-31 2020-09-28 ");
  EXPECT_EQ(met({of_meeting("s1", "scheduled", "2020-09-02")}), "2020-09-02! 2020-09-28 ") << "moved by hand";
  EXPECT_EQ(met({of_meeting("s1", "scheduled", "2020-09-24")}), "2020-09-01 from 2020-08-31 2020-09-24! ");
}

}  // namespace
}  // namespace moot
