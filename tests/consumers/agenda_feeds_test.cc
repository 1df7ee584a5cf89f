// Who is late: judged at the instant that a document is as at, and told in words that say so.
#include <gtest/gtest.h>

#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

// North Police, expected every seven days, was last heard on 26 March; something else came on the 28th.
Casebook heard_on_the_26th() {
  return casebook_of({call("c1", "2021-03-26T10:00"), incident("north-homes", "i", "2021-03-28T21:00")});
}

v1::Agenda feeds_agenda(Date on, std::optional<Instant> as_at = {}) {
  Result<v1::Agenda> agenda =
      make_agenda(heard_on_the_26th(), test_partnership(), test_policy(), test_board(), AgendaQuery{on, as_at});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

bool tells(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(AgendaFeeds, AreNotLateForDaysThatAreStillToCome) {
  const v1::Agenda ahead = feeds_agenda({2021, 4, 7});  // as at the log's last instant
  EXPECT_FALSE(ahead.feeds(0).late());
  EXPECT_EQ(ahead.feeds(0).days_before(), 2);
  for (const std::string& text : {to_html(ahead, test_partnership()), to_markdown(ahead, test_partnership())}) {
    EXPECT_FALSE(tells(text, "Not up to date")) << text;
    EXPECT_TRUE(tells(text, "2 days before 28 March 2021, the day this is as at")) << text;
    EXPECT_FALSE(tells(text, "2 days before the meeting")) << text;
  }
}

TEST(AgendaFeeds, AreLateByTheInstantThatTheDocumentIsAsAt) {
  const v1::Agenda ahead = feeds_agenda({2021, 4, 7}, london("2021-04-03T12:00"));
  EXPECT_TRUE(ahead.feeds(0).late());
  EXPECT_EQ(ahead.feeds(0).days_before(), 8);
  EXPECT_TRUE(tells(to_markdown(ahead, test_partnership()),
                    "North Police has supplied nothing that this document may show since 26 March 2021, 8 days before "
                    "3 April 2021, the day this is as at, expected every 7 days."));
}

// As documents always were that are as at the midnight at which their day begins.
TEST(AgendaFeeds, AreJudgedOnTheMeetingsDayWhereThatHasCome) {
  for (const char* as_at : {"2021-04-07", "2021-05-20"}) {
    SCOPED_TRACE(as_at);
    const v1::Agenda agenda = feeds_agenda({2021, 4, 7}, london(as_at));
    EXPECT_TRUE(agenda.feeds(0).late());
    EXPECT_EQ(agenda.feeds(0).days_before(), 12);
    const std::string text = to_markdown(agenda, test_partnership());
    EXPECT_TRUE(tells(text, "since 26 March 2021, 12 days before, expected every 7 days.")) << text;
    EXPECT_TRUE(tells(text,
                      "- North Police: 26 March 2021, 12 days before the meeting; expected every 7 days; "
                      "**late**"))
        << text;
  }
}

TEST(AgendaFeeds, AreNotCountedBackwardsWhereMoreIsKnownThanTheDay) {
  const v1::Agenda agenda = feeds_agenda({2021, 3, 20}, london("2021-04-07"));
  EXPECT_EQ(agenda.feeds(0).days_before(), 0);
  EXPECT_TRUE(tells(to_markdown(agenda, test_partnership()), "- North Police: 26 March 2021; expected every 7 days"));
}

TEST(AgendaFeeds, AreJudgedInTheSameWayForAListOfCallers) {
  const auto list = [](std::optional<Instant> as_at) {
    CallerQuery query;
    query.on = {2021, 4, 7};
    query.as_at = as_at;
    Result<v1::CallerList> made = make_caller_list(heard_on_the_26th(), test_partnership(), test_policy(), query);
    MOOT_CHECK_OK(made.status());
    return *made;
  };
  EXPECT_FALSE(list({}).feeds(0).late());
  const v1::CallerList late = list(london("2021-04-03T12:00"));
  EXPECT_TRUE(late.feeds(0).late());
  EXPECT_TRUE(tells(to_html(late, test_partnership()), "8 days before 3 April 2021, the day this is as at"));
}

}  // namespace
}  // namespace moot
