// Whose word an action of a board stands by: the secretary's, its owner's, and nobody's in another's name.
#include "consumers/agenda/board_action.h"

#include <gtest/gtest.h>

#include "consumers/casework/action_outcome.h"
#include "tests/consumers/action_events.h"

namespace moot {
namespace {

std::string found(const std::vector<v1::Event>& events, const std::string& number,
                  const Board& board = board_with_secretary()) {
  const CaseSet set = casebook_of(events).as_at(london("2021-04-13"));
  const Result<const v1::Event*> action = find_action(set, board, number);
  return action.ok() ? (*action)->envelope().id() : std::string(action.status().message());
}

// Its owner's system knows its own record alone, and goes on with that.
TEST(BoardAction, OfItsOwnerThatWasTakenUpIsDoneWhenItsOwnersRecordSaysSo) {
  const v1::Event own = said_by("north-homes", "P1", "done", "2021-03-20");
  const Texts done = {"A1: done, green; done, as its owner said on 20 March 2021"};
  EXPECT_EQ(actions_of({own, take_up(own, "A1", "2021-03-19")}), done);
  EXPECT_EQ(actions_of({own, take_up(own, "A1", "2021-03-21")}), done);
  EXPECT_EQ(actions_of({own, take_up(own, "A1", "2021-03-21", "not-done")}).front().substr(0, 12), "A1: not done");
  const v1::Event set = said_by("north-homes", "P1", "set", "2021-03-20");
  EXPECT_EQ(actions_of({set, take_up(set, "A1", "2021-03-21")}), Texts{"A1: open, green"});
  const v1::Event others = said_by("north-health", "P1", "done", "2021-03-20");
  EXPECT_EQ(actions_of({others, take_up(others, "A1", "2021-03-21")}), Texts{"A1: open, green"});
}

TEST(BoardAction, OfAnotherAgencyIsProposedUntilThatAgencyEndsIt) {
  for (const char* stage : {"set", "updated", "escalated"})
    EXPECT_EQ(actions_of({said_by("north-health", "P1", stage, "2021-03-20")}),
              Texts{"P1: proposed; proposed by North Health Trust"});
  for (const auto& [stage, words] : {std::pair("done", "done"), {"overtaken", "overtaken"}, {"not-done", "not done"}}) {
    const v1::Event ended = said_by("north-health", "P1", stage, "2021-03-20");
    EXPECT_EQ(
        actions_of({ended}),
        Texts{std::string("P1: given up; proposed by North Health Trust, which said on 20 March 2021 that it is ") +
              words});
    EXPECT_EQ(actions_of({ended, held("2021-04-01")}), Texts{}) << "told once";
    EXPECT_EQ(actions_of({ended, take_up(ended, "A1", "2021-03-21")}), Texts{"A1: open, green"});
  }
  EXPECT_EQ(actions_of({said_by("north-homes", "P1", "not-done", "2021-03-20")}).front().substr(0, 12), "P1: given up");
  EXPECT_EQ(actions_of({said_by("north-health", "P1", "withdrawn", "2021-03-20")}), Texts{});
  EXPECT_EQ(actions_of({said_by("north-police", "A1", "done", "2021-03-20")}), Texts{"A1: done, green"});
}

TEST(BoardAction, OfItsOwnersIsFinishedByItsOwnersWord) {
  EXPECT_EQ(actions_of({said_by("north-homes", "P1", "done", "2021-03-20")}),
            Texts{"P1: done, green; done, as its owner said on 20 March 2021"});
  EXPECT_EQ(actions_of({said_by("north-homes", "P1", "set", "2021-03-20")}),
            Texts{"P1: proposed; proposed by North Homes"});
}

TEST(BoardAction, TakesFromItsOwnerWhatAnOwnerMaySayAlone) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-03-09");
  for (const char* stage : {"set", "updated", "escalated"})
    EXPECT_EQ(actions_of({set, word(set, "W", stage, "2021-03-20")}), Texts{"A1: open, green"}) << stage;
  const v1::Event done = word(set, "W1", "done", "2021-03-20");
  EXPECT_EQ(actions_of({set, done, word(set, "W2", "escalated", "2021-03-21")}),
            Texts{"A1: done, green; done, as its owner said on 20 March 2021"});
  EXPECT_EQ(actions_of({set, word(set, "W", "done", "2021-03-20", "north-health")}), Texts{"A1: open, green"});
}

TEST(BoardAction, PrintsTheOwnersOwnWord) {
  const v1::Event proposed = said_by("north-health", "P1", "set", "2021-03-09");
  EXPECT_EQ(actions_of({proposed, word(proposed, "W", "not-done", "2021-03-20")}),
            Texts{"P1: proposed; not done, as its owner said on 20 March 2021; proposed by North Health Trust"});
}

TEST(BoardAction, IsNotHeldByAWordDatedAhead) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-03-09");
  const v1::Event ahead = recorded_at(word(set, "W1", "done", "2099-01-01"), "2021-03-20");
  EXPECT_EQ(actions_of({set, ahead}), Texts{"A1: open, green"}) << "it holds from 2099 on";
  const v1::Event by_a_clock = recorded_at(word(set, "W3", "done", "2021-03-20T23:00"), "2021-03-20");
  EXPECT_EQ(actions_of({set, by_a_clock}), Texts{"A1: done, green; done, as its owner said on 20 March 2021"});
  EXPECT_EQ(actions_of({set, by_a_clock, word(set, "W1", "not-done", "2021-03-20T01:00")}),
            Texts{"A1: not done, red; not done, as its owner said on 20 March 2021"});
  EXPECT_EQ(actions_of({set, ahead, word(set, "W2", "not-done", "2021-03-21")}),
            Texts{"A1: not done, red; not done, as its owner said on 21 March 2021"});
  v1::Event later = said_by("north-police", "A1/2", "not-done", "2021-03-22");
  later.mutable_envelope()->set_record("A1");
  later.mutable_envelope()->set_revision(2);
  EXPECT_EQ(actions_of({set, ahead, later}), Texts{"A1: not done, red"});
}

