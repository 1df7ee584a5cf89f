// What an agenda's page says where there is little to say: nobody heard, nothing listed, nothing scored.
#include <gtest/gtest.h>

#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/markdown.h"
#include "consumers/report/number_text.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::Agenda empty_agenda() {
  v1::Agenda agenda;
  agenda.set_board("jtm");
  agenda.set_title("Joint Tasking Meeting");
  agenda.set_on("2021-04-13");
  agenda.set_as_at("2021-04-13T00:00:00+01:00");
  return agenda;
}

// Both pages, so that neither says what the other does not.
void expect_told(const v1::Agenda& agenda, const std::vector<std::string>& told,
                 const std::vector<std::string>& not_told) {
  for (const std::string& page : {to_html(agenda, test_partnership()), to_markdown(agenda, test_partnership())}) {
    for (const std::string& text : told) EXPECT_NE(page.find(text), std::string::npos) << text << "\n" << page;
    for (const std::string& text : not_told) EXPECT_EQ(page.find(text), std::string::npos) << text << "\n" << page;
  }
}

TEST(AgendaWords, OfAnAgencyThatNeverSuppliedAnythingNameNoTimeSinceThen) {
  v1::Agenda agenda = empty_agenda();
  v1::Feed& feed = *agenda.add_feeds();
  feed.set_agency("north-police");
  feed.set_late(true);
  feed.set_rhythm_days(7);
  expect_told(agenda, {"What it knows is missing here."}, {"since then"});
  feed.set_last("2021-03-01");
  feed.set_days_before(43);
  expect_told(agenda, {"What it knows since then is missing here."}, {});
}

TEST(AgendaWords, OfAnAgencyOfNoAgreedRhythmSayItOnce) {
  v1::Agenda agenda = empty_agenda();
  v1::Feed& feed = *agenda.add_feeds();
  feed.set_agency("north-homes");
  feed.set_last("2021-04-01");
  feed.set_days_before(12);
  expect_told(agenda, {"at no agreed times", "received"}, {"not agreed"});
}

TEST(AgendaWords, OfASectionWhosePeopleStandElsewhereDoNotCallItEmpty) {
  v1::Agenda agenda = empty_agenda();
  v1::AgendaSection& first = *agenda.add_sections();
  first.set_id("high-risk");
  first.set_title("High risk");
  v1::AgendaItem& item = *first.add_items();
  item.set_case_("p-1");
  item.set_title("Casey Exampleton, born 29 February 1980");
  item.set_name("Casey Exampleton");
  item.set_kind("person");
  item.set_listed_for("discussion");
  v1::AgendaSection& second = *agenda.add_sections();
  second.set_id("repeat");
  second.set_title("Repeat victims");
  expect_told(agenda, {"Nothing for this section."}, {});
  second.add_also("p-1");
  expect_told(agenda, {"Whoever belongs here stands in another section: 1.1 Casey Exampleton."},
              {"Nothing for this section.", "Belong here too"});
}

TEST(AgendaWords, OfARecordListedWithoutPointsNameNoScore) {
  v1::Agenda agenda = empty_agenda();
  v1::AgendaSection& section = *agenda.add_sections();
  section.set_title("Reviews");
  v1::AgendaItem& item = *section.add_items();
  item.set_case_("c-1");
  item.set_title("ASB Case Review cr-1");
  item.set_kind("record");
  item.set_listed_for("discussion");
  item.add_reasons()->set_text("Review held on 1 March 2021 (North Homes).");
  expect_told(agenda, {"Review held on 1 March 2021"}, {"Score", "Points", "0: Review"});
  item.set_listed_for("noting");
  expect_told(agenda, {"Review held on 1 March 2021"}, {"<strong>0</strong>", "0: Review"});
  item.set_listed_for("discussion");
  item.mutable_reasons(0)->set_points(5);
  item.set_score(5);
  expect_told(agenda, {"Score"}, {});
  EXPECT_NE(to_markdown(agenda, test_partnership()).find("- 5: Review held"), std::string::npos);
  EXPECT_NE(to_html(agenda, test_partnership()).find("<td class=\"number\">5</td>"), std::string::npos);
}

TEST(CallerWords, OfAPolicyThatListsWhoeverReachesAThresholdNameNoNumberOfPlaces) {
  v1::CallerList list;
  list.set_on("2021-04-13");
  list.set_as_at("2021-04-13T00:00:00+01:00");
  list.set_top(1000);
  for (const std::string& page : {to_html(list, test_partnership()), to_markdown(list, test_partnership())}) {
    EXPECT_NE(page.find("Everybody whom the rule lists"), std::string::npos) << page;
    EXPECT_EQ(page.find("1000"), std::string::npos) << page;
  }
}

TEST(NumberText, HasTheSingularOfWhatIsOne) {
  EXPECT_EQ(with_unit("1", "people"), "1 person");
  EXPECT_EQ(with_unit("1", "young people"), "1 young person");
  EXPECT_EQ(with_unit("1", "children"), "1 child");
  EXPECT_EQ(with_unit("1", "agencies"), "1 agency");
  EXPECT_EQ(with_unit("1", "cases"), "1 case");
  EXPECT_EQ(with_unit("1", "per cent"), "1 per cent");
  EXPECT_EQ(with_unit("2", "people"), "2 people");
  EXPECT_EQ(with_unit("1.5", "people"), "1.5 people");
}

}  // namespace
}  // namespace moot
