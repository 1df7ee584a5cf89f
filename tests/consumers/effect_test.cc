// Before and after: equal numbers of whole days on both sides of the day something was done, and honest words.
#include "consumers/callers/effect.h"

#include <gtest/gtest.h>

#include "consumers/callers/caller_list.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

const Who kCasey("caller", "", "Casey Exampleton", "1980-02-29");

v1::Event turning_point(const std::string& id, const std::string& stage, const std::string& time) {
  return referral(id, stage, time, Who("subject", "", "Casey Exampleton"), "turning-point", "north-health");
}

v1::Caller casey_on(const std::vector<v1::Event>& events, Date on, const std::vector<const Board*>& boards = {}) {
  Result<v1::CallerList> list = make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                                                 CallerQuery{on, {}, {}, london("2030-01-01"), boards});
  MOOT_CHECK_OK(list.status());
  for (const v1::Caller& caller : list->callers())
    if (caller.name() == "Casey Exampleton") return caller;
  return {};
}

std::vector<v1::Event> calls_on(const std::vector<std::string>& days) {
  std::vector<v1::Event> events = {call("first", "2020-01-01T10:00", Who("caller", "other", "Avery Other", ""))};
  for (const std::string& day : days) events.push_back(call("c" + day, day, kCasey));
  return events;
}

TEST(Effect, ComparesAsManyDaysAfterAsBeforeWithoutTheDayItself) {
  // 40 whole days lie between 1 March and 11 April; 40 days before 1 March begin on 20 January.
  std::vector<v1::Event> events =
      calls_on({"2021-01-19T10:00", "2021-01-20T00:00", "2021-02-10T10:00", "2021-02-28T23:59", "2021-03-01T10:00",
                "2021-03-02T00:00", "2021-04-10T23:00", "2021-04-11T10:00"});
  events.push_back(turning_point("r", "started", "2021-03-01T12:00"));
  const v1::Caller caller = casey_on(events, Date{2021, 4, 11});
  ASSERT_EQ(caller.interventions_size(), 1);
  const v1::Intervention& effect = caller.interventions(0);
  EXPECT_EQ(effect.days(), 40);
  EXPECT_EQ(effect.before(), 3);
  EXPECT_EQ(effect.after(), 2);
  EXPECT_FALSE(effect.too_early());
  EXPECT_EQ(
      effect.finding(),
      "Turning Point started on 1 March 2021, North Health Trust: 3 calls in the 40 days before, 2 in the 40 days "
      "after.");
  ASSERT_EQ(effect.events_size(), 6);
  EXPECT_EQ(effect.events(0).id(), "r");
  EXPECT_EQ(effect.finding().find("because"), std::string::npos);
}

TEST(Effect, IsCappedByTheWindowOfTheRule) {
  std::vector<v1::Event> events = calls_on({"2020-08-01T10:00", "2020-10-01T10:00", "2021-02-10T10:00"});
  events.push_back(turning_point("r", "completed", "2020-09-01T12:00"));
  const v1::Intervention effect = casey_on(events, Date{2021, 4, 11}).interventions(0);
  EXPECT_EQ(effect.days(), 90);
  EXPECT_EQ(effect.before(), 1);
  EXPECT_EQ(effect.after(), 1);
}

TEST(Effect, IsTooEarlyToSayUnderTwentyEightDays) {
  std::vector<v1::Event> events = calls_on({"2021-02-10T10:00"});
  events.push_back(turning_point("r", "started", "2021-03-01T12:00"));
  EXPECT_EQ(casey_on(events, Date{2021, 3, 29}).interventions(0).finding(),
            "Turning Point started on 1 March 2021, North Health Trust: too early to say, 27 days since.");
  EXPECT_TRUE(casey_on(events, Date{2021, 3, 29}).interventions(0).too_early());
  EXPECT_FALSE(casey_on(events, Date{2021, 3, 30}).interventions(0).too_early());
  EXPECT_EQ(casey_on(events, Date{2021, 3, 2}).interventions(0).days(), 0);
}

TEST(Effect, SaysWhereTheDaysBeforeAreNotSupplied) {
  std::vector<v1::Event> events = calls_on({"2021-02-10T10:00"});
  events.erase(events.begin());
  events.push_back(turning_point("r", "started", "2021-02-20T12:00"));
  EXPECT_NE(casey_on(events, Date{2021, 4, 11})
                .interventions(0)
                .finding()
                .find("(calls before 10 February 2021 are not supplied)"),
            std::string::npos);
}

