#include "consumers/document/html.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

v1::CallerList a_list() {
  v1::CallerList list;
  list.set_on("2021-04-13");
  list.set_window_days(90);
  list.set_top(10);
  list.set_as_at("2021-04-13T00:00:00+01:00");
  list.set_policy("north-callers 2019-04-01");
  list.set_considered(1);
  list.set_loaded_later(3);
  v1::Caller& caller = *list.add_callers();
  caller.set_rank(1);
  caller.set_person("p-1");
  caller.set_name("<script>alert('x')</script> & Sons");
  caller.set_calls(3);
  caller.set_status("new");
  caller.add_known_to("north-police");
  v1::Reason& reason = *caller.add_reasons();
  reason.set_text("3 calls in 2 episodes.");
  reason.add_events()->set_id("c1");
  v1::Feed& feed = *list.add_feeds();
  feed.set_agency("north-police");
  feed.set_last("2021-03-01");
  feed.set_days_before(43);
  feed.set_rhythm_days(7);
  feed.set_late(true);
  return list;
}

v1::Agenda an_agenda() {
  v1::Agenda agenda;
  agenda.set_board("jtm");
  agenda.set_title("Joint Tasking Meeting");
  agenda.set_on("2021-04-13");
  agenda.set_as_at("2021-04-13T00:00:00+01:00");
  agenda.set_rules("jtm 2019-04-01; callers 2020-04-01");
  v1::AgendaSection& earlier = *agenda.add_sections();
  earlier.set_title("Previous actions");
  earlier.set_kind("previous-actions");
  v1::AgendaSection& section = *agenda.add_sections();
  section.set_title("High risk");
  v1::AgendaItem& item = *section.add_items();
  item.set_listed_for("discussion");
  item.set_case_("p-1");
  item.set_title("<script>alert(1)</script>");
  item.set_score(58);
  for (const int points : {35, 15, 8, 0}) {
    item.add_reasons()->set_points(points);
    item.mutable_reasons(item.reasons_size() - 1)->set_text("Reason");
  }
  v1::AgendaAction& action = *item.add_actions();
  action.set_action("a1");
  action.set_state("overdue");
  action.set_owner("north-homes");
  action.set_set_on("2021-03-09");
  action.set_carried(2);
  item.add_interventions()->set_supplied_from("2020-04-01");
  item.add_interventions()->set_too_early(true);
  v1::AgendaItem& done = *earlier.add_items();
  done.set_case_("p-1");
  done.set_title("Casey Example");
  *done.add_actions() = action;
  v1::AgendaItem& noted = *section.add_items();
  noted.set_case_("p-2");
  noted.set_title("Avery Other");
  noted.set_score(4);
  noted.set_listed_for("noting");
  noted.set_noted_because("no time: the meeting has it for 1 case");
  noted.add_reasons()->set_text("2 incidents.");
  for (const std::string answer : {"yes", "not asked", "not asked"}) {
    v1::KnownTo& known = *item.add_known_to();
    known.set_agency("north-homes");
    known.set_answer(answer);
  }
  for (const bool claimed : {true, false}) {
    v1::NotListed& row = *agenda.add_not_listed();
    row.set_case_(claimed ? "p-3" : "p-4");
    row.set_title(claimed ? "Riley Removed" : "Robin Once");
    v1::WhyNot& why = *row.add_why();
    why.set_reason(claimed ? "removed on 9 March 2021" : "1 incident in 12 months");
    why.set_claimed(claimed);
  }
  v1::Feed& feed = *agenda.add_feeds();
  feed.set_agency("north-health");
  feed.set_rhythm_days(7);
  feed.set_late(true);
  return agenda;
}

TEST(Html, EscapesWhatEventsSay) {
  for (const std::string& page : {to_html(a_list(), test_partnership()), to_html(an_agenda(), test_partnership())}) {
    EXPECT_FALSE(has(page, "<script"));
    EXPECT_TRUE(has(page, "&lt;script&gt;"));
  }
}

