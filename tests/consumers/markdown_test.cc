#include "consumers/document/markdown.h"

#include <gtest/gtest.h>

#include "tests/consumers/case_events.h"

namespace moot {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void set_reference(v1::EventRef& reference, const std::string& id) {
  reference.set_source("/north-police/records");
  reference.set_id(id);
}

v1::Agenda an_agenda() {
  v1::Agenda agenda;
  agenda.set_title("Joint Tasking Meeting");
  agenda.set_on("2021-04-13");
  agenda.set_as_at("2021-04-13T00:00:00+01:00");
  agenda.set_last_meeting("2021-03-09");
  v1::AgendaSection& section = *agenda.add_sections();
  section.set_title("High risk");
  v1::AgendaItem& item = *section.add_items();
  item.set_listed_for("discussion");
  item.set_case_("p-1");
  item.set_title("Casey *Example*\n# Not a heading");
  item.set_score(25);
  for (const int points : {35, 0, -10}) {
    v1::ScoredReason& reason = *item.add_reasons();
    reason.set_points(points);
    reason.set_text("Reason");
    set_reference(*reason.add_events(), "e1");
    set_reference(*reason.add_events(), "e2");
  }
  v1::AgendaAction& action = *item.add_actions();
  action.set_action("a1");
  action.set_text("Visit");
  action.set_state("overdue");
  action.set_rag("red");
  action.set_owner("north-homes");
  action.set_carried(2);
  v1::Evidence& evidence = *action.add_evidence();
  evidence.set_text("incident reported on 18 March 2021 (North Police)");
  set_reference(*evidence.add_events(), "i1");
  item.add_decisions()->set_text("Kept on 9 March 2021: risk continues.");
  item.add_interventions()->set_finding("Mediation completed: 4 calls before, 1 after.");
  v1::Feed& feed = *agenda.add_feeds();
  feed.set_agency("north-health");
  feed.set_rhythm_days(7);
  feed.set_late(true);
  v1::NotListed& row = *agenda.add_not_listed();
  row.set_case_("p-2");
  row.set_title("Avery Other");
  row.add_why()->set_reason("1 incident in 12 months");
  v1::NotListed& left_out = *agenda.add_not_listed();
  left_out.set_case_("p-3");
  left_out.set_title("Riley Removed");
  left_out.add_why()->set_reason("removed on 9 March 2021");
  left_out.mutable_why(0)->set_claimed(true);
  v1::AgendaItem& noted = *section.add_items();
  noted.set_title("Robin Noted");
  noted.set_case_("p-4");
  noted.set_listed_for("noting");
  noted.set_noted_because("no time: the meeting has it for 1 case");
  noted.add_reasons()->set_text("2 incidents.");
  v1::AgendaSection& earlier = *agenda.add_sections();
  earlier.set_title("Previous actions");
  earlier.set_kind("previous-actions");
  v1::AgendaItem& group = *earlier.add_items();
  group.set_title("Casey Example");
  group.set_case_("p-1");
  *group.add_actions() = action;
  return agenda;
}

TEST(Markdown, SaysWhatThePageSays) {
  const std::string text = to_markdown(an_agenda(), test_partnership());
  for (const char* part :
       {"**OFFICIAL-SENSITIVE**\n",
        "Demonstration. Every person is fictional.\n",
        "# Joint Tasking Meeting\n",
        "Agenda for 13 April 2021, North Community Safety Partnership\n",
        "- As at: 13 April 2021 at midnight\n",
        "- Last meeting: 9 March 2021\n",
        "**Not up to date:** North Health Trust has supplied nothing that this document may show, expected every 7 "
        "days.",
        "- North Health Trust: nothing supplied; expected every 7 days; **late**\n",
        "1. High risk: 1 for discussion, 1 for noting\n",
        "2. Previous actions: 1 action\n",
        "**Score 25 = 35 - 10**. Case p-1\n",
        "- Action, overdue: Visit. Owner: North Homes, due not supplied, carried over twice. (a1)\n",
        "Case p-1, see 1.1\n",
        "- **Red**, overdue: Visit (a1)\n  Owner: North Homes. Set: not supplied. Due: not supplied; carried over "
        "twice.\n  Evidence: incident reported on 18 March 2021 (North Police) (/north-police/records i1).\n",
        "- 35: Reason\n  Records: /north-police/records e1, e2\n- 0: Reason\n",
        "- Decided before: Kept on 9 March 2021: risk continues.\n",
        "- Mediation completed: 4 calls before, 1 after.\n",
        "## For noting\n",
        "### 1.2 Robin Noted\n",
        "No time: the meeting has it for 1 case.\n",
        "- Riley Removed (p-3): Removed on 9 March 2021\n",
        "1 incident in 12 months\n  Cases: p-2\n"})
    EXPECT_TRUE(has(text, part)) << part << "\n----\n" << text;
  EXPECT_FALSE(has(text, "Avery Other")) << "no section claims them";
  EXPECT_FALSE(has(text, "{{"));
  EXPECT_FALSE(has(text, "\n\n\n"));
  EXPECT_TRUE(text.ends_with("**OFFICIAL-SENSITIVE**\n"));
}

TEST(Markdown, EndsWhatIsAskedForWithOneFullStop) {
  const auto line = [](const std::string& asked) {
    v1::Agenda agenda = an_agenda();
    agenda.mutable_sections(0)->mutable_items(0)->mutable_actions(0)->set_text(asked);
    const std::string text = to_markdown(agenda, test_partnership());
    const std::size_t from = text.find("- Action, overdue: ") + 19;
    return text.substr(from, text.find(" Owner: ", from) - from);
  };
  EXPECT_EQ(line("Visit"), "Visit.");
  EXPECT_EQ(line("Visit. "), "Visit.");
  EXPECT_EQ(line("Visit \n"), "Visit.");
  EXPECT_EQ(line("Ask \"may we come?\""), "Ask \"may we come?\"");
  EXPECT_EQ(line("Tell her “we come.”"), "Tell her “we come.”");
  EXPECT_EQ(line("Visit (at home)"), "Visit (at home).");
  EXPECT_EQ(line("”"), "”.");
  EXPECT_EQ(line(" "), "Text not supplied.");
}

TEST(Markdown, LetsNoEventMarkAnythingUpOrDriveATerminal) {
  EXPECT_TRUE(has(to_markdown(an_agenda(), test_partnership()), "### 1.1 Casey \\*Example\\* # Not a heading\n"));
  EXPECT_EQ(escaped_for_markdown("a_b [c](d) <i> `e` x|y \\"), "a\\_b \\[c\\](d) \\<i\\> \\`e\\` x\\|y \\\\");
  EXPECT_EQ(escaped_for_markdown("&lt; R&D A & B &#10;"), "\\&lt; R\\&D A & B \\&#10;");
  EXPECT_EQ(escaped_for_markdown("a\r\nb\x1b[2J\x7f"), "a  b \\[2J ");
}

TEST(Markdown, HasTheCallerListAndSaysWhenThereIsNobody) {
  v1::CallerList list;
  list.set_on("2021-04-13");
  list.set_window_days(90);
  EXPECT_TRUE(
      has(to_markdown(list, test_partnership()), "Nobody rang often enough in these days to be listed by the rule.\n"));
  v1::Caller& caller = *list.add_callers();
  caller.set_rank(3);
  caller.set_name("Casey Example");
  caller.set_born("1980-02-29");
  caller.set_episodes(2);
  caller.set_calls(3);
  caller.set_status("new");
  caller.add_known_to("north-police");
  caller.add_reasons()->set_text("3 calls in 2 episodes.");
  caller.add_interventions()->set_finding("Outreach started: too early to say, 5 days since.");
  v1::LeftCaller& left = *list.add_left();
  left.set_name("Avery Other");
  left.set_reason("No calls.");
  left.add_interventions()->set_finding("Outreach started: 4 calls before, 0 after.");
  const std::string text = to_markdown(list, test_partnership());
  for (const char* part :
       {"### 3. Casey Example, born 29 February 1980\n", "**new**. Episodes: 2. Calls: 3; in the 90 ",
        "- Known to: North Police.\n", "too early to say, 5 days since.\n", "### Avery Other\n", "No calls.\nCase",
        "4 calls before, 0 after.\n"})
    EXPECT_TRUE(has(text, part)) << part << "\n----\n" << text;
}

}  // namespace
}  // namespace moot