TEST(Effect, LooksAtWhatWasDoneAndNotAtWhatWasOnlyAskedFor) {
  std::vector<v1::Event> events = calls_on({"2021-02-10T10:00"});
  events.push_back(turning_point("r1", "made", "2021-02-20T12:00"));
  events.push_back(turning_point("r2", "declined", "2021-02-21T12:00"));
  events.push_back(turning_point("r3", "started", "2019-02-21T12:00"));  // more than 12 months ago
  v1::Event set = make_event("uk.csp.action.set.v1", "north-police", "a1", "2021-02-22", {kCasey});
  v1::Event done = make_event("uk.csp.action.done.v1", "north-police", "a2", "2021-02-23", {kCasey});
  v1::Text& text = *done.mutable_personal()->add_texts();
  text.set_field("action");
  text.set_text("Fit a camera");
  events.push_back(set);
  events.push_back(done);
  const v1::Caller caller = casey_on(events, Date{2021, 4, 11});
  ASSERT_EQ(caller.interventions_size(), 1);
  EXPECT_EQ(caller.interventions(0).text(), "action done (Fit a camera)");
}

TEST(Effect, CountsAnActionOfABoardOnceAndNoneThatIsOnlyProposed) {
  Board board = test_board();
  board.secretaries = always("north-police");
  const auto done = [](const std::string& agency, const std::string& id, const std::string& time) {
    v1::Event event = action(id, "done", time, "2021-02-09", "", {kCasey});
    event.mutable_envelope()->set_agency(agency);
    event.mutable_envelope()->set_source("/" + agency + "/records");
    return event;
  };
  const auto counted = [&](const std::vector<v1::Event>& actions) {
    std::vector<v1::Event> events = calls_on({"2021-02-10T10:00"});
    events.insert(events.end(), actions.begin(), actions.end());
    std::string ids;
    const v1::Caller caller = casey_on(events, Date{2021, 4, 11}, {&board});
    for (const v1::Intervention& effect : caller.interventions()) ids += effect.events(0).id() + " ";
    return ids;
  };
  const v1::Event proposed = done("north-health", "P", "2021-02-20");
  EXPECT_EQ(counted({proposed}), "") << "in another's name";
  EXPECT_EQ(counted({done("north-homes", "O", "2021-02-20")}), "O ") << "its owner says so";
  v1::Event taken_up = done("north-police", "A", "2021-02-21");
  EXPECT_EQ(counted({taken_up}), "A ");
  add_link(taken_up, "takes-up", done("north-homes", "O", "2021-02-20"));
  EXPECT_EQ(counted({done("north-homes", "O", "2021-02-20"), taken_up}), "A ");
  v1::Event only_set = action("S", "set", "2021-02-21", "2021-02-20", "", {});
  only_set.mutable_envelope()->set_agency("north-police");
  add_link(only_set, "takes-up", done("north-homes", "O", "2021-02-20"));
  EXPECT_EQ(counted({done("north-homes", "O", "2021-02-20"), only_set}), "O ") << "what was done stays done";
  v1::Event word = done("north-homes", "W", "2021-02-22");
  add_link(word, "outcome-of", taken_up);
  EXPECT_EQ(counted({taken_up, word}), "A ");
  v1::Event asked = action("A", "set", "2021-02-21", "2021-02-09", "", {kCasey});
  EXPECT_EQ(counted({asked, word}), "W ") << "the one record that says it";
  word.mutable_envelope()->set_agency("north-health");
  EXPECT_EQ(counted({asked, word}), "");
}

TEST(Effect, OfThoseWhoLeftTheListCountsNoProposedActionEither) {
  std::vector<v1::Event> events = calls_on({"2021-01-10T10:00", "2021-01-20T10:00"});
  events.push_back(action("P", "done", "2021-02-20", "2021-02-09", "", {kCasey}));
  Board board = test_board();
  const auto reason = [&](const std::string& secretary) {
    board.secretaries = always(secretary);
    const Result<v1::CallerList> list =
        make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                         CallerQuery{Date{2021, 5, 1}, {}, {}, london("2030-01-01"), {&board}});
    MOOT_CHECK_OK(list.status());
    return list->left_size() == 1 ? list->left(0).reason() : std::string("not one left");
  };
  EXPECT_NE(reason("north-health").find("no referral, action or closure is recorded, but 1 action only proposed."),
            std::string::npos)
      << reason("north-health");
  EXPECT_NE(reason("north-police").find("action done on 20 February 2021"), std::string::npos);
}

TEST(Effect, StandsWithThoseWhoLeftTheList) {
  std::vector<v1::Event> events = calls_on({"2021-01-10T10:00", "2021-01-20T10:00"});
  events.push_back(turning_point("r", "accepted", "2021-02-01T12:00"));
  const Result<v1::CallerList> list = make_caller_list(casebook_of(events), test_partnership(), test_policy(),
                                                       CallerQuery{Date{2021, 5, 1}, {}, {}, london("2030-01-01")});
  ASSERT_EQ(list->left_size(), 1);
  EXPECT_EQ(list->left(0).born(), "1980-02-29");
  ASSERT_EQ(list->left(0).interventions_size(), 1);
  EXPECT_EQ(list->left(0).interventions(0).before(), 2);
  EXPECT_EQ(list->left(0).interventions(0).after(), 0);
}

}  // namespace
}  // namespace moot