TEST(BoardAction, OfHistoryIsHeldByWhenItWasKnown) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-03-09");
  const auto loaded = [&](const std::string& id, const std::string& stage, const std::string& known) {
    v1::Event event = recorded_at(word(set, id, stage, "2021-03-20T20:00"), "2022-01-01");
    event.mutable_envelope()->set_backfill(true);
    *event.mutable_envelope()->mutable_known_time() = to_proto(london(known));
    return event;
  };
  EXPECT_EQ(actions_of({set, loaded("W1", "done", "2021-03-21"), loaded("W2", "not-done", "2021-03-20")}),
            Texts{"A1: done, green; done, as its owner said on 20 March 2021"});
}

TEST(BoardAction, FinishedLongAgoIsShownOnceTheBoardCanKnowIt) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-01-05", "2021-01-05");
  const v1::Event done = word(set, "W", "done", "2021-02-20");
  EXPECT_EQ(actions_of({set, held("2021-03-09"), done}), Texts{});
  EXPECT_EQ(actions_of({set, held("2021-03-09"), recorded_at(done, "2021-03-15")}),
            Texts{"A1: done, green; done, as its owner said on 20 February 2021"});
  EXPECT_EQ(actions_of({set, held("2021-03-09"), recorded_at(word(set, "W", "done", "2021-03-02"), "2021-03-01")}),
            Texts{})
      << "nor for ever";
}

// The agenda of the meeting on 9 March was made as at the midnight before it.
TEST(BoardAction, FinishedAboutAMidnightStandsOnOneAgendaAlone) {
  const v1::Event set = said_by("north-police", "A1", "set", "2021-01-05", "2021-01-05");
  const Instant midnight = london("2021-03-09");
  for (const std::int64_t beside : {-1, 0, 1}) {
    v1::Event done = word(set, "W", "done", "2021-03-08");
    *done.mutable_envelope()->mutable_recorded_time() = to_proto(Instant{midnight.us + beside});
    const auto is_done_on = [&](Date on, const std::string& as_at) {
      const CaseSet cases = casebook_of({set, done, held("2021-02-09"), held("2021-03-09")}).as_at(london(as_at));
      const std::vector<BoardAction> actions = board_actions(cases, board_with_secretary(), on);
      return !actions.empty() && actions[0].state == "done";
    };
    EXPECT_EQ(is_done_on(Date{2021, 3, 9}, "2021-03-09"), beside <= 0) << beside;
    EXPECT_EQ(is_done_on(kOn, "2021-04-13"), beside > 0) << beside;
  }
}

