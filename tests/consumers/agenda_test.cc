#include "consumers/agenda/agenda.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "consumers/agenda/meeting_time.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const Board& board = test_board()) {
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy("top = 3\n"), board,
                                          AgendaQuery{kOn, london("2021-04-13")});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

const v1::AgendaSection& section(const v1::Agenda& agenda, const std::string& id) {
  for (const v1::AgendaSection& section : agenda.sections())
    if (section.id() == id) return section;
  ADD_FAILURE() << "no section " << id;
  return agenda.sections(0);
}

Who person(int number, const std::string& role = "victim") {
  return Who(role, "", "Casey Number" + std::to_string(number), "1980-02-1" + std::to_string(number));
}

v1::Event assessed(const std::string& id, const std::string& day, int number, const std::string& band, int score = 0) {
  return risk(id, day, person(number, "subject"), band, score);
}

v1::Event asked_of(const std::string& id, const std::string& stage, const std::string& day, const std::string& due,
                   const std::vector<Who>& people) {
  return action(id, stage, day, "2021-03-09", due, people, 0, "Visit " + id);
}

// A month of a small partnership: every section has something, and a few are considered and not listed.
std::vector<v1::Event> a_partnership() {
  std::vector<v1::Event> events;
  for (int number = 1; number <= 5; ++number)
    for (int i = 0; i < number; ++i)
      events.push_back(call("c" + std::to_string(number) + "-" + std::to_string(i),
                            "2021-03-" + std::to_string(10 + 3 * i) + "T11:00", person(number, "caller")));
  for (int i = 0; i < 3; ++i)
    events.push_back(
        incident("north-homes", "i6-" + std::to_string(i), "2020-1" + std::to_string(i) + "-05T11:00", person(6)));
  events.push_back(incident("north-police", "i7", "2021-04-10T11:00", person(7)));
  events.push_back(assessed("r6", "2021-02-02", 6, "high", 33));
  events.push_back(assessed("r8", "2021-02-02", 8, "standard"));
  events.push_back(asked_of("a1", "set", "2021-03-09", "2021-04-01", {person(5, "subject")}));
  events.push_back(asked_of("a2", "done", "2021-03-20", "2021-04-01", {person(6, "subject")}));
  events.push_back(asked_of("a3", "set", "2021-03-09", "2021-05-01", {}));
  events.push_back(
      make_event("uk.csp.knowledge.declined.v1", "north-health", "k1", "2021-04-01", {person(6, "subject")}));
  return events;
}

TEST(Board, RefusesAMistakeWithItsKey) {
  const std::string head = "id = \"b\"\ntitle = \"B\"\n[[version]]\nvalid_from = 2020-04-01\n";
  const std::string section = "[[version.section]]\nid = \"s\"\ntitle = \"S\"\nkind = ";
  EXPECT_TRUE(Board::parse(head + section + "\"high-risk\"\n", "b.toml").ok());
  for (const std::string& wrong :
       {head, head + section + "\"hotspots\"\n", head + section + "\"high-risk\"\nincidents_min = 2\n",
        head + "[version.points]\nrisk_hihg = 3\n" + section + "\"high-risk\"\n"})
    EXPECT_EQ(Board::parse(wrong, "b.toml").status().code(), Code::kDefinition) << wrong;
}

TEST(Board, HoldsOnItsDatesOnly) {
  EXPECT_EQ(test_board().version_on(Date{2019, 3, 31}).status().code(), Code::kDefinition);
  EXPECT_EQ(test_board().version_on(Date{2019, 4, 1})->points.risk_high, 35);
}

TEST(Agenda, HasScoresThatAreTheSumsOfTheirReasonsAndReasonsThatNameEvents) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  int items = 0;
  for (const v1::AgendaSection& section : agenda.sections()) {
    for (const v1::AgendaItem& item : section.items()) {
      ++items;
      int sum = 0;
      EXPECT_GT(item.reasons_size(), 0);
      for (const v1::ScoredReason& reason : item.reasons()) {
        sum += reason.points();
        EXPECT_GT(reason.events_size(), 0) << reason.text();
        EXPECT_FALSE(reason.text().empty());
      }
      EXPECT_EQ(item.score(), sum);
    }
  }
  EXPECT_EQ(items, 7);  // three with actions, one of high risk, three frequent callers
}

