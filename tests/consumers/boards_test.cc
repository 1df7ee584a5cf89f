// Boards as data: whom a description of events selects, which area and compartment, when the next meeting is, and what
// the chair said.
#include "consumers/agenda/agenda.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consumers/document/html.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

Result<Board> try_board(const std::string& root, const std::string& version, const std::string& sections) {
  return Board::parse("id = \"jtm\"\ntitle = \"Joint Tasking Meeting\"\n" + root +
                          "[[version]]\nvalid_from = 2019-04-01\n" + version + sections,
                      "jtm.toml");
}

Board board_with(const std::string& root, const std::string& version, const std::string& sections) {
  Result<Board> board = try_board(root, version, sections);
  MOOT_CHECK_OK(board.status());
  return *board;
}

Partnership two_areas() {
  Partnership partnership = test_partnership();
  partnership.areas = {{"low-fell", "Low Fell", {"The Beck"}}, {"high-fell", "High Fell", {}}};
  return partnership;
}

Result<v1::Agenda> try_agenda(const std::vector<v1::Event>& events, const Board& board, const std::string& area = "",
                              Date on = kOn) {
  return make_agenda(casebook_of(events), two_areas(), test_policy(), board,
                     {on, london(to_iso(on)), {}, area, nullptr});
}

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const Board& board, const std::string& area = "",
                     Date on = kOn) {
  Result<v1::Agenda> agenda = try_agenda(events, board, area, on);
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

using Texts = std::vector<std::string>;

Texts names(const v1::Agenda& agenda, int section = 0) {
  Texts names;
  for (const v1::AgendaItem& item : agenda.sections(section).items()) names.push_back(item.name());
  return names;
}

Who named(const std::string& name, const std::string& born = "1980-02-29") {
  return Who("subject", "", "Casey " + name, born);
}

v1::Event in_area(v1::Event event, const std::string& area) {
  event.mutable_envelope()->set_area(area);
  return event;
}

v1::Event in_compartment(v1::Event event, const std::string& compartment) {
  event.mutable_envelope()->set_compartment(compartment);
  return event;
}

const std::string kReferred =
    section_of("people", "[version.section.where]\ntype = \"referral.made\"\nscheme = \"ymag\"\n");

TEST(PeopleSection, ListsWhomTheDescribedEventsNameAndSaysWhich) {
  const v1::Agenda agenda = agenda_of({referral("r1", "made", "2021-03-01", named("Alpha"), "ymag"),
                                       referral("r2", "made", "2021-03-02", named("Bravo"), "other"),
                                       referral("r3", "made", "2020-03-02", named("Charlie"), "ymag")},
                                      board_with("", "", kReferred));
  EXPECT_EQ(names(agenda), Texts{"Casey Alpha"});
  EXPECT_EQ(agenda.sections(0).items(0).reasons(0).text(), "Referral to YMAG made on 1 March 2021 (North Homes).");
}

TEST(PeopleSection, LeavesOutWhoseMatterHasEndedAndWhoIsOfAnotherAge) {
  const std::string until = kReferred + "[version.section.until]\ntype = \"referral.completed\"\n";
  const std::vector<v1::Event> ended = {referral("r1", "made", "2021-03-01", named("Alpha"), "ymag"),
                                        referral("r2", "completed", "2021-03-20", named("Alpha"), "ymag"),
                                        referral("r3", "made", "2021-03-02", named("Bravo"), "ymag")};
  const v1::Agenda agenda = agenda_of(ended, board_with("", "", until));
  EXPECT_EQ(names(agenda), Texts{"Casey Bravo"});
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_NE(agenda.not_listed(0).reason().find("completed on 20 March 2021"), std::string::npos);
  std::vector<v1::Event> again = ended;
  again.push_back(referral("r4", "made", "2021-04-01", named("Alpha"), "ymag"));
  EXPECT_EQ(names(agenda_of(again, board_with("", "", until))).size(), 2u);

  const std::string young =
      section_of("people", "age_before = 18\n[version.section.where]\ntype = \"referral.made\"\nscheme = \"ymag\"\n");
  EXPECT_EQ(names(agenda_of({referral("r1", "made", "2021-03-01", named("Alpha", "2003-04-14"), "ymag"),
                             referral("r2", "made", "2021-03-01", named("Bravo", "2003-04-13"), "ymag"),
                             referral("r3", "made", "2021-03-01", named("Charlie", ""), "ymag")},
                            board_with("", "", young))),
            Texts{"Casey Alpha"})
      << "Bravo is 18 on the day, Charlie of no known age";
}

TEST(RecordSection, ListsRecordsNewestFirst) {
  v1::Event review = make_event("uk.csp.review.applied.v1", "north-homes", "cr-1", "2021-02-01");
  review.mutable_facts()->mutable_review()->set_kind("asb-case-review");
  v1::Event later = make_event("uk.csp.review.held.v1", "north-homes", "cr-2", "2021-03-01");
  later.mutable_facts()->mutable_review()->set_kind("asb-case-review");
  const Board board = board_with("", "", section_of("records", "[version.section.where]\ntype = \"review\"\n"));
  const v1::Agenda agenda = agenda_of({in_area(review, "low-fell"), later}, board);
  EXPECT_EQ(names(agenda), (Texts{"ASB Case Review cr-2", "ASB Case Review cr-1, Low Fell"}));
  EXPECT_EQ(agenda.sections(0).items(0).reasons(0).text(), "Review held on 1 March 2021 (North Homes).");
  EXPECT_EQ(names(agenda_of({in_area(review, "low-fell"), later}, board, "low-fell")),
            Texts{"ASB Case Review cr-1, Low Fell"});
}

TEST(Board, RefusesAFieldThatDoesNotExistByItsLine) {
  const Status status =
      try_board("", "", section_of("people", "[version.section.where]\ntype = \"incident\"\nseverity = \"high\"\n"))
          .status();
  EXPECT_EQ(status.code(), Code::kDefinition);
  EXPECT_NE(
      status.message().find("jtm.toml, line 11, key \"version.section.where.severity\": is not a key this file has"),
      std::string::npos)
      << status.message();
  EXPECT_FALSE(try_board("", "", section_of("people", "")).ok()) << "selects by nothing";
  EXPECT_FALSE(try_board("each_area = true\n", "", kReferred).ok()) << "in which areas?";
  EXPECT_FALSE(try_board("", "",
                         section_of("people",
                                    "age_from = 20\nage_before = 18\n[version.section.where]\ntype = "
                                    "\"incident\"\n"))
                   .ok());
  EXPECT_NE(try_board("", "", section_of("high-risk", "bands = []\n"))
                .status()
                .message()
                .find("bands\": expected at least one"),
            std::string::npos);
  const std::string time = "minutes = 60\nminutes_per_case = 6\nminutes_for_actions = ";
  EXPECT_TRUE(try_board("", time + "54\n", kReferred).ok());
  EXPECT_NE(try_board("", time + "55\n", kReferred).status().message().find("leaves no time for a case"),
            std::string::npos);
  const Status before = try_agenda({}, board_with("", "", kReferred), "", {2019, 3, 31}).status();
  EXPECT_EQ(before.message(),
            "jtm.toml, line 3, key \"version\": no version of the board \"jtm\" holds on 31 March 2019");
  EXPECT_FALSE(try_board("", "cadence = { every = \"fortnight\", weekday = \"monday\" }\n", kReferred).ok());
  EXPECT_FALSE(try_board("", "cadence = { every = \"week\", weekday = \"mon\" }\n", kReferred).ok());
  EXPECT_FALSE(try_board("", "cadence = { every = \"week\", weekday = \"monday\", which = 2 }\n", kReferred).ok());
}

TEST(Board, NamesItsSecretariesFromADayOn) {
  const std::string first =
      "[[secretary]]\nagency = \"north-police\"\nvalid_from = 2019-04-01\nvalid_to = 2021-03-15\n";
  const auto second = [](const std::string& from) {
    return "[[secretary]]\nagency = \"north-homes\"\nvalid_from = " + from + "\n";
  };
  const Board board = board_with(first + second("2021-03-15"), "", section_of("high-risk"));
  EXPECT_EQ(board.secretary_on({2021, 3, 14}), "north-police");
  EXPECT_EQ(board.secretary_on({2021, 3, 15}), "north-homes");
  EXPECT_EQ(board.secretary_on({2019, 3, 31}), "");
  EXPECT_TRUE(board.goes_by("operator", {2019, 3, 31}));
  EXPECT_FALSE(board.goes_by("north-police", {2019, 3, 31})) << "nobody's word but the operator's";
  for (const char* from : {"2021-03-14", "2021-03-16"})
    EXPECT_EQ(try_board(first + second(from), "", section_of("high-risk")).status().code(), Code::kDefinition) << from;
  const Board always = board_with("secretary = \"north-police\"\n", "", section_of("high-risk"));
  EXPECT_TRUE(always.goes_by("north-police", {1971, 1, 1}));
  EXPECT_FALSE(always.goes_by("north-homes", {2021, 3, 15}));
}

TEST(Board, ThatSelectsNothingSaysSo) {
  const v1::Agenda agenda = agenda_of({incident("north-police", "i", "2021-03-01")}, board_with("", "", kReferred));
  ASSERT_EQ(agenda.sections(0).notes_size(), 1);
  EXPECT_EQ(agenda.sections(0).notes(0), "No section of this board lists anything on this date.");
}

TEST(Board, OfOneAreaListsWhoAndWhatIsOfIt) {
  const Board each = board_with("areas = [\"low-fell\", \"high-fell\"]\neach_area = true\nknown_as = \"nh\"\n", "",
                                section_of("repeat-victims", "incidents_min = 1\n") +
                                    section_of("places", "by = \"postcode\"\nincidents_min = 1\n"));
  const auto at = [](v1::Event event, const std::string& area, const std::string& postcode) {
    add_place(event, "", postcode);
    return in_area(event, area);
  };
  const auto of = [](const std::string& id, const std::string& name) {
    return incident("north-police", id, "2021-03-01", Who("victim", "", "Casey " + name, "1980-02-29"));
  };
  std::vector<v1::Event> events = {
      at(of("i1", "Alpha"), "low-fell", "OX99 1AA"), at(of("i2", "Bravo"), "high-fell", "OX99 2BB"),
      at(of("i3", "Charlie"), "The Beck", "OX99 3CC"), at(of("i4", "Delta"), "", "OX99 4DD")};
  v1::Event held = of_meeting("m1", "held", "2021-03-09");
  held.mutable_facts()->mutable_meeting()->set_board("nh");
  events.push_back(in_area(held, "high-fell"));
  const v1::Agenda low = agenda_of(events, each, "Low Fell");
  EXPECT_EQ(low.title(), "Joint Tasking Meeting, Low Fell");
  EXPECT_EQ(low.area(), "low-fell");
  Texts people = names(low);
  std::sort(people.begin(), people.end());
  EXPECT_EQ(people, (Texts{"Casey Alpha", "Casey Charlie"})) << "by code or alias; whose area is not told is of none";
  EXPECT_EQ(names(low, 1).size(), 2u);
  EXPECT_EQ(low.last_meeting(), "") << "the other area met";
  EXPECT_EQ(agenda_of(events, each, "high-fell").last_meeting(), "2021-03-09");
  for (const auto& [area, says] :
       {std::pair("", "meets in each area apart; --area says in which: low-fell or high-fell"),
        std::pair("mars", "the board \"jtm\" has no area \"mars\"; it has low-fell and high-fell")}) {
    const Status status = try_agenda(events, each, area).status();
    EXPECT_EQ(status.code(), Code::kUsage);
    EXPECT_NE(status.message().find(says), std::string::npos) << status.message();
  }
  const Board whole = board_with("", "", section_of("repeat-victims", "incidents_min = 1\n"));
  EXPECT_EQ(names(agenda_of(events, whole)).size(), 4u);
  EXPECT_EQ(names(agenda_of(events, whole, "high-fell")), Texts{"Casey Bravo"});
}

TEST(Board, OfACompartmentSeesItAndEveryOtherBoardDoesNot) {
  v1::Event notice = in_compartment(
      make_event("uk.csp.notification.prevent.v1", "north-police", "n1", "2021-03-01", {named("Alpha")}), "channel");
  const std::vector<v1::Event> events = {notice,
                                         incident("north-police", "i", "2021-03-02", Who("victim", "", "Casey Bravo"))};
  const std::string sections = section_of(
      "people", "[version.section.where]\ntype = [\"notification\", \"incident\"]\nrole = [\"subject\", \"victim\"]\n");
  const Board channel = board_with("compartments = [\"channel\"]\n", "", sections);
  EXPECT_EQ(names(agenda_of(events, channel)).size(), 2u);
  const v1::Agenda other = agenda_of(events, board_with("", "", sections));
  EXPECT_EQ(names(other), Texts{"Casey Bravo"});
  EXPECT_EQ(to_html(other, two_areas()).find("Alpha"), std::string::npos);
}

// A casebook keeps what the last documents of an instant were made from: never what another board may not see.
TEST(Board, OfACompartmentLeavesNothingOfItToTheBoardAfterIt) {
  const std::vector<v1::Event> events = {
      in_compartment(make_event("uk.csp.notification.prevent.v1", "north-police", "n1", "2021-03-01", {named("Alpha")}),
                     "channel"),
      incident("north-police", "i", "2021-03-02", Who("victim", "", "Casey Bravo"))};
  const std::string sections = section_of(
      "people", "[version.section.where]\ntype = [\"notification\", \"incident\"]\nrole = [\"subject\", \"victim\"]\n");
  const Board channel = board_with("compartments = [\"channel\"]\n", "", sections);
  const Board open = board_with("", "", sections);
  const Casebook casebook = casebook_of(events);
  const auto shows = [&](const Board& board, const std::string& on) {
    return names(*make_agenda(casebook, two_areas(), test_policy(), board, {kOn, london(on), {}, "", nullptr}));
  };
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(shows(channel, "2021-04-13").size(), 2u);
    EXPECT_EQ(shows(open, "2021-04-13"), Texts{"Casey Bravo"});
    EXPECT_EQ(shows(open, "2021-03-01"), Texts{}) << "before it happened";
  }
}

