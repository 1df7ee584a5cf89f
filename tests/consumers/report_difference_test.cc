// What changed between two reports: the figures, and the records that have to do with each.
#include <gtest/gtest.h>

#include "consumers/document/json.h"
#include "consumers/document/report_text.h"
#include "consumers/report/report_difference.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

v1::Event recorded(v1::Event event, const std::string& day) {
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london(day));
  event.mutable_envelope()->clear_known_time();
  event.mutable_envelope()->set_backfill(false);
  return event;
}

v1::Event seen(const std::string& id, const std::string& day, const std::string& recorded_on,
               const std::string& area = "low-fell") {
  return recorded(in_area(make_event("uk.csp.incident.reported.v1", "fell-police", id, day), area), recorded_on);
}

std::string differ(const std::vector<v1::Event>& events, const std::string& toml) {
  const RecordBook book = book_of(events);
  const ReportDefinition definition = definition_of(toml);
  const auto as_at = [&](const char* day) {
    return boost::json::parse(
               to_json(make_report(book, reporting_partnership(), definition, *parse_period("2020-21"), london(day))))
        .as_object();
  };
  const Result<boost::json::object> difference =
      report_difference(as_at("2021-04-01"), as_at("2023-01-01"), book, reporting_partnership(), definition);
  MOOT_CHECK_OK(difference.status());
  return report_difference_in_words(*difference);
}

TEST(ReportDifference, NamesOnlyRecordsOfThePeriodOrOfTheOneComparedWith) {
  const std::vector<v1::Event> events = {
      seen("early", "2020-05-01", "2020-05-02"), seen("late", "2020-06-01", "2021-06-01"),
      seen("next-year", "2021-06-01", "2021-06-01"), seen("year-before", "2019-06-01", "2021-06-01")};
  const std::string where = "type = \"incident\"";
  const std::string alone = differ(events, measure_of("n", "", where));
  EXPECT_NE(alone.find("- n [n]: 1, now 2\n"), std::string::npos) << alone;
  EXPECT_NE(alone.find(" late\n"), std::string::npos) << alone;
  EXPECT_EQ(alone.find("next-year"), std::string::npos) << alone;
  EXPECT_EQ(alone.find("year-before"), std::string::npos) << alone;
  const std::string compared = differ(events, measure_of("n", "compare = \"year-before\"", where));
  EXPECT_NE(compared.find("year-before"), std::string::npos) << compared;
  EXPECT_EQ(compared.find("next-year"), std::string::npos) << compared;
  const std::string change =
      differ(events, measure_of("n", "", where) + measure_of("d",
                                                             "kind = \"change\"\nmeasure = \"n\"\ncompare = "
                                                             "\"year-before\""));
  EXPECT_NE(change.substr(change.find("[d]")).find("year-before"), std::string::npos) << change;
}

TEST(ReportDifference, OfAStockNamesWhatHappenedBeforeItsEnd) {
  const std::string text = differ({seen("old", "2015-05-01", "2022-05-02"), seen("first", "2020-05-01", "2020-05-02"),
                                   seen("after", "2021-04-01", "2021-06-01")},
                                  measure_of("n", "kind = \"stock\"", "type = \"incident\""));
  EXPECT_NE(text.find(" old\n"), std::string::npos) << text;
  EXPECT_EQ(text.find(" after\n"), std::string::npos) << text;
}

TEST(ReportDifference, NamesPartsAndGivesNoSmallNumberAway) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 9; ++i) events.push_back(seen("h" + std::to_string(i), "2020-05-01", "2020-06-01", "high-fell"));
  for (int i = 0; i < 7; ++i) events.push_back(seen("m" + std::to_string(i), "2020-05-01", "2020-06-01", "mid-fell"));
  for (int i = 0; i < 4; ++i) events.push_back(seen("l" + std::to_string(i), "2020-05-01", "2020-06-01"));
  events.push_back(seen("late", "2020-05-01", "2021-06-01"));
  const std::string measure = measure_of("n", "by = \"area\"", "type = \"incident\"");
  const std::string open = differ(events, measure);
  EXPECT_NE(open.find("Low Fell and Beck: 4, now 5"), std::string::npos) << open;
  EXPECT_NE(open.find(" late\n"), std::string::npos) << open;
  const std::string withheld = differ(events, "small_below = 5\n" + measure);
  EXPECT_NE(withheld.find("Low Fell and Beck: withheld, now 5"), std::string::npos) << withheld;
  EXPECT_EQ(withheld.find("not supplied"), std::string::npos) << withheld;
  EXPECT_EQ(withheld.find(" late\n"), std::string::npos) << "5 less the one that came would be 4: " << withheld;
  EXPECT_NE(withheld.find("could be had back"), std::string::npos) << withheld;
}