TEST(Agenda, ListsAPersonOnceWithEveryReason) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  ASSERT_EQ(section(agenda, "high-risk").items_size(), 1);
  const v1::AgendaItem& item = section(agenda, "high-risk").items(0);
  EXPECT_EQ(item.title(), "Casey Number6, born 16 February 1980");
  // Risk 35, two further incidents 8. Also a repeat victim, yet listed by the first section that claims the person.
  EXPECT_EQ(item.score(), 43);
  EXPECT_EQ(item.reasons(0).text(), "Risk high: RAM score 33 on 2 February 2021 by North Homes.");
  EXPECT_EQ(item.reasons(1).text(),
            "3 incidents in the 12 months before 13 April 2021 (North Homes 3): 2 after the first, 4 points each.");
  EXPECT_EQ(section(agenda, "repeat-victims").items_size(), 0);
  EXPECT_EQ(section(agenda, "frequent-callers").items_size(), 3);
}

TEST(Agenda, SaysWhyOthersAreNotListed) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  std::vector<std::string> reasons;
  for (const v1::NotListed& row : agenda.not_listed()) reasons.push_back(row.reason());
  std::sort(reasons.begin(), reasons.end());
  EXPECT_EQ(reasons, (std::vector<std::string>{"1 call in 90 days; not among the first 3 of the frequent-caller rule",
                                               "1 incident in 12 months; the section needs 2",
                                               "2 calls in 90 days; not among the first 3 of the frequent-caller rule",
                                               "risk assessed standard; the section needs high or medium"}));
}

TEST(Agenda, PutsPreviousActionsFirstRedFirst) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  EXPECT_EQ(agenda.sections(0).id(), "previous-actions");
  ASSERT_EQ(agenda.sections(0).items_size(), 3);
  EXPECT_EQ(agenda.sections(0).items(0).actions(0).state(), "overdue");
  EXPECT_EQ(agenda.sections(0).items(0).actions(0).text(), "Visit a1");
  EXPECT_EQ(agenda.sections(0).items(0).score(), 10);
  EXPECT_EQ(agenda.sections(0).items(1).actions(0).state(), "open");
  EXPECT_EQ(agenda.sections(0).items(1).case_().substr(0, 2), "c-");
  EXPECT_EQ(agenda.sections(0).items(2).actions(0).state(), "done");
}

TEST(Agenda, LeavesOutActionsOfOtherBoardsOfThisMeetingAndThoseFinishedBeforeTheLast) {
  v1::Event other = asked_of("o", "set", "2021-03-09", "", {});
  other.mutable_facts()->mutable_action()->set_board("nag");
  v1::Event today = asked_of("t", "set", "2021-03-09", "", {});
  today.mutable_facts()->mutable_action()->set_set_on("2021-04-13");
  v1::Event done = asked_of("d", "done", "2021-03-01", "", {});
  done.mutable_facts()->mutable_action()->set_set_on("2021-02-09");
  const v1::Event open = asked_of("a", "set", "2021-03-09", "", {});
  const v1::Agenda agenda = agenda_of({other, today, done, open});
  ASSERT_EQ(agenda.sections(0).items_size(), 1);
  EXPECT_EQ(agenda.sections(0).items(0).actions(0).action(), "a");
}

TEST(Agenda, TellsWhoKnowsThePerson) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  std::map<std::string, std::string> answers;
  for (const v1::KnownTo& known : section(agenda, "high-risk").items(0).known_to())
    answers[known.agency()] = known.answer();
  EXPECT_EQ(answers, (std::map<std::string, std::string>{
                         {"north-police", "not asked"}, {"north-homes", "yes"}, {"north-health", "declined"}}));
}

TEST(Agenda, CountsLinkedReportsOfOneIncidentOnce) {
  v1::Event second = incident("north-homes", "h1", "2021-04-01T12:00", person(1));
  const v1::Event first = incident("north-police", "p1", "2021-04-01T11:00", person(1));
  add_link(second, "about", first);
  EXPECT_EQ(section(agenda_of({first, second}), "repeat-victims").items_size(), 0);
  second.mutable_envelope()->clear_links();
  const v1::Agenda agenda = agenda_of({first, second});
  ASSERT_EQ(section(agenda, "repeat-victims").items_size(), 1);
  EXPECT_EQ(section(agenda, "repeat-victims").items(0).score(), 4 + 8 + 4);  // further, two agencies, within 28 days
}