v1::Event said(const std::string& id, const std::string& stage, const std::string& day, const std::string& name,
               const std::string& until = "", const std::string& reason = "chair-asks") {
  v1::Event event = of_meeting(id, stage, day, {Who("subject", "", "Casey " + name)}, reason);
  event.mutable_facts()->mutable_meeting()->set_on("");
  event.mutable_facts()->mutable_meeting()->set_until(until);
  return event;
}

const std::string kHighRisk = section_of("high-risk", "score_min = 30\nat_most = 1\n");

TEST(Chair, PinsACaseThatIsThenDiscussedWhateverItsScore) {
  const std::vector<v1::Event> events = {
      risk("r1", "2021-03-01", named("Alpha"), "high", 33), risk("r2", "2021-03-01", named("Bravo"), "medium", 25),
      incident("north-police", "i1", "2021-03-01", Who("victim", "", "Casey Charlie")),
      said("p1", "pinned", "2021-04-01", "Bravo"), said("p2", "pinned", "2021-04-02", "Charlie", "", "")};
  const Board board = board_with("", "minutes = 10\nminutes_per_case = 10\n", kHighRisk);
  const v1::Agenda agenda = agenda_of(events, board);
  ASSERT_EQ(agenda.sections_size(), 2);
  EXPECT_EQ(agenda.sections(0).id(), "pinned");
  Texts pinned = names(agenda);
  std::sort(pinned.begin(), pinned.end());
  EXPECT_EQ(pinned, (Texts{"Casey Bravo", "Casey Charlie"}));
  for (const v1::AgendaItem& item : agenda.sections(0).items()) {
    EXPECT_EQ(item.listed_for(), "discussion") << "there is time for one case";
    EXPECT_FALSE(item.pinned().empty());
    int sum = 0;
    for (const v1::ScoredReason& reason : item.reasons()) sum += reason.points();
    EXPECT_EQ(sum, item.score()) << "a pin is no point";
  }
  const v1::AgendaItem& bravo = agenda.sections(0).items(0);
  EXPECT_EQ(bravo.reasons(0).text(), "Pinned by the chair on 1 April 2021: chair asks.");
  EXPECT_EQ(bravo.reasons(0).events(0).id(), "p1");
  EXPECT_EQ(names(agenda, 1), Texts{"Casey Alpha"});
  EXPECT_EQ(agenda_of({events[0], events[1]}, board).sections_size(), 1) << "no section where nobody is pinned";
}

