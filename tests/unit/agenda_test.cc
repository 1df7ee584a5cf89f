#include "consumers/agenda/agenda.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "tests/unit/case_events.h"

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

v1::Event risk(const std::string& id, const std::string& day, int number, const std::string& band, int score = 0) {
  v1::Event event = make_event("uk.csp.risk.assessed.v1", "north-homes", id, day, {person(number, "subject")});
  event.mutable_facts()->mutable_risk()->set_tool("ram");
  event.mutable_facts()->mutable_risk()->set_band(band);
  event.mutable_facts()->mutable_risk()->set_score(score);
  return event;
}

v1::Event action(const std::string& id, const std::string& stage, const std::string& day, const std::string& due,
                 const std::vector<Who>& people) {
  v1::Event event = make_event("uk.csp.action." + stage + ".v1", "north-police", id, day, people);
  v1::Action& facts = *event.mutable_facts()->mutable_action();
  facts.set_board("jtm");
  facts.set_set_on("2021-03-09");
  facts.set_owner("north-health");
  facts.set_due(due);
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("action");
  text.set_text("Visit " + id);
  return event;
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
  events.push_back(risk("r6", "2021-02-02", 6, "high", 33));
  events.push_back(risk("r8", "2021-02-02", 8, "standard"));
  events.push_back(action("a1", "set", "2021-03-09", "2021-04-01", {person(5, "subject")}));
  events.push_back(action("a2", "done", "2021-03-20", "2021-04-01", {person(6, "subject")}));
  events.push_back(action("a3", "set", "2021-03-09", "2021-05-01", {}));
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
  EXPECT_EQ(reasons,
            (std::vector<std::string>{"1 call in 90 days; not among the first 3 of the frequent-caller rule",
                                      "1 incident in 12 months; the repeat-victim rule needs 2",
                                      "2 calls in 90 days; not among the first 3 of the frequent-caller rule",
                                      "risk assessed standard on 2 February 2021; the section needs high and medium"}));
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
  v1::Event other = action("o", "set", "2021-03-09", "", {});
  other.mutable_facts()->mutable_action()->set_board("nag");
  v1::Event today = action("t", "set", "2021-03-09", "", {});
  today.mutable_facts()->mutable_action()->set_set_on("2021-04-13");
  v1::Event done = action("d", "done", "2021-03-01", "", {});
  done.mutable_facts()->mutable_action()->set_set_on("2021-02-09");
  const v1::Event open = action("a", "set", "2021-03-09", "", {});
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
  v1::Link& link = *second.mutable_envelope()->add_links();
  link.set_rel("about");
  link.set_source("/north-police/records");
  link.set_id("p1");
  const v1::Event first = incident("north-police", "p1", "2021-04-01T11:00", person(1));
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
  const v1::Agenda agenda = agenda_of({risk("r1", "2021-01-05", 1, "high"), risk("r2", "2021-02-05", 1, "standard"),
                                       risk("r3", "2021-01-05", 2, "standard"), risk("r4", "2021-02-05", 2, "medium")});
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
  ASSERT_GE(agenda.notes_size(), 1);
  EXPECT_EQ(agenda.notes(0),
            "4 cases at 6 minutes each and 20 minutes for actions make 44 minutes; the meeting has 120.");
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
