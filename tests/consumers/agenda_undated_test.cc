// Actions and meetings that do not name the meeting's day: of which they are, whatever is said of them later.
#include <gtest/gtest.h>

#include "consumers/agenda/board_action.h"
#include "consumers/agenda/minutes.h"
#include "consumers/agenda/said_of_actions.h"
#include "consumers/casework/action_outcome.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};
using Texts = std::vector<std::string>;

Board board_with_secretary() {
  Board board = test_board();
  board.secretaries = always("north-police");
  return board;
}

v1::Event undated(const std::string& time = "2021-03-10", const std::string& agency = "north-police",
                  v1::TimePrecision precision = v1::EXACT) {
  v1::Event event = action("A1", "set", time, "", "2021-04-30", {});
  event.mutable_envelope()->set_agency(agency);
  event.mutable_envelope()->set_source("/" + agency + "/records");
  event.mutable_envelope()->set_time_precision(precision);
  return event;
}

v1::Event held(const std::string& day) { return of_meeting("M" + day, "held", day); }

// What `moot meeting outcome` makes of it, by whom and when.
v1::Event outcome(const v1::Event& of, v1::Action::Stage stage, const std::string& agency = "north-police",
                  const std::string& now = "2021-04-13T10:00") {
  const CaseSet cases = casebook_of({of}).as_at(london(now));
  Result<v1::Event> said = say_outcome(cases, board_with_secretary(), of, {agency, stage, "", london(now)});
  MOOT_CHECK_OK(said.status());
  said->mutable_envelope()->set_agency(agency);
  *said->mutable_envelope()->mutable_recorded_time() = to_proto(london(now));
  return *said;
}

// The next version that the export has of it.
v1::Event later_version(const v1::Event& first) {
  v1::Event event = first;
  event.mutable_envelope()->set_id("A1/2");
  event.mutable_envelope()->set_record("A1");
  event.mutable_envelope()->set_revision(2);
  event.mutable_envelope()->set_time_precision(v1::EXACT);
  *event.mutable_envelope()->mutable_time() = to_proto(london("2021-04-13T10:00"));
  *event.mutable_envelope()->mutable_recorded_time() = event.envelope().time();
  event.mutable_facts()->mutable_action()->set_stage(v1::Action::UPDATED);
  return event;
}

Texts states(const std::vector<v1::Event>& events, Date on = kOn) {
  const CaseSet set = casebook_of(events).as_at(london("2021-05-01"));
  Texts texts;
  for (const BoardAction& action : board_actions(set, board_with_secretary(), on)) texts.push_back(action.state);
  return texts;
}

// How many actions the minutes of the day have; -1 where there are none of the day.
int minuted(const std::vector<v1::Event>& events, Date on) {
  const Result<v1::Minutes> minutes = make_minutes(casebook_of(events), test_partnership(), board_with_secretary(),
                                                   WorkingDays(), {on, london("2021-05-01"), ""});
  return minutes.ok() ? minutes->actions_size() : -1;
}

TEST(UndatedAction, IsOfTheDayOnWhichItWasFirstSaidWhateverBecameOfIt) {
  const v1::Event first = undated();
  for (const v1::Event& later :
       {outcome(first, v1::Action::UPDATED), outcome(first, v1::Action::ESCALATED), later_version(first)}) {
    const std::vector<v1::Event> events = {held("2021-03-10"), first, held("2021-04-13"), later};
    EXPECT_EQ(states(events).size(), 1u) << later.ShortDebugString();
    EXPECT_EQ(states(events, Date{2021, 3, 10}), Texts()) << "no meeting before it had set it";
    EXPECT_EQ(minuted(events, Date{2021, 3, 10}), 1);
    EXPECT_EQ(minuted(events, kOn), 0);
  }
}

TEST(UndatedAction, ThatAMeetingTakesUpIsProposedNoMoreAtThatMeeting) {
  const v1::Event proposed = undated("2021-03-10", "north-health");
  const v1::Event taken_up = outcome(proposed, v1::Action::SET);
  EXPECT_EQ(taken_up.facts().action().set_on(), "2021-03-10");
  EXPECT_EQ(states({proposed}), Texts{"proposed"});
  EXPECT_EQ(states({proposed, taken_up}), Texts{"open"});
}

TEST(UndatedAction, HasItsDayInItsOwnersWordToo) {
  const v1::Event done = outcome(undated(), v1::Action::DONE, "north-homes");
  EXPECT_EQ(done.facts().action().set_on(), "2021-03-10");
  EXPECT_EQ(states({undated(), done}), Texts{"done"});
}

TEST(UndatedAction, DoesNotTellThatTheBoardMet) {
  EXPECT_EQ(minuted({undated("2021-03-17")}, Date{2021, 3, 17}), -1);
  EXPECT_EQ(minuted({undated("2021-03-17"), held("2021-03-17")}, Date{2021, 3, 17}), 1);
  EXPECT_EQ(minuted({action("A1", "set", "2021-03-17", "2021-03-17", "", {})}, Date{2021, 3, 17}), 1);
}

TEST(UndatedAction, OfAMonthOrOfAboutADayIsOfNoDayAndOnTheList) {
  for (const v1::TimePrecision precision : {v1::MONTH, v1::APPROXIMATE}) {
    const v1::Event first = undated("2021-03-01", "north-police", precision);
    for (const std::vector<v1::Event>& events :
         {std::vector{first}, {first, outcome(first, v1::Action::UPDATED)}, {first, later_version(first)}}) {
      EXPECT_EQ(states(events).size(), 1u) << events.size();
      const CaseSet set = casebook_of(events).as_at(london("2021-05-01"));
      EXPECT_EQ(day_set(set, *set.records()[0]), "");
      std::vector<v1::Event> of_meetings = {held("2021-03-01"), held("2021-04-13")};
      of_meetings.insert(of_meetings.end(), events.begin(), events.end());
      EXPECT_EQ(minuted(of_meetings, Date{2021, 3, 1}), 0);
      EXPECT_EQ(minuted(of_meetings, kOn), 0);
    }
  }
}

TEST(UndatedMeeting, OfAMonthOrOfAboutADayIsOfNoDay) {
  v1::Event met = held("2021-03-01");
  met.mutable_facts()->mutable_meeting()->clear_on();
  const auto last = [&](v1::TimePrecision precision) {
    met.mutable_envelope()->set_time_precision(precision);
    return last_meeting(casebook_of({met}).as_at(london("2021-05-01")), board_with_secretary(), kOn);
  };
  EXPECT_EQ(last(v1::MONTH), std::nullopt);
  EXPECT_EQ(last(v1::APPROXIMATE), std::nullopt);
  EXPECT_EQ(last(v1::DAY), (Date{2021, 3, 1}));
  EXPECT_EQ(last(v1::EXACT), (Date{2021, 3, 1}));
}

}  // namespace
}  // namespace moot