TEST(Chair, DefersACaseUntilADate) {
  const Board board = board_with("", "", section_of("high-risk"));
  const auto with = [&](const v1::Event& word, Date on = kOn) {
    return agenda_of({risk("r1", "2021-03-01", named("Alpha"), "high", 33), word}, board, "", on);
  };
  const v1::Agenda deferred = with(said("d1", "deferred", "2021-04-01", "Alpha", "2021-05-11", "court-date-awaited"));
  EXPECT_EQ(names(deferred), Texts{});
  ASSERT_EQ(deferred.not_listed_size(), 1);
  EXPECT_EQ(deferred.not_listed(0).reason(),
            "deferred by the chair on 1 April 2021 until 11 May 2021: court date awaited");
  EXPECT_EQ(deferred.not_listed(0).until(), "2021-05-11");
  EXPECT_EQ(deferred.not_listed(0).title(), "Casey Alpha, born 29 February 1980");
  EXPECT_NE(to_html(deferred, two_areas()).find("court date awaited"), std::string::npos);
  const v1::Event word = said("d1", "deferred", "2021-04-01", "Alpha", "2021-05-11");
  EXPECT_EQ(names(with(word, {2021, 5, 10})), Texts{});
  EXPECT_EQ(names(with(word, {2021, 5, 11})), Texts{"Casey Alpha"}) << "from that day's meeting on";
  EXPECT_EQ(names(with(said("d1", "deferred", "2021-04-01", "Alpha"))), Texts{}) << "until something else is said";
}