TEST(Agenda, CapsPointsAsTheBoardSays) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 9; ++i) {
    v1::Event event =
        incident("north-homes", "i" + std::to_string(i), "2021-01-0" + std::to_string(i + 1) + "T11:00", person(1));
    event.mutable_facts()->mutable_incident()->set_hate(true);
    event.mutable_facts()->mutable_incident()->set_weapon(true);
    event.mutable_facts()->mutable_incident()->set_child_present(true);
    events.push_back(event);
  }
  EXPECT_EQ(section(agenda_of(events), "repeat-victims").items(0).score(), 5 * 4 + 24);
  const Board board = test_board("[version.points]\nfurther_incident_max = 2\nserious = 3\n");
  EXPECT_EQ(section(agenda_of(events, board), "repeat-victims").items(0).score(), 2 * 4 + 9);
}

TEST(Agenda, TakesTheLatestAssessmentOfARisk) {
  const v1::Agenda agenda =
      agenda_of({assessed("r1", "2021-01-05", 1, "high"), assessed("r2", "2021-02-05", 1, "standard"),
                 assessed("r3", "2021-01-05", 2, "standard"), assessed("r4", "2021-02-05", 2, "medium")});
  ASSERT_EQ(section(agenda, "high-risk").items_size(), 1);
  EXPECT_EQ(section(agenda, "high-risk").items(0).reasons(0).events(0).id(), "r4");
  EXPECT_EQ(section(agenda, "high-risk").items(0).score(), 15 + 15);  // medium, and up from standard
}

TEST(Agenda, TellsWhichFeedsAreLate) {
  const v1::Agenda agenda =
      agenda_of({call("c1", "2021-04-05T10:00"), incident("north-homes", "i", "2021-04-05T10:00")});
  ASSERT_EQ(agenda.feeds_size(), 3);
  EXPECT_EQ(agenda.feeds(0).last(), "2021-04-05");
  EXPECT_TRUE(agenda.feeds(0).late());   // eight days, expected every seven
  EXPECT_FALSE(agenda.feeds(1).late());  // expected every 31
  EXPECT_EQ(agenda.feeds(2).last(), "");
  EXPECT_FALSE(agenda.feeds(2).late());  // no rhythm expected
}

TEST(Agenda, AddsUpTheTimeBudget) {
  const v1::Agenda agenda = agenda_of(a_partnership());
  ASSERT_EQ(agenda.notes_size(), 1);
  EXPECT_EQ(
      agenda.notes(0),
      "4 cases are for discussion: at 6 minutes each, with 20 minutes for actions, that makes 44 of the meeting's "
      "120 minutes.");
}

// Of people of one birth date whom nobody would take for each other.
std::string name_of(int number) {
  static constexpr std::array<const char*, 4> kFamily = {"Birchmock", "Crannockson", "Drayfield", "Elmswick"};
  return std::string("Casey ") + kFamily.at(static_cast<std::size_t>(number - 1));
}

// People of rising score: number 1 a victim of two incidents, number 2 of three …
std::vector<v1::Event> many_victims(int people) {
  std::vector<v1::Event> events;
  for (int number = 1; number <= people; ++number)
    for (int i = 0; i <= number; ++i)
      events.push_back(incident("north-homes", "v" + std::to_string(number) + "-" + std::to_string(i),
                                to_iso(plus_days(Date{2020, 10, 1}, i)) + "T11:00",
                                Who("victim", "", name_of(number))));
  return events;
}

using Lines = std::vector<std::string>;

Lines lines(const v1::Agenda& agenda) {
  Lines lines;
  for (const v1::AgendaSection& section : agenda.sections())
    for (const v1::AgendaItem& item : section.items())
      lines.push_back(section.id() + " " + item.name() + " " + std::to_string(item.score()) + " " + item.listed_for());
  return lines;
}

// Victims of rising score, and somebody at risk: 12, 8, 4 and 15 points.
std::vector<v1::Event> four_cases() {
  std::vector<v1::Event> events = many_victims(3);
  events.push_back(risk("r", "2021-02-02", Who("subject", "", "Casey Risk"), "medium"));
  return events;
}

