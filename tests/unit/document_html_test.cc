#include "consumers/document/html.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "tests/unit/case_events.h"

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
  return list;
}

v1::Agenda an_agenda() {
  v1::Agenda agenda;
  agenda.set_board("jtm");
  agenda.set_title("Joint Tasking Meeting");
  agenda.set_on("2021-04-13");
  agenda.set_as_at("2021-04-13T00:00:00+01:00");
  v1::AgendaSection& section = *agenda.add_sections();
  section.set_title("High risk");
  v1::AgendaItem& item = *section.add_items();
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
  v1::Feed& feed = *agenda.add_feeds();
  feed.set_agency("north-health");
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
  EXPECT_TRUE(has(list, "Known to: North Police."));
  EXPECT_TRUE(has(list, "3 events loaded later, taken at their agencies&apos; own dates."));
  EXPECT_TRUE(has(list, "1 person with a call"));
  const std::string agenda = to_html(an_agenda(), test_partnership());
  EXPECT_TRUE(
      has(agenda, "<td>North Homes</td>\n<td class=\"date\">9 March 2021</td>\n<td class=\"date\">not supplied</td>"));
  EXPECT_TRUE(has(agenda, "carried over 2 times"));
  EXPECT_TRUE(has(agenda, "North Health Trust (nothing supplied)"));
}

TEST(Html, ShowsTheArithmetic) { EXPECT_TRUE(has(to_html(an_agenda(), test_partnership()), "Score 58 = 35 + 15 + 8")); }

TEST(Html, LeavesOutAnEmptyNoticeAndSaysWhenThereIsNobody) {
  Partnership partnership = test_partnership();
  partnership.notice.clear();
  v1::CallerList empty;
  empty.set_on("2021-04-13");
  const std::string page = to_html(empty, partnership);
  EXPECT_FALSE(has(page, "class=\"notice\""));
  EXPECT_TRUE(has(page, "Nobody: no call"));
  EXPECT_FALSE(has(page, "Ranked by"));
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
  EXPECT_EQ(counted(2, "agency"), "2 agencies");
  EXPECT_EQ(counted(0, "person"), "0 people");
  EXPECT_EQ(in_list({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(code_as_name("turning-point"), "Turning Point");
  EXPECT_EQ(code_as_name("amht"), "AMHT");
  EXPECT_EQ(date_in_words("soon"), "soon");
}

}  // namespace
}  // namespace moot
