// How long the frequent-caller list was at each meeting of a year.
#include "consumers/report/caller_places.h"

#include <gtest/gtest.h>

#include "tests/consumers/report_events.h"

namespace moot {
namespace {

using Parts = std::vector<std::string>;

// "2021-03-09 2" for each meeting.
Parts lists_of(const std::vector<v1::Event>& events, const std::string& period = "2020-21",
               const std::vector<const Board*>& boards = {}) {
  const Casebook casebook = casebook_of(events);
  const Partnership partnership = test_partnership();
  const CallerPolicy policy = test_policy("top = 1\nepisodes_min = 1\nwindow_days = 90\nepisode_hours = 24\n");
  const Figure figure = caller_places({casebook, partnership, policy, boards},
                                      book_of(events).as_at(london("2030-01-01")), "jtm", *parse_period(period));
  Parts parts;
  for (const FigurePart& part : figure.parts)
    parts.push_back(part.key + " " + (part.value ? std::to_string(std::lround(*part.value)) : "?"));
  return parts;
}

TEST(CallerPlaces, CountWhoIsTiedWithTheLastPlaceAtEachMeeting) {
  const std::vector<v1::Event> events = {call("a", "2021-02-01T10:00", Who("caller", "A", "Casey Alpha")),
                                         call("b", "2021-03-20T10:00", Who("caller", "B", "Robin Bravo", "1990-01-01")),
                                         of_meeting("1", "held", "2021-03-09"), of_meeting("2", "held", "2021-03-30"),
                                         of_meeting("3", "held", "2021-04-13")};
  EXPECT_EQ(lists_of(events), (Parts{"2021-03-09 1", "2021-03-30 2"})) << "April is of the next year";
}

// Whoever else says that the board met has no say in it.
TEST(CallerPlaces, GoByWhatTheBoardsSecretarySaysWasHeld) {
  Board board = test_board();
  board.secretaries = always("north-police");
  v1::Event by_another = of_meeting("2", "held", "2021-03-30");
  by_another.mutable_envelope()->set_agency("north-homes");
  by_another.mutable_envelope()->set_source("/north-homes/minutes");
  const std::vector<v1::Event> events = {call("a", "2021-02-01T10:00"), of_meeting("1", "held", "2021-03-09"),
                                         by_another};
  EXPECT_EQ(lists_of(events, "2020-21", {&board}), Parts{"2021-03-09 1"});
  EXPECT_EQ(lists_of(events), (Parts{"2021-03-09 1", "2021-03-30 1"})) << "of a board that is not known";
}

TEST(CallerPlaces, TakeAMeetingWithoutADateForHeldOnItsOwnDay) {
  v1::Event undated = of_meeting("1", "held", "2021-03-09");
  undated.mutable_facts()->mutable_meeting()->clear_on();
  EXPECT_EQ(lists_of({call("a", "2021-02-01T10:00"), undated}), Parts{"2021-03-09 1"});
  v1::Event other = undated;
  other.mutable_facts()->mutable_meeting()->set_board("nag");
  EXPECT_EQ(lists_of({call("a", "2021-02-01T10:00"), other}), Parts{});
}

}  // namespace
}  // namespace moot