// A secretary who types the decisions up after the next papers went out.
TEST(Chair, SaidItAtTheMeetingWheneverItIsTypedIn) {
  const Board board = board_with("", "", section_of("high-risk"));
  const auto listed = [&](std::vector<v1::Event> events) {
    events.push_back(risk("r1", "2021-02-01", named("Alpha"), "high", 33));
    Result<v1::Agenda> agenda = make_agenda(casebook_of(events), two_areas(), test_policy(), board,
                                            {kOn, london("2021-06-01"), {}, "", nullptr});
    MOOT_CHECK_OK(agenda.status());
    return names(*agenda).size();
  };
  v1::Event late = said("d1", "deferred", "2021-05-20", "Alpha");
  EXPECT_EQ(listed({late}), 1u) << "nobody says of which meeting it is";
  late.mutable_facts()->mutable_meeting()->set_on("2021-03-09");
  EXPECT_EQ(listed({late}), 0u);
  v1::Event kept = of_meeting("k1", "kept", "2021-03-30", {Who("subject", "", "Casey Alpha")});
  EXPECT_EQ(listed({late, kept}), 1u) << "of the meeting after it";
  v1::Event removed = of_meeting("x1", "removed", "2021-03-09", {Who("subject", "", "Casey Alpha")});
  *removed.mutable_envelope()->mutable_time() = to_proto(london("2021-05-20"));
  EXPECT_EQ(listed({removed, risk("r2", "2021-03-20", named("Alpha"), "high", 35)}), 1u)
      << "what came between the meeting and its typing is new";
}

