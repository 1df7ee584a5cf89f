// What became of an action, said of a day before it is said.
#include "consumers/casework/action_outcome.h"

#include <gtest/gtest.h>

#include "consumers/casework/meeting_events.h"
#include "tests/consumers/action_events.h"

namespace moot {
namespace {

// Said on the 25th, of a day before.
class OutcomeOfADay {
 public:
  explicit OutcomeOfADay(std::vector<v1::Event> events) : events_(std::move(events)) {}

  // "2021-03-20, day", or why not.
  std::string said(const std::string& agency, v1::Action::Stage stage, const std::string& on) const {
    const Result<v1::Event> event = say(agency, stage, on);
    if (!event.ok()) return std::string(event.status().message());
    const bool is_day = event->envelope().time_precision() == v1::DAY;
    return to_iso(local_date(time_of(*event))) + (is_day ? ", day" : "");
  }
  Texts actions_after(const std::string& agency, const std::string& on) const {
    Result<v1::Event> event = say(agency, v1::Action::DONE, on);
    MOOT_CHECK_OK(event.status());
    event->mutable_envelope()->set_agency(agency);
    std::vector<v1::Event> events = events_;
    events.push_back(recorded_at(*event, "2021-03-25T10:00"));
    return actions_of(events);
  }

 private:
  Result<v1::Event> say(const std::string& agency, v1::Action::Stage stage, const std::string& on) const {
    const Instant now = london("2021-03-25T10:00");
    const CaseSet cases = casebook_of(events_).as_at(now);
    const Board board = board_with_secretary();
    const Result<const v1::Event*> action = find_action(cases, board, "A1");
    MOOT_CHECK_OK(action.status());
    return say_outcome(cases, board, **action, {agency, stage, "", now, *parse_date(on)});
  }

  std::vector<v1::Event> events_;
};

TEST(ActionOutcome, CameAboutOnTheDayThatIsNamed) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-03-09");
  const OutcomeOfADay outcome({set});
  for (const char* agency : {"north-police", "north-homes"}) {
    EXPECT_EQ(outcome.said(agency, v1::Action::DONE, "2021-03-20"), "2021-03-20, day");
    EXPECT_EQ(outcome.said(agency, v1::Action::DONE, "2021-03-09"), "2021-03-09, day");
    EXPECT_EQ(outcome.said(agency, v1::Action::DONE, "2021-03-25"), "2021-03-25") << "today has a time";
    EXPECT_EQ(outcome.said(agency, v1::Action::DONE, "2021-03-26"), "--on: 26 March 2021 is still to come");
    EXPECT_EQ(outcome.said(agency, v1::Action::NOT_DONE, "2021-03-08"),
              "--on: the action was set on 9 March 2021, after that day");
  }
  EXPECT_NE(outcome.said("north-police", v1::Action::UPDATED, "2021-03-20").find("is today"), std::string::npos);
  EXPECT_EQ(outcome.actions_after("north-police", "2021-03-20"), Texts{"A1: done, green"});
  EXPECT_EQ(outcome.actions_after("north-homes", "2021-03-09"),
            Texts{"A1: done, green; done, as its owner said on 9 March 2021"})
      << "the day on which it was set";
  EXPECT_EQ(outcome.actions_after("north-homes", "2021-03-20"),
            Texts{"A1: done, green; done, as its owner said on 20 March 2021"});
}

// What is said of a day before the other's word would change nothing, and nobody would know.
TEST(ActionOutcome, IsNotSaidOfADayBeforeTheOthersWordThatHolds) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-03-09");
  const OutcomeOfADay owner_spoke({set, word(set, "W", "not-done", "2021-03-20")});
  EXPECT_NE(owner_spoke.said("north-police", v1::Action::DONE, "2021-03-19").find("\"north-homes\" said"),
            std::string::npos);
  EXPECT_EQ(owner_spoke.actions_after("north-police", "2021-03-21"), Texts{"A1: done, green"});
  v1::Event carried = said_by("north-police", "A2", "updated", "2021-03-22");
  carried.mutable_envelope()->set_record("A1");
  carried.mutable_envelope()->set_revision(2);
  const OutcomeOfADay board_spoke({set, word(set, "W", "not-done", "2021-03-20"), carried});
  EXPECT_NE(board_spoke.said("north-homes", v1::Action::DONE, "2021-03-21").find("\"north-police\" said"),
            std::string::npos);
  EXPECT_NE(board_spoke.said("north-police", v1::Action::DONE, "2021-03-19").find("\"north-homes\" said"),
            std::string::npos)
      << "the word that the board had outlasted would hold again";
  EXPECT_EQ(board_spoke.said("north-police", v1::Action::DONE, "2021-03-21"), "2021-03-21, day");
}

// Figures of a year count it in the year in which it was held, whenever somebody comes to say so.
TEST(MeetingEvents, OfAMeetingThatWasHeldAreOfItsDay) {
  const MeetingWords told_late{"north-police", "jtm", "", Date{2021, 3, 30}, london("2021-04-02T10:00")};
  for (const v1::Event& event :
       {held_event(told_late, "in-person"), attendance_event(told_late, "north-homes", "present")}) {
    EXPECT_EQ(to_iso(local_date(time_of(event))), "2021-03-30");
    EXPECT_EQ(event.envelope().time_precision(), v1::DAY);
  }
  MeetingWords at_once = told_late;
  at_once.on = Date{2021, 4, 2};
  EXPECT_EQ(from_proto(held_event(at_once, "").envelope().time()), at_once.now);
  EXPECT_EQ(held_event(at_once, "").envelope().time_precision(), v1::EXACT);
}

}  // namespace
}  // namespace moot
