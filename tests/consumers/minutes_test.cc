// Minutes as the events of a meeting say them, and the questions "known to you?" that nobody has answered.
#include "consumers/agenda/minutes.h"

#include <gtest/gtest.h>

#include "consumers/casework/meeting_events.h"
#include "consumers/casework/questions.h"
#include "consumers/document/html.h"
#include "consumers/document/list_csv.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

const Instant kNow = london("2021-05-01");

Board jtm() {
  Result<Board> board = Board::parse(
      "id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n[[version]]\nvalid_from = 2020-01-01\n"
      "cadence = { every = \"month\", weekday = \"tuesday\", which = 2 }\n"
      "[[version.section]]\nid = \"a\"\ntitle = \"A\"\nkind = \"previous-actions\"\n",
      "jtm.toml");
  MOOT_CHECK_OK(board.status());
  return *board;
}

MeetingWords words(const std::string& local_time = "2021-04-13T16:00") {
  return {"north-police", "jtm", "", {2021, 4, 13}, london(local_time)};
}

// As the broker would: it checks the event, and says whose it is and when it came.
v1::Event recorded(v1::Event event, const std::string& agency = "north-police") {
  const Status judged = validate(event, Limits());
  EXPECT_TRUE(judged.ok()) << judged.message();
  event.mutable_envelope()->set_agency(agency);
  *event.mutable_envelope()->mutable_recorded_time() = event.envelope().time();
  return event;
}

v1::Person person(const Who& who) { return call("x", "2021-01-01", who).personal().people(0); }

Result<v1::Minutes> minutes_of(const std::vector<v1::Event>& events, Date on = {2021, 4, 13}) {
  return make_minutes(casebook_of(events), test_partnership(), jtm(), WorkingDays(), {on, kNow, ""});
}

TEST(Minutes, SayWhoseWordItIsWhereItIsNotTheSecretarys) {
  Board board = jtm();
  board.secretaries = always("north-homes");
  const auto note = [&](const std::string& agency) {
    v1::Event kept = of_meeting("K", "kept", "2021-04-13", {Who("subject")});
    kept.mutable_envelope()->set_agency(agency);
    const Result<v1::Minutes> minutes =
        make_minutes(casebook_of({kept}), test_partnership(), board, WorkingDays(), {{2021, 4, 13}, kNow, ""});
    MOOT_CHECK_OK(minutes.status());
    return minutes->decisions_size() == 1 ? minutes->decisions(0).note() : std::string("not one decision");
  };
  EXPECT_EQ(note("north-police"), "Said by North Police, which is not the board's secretary: no agenda goes by it.");
  EXPECT_EQ(note("north-homes"), "");
  EXPECT_EQ(note("operator"), "");
}

TEST(Minutes, SayWhoCameWhatWasDecidedAndWhatWasAskedFor) {
  const Who casey("subject");
  const std::vector<v1::Event> events = {
      recorded(held_event(words(), "email")),
      recorded(attendance_event(words(), "north-police", "present")),
      recorded(attendance_event(words(), "north-homes", "email")),
      recorded(attendance_event(words(), "north-health", "present")),
      recorded(attendance_event(words("2021-04-13T17:00"), "north-health", "apologies")),  // put right
      recorded(
          decision_event(words(), {v1::Meeting::REMOVED, "p-1", person(casey), "no-further-reports", "", "Quiet."})),
      recorded(action_event(words(), {"north-homes", "2021-04-30", "Visit <b>her</b>", "p-1", person(casey)})),
      of_meeting("D", "discussed", "2021-04-13", {casey}),
      of_meeting("K", "kept", "2021-03-09", {casey})};
  const Result<v1::Minutes> minutes = minutes_of(events);
  ASSERT_TRUE(minutes.ok()) << minutes.status().message();
  EXPECT_TRUE(minutes->held());
  ASSERT_EQ(minutes->attendance_size(), 3);
  EXPECT_EQ(minutes->attendance(0).how(), "apologies");
  ASSERT_EQ(minutes->decisions_size(), 2);
  EXPECT_EQ(minutes->decisions(0).decision(), "discussed");
  EXPECT_EQ(minutes->decisions(1).decision(), "removed");
  EXPECT_EQ(minutes->decisions(1).title(), "Casey Exampleton, born 29 February 1980");
  EXPECT_EQ(minutes->decisions(1).note(), "Quiet.");
  ASSERT_EQ(minutes->actions_size(), 1);
  EXPECT_EQ(minutes->actions(0).state(), "overdue");
  EXPECT_EQ(minutes->next_meeting(), "2021-05-11");
  const std::string html = to_html(*minutes, test_partnership());
  for (const char* says : {"<dt>Held</dt><dd>by e-mail</dd>", "<dt>Present</dt><dd>North Police</dd>",
                           "<dt>By e-mail</dt><dd>North Homes</dd>", "<dt>Apologies</dt><dd>North Health Trust</dd>",
                           "No further reports<br/>Quiet.", "Visit &lt;b&gt;her&lt;/b&gt;"})
    EXPECT_NE(html.find(says), std::string::npos) << says << "\n" << html;
  const std::string text = to_markdown(*minutes, test_partnership());
  EXPECT_NE(text.find("1.2 Casey Exampleton, born 29 February 1980: **Removed**. No further reports. Quiet."),
            std::string::npos)
      << text;
  EXPECT_NE(to_csv(*minutes).find("\r\naction,jtm/2021-04-13/action/"), std::string::npos) << to_csv(*minutes);
}