TEST(Html, IsSelfContainedWithMarkingAboveAndBelow) {
  for (const std::string& page : {to_html(a_list(), test_partnership()), to_html(an_agenda(), test_partnership())}) {
    EXPECT_TRUE(has(page, "<html lang=\"en-GB\">"));
    for (const char* outside : {"http:", "https:", "src=", "<link", "url(", "@import"})
      EXPECT_FALSE(has(page, outside)) << outside;
    const std::size_t first = page.find(">OFFICIAL-SENSITIVE<");
    ASSERT_NE(first, std::string::npos);
    EXPECT_NE(page.find(">OFFICIAL-SENSITIVE<", first + 1), std::string::npos);
    EXPECT_TRUE(has(page, "Demonstration. Every person is fictional."));
    EXPECT_TRUE(has(page, "<caption>"));
    EXPECT_TRUE(has(page, "scope=\"col\""));
    EXPECT_FALSE(has(page, "{{"));
  }
}

TEST(Html, WritesDatesOutAndAgenciesByName) {
  const std::string list = to_html(a_list(), test_partnership());
  EXPECT_TRUE(has(list, "13 April 2021 at midnight"));
  EXPECT_TRUE(has(list, "<strong>Known to:</strong> North Police."));
  EXPECT_TRUE(has(list, "3 events loaded later, taken at their agencies&apos; own dates."));
  EXPECT_TRUE(has(list, "1 person made one"));
  EXPECT_TRUE(has(list,
                  "North Police has supplied nothing that this document may show since 1 March 2021, 43 days before, "
                  "expected every 7 days"));
  const std::string agenda = to_html(an_agenda(), test_partnership());
  EXPECT_TRUE(
      has(agenda, "<td>North Homes</td>\n<td>not supplied<br/><span class=\"quiet\">set 9 March 2021</span></td>"));
  EXPECT_TRUE(has(agenda, "carried over twice"));
  EXPECT_TRUE(
      has(agenda, "North Health Trust has supplied nothing that this document may show, expected every 7 days."));
  EXPECT_TRUE(has(agenda, "jtm, as from 1 April 2019; callers, as from 1 April 2020"));
  EXPECT_TRUE(has(agenda, "not supplied before 1 April 2020"));
}

TEST(Html, HasTheEndOfTheMeetingsTimeBetweenWhatIsDiscussedAndWhatIsNoted) {
  const std::string page = to_html(an_agenda(), test_partnership());
  const std::size_t discussed = page.find("<h3>2.1 "), end = page.find("The meeting’s time ends here."),
                    noted = page.find("2.2 Avery Other");
  ASSERT_NE(noted, std::string::npos);
  EXPECT_LT(discussed, end);
  EXPECT_LT(end, noted);
  EXPECT_TRUE(has(page, "<td class=\"number\">1</td><td class=\"number\">1</td>")) << "the contents";
  EXPECT_TRUE(has(page, "No time: the meeting has it for 1 case"));
  v1::Agenda all = an_agenda();
  all.mutable_sections(1)->mutable_items()->RemoveLast();
  EXPECT_FALSE(has(to_html(all, test_partnership()), "time ends here"));
}

TEST(Html, NamesThoseLeftOutAndOnlyCountsThoseNoSectionClaims) {
  const std::string page = to_html(an_agenda(), test_partnership());
  EXPECT_TRUE(has(page, "Riley Removed"));
  EXPECT_TRUE(has(page, "Removed on 9 March 2021."));
  EXPECT_FALSE(has(page, "Robin Once")) << "one report puts nobody's name before the meeting";
  EXPECT_TRUE(has(page, "1 incident in 12 months."));
  EXPECT_TRUE(has(page, "p-4")) << "found by the case's id";
}

TEST(Html, TellsWhoKnowsAndCountsWhoWasNotAsked) {
  EXPECT_TRUE(has(to_html(an_agenda(), test_partnership()), "<em>Not asked</em> the other 2 agencies."));
}