// Whoever stands on the agenda for an action alone is named besides, with what keeps them off the rest of it.
TEST(Chair, KeepsSomebodyOffByNameAlsoWhoHasAnAction) {
  const Board board = board_with("", "", section_of("previous-actions") + section_of("high-risk"));
  const Who alpha("subject", "", "Casey Alpha");
  const v1::Agenda agenda = agenda_of(
      {risk("r1", "2021-02-01", named("Alpha"), "high", 33), of_meeting("x1", "removed", "2021-03-09", {alpha}),
       action("a1", "set", "2021-03-09T16:00", "2021-03-09", "2021-05-01", {alpha}, 0, "Visit")},
      board);
  EXPECT_EQ(names(agenda, 0), Texts{"Casey Alpha"}) << "the action";
  EXPECT_EQ(names(agenda, 1), Texts{});
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_NE(agenda.not_listed(0).reason().find("no new event since"), std::string::npos)
      << agenda.not_listed(0).reason();
}

TEST(Chair, IsTheSecretarysToReportWhereTheBoardNamesOne) {
  Board board = board_with("", "", section_of("high-risk"));
  const auto listed = [&](const std::string& agency) {
    v1::Event removed = of_meeting("x1", "removed", "2021-03-09", {Who("subject", "", "Casey Alpha")});
    removed.mutable_envelope()->set_agency(agency);
    removed.mutable_envelope()->set_source("/" + agency + "/meetings");
    return names(agenda_of({removed, risk("r1", "2021-02-01", named("Alpha"), "high", 33)}, board)).size();
  };
  EXPECT_EQ(listed("north-police"), 0u) << "it names none: whoever says it";
  board.secretaries = always("north-homes");
  EXPECT_EQ(listed("north-police"), 1u) << "no agency takes somebody off another's agenda";
  EXPECT_EQ(listed("north-homes"), 0u);
  EXPECT_EQ(listed("operator"), 0u);
}