TEST(Minutes, AreOfAMeetingThatIsOnRecord) {
  const Result<v1::Minutes> none = minutes_of({of_meeting("K", "kept", "2021-03-09", {Who("subject")})});
  EXPECT_EQ(none.status().code(), Code::kNotFound);
  EXPECT_NE(none.status().message().find("on 13 April 2021"), std::string::npos) << none.status().message();
  const Result<v1::Minutes> bare = minutes_of({of_meeting("H", "held", "2021-04-13")});
  ASSERT_TRUE(bare.ok());
  const std::string html = to_html(*bare, test_partnership());
  EXPECT_NE(html.find("<dt>Present</dt><dd>not supplied</dd>"), std::string::npos) << html;
  EXPECT_NE(html.find("No decision is on record."), std::string::npos);
}

TEST(Minutes, HaveThisMeetingsActionsHoweverLongTheyAreFinishedAndNoOthers) {
  const v1::Event earlier = action("E", "set", "2021-03-09T16:00", "2021-03-09", "2021-03-30", {}, 0, "Before");
  const v1::Event own = recorded(action_event(words(), {"north-homes", "", "Now", "", {}}));
  // Done before a later meeting, so that no agenda has it any more.
  const v1::Event finished = action("F", "done", "2021-04-20T09:00", "2021-04-13", "2021-04-30", {}, 0, "Finished");
  const Result<v1::Minutes> minutes = minutes_of({earlier, own, finished, of_meeting("H", "held", "2021-04-27")});
  ASSERT_TRUE(minutes.ok());
  ASSERT_EQ(minutes->actions_size(), 2);
  EXPECT_EQ(minutes->actions(0).text(), "Now");
  EXPECT_EQ(minutes->actions(1).text(), "Finished");
  EXPECT_EQ(minutes->actions(1).state(), "done");
}

// --- "known to you?" -----------------------------------------------------------------------------------------------

std::vector<std::string> open(const std::vector<v1::Event>& events) {
  const Casebook casebook = casebook_of(events);
  const CaseSet set = casebook.as_at(kNow);
  std::vector<std::string> agencies;
  for (const OpenQuestion& question : open_questions(set)) agencies.push_back(question.agency);
  return agencies;
}

using Agencies = std::vector<std::string>;

TEST(Questions, WaitUntilTheAgencyAnswersOrTheMeetingWasHeld) {
  const Who casey("subject"), unknown("subject", "", "", "");
  const v1::Event homes = recorded(question_event(words("2021-04-01T09:00"), "north-homes", "p-1", person(casey)));
  const v1::Event health = recorded(question_event(words("2021-04-01T09:00"), "north-health", "p-1", person(casey)));
  const v1::Event bare = recorded(question_event(words("2021-04-01T09:00"), "north-homes", "p-2", person(unknown)));
  EXPECT_EQ(open({homes, health, bare}), (Agencies{"north-health", "north-homes", "north-homes"}));
  const v1::Event no =
      recorded(answer_event(homes, v1::Knowledge::NO, "north-homes", london("2021-04-02T09:00")), "north-homes");
  EXPECT_EQ(open({homes, health, no}), (Agencies{"north-health"}));
  // By its link, where nothing tells who it is about.
  const v1::Event declined =
      recorded(answer_event(bare, v1::Knowledge::DECLINED, "north-homes", london("2021-04-02T09:00")), "north-homes");
  EXPECT_EQ(open({bare, declined}), Agencies());
  // Somebody else's answer is none, and one given before the question was asked is not of it.
  v1::Event others = no;
  others.mutable_envelope()->set_agency("north-health");
  others.mutable_envelope()->set_source("/north-health/answers");
  EXPECT_EQ(open({homes, others}), (Agencies{"north-homes"}));
  v1::Event old = no;
  old.mutable_envelope()->clear_links();
  *old.mutable_envelope()->mutable_time() = to_proto(london("2021-02-01"));
  EXPECT_EQ(open({homes, old}), (Agencies{"north-homes"}));
  EXPECT_EQ(open({homes, of_meeting("H", "held", "2021-03-09")}), (Agencies{"north-homes"}));
  EXPECT_EQ(open({homes, of_meeting("H", "held", "2021-04-13")}), Agencies());
  v1::Event undated = of_meeting("H", "held", "2021-04-13");
  undated.mutable_facts()->mutable_meeting()->clear_on();
  EXPECT_EQ(open({homes, undated}), Agencies()) << "of the day on which it was";
}