// Nothing had been counted of the part: that is known, and 0.
TEST(ReportDifference, TellsAPartOfWhichNothingWasCountedFromOneThatWasNotSupplied) {
  const std::vector<v1::Event> events = {seen("a", "2020-05-01", "2020-05-02"), seen("a2", "2020-05-01", "2020-05-02"),
                                         seen("b", "2020-05-01", "2022-05-02", "high-fell"),
                                         seen("c", "2020-05-01", "2022-05-02", "mid-fell")};
  const std::string where = "type = \"incident\"";
  const std::string counted = differ(events, measure_of("n", "by = \"area\"", where));
  EXPECT_NE(counted.find("High Fell: 0, now 1"), std::string::npos) << counted;
  // Where no more were known than are named, there are no others.
  const std::string top = differ(events, measure_of("n", "by = \"area\"\ntop = 2", where));
  EXPECT_NE(top.find("High Fell: 0, now 1"), std::string::npos) << top;
  EXPECT_NE(top.find("other: 0, now 1"), std::string::npos) << top;
  std::vector<v1::Event> more = {seen("d", "2020-05-01", "2020-05-02", "mid-fell"),
                                 seen("e", "2020-05-01", "2020-05-02", "under-fell")};
  for (const char* id : {"f", "g"}) more.push_back(seen(id, "2020-05-01", "2022-05-02", "under-fell"));
  more.insert(more.end(), events.begin(), events.end());
  const std::string others = differ(more, measure_of("n", "by = \"area\"\ntop = 2", where));
  EXPECT_NE(others.find("under fell: among the others, now 3"), std::string::npos) << others;
  const std::string late = differ({events.begin() + 2, events.end()}, measure_of("n", "by = \"area\"", where));
  EXPECT_NE(late.find("High Fell: not supplied, now 1"), std::string::npos) << late;
}

// Where no part could be printed before, the late records would take them back from those that are printed now.
TEST(ReportDifference, NamesNoRecordWherePartsWereWithheldBefore) {
  std::vector<v1::Event> events;
  for (const char* area : {"low-fell", "high-fell"})  // two of at most 4 that come to 8
    for (int i = 0; i < 9; ++i)
      events.push_back(
          seen(std::string(area) + std::to_string(i), "2020-05-01", i < 4 ? "2020-06-01" : "2021-06-01", area));
  const std::string text = differ(events, measure_of("n", "small_below = 5\nby = \"area\"", "type = \"incident\""));
  EXPECT_NE(text.find("[n]: 8, now 18"), std::string::npos) << text;
  EXPECT_NE(text.find("High Fell: withheld, now 9"), std::string::npos) << text;
  EXPECT_EQ(text.find(" low-fell5\n"), std::string::npos) << text;
  // Nor beside a figure that is made of it, or that counts the same.
  const std::string more = differ(events, measure_of("n", "small_below = 5\nby = \"area\"", "type = \"incident\"") +
                                              measure_of("m", "", "type = \"incident\"") +
                                              measure_of("t", "kind = \"total\"\nparts = [\"n\"]"));
  EXPECT_NE(more.find("[t]: 8, now 18"), std::string::npos) << more;
  EXPECT_NE(more.find("[m]: 8, now 18"), std::string::npos) << more;
  EXPECT_EQ(more.find(" low-fell5\n"), std::string::npos) << more;
}

// A report by an earlier version of its definition may have counted by something else.
TEST(ReportDifference, SaysNothingOfPartsThatAnotherDefinitionDidNotTell) {
  const RecordBook book = book_of({seen("a", "2020-05-01", "2020-05-02"), seen("b", "2020-05-01", "2022-05-02")});
  const auto report = [&](const std::string& keys, const char* version, const char* as_at) {
    ReportDefinition definition = definition_of(measure_of("n", keys, "type = \"incident\""));
    definition.version = version;
    return boost::json::parse(
               to_json(make_report(book, reporting_partnership(), definition, *parse_period("2020-21"), london(as_at))))
        .as_object();
  };
  const ReportDefinition now = definition_of(measure_of("n", "by = \"area\"", "type = \"incident\""));
  const Result<boost::json::object> found = report_difference(
      report("", "0", "2021-04-01"), report("by = \"area\"", "1", "2023-01-01"), book, reporting_partnership(), now);
  ASSERT_TRUE(found.ok());
  const std::string text = report_difference_in_words(*found);
  EXPECT_NE(text.find("Low Fell and Beck: not told, now 2"), std::string::npos) << text;
}

TEST(ReportDifference, SaysWhereTheFigureItselfIsAsBefore) {
  const std::string text = differ(
      {seen("a", "2020-05-01", "2020-05-02"), seen("b", "2020-05-01", "2020-05-02", "high-fell"),
       seen("c", "2020-05-01", "2022-05-02"), seen("d", "2020-05-01", "2022-05-02", "high-fell")},
      measure_of("n", "", "type = \"incident\"") + measure_of("l", "", "type = \"incident\"\narea = \"low-fell\"") +
          measure_of("s", "kind = \"share\"\nnumerator = \"l\"\ndenominator = \"n\""));
  EXPECT_NE(text.find("[s]: 50, as before, but not"), std::string::npos) << text;
}

}  // namespace
}  // namespace moot