TEST(MeetingTime, GoesToTheHighestScoresWhereverTheyStandAndTheRestIsForNoting) {
  const std::string sections = section_of("repeat-victims") + section_of("high-risk");
  const v1::Agenda enough = agenda_of(four_cases(), board_of(kTwoHours, sections));
  EXPECT_EQ(enough.notes(0).find("noting"), std::string::npos) << "time enough for all";
  const v1::Agenda unlimited = agenda_of(four_cases(), board_of("", sections));
  EXPECT_TRUE(unlimited.notes().empty()) << "no time is said";
  for (const std::string& line : lines(unlimited)) EXPECT_TRUE(line.ends_with("discussion")) << line;
  const v1::Agenda tight =
      agenda_of(four_cases(), board_of("minutes = 22\nminutes_per_case = 6\nminutes_for_actions = 10\n", sections));
  EXPECT_EQ(lines(tight),
            (Lines{"repeat-victims Casey Drayfield 12 discussion", "repeat-victims Casey Crannockson 8 noting",
                   "repeat-victims Casey Birchmock 4 noting", "high-risk Casey Risk 15 discussion"}));
  EXPECT_EQ(tight.sections(0).items(1).noted_because(), "no time: the meeting has it for 2 cases");
  EXPECT_EQ(
      tight.notes(0),
      "2 cases are for discussion: at 6 minutes each, with 10 minutes for actions, that makes 22 of the meeting's "
      "22 minutes. 2 more cases are for noting.");
}

TEST(MeetingTime, IsTakenOnceByACaseThatStandsInSeveralSections) {
  const Board board =
      board_of("minutes = 20\nminutes_per_case = 10\n", section_of("high-risk") + section_of("repeat-victims"));
  const Result<BoardVersion> rules = board.version_on(kOn);
  ASSERT_TRUE(rules.ok());
  v1::Agenda agenda;
  const auto add = [&](v1::AgendaSection& section, const char* id, int score) {
    v1::AgendaItem& item = *section.add_items();
    item.set_case_(id);
    item.set_score(score);
  };
  v1::AgendaSection& first = *agenda.add_sections();
  v1::AgendaSection& second = *agenda.add_sections();
  add(first, "p-a", 30);
  add(first, "p-b", 5);
  add(second, "p-a", 20);
  add(second, "p-c", 10);
  add(second, "p-b", 4);
  EXPECT_EQ(
      share_time(*rules, agenda),
      "2 cases are for discussion: at 10 minutes each, with 0 minutes for actions, that makes 20 of the meeting's "
      "20 minutes. 1 more case is for noting.");
  EXPECT_EQ(second.items(0).listed_for(), "discussion") << "it has its time already";
  EXPECT_EQ(second.items(1).listed_for(), "discussion") << "there is time for two cases, not for two lines";
  EXPECT_EQ(first.items(1).listed_for(), "noting");
  EXPECT_EQ(second.items(2).listed_for(), "noting");
}

TEST(MeetingTime, IsKeptForTheCasesThatASectionAsksFor) {
  const Board board = board_of("minutes = 6\nminutes_per_case = 6\n",
                               section_of("repeat-victims", "at_least = 2\n") + section_of("high-risk"));
  EXPECT_EQ(lines(agenda_of(four_cases(), board)),
            (Lines{"repeat-victims Casey Drayfield 12 discussion", "repeat-victims Casey Crannockson 8 discussion",
                   "repeat-victims Casey Birchmock 4 noting", "high-risk Casey Risk 15 noting"}));
  EXPECT_NE(agenda_of(four_cases(), board).notes(0).find("that makes 12 minutes, and the meeting has 6"),
            std::string::npos)
      << agenda_of(four_cases(), board).notes(0);
}

TEST(MeetingTime, IsNotTakenByASectionForNoting) {
  const v1::Agenda agenda =
      agenda_of(many_victims(1), board_of("", section_of("repeat-victims", "for = \"noting\"\n")));
  ASSERT_EQ(agenda.sections(0).items_size(), 1);
  EXPECT_EQ(agenda.sections(0).items(0).listed_for(), "noting");
  EXPECT_EQ(agenda.sections(0).items(0).noted_because(), "the section is for noting");
}