// An export that does not say at which meeting an action was set has it on the list all the same.
TEST(BoardAction, WithoutTheDayOfItsMeetingCountsFromItsOwn) {
  const v1::Event undated = said_by("north-police", "A1", "set", "2021-03-10", "");
  EXPECT_EQ(actions_of({undated}), Texts{"A1: open, green"});
  EXPECT_EQ(actions_of({undated, word(undated, "W", "done", "2021-03-20")}),
            Texts{"A1: done, green; done, as its owner said on 20 March 2021"});
  EXPECT_EQ(actions_of({said_by("north-police", "A1", "done", "2021-02-10", ""), held("2021-03-09")}), Texts{});
}

TEST(BoardAction, OfAMeetingWithoutADateIsOfTheDayOnWhichItWasHeld) {
  v1::Event undated = held("2021-03-09");
  undated.mutable_facts()->mutable_meeting()->clear_on();
  const auto last = [](const std::vector<v1::Event>& events, Date on) {
    return last_meeting(casebook_of(events).as_at(london("2021-05-01")), board_with_secretary(), on);
  };
  EXPECT_EQ(last({held("2021-02-09"), undated}, kOn), (Date{2021, 3, 9}));
  EXPECT_EQ(last({held("2021-02-09"), undated}, Date{2021, 3, 9}), (Date{2021, 2, 9}));
}

TEST(BoardAction, SetAtAMeetingStillToComeIsToldOfUntilThen) {
  const v1::Event mistyped = said_by("north-police", "A1", "set", "2021-03-09", "2031-03-09");
  const v1::Event foretold = said_by("north-police", "A2", "set", "2021-04-10", "2021-04-13");
  const auto ahead = [](const std::vector<v1::Event>& events, Date on, const std::string& as_at) {
    const CaseSet set = casebook_of(events).as_at(london(as_at));
    Texts texts;
    for (const v1::Event* event : actions_set_ahead(set, board_with_secretary(), on))
      texts.push_back(record_of(event->envelope()));
    return texts;
  };
  EXPECT_EQ(ahead({foretold, mistyped}, kOn, "2021-04-13"), Texts{"A1"}) << "A2 is of this very meeting";
  EXPECT_EQ(ahead({foretold, mistyped}, Date{2021, 4, 6}, "2021-04-11"), (Texts{"A2", "A1"}));
  EXPECT_EQ(ahead({mistyped}, Date{2031, 3, 9}, "2031-03-09"), Texts{});
  EXPECT_EQ(ahead({said_by("north-police", "A3", "set", "2021-05-11", "2021-05-11")}, kOn, "2021-06-01"), Texts{})
      << "nothing is wrong with what a later meeting set, when all is looked at later";
  // What nobody waits for is told by nobody.
  for (const char* stage : {"done", "overtaken"})
    EXPECT_EQ(ahead({said_by("north-police", "A1", stage, "2021-03-09", "2031-03-09")}, kOn, "2021-04-13"), Texts{});
  EXPECT_EQ(ahead({mistyped, word(mistyped, "W", "done", "2021-03-20")}, kOn, "2021-04-13"), Texts{});
  const v1::Event proposed = said_by("north-health", "P1", "set", "2021-03-09", "2031-03-09");
  EXPECT_EQ(ahead({proposed}, kOn, "2021-04-13"), Texts{"P1"});
  EXPECT_EQ(ahead({proposed, take_up(proposed, "A1", "2021-03-20")}, kOn, "2021-04-13"), Texts{})
      << "the board's own stands in its place, with the right date";
}