TEST(Chair, HasTheLastWordOfTheLatestOfAllThatWasSaid) {
  const Board board = board_with("", "", section_of("high-risk"));
  const auto listed = [&](std::vector<v1::Event> words) {
    words.push_back(risk("r1", "2021-02-01", named("Alpha"), "high", 33));
    return names(agenda_of(words, board), 0).size();
  };
  const v1::Event deferred = said("d1", "deferred", "2021-03-01", "Alpha");
  EXPECT_EQ(listed({deferred, said("p1", "pinned", "2021-03-02", "Alpha")}), 1u);
  EXPECT_EQ(listed({said("p1", "pinned", "2021-02-28", "Alpha"), deferred}), 0u);
  EXPECT_EQ(listed({deferred, of_meeting("k1", "kept", "2021-03-09", {Who("subject", "", "Casey Alpha")})}), 1u);
  const v1::Event removed = of_meeting("x1", "removed", "2021-03-09", {Who("subject", "", "Casey Alpha")});
  EXPECT_EQ(listed({removed}), 0u);
  EXPECT_EQ(listed({removed, said("p2", "pinned", "2021-03-20", "Alpha")}), 1u) << "also whom the board has removed";
  v1::Event elsewhere = said("d2", "deferred", "2021-03-20", "Alpha");
  elsewhere.mutable_facts()->mutable_meeting()->set_board("nag");
  EXPECT_EQ(listed({elsewhere}), 1u) << "another board's chair";
}

}  // namespace
}  // namespace moot