TEST(Limits, LeaveCasesOutByNameWithTheReasonAndToTheNextSectionThatClaimsThem) {
  std::vector<v1::Event> events = many_victims(4);
  events.push_back(
      risk("r", "2021-02-02", Who("subject", "", "Casey Birchmock"), "medium"));  // number 1: 15 points more
  const v1::Agenda agenda = agenda_of(
      events, board_of("", section_of("repeat-victims", "score_min = 10\nat_most = 2\n") + section_of("high-risk")));
  EXPECT_EQ(lines(agenda),
            (Lines{"repeat-victims Casey Birchmock 19 discussion", "repeat-victims Casey Elmswick 16 discussion"}));
  Lines left;
  for (const v1::NotListed& row : agenda.not_listed()) {
    left.push_back(row.title() + ": " + row.reason());
    EXPECT_TRUE(row.why(0).claimed());
    EXPECT_GT(row.events_size(), 1) << "the events of the reasons it was scored by";
  }
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (Lines{"Casey Crannockson, born 29 February 1980: score 8; the section lists from 10 points",
                         "Casey Drayfield, born 29 February 1980: score 12; the section lists at most 2 cases"}));
  const v1::Agenda next =
      agenda_of(events, board_of("", section_of("repeat-victims", "score_min = 100\n") + section_of("high-risk")));
  EXPECT_EQ(lines(next), (Lines{"high-risk Casey Birchmock 19 discussion"}));
}

TEST(Limits, HoldForPlacesToo) {
  std::vector<v1::Event> events = many_victims(1);
  for (v1::Event& event : events) add_place(event, "12 High Street", "OX99 1AA");
  const v1::Agenda agenda =
      agenda_of(events, board_of("", section_of("places", "incidents_min = 2\nmonths = 12\nscore_min = 5\n")));
  EXPECT_TRUE(agenda.sections(0).items().empty());
  ASSERT_EQ(agenda.not_listed_size(), 1);
  EXPECT_EQ(agenda.not_listed(0).reason(), "score 4; the section lists from 5 points");
}

TEST(Limits, AreRefusedWhereTheyMakeNoSense) {
  const std::string head = "id = \"b\"\ntitle = \"B\"\n[[version]]\nvalid_from = 2020-04-01\n";
  EXPECT_TRUE(Board::parse(head + section_of("high-risk", "at_most = 2\nat_least = 2\n"), "b.toml").ok());
  for (const std::string& wrong :
       {section_of("previous-actions", "at_most = 2\n"), section_of("high-risk", "for = \"reading\"\n"),
        section_of("high-risk", "for = \"noting\"\nat_least = 1\n"),
        section_of("high-risk", "at_most = 1\nat_least = 2\n"), section_of("high-risk", "score_min = -1\n")})
    EXPECT_EQ(Board::parse(head + wrong, "b.toml").status().code(), Code::kDefinition) << wrong;
}

TEST(Agenda, NamesInASectionWhomAnEarlierOneListed) {
  std::vector<v1::Event> events = many_victims(2);
  events.push_back(risk("r", "2021-02-02", Who("subject", "", "Casey Crannockson"), "high"));
  const v1::Agenda agenda = agenda_of(events);
  ASSERT_EQ(section(agenda, "high-risk").items_size(), 1);
  ASSERT_EQ(section(agenda, "repeat-victims").also_size(), 1);
  EXPECT_EQ(section(agenda, "repeat-victims").also(0), section(agenda, "high-risk").items(0).case_());
  EXPECT_TRUE(section(agenda, "high-risk").also().empty());
}

TEST(Documents, HaveTheSameBytesWhateverTheOrderOfArrival) {
  std::vector<v1::Event> events = a_partnership();
  std::mt19937 random(13);
  std::string wanted;
  for (int round = 0; round < 6; ++round) {
    for (std::size_t i = 0; i < events.size(); ++i) events[i].mutable_envelope()->set_offset(i);
    const v1::Agenda agenda = agenda_of(events);
    const Result<v1::CallerList> list =
        make_caller_list(casebook_of(events), test_partnership(), test_policy(), CallerQuery{kOn, {}, {}, {}});
    ASSERT_TRUE(list.ok());
    const std::string bytes =
        to_json(agenda) + to_html(agenda, test_partnership()) + to_json(*list) + to_html(*list, test_partnership());
    if (round == 0) wanted = bytes;
    EXPECT_EQ(bytes, wanted);
    std::shuffle(events.begin(), events.end(), random);
  }
  EXPECT_NE(wanted.find("Casey Number5"), std::string::npos);
}

}  // namespace
}  // namespace moot