// Whose word it was when it was said, whoever has the office later.
TEST(BoardAction, GoesByTheSecretaryOfItsDay) {
  Board board = test_board();
  board.secretaries = {{{Date{2019, 4, 1}, Date{2021, 3, 15}}, "north-police"},
                       {{Date{2021, 3, 15}, {}}, "north-health"}};
  const auto said = [&](const std::string& agency, const std::string& time) {
    return actions_of({said_by(agency, "A1", "set", time)}, board);
  };
  EXPECT_EQ(said("north-police", "2021-03-14T23:59"), Texts{"A1: open, green"});
  EXPECT_EQ(said("north-police", "2021-03-15"), Texts{"A1: proposed; proposed by North Police"});
  EXPECT_EQ(said("north-health", "2021-03-14T23:59"), Texts{"A1: proposed; proposed by North Health Trust"});
  EXPECT_EQ(said("north-health", "2021-03-15"), Texts{"A1: open, green"});
  const v1::Event proposed = said_by("north-homes", "P1", "set", "2021-03-10");
  const auto taken_up = [&](const std::string& agency, const std::string& time) {
    return actions_of({proposed, take_up(proposed, "A1", time, "set", agency)}, board).front().substr(0, 8);
  };
  EXPECT_EQ(taken_up("north-police", "2021-03-12"), "A1: open");
  EXPECT_EQ(taken_up("north-police", "2021-03-16"), "P1: prop");
  EXPECT_EQ(taken_up("north-health", "2021-03-16"), "A1: open");
  const CaseSet cases = casebook_of({said_by("north-police", "A1", "set", "2021-03-09")}).as_at(london("2021-04-13"));
  const auto may_end = [&](const std::string& agency, const std::string& now) {
    return say_outcome(cases, board, *cases.records()[0], {agency, v1::Action::ESCALATED, "", london(now)}).ok();
  };
  EXPECT_TRUE(may_end("north-police", "2021-03-12"));
  EXPECT_FALSE(may_end("north-police", "2021-03-16"));
  EXPECT_TRUE(may_end("north-health", "2021-03-16"));
}

TEST(BoardAction, ProposedByWhoIsSecretaryLaterIsTakenUpLikeAnybodys) {
  Board board = test_board();
  board.secretaries = {{{Date{2019, 4, 1}, Date{2021, 3, 15}}, "north-police"},
                       {{Date{2021, 3, 15}, {}}, "north-homes"}};
  const auto taken_up = [&](const v1::Event& event, const std::string& now) {
    const CaseSet cases = casebook_of({event}).as_at(london(now));
    Result<v1::Event> said = say_outcome(cases, board, event, {"north-homes", v1::Action::SET, "", london(now)});
    if (!said.ok()) return Texts{said.status().message()};
    said->mutable_envelope()->set_agency("north-homes");
    return actions_of({event, recorded_at(*said, now)}, board);
  };
  const Texts taken = taken_up(said_by("north-homes", "P1", "set", "2021-03-10"), "2021-03-16");
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_NE(taken[0].find(": open, green"), std::string::npos) << taken[0];
  EXPECT_NE(
      taken_up(said_by("north-homes", "P1", "set", "2021-03-15"), "2021-03-16").at(0).find("on record by the board"),
      std::string::npos);
}

// No agenda of the day on which it was set has it.
TEST(BoardAction, SetAtAMeetingAndFinishedByItsMidnightStandsOnTheNextAgenda) {
  const v1::Event set = recorded_at(said_by("north-police", "A1", "done", "2021-03-09"), "2021-03-09");
  EXPECT_EQ(actions_of({set, held("2021-03-09")}), Texts{"A1: done, green"});
}