TEST(Questions, AreNotAskedTwice) {
  const v1::Event first = question_event(words("2021-04-01T09:00"), "north-homes", "p-1", person(Who("subject")));
  const v1::Event again = question_event(words("2021-04-02T09:00"), "north-homes", "p-1", person(Who("subject")));
  EXPECT_EQ(record_of(first.envelope()), record_of(again.envelope()));
  EXPECT_EQ(open({recorded(first), recorded(again)}), (Agencies{"north-homes"}));
}

// A board that meets in each area apart: a meeting in one ends no question for another's.
TEST(Questions, WaitForTheMeetingOfTheirOwnArea) {
  MeetingWords in_north = words("2021-04-01T09:00");
  in_north.area = "north";
  const v1::Event asked = recorded(question_event(in_north, "north-homes", "p-1", person(Who("subject"))));
  v1::Event held = of_meeting("H", "held", "2021-04-13");
  held.mutable_envelope()->set_area("south");
  EXPECT_EQ(open({asked, held}), (Agencies{"north-homes"}));
  held.mutable_envelope()->set_area("north");
  EXPECT_EQ(open({asked, held}), Agencies());
  held.mutable_envelope()->clear_area();
  EXPECT_EQ(open({asked, held}), Agencies());
}

std::vector<v1::Event> taken_back(const std::vector<v1::Event>& events, const std::string& asker = "north-police",
                                  Date today = {2021, 4, 14}) {
  const Casebook casebook = casebook_of(events);
  return taking_back(casebook.as_at(kNow), "jtm", asker, today, london("2021-04-14T10:00"));
}

TEST(Questions, AreTakenBackByWhoAskedThemWhenTheMeetingWasHeld) {
  const v1::Event homes =
      recorded(question_event(words("2021-04-01T09:00"), "north-homes", "p-1", person(Who("subject"))));
  const v1::Event held = of_meeting("H", "held", "2021-04-13");
  EXPECT_TRUE(taken_back({homes}).empty()) << "it waits";
  EXPECT_TRUE(taken_back({homes, held}, "north-health").empty()) << "nobody speaks in another's name";
  EXPECT_TRUE(taken_back({homes, held}, "north-police", {2021, 4, 12}).empty()) << "the meeting is still to come";
  const v1::Event no =
      recorded(answer_event(homes, v1::Knowledge::NO, "north-homes", london("2021-04-02T09:00")), "north-homes");
  EXPECT_TRUE(taken_back({homes, held, no}).empty()) << "it was answered";
  const std::vector<v1::Event> events = taken_back({homes, held});
  ASSERT_EQ(events.size(), 1u);
  const v1::Event gone = recorded(events[0]);
  EXPECT_EQ(gone.envelope().type(), "uk.csp.knowledge.withdrawn.v1");
  EXPECT_EQ(gone.facts().knowledge().agency(), "north-homes") << "for whoever is given what is addressed to it";
  EXPECT_FALSE(gone.has_personal());
  // Without the event that it was held, as the agency that was asked has it.
  EXPECT_EQ(open({homes, gone}), Agencies());
  EXPECT_TRUE(taken_back({homes, held, gone}).empty()) << "once";
}

TEST(Questions, OfAMeetingThatWasHeldLeaveTheAgencySilentUntilItIsAskedAgain) {
  const v1::Event homes =
      recorded(question_event(words("2021-04-01T09:00"), "north-homes", "p-1", person(Who("subject"))));
  MeetingWords next = words("2021-04-20T09:00");
  next.on = {2021, 5, 11};
  const v1::Event again = recorded(question_event(next, "north-homes", "p-1", person(Who("subject"))));
  const auto silence = [](const std::vector<v1::Event>& events) {
    const Casebook casebook = casebook_of(events);
    const Silence found = silence_of(casebook.as_at(kNow), "jtm", {2021, 5, 11});
    return std::pair(found.over.size(), found.waits.size());
  };
  EXPECT_EQ(silence({homes}), std::pair(0UL, 1UL));
  EXPECT_EQ(silence({homes, of_meeting("H", "held", "2021-04-13")}), std::pair(1UL, 0UL));
  EXPECT_EQ(silence({homes, of_meeting("H", "held", "2021-04-13"), again}), std::pair(1UL, 1UL));
}

}  // namespace
}  // namespace moot