TEST(Html, ShowsTheArithmetic) {
  const std::string page = to_html(an_agenda(), test_partnership());
  EXPECT_TRUE(has(page, "<td class=\"number\">35</td>"));
  EXPECT_TRUE(has(page, "Score, the sum of the points</th><td class=\"number sum\">58</td>"));
}

// What a screen reader goes by: one title and one h1, headings that skip no level, cells that have their headers.
TEST(Html, HasHeadingsInOrderAndHeadersOfEveryTable) {
  for (const std::string& page : {to_html(a_list(), test_partnership()), to_html(an_agenda(), test_partnership())}) {
    EXPECT_TRUE(has(page, ", 13 April 2021</title>"));
    int level = 0, first_level = 0;
    for (std::size_t at = page.find("<h"); at != std::string::npos; at = page.find("<h", at + 1)) {
      const char digit = page[at + 2];
      if (digit < '1' || digit > '6') continue;
      EXPECT_LE(digit - '0', level + 1) << page.substr(at, 60);
      level = digit - '0';
      first_level += level == 1 ? 1 : 0;
    }
    EXPECT_EQ(first_level, 1);
    for (std::size_t at = page.find("<th "); at != std::string::npos; at = page.find("<th ", at + 1))
      EXPECT_EQ(page.substr(at, 10), "<th scope=") << page.substr(at, 60);
    EXPECT_FALSE(has(page, "<th>"));
  }
}

// A table's foot is printed on every sheet.
TEST(Html, HasMarkingAndHandlingInWhatIsPrintedOnEverySheet) {
  const Partnership partnership = test_partnership();
  const std::string page = to_html(a_list(), partnership);
  const std::string foot = page.substr(page.find("<tfoot>"), page.find("</tfoot>") - page.find("<tfoot>"));
  EXPECT_TRUE(has(foot, partnership.marking));
  EXPECT_TRUE(has(foot, "<div class=\"running\">" + partnership.notice + "</div>"));
}

TEST(Html, LeavesOutAnEmptyNoticeAndSaysWhenThereIsNobody) {
  Partnership partnership = test_partnership();
  partnership.notice.clear();
  v1::CallerList empty;
  empty.set_on("2021-04-13");
  const std::string page = to_html(empty, partnership);
  EXPECT_FALSE(has(page, "class=\"notice\""));
  EXPECT_TRUE(has(page, "</div>\n</td></tr></tfoot>"));
  EXPECT_TRUE(has(page, "Nobody rang often enough"));
  EXPECT_FALSE(has(page, "equals share a place"));
  EXPECT_FALSE(has(page, "loaded later"));
}

TEST(Json, KeepsTheNamesOfTheLanguageAndPrintsEmptyListsAndZeros) {
  const std::string json = to_json(a_list());
  EXPECT_TRUE(has(json, "{\n  \"on\": \"2021-04-13\",\n  \"window_days\": 90,\n"));
  EXPECT_TRUE(has(json, "\"left\": [],\n"));
  EXPECT_TRUE(has(json, "\"episodes\": 0,\n"));
  EXPECT_TRUE(has(json, "      \"known_to\": [\n        \"north-police\"\n      ],\n"));
  EXPECT_EQ(json.substr(json.size() - 3), "\n}\n");
  EXPECT_EQ(boost::json::parse(json).at("callers").at(0).at("name").as_string(), "<script>alert('x')</script> & Sons");
}

TEST(Phrase, SpeaksPlainEnglish) {
  EXPECT_EQ(counted(1, "call"), "1 call");
  EXPECT_EQ(counted(2, "day"), "2 days");
  EXPECT_EQ(counted(2, "key"), "2 keys");
  EXPECT_EQ(counted(2, "agency"), "2 agencies");
  EXPECT_EQ(counted(0, "person"), "0 people");
  EXPECT_EQ(in_list({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(code_as_name("turning-point"), "Turning Point");
  EXPECT_EQ(code_as_name("amht"), "AMHT");
  EXPECT_EQ(date_in_words("soon"), "soon");
}

}  // namespace
}  // namespace moot
