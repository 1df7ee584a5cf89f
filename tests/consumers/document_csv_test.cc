// The lists as a spreadsheet opens them: nothing a formula, the points add up, everybody is there.
#include <gtest/gtest.h>

#include "consumers/document/csv_row.h"
#include "consumers/document/list_csv.h"

namespace moot {
namespace {

TEST(CsvRow, QuotesWhatMustBeQuotedAndLeavesNoFormula) {
  EXPECT_EQ(csv_row({"", "a,b", "say \"no\"", "two\nlines"}), ",\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
  EXPECT_EQ(csv_row({"=1+1", "+44", "-x", "@cmd", "-12"}), "'=1+1,'+44,'-x,'@cmd,-12\r\n");
}

TEST(CallerListCsv, HasARowForEachCallerAndForEachWhoLeft) {
  v1::CallerList list;
  v1::Caller& caller = *list.add_callers();
  caller.set_rank(1);
  caller.set_person("p-1");
  caller.set_name("=HYPERLINK(\"x\")");
  caller.set_episodes(2);
  caller.set_calls(3);
  caller.set_status("new");
  caller.add_known_to("north-police");
  caller.add_known_to("north-homes");
  v1::Reason& reason = *caller.add_reasons();
  reason.set_text("3 calls in 2 episodes.");
  reason.add_events()->set_source("/north-police/cad");
  reason.mutable_events(0)->set_id("c1");
  v1::LeftCaller& left = *list.add_left();
  left.set_person("p-2");
  left.set_name("Casey Exampleton");
  left.set_reason("No call since 2 March 2021.");
  EXPECT_EQ(to_csv(list),
            "rank,person,name,born,status,episodes,calls,previous_calls,known_to,reasons,records\r\n"
            "1,p-1,\"'=HYPERLINK(\"\"x\"\")\",,new,2,3,0,north-police north-homes,3 calls in 2 episodes.,"
            "/north-police/cad c1\r\n"
            ",p-2,Casey Exampleton,,left,,,,,No call since 2 March 2021.,\r\n");
}

TEST(AgendaCsv, HasARowForEachReasonSoThatPointsCanBeAddedUp) {
  v1::Agenda agenda;
  v1::AgendaSection& section = *agenda.add_sections();
  section.set_id("high-risk");
  v1::AgendaItem& item = *section.add_items();
  item.set_case_("p-1");
  item.set_title("Casey Exampleton, born 1 May 1980");
  item.set_listed_for("discussion");
  item.set_score(25);
  for (const int points : {35, -10}) {
    v1::ScoredReason& reason = *item.add_reasons();
    reason.set_points(points);
    reason.set_text("Why " + std::to_string(points));
  }
  v1::NotListed& left_out = *agenda.add_not_listed();
  left_out.set_case_("p-2");
  left_out.set_reason("removed by the board");
  EXPECT_EQ(to_csv(agenda),
            "section,number,case,title,listed_for,score,points,reason,records\r\n"
            "high-risk,1.1,p-1,\"Casey Exampleton, born 1 May 1980\",discussion,25,35,Why 35,\r\n"
            "high-risk,1.1,p-1,\"Casey Exampleton, born 1 May 1980\",discussion,25,-10,Why -10,\r\n"
            ",,p-2,,not listed,,,removed by the board,\r\n");
}

}  // namespace
}  // namespace moot