TEST(BoardAction, KeepsItsOwnersWordWhenItIsTakenUp) {
  const v1::Event proposed = said_by("north-health", "P1", "set", "2021-03-09");
  const v1::Event done = word(proposed, "W", "done", "2021-03-20");
  const Texts by_owner = {"A1: done, green; done, as its owner said on 20 March 2021"};
  EXPECT_EQ(actions_of({proposed, done, take_up(proposed, "A1", "2021-03-19")}), by_owner);
  EXPECT_EQ(actions_of({proposed, done, take_up(proposed, "A1", "2021-03-21")}), by_owner)
      << "which contradicts nobody";
  EXPECT_EQ(actions_of({proposed, done, take_up(proposed, "A1", "2021-03-21", "not-done")}),
            Texts{"A1: not done, red"});
  const v1::Event first = take_up(proposed, "A0", "2021-03-19");
  EXPECT_EQ(actions_of({proposed, done, first, take_up(first, "A1", "2021-03-19")}), by_owner);
}

TEST(BoardAction, IsHiddenByWhatStandsOnTheSameListAlone) {
  const v1::Event proposed = said_by("north-health", "P1", "set", "2021-03-09");
  const Texts as_proposed = {"P1: proposed; proposed by North Health Trust"};
  EXPECT_EQ(actions_of({proposed, take_up(proposed, "A1", "2021-03-19")}), Texts{"A1: open, green"});
  EXPECT_EQ(actions_of({proposed, take_up(proposed, "A1", "2021-03-19", "set", "north-homes")}).size(), 2u);
  v1::Event other = take_up(proposed, "A1", "2021-03-19");
  other.mutable_facts()->mutable_action()->set_board("nag");
  EXPECT_EQ(actions_of({proposed, other}), as_proposed);
  EXPECT_EQ(found({proposed, other}, "P1"), "P1");
  other = take_up(proposed, "A1", "2021-03-19");
  other.mutable_facts()->mutable_action()->set_set_on("2021-04-13");
  EXPECT_EQ(actions_of({proposed, other}), as_proposed);
  EXPECT_EQ(actions_of({proposed, said_of(proposed, "outcome-of", take_up(proposed, "A1", "2021-03-19"))}),
            as_proposed);
  v1::Event here = proposed, there = take_up(proposed, "A1", "2021-03-19");
  here.mutable_envelope()->set_area("low-fell");
  there.mutable_envelope()->set_area("high-fell");
  EXPECT_EQ(actions_of({here, there}, board_with_secretary(true), "low-fell"), as_proposed);
  EXPECT_EQ(found({here, there}, "P1", board_with_secretary(true)), "P1");
  EXPECT_EQ(found({here, there}, "P1"), "A1");
}

TEST(BoardAction, OfSeveralTakeUpsIsTheLast) {
  const v1::Event proposed = said_by("north-health", "P1", "set", "2021-03-09");
  const v1::Event first = take_up(proposed, "A2", "2021-03-19"), second = take_up(proposed, "A1", "2021-03-20");
  EXPECT_EQ(actions_of({proposed, first, second}), Texts{"A1: open, green"});
  for (const char* number : {"P1", "A1", "A2"}) EXPECT_EQ(found({proposed, first, second}, number), "A1");
  const v1::Event equal = take_up(proposed, "A3", "2021-03-20");
  EXPECT_EQ(actions_of({proposed, equal, second}), Texts{"A3: open, green"});
  EXPECT_EQ(found({proposed, equal, second}, "P1"), "A3");
}

TEST(BoardAction, IsNotHiddenByARingOfTakeUps) {
  const v1::Event itself = take_up(said_by("north-police", "A1", "set", "2021-03-09"), "A1", "2021-03-09");
  EXPECT_EQ(actions_of({itself}), Texts{"A1: open, green"});
  EXPECT_EQ(found({itself}, "A1"), "A1");
  const v1::Event one = take_up(said_by("north-police", "A2", "set", "2021-03-09"), "A1", "2021-03-09");
  const v1::Event two = take_up(one, "A2", "2021-03-10"), proposed = said_by("north-health", "P1", "set", "2021-03-09");
  v1::Event into = said_of(proposed, "takes-up", one);
  EXPECT_EQ(actions_of({into, two, proposed}), (Texts{"A1: open, green", "A2: open, green"}));
  EXPECT_EQ(found({into, two, proposed}, "P1"), "A1");
  EXPECT_EQ(found({into, two, proposed}, "A2"), "A2");
}

}  // namespace
}  // namespace moot
