// Lists of records: what each row says, and that nobody and no small number can be told from it.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>

#include "consumers/document/report_text.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

const std::string kByCategory = measure_of("by-category", "by = \"category\"", "type = \"incident\"\n");

std::string listing(const std::string& keys) {
  return "[[list]]\nid = \"incidents\"\ntitle = \"Incidents\"\nof = \"by-category\"\n" + keys + "\n";
}

v1::Event listed_incident(const std::string& id, const std::string& at, const std::string& category,
                          const std::string& area = "", const std::string& postcode = "",
                          const std::string& lsoa = "") {
  v1::Event event = make_event("uk.csp.incident.reported.v1", "fell-police", id, at);
  event.mutable_facts()->mutable_incident()->set_category(category);
  event.mutable_facts()->mutable_incident()->set_nsir_class("personal");
  event.mutable_envelope()->set_area(area);
  event.mutable_envelope()->set_lsoa(lsoa);
  v1::Person& person = *event.mutable_personal()->add_people();
  person.set_role("victim");
  person.add_names()->set_family("Fictional");
  if (!postcode.empty()) {
    v1::Place& place = *event.mutable_personal()->add_places();
    place.mutable_address()->set_lines("1 Invented Row");
    place.mutable_address()->set_postcode(postcode);
  }
  return event;
}

std::vector<v1::Event> listed_incidents(const std::string& prefix, int count, const std::string& category,
                                        const std::string& area, const std::string& postcode = "",
                                        const std::string& lsoa = "") {
  std::vector<v1::Event> events;
  for (int i = 0; i < count; ++i)
    events.push_back(listed_incident(prefix + std::to_string(i), "2020-05-01 21:40", category, area, postcode, lsoa));
  return events;
}

void append_all(std::vector<v1::Event>& events, const std::vector<v1::Event>& more) {
  events.insert(events.end(), more.begin(), more.end());
}

const char* const kQuarter = "2020-21-q1";
const std::string kFew = "small_below = 2\n";

RecordList listed_on(const std::vector<v1::Event>& events, const std::string& toml) {
  const Report report = report_on(events, toml, kQuarter);
  EXPECT_EQ(report.lists.size(), 1u);
  return report.lists.front();
}

std::size_t listed_rows(const RecordList& list, const std::string& place, const std::string& category) {
  return static_cast<std::size_t>(std::count_if(list.rows.begin(), list.rows.end(), [&](const ListedRecord& row) {
    return row.place == place && row.details.front() == category;
  }));
}

// Of each, so many that nothing is withheld.
std::vector<v1::Event> two_of(const v1::Event& event) {
  v1::Event other = event;
  other.mutable_envelope()->set_id(event.envelope().id() + "-2");
  return {event, other};
}

TEST(RecordListTest, HasARowForEachRecordWithItsDayHourPlaceAndCodesAndNothingElse) {
  v1::Event day = listed_incident("secret-2", "2020-05-02", "noise", "Beck");
  day.mutable_envelope()->set_time_precision(v1::DAY);
  v1::Event month = listed_incident("secret-3", "2020-06-01", "noise");
  month.mutable_envelope()->set_time_precision(v1::MONTH);
  v1::Event about = listed_incident("secret-4", "2020-06-09 21:40", "noise");
  about.mutable_envelope()->set_time_precision(v1::APPROXIMATE);
  std::vector<v1::Event> events =
      two_of(listed_incident("secret-1", "2020-05-01 21:40", "noise", "Beck", "ox14 3hx", "E01028650"));
  for (const v1::Event& event : {day, month, about}) append_all(events, two_of(event));
  events.push_back(listed_incident("next-quarter", "2020-07-01", "noise"));
  const RecordList list =
      listed_on(events, kFew + kByCategory +
                            listing("details = [\"nsir_class\"]\nplace = [\"lsoa\", \"outward-postcode\", \"area\"]"));
  EXPECT_EQ(to_csv(list),
            "date,time,place_level,place,category,nsir_class\r\n"
            "2020-05-01,21:00 to 21:59,lsoa,E01028650,noise,personal\r\n"
            "2020-05-01,21:00 to 21:59,lsoa,E01028650,noise,personal\r\n"
            "2020-05-02,,area,low-fell,noise,personal\r\n"
            "2020-05-02,,area,low-fell,noise,personal\r\n"
            "2020-06,,,,noise,personal\r\n"
            "2020-06,,,,noise,personal\r\n"
            "2020-06,,,,noise,personal\r\n"
            "2020-06,,,,noise,personal\r\n")
      << "of what was about then no day is known";
}

TEST(RecordListTest, PrintsOfAPostcodeTheOutwardPartAlone) {
  std::vector<v1::Event> events = two_of(listed_incident("a", "2020-05-01 21:40", "noise", "", "OX14 3HX"));
  append_all(events, two_of(listed_incident("b", "2020-05-01 21:40", "noise", "", "a house in Didcot")));
  const RecordList list =
      listed_on(events, kFew + kByCategory + listing("place = [\"outward-postcode\"]\ntime = \"minute\""));
  EXPECT_EQ(to_csv(list),
            "date,time,place_level,place,category\r\n2020-05-01,21:40,,,noise\r\n2020-05-01,21:40,,,noise\r\n"
            "2020-05-01,21:40,outward-postcode,OX14,noise\r\n2020-05-01,21:40,outward-postcode,OX14,noise\r\n");
}

TEST(RecordListTest, TellsTheTwoHoursApartWhenTheClocksGoBack) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  for (v1::Event& event : events)
    *event.mutable_envelope()->mutable_time() = to_proto(*parse_rfc3339("2020-10-25T00:30:00Z"));
  for (std::size_t i = 3; i < 6; ++i)
    *events[i].mutable_envelope()->mutable_time() = to_proto(*parse_rfc3339("2020-10-25T01:30:00Z"));
  const Report report = report_on(events, kFew + kByCategory + listing("time = \"minute\""), "2020-21-q3");
  const std::string csv = to_csv(report.lists.front());
  EXPECT_NE(csv.find("2020-10-25,01:30 BST,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("2020-10-25,01:30 GMT,"), std::string::npos) << csv;
}

// Three of one kind in one place could be told from each other, and so from others.
TEST(RecordListTest, GivesAPlaceThatEnoughRecordsOfTheSameKindShare) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell", "", "E01000001");
  append_all(events, listed_incidents("b", 3, "noise", "low-fell", "", "E01000002"));
  append_all(events, listed_incidents("c", 4, "noise", "low-fell", "", "E01000003"));
  append_all(events, listed_incidents("d", 5, "drugs", "high-fell"));
  append_all(events, listed_incidents("e", 5, "drugs", "", ""));
  append_all(events, listed_incidents("f", 1, "drugs", "low-fell", "", "E01000002"));
  const RecordList list =
      listed_on(events, "small_below = 5\n" + kByCategory + listing("place = [\"lsoa\", \"area\"]"));
  EXPECT_EQ(listed_rows(list, "E01000001", "noise"), 6u);
  EXPECT_EQ(listed_rows(list, "low-fell", "noise"), 7u) << "three and four are too few apart, and enough together";
  EXPECT_EQ(listed_rows(list, "high-fell", "drugs"), 5u);
  EXPECT_EQ(listed_rows(list, "low-fell", "drugs"), 1u) << "an area is shared by whatever happened there";
  EXPECT_EQ(list.without_place(), 5u);
}

TEST(RecordListTest, LeavesNoFewWithoutAPlace) {
  std::vector<v1::Event> events = listed_incidents("a", 9, "noise", "low-fell");
  append_all(events, listed_incidents("b", 6, "drugs", "low-fell"));
  append_all(events, listed_incidents("c", 3, "noise", "high-fell"));
  append_all(events, listed_incidents("d", 7, "noise", "mid-fell"));
  const RecordList list = listed_on(events, "small_below = 5\n" + kByCategory + listing("place = [\"area\"]"));
  EXPECT_EQ(list.without_place(), 10u) << "the three of High Fell, and the smallest group beside them";
  EXPECT_EQ(listed_rows(list, "low-fell", "noise"), 9u);
}

// Otherwise the rows would count what the figure does not print.
TEST(RecordListTest, WithholdsTheKindsThatTheFigureWithholds) {
  std::vector<v1::Event> events = listed_incidents("a", 9, "noise", "low-fell");
  append_all(events, listed_incidents("b", 3, "arson", "low-fell"));
  append_all(events, listed_incidents("c", 7, "drugs", "low-fell"));
  const std::string toml = "small_below = 5\n" + kByCategory + listing("place = [\"area\"]");
  const Report report = report_on(events, toml, kQuarter);
  EXPECT_EQ(parts_of(line_of(report, "by-category")), "noise 9, arson ?, drugs ?");
  const RecordList list = listed_on(events, toml);
  EXPECT_EQ(to_csv(list).find("arson"), std::string::npos);
  EXPECT_EQ(listed_rows(list, "low-fell", "withheld"), 10u);
  events.resize(3);
  EXPECT_TRUE(listed_on(events, toml).withheld) << "three in all";
  EXPECT_TRUE(listed_on(events, toml).rows.empty());
}

TEST(RecordListTest, WithholdsDetailsThatFewOfAKindHave) {
  std::vector<v1::Event> events = listed_incidents("a", 9, "noise", "low-fell");
  append_all(events, listed_incidents("b", 8, "drugs", "low-fell"));
  append_all(events, listed_incidents("c", 30, "litter", "low-fell"));
  const auto set_class = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) events[i].mutable_facts()->mutable_incident()->set_nsir_class("nuisance");
  };
  const std::string toml = "small_below = 5\n" + kByCategory + listing("details = [\"nsir_class\"]");
  const auto told = [&] {
    std::set<std::string> kinds;
    for (const ListedRecord& row : listed_on(events, toml).rows)
      if (row.details.back() != "withheld") kinds.insert(row.details.front());
    return kinds;
  };
  const std::set<std::string> all = {"noise", "drugs", "litter"};
  EXPECT_EQ(told(), all);
  set_class(0, 4);
  set_class(9, 12);
  EXPECT_EQ(told(), std::set<std::string>{"litter"}) << "four and three: seven that are nuisance, ten that are not";
  set_class(0, 9);
  EXPECT_EQ(told(), std::set<std::string>{"litter"}) << "three of the drugs, and the nine of the noise with them";
}

std::string by_class_and_category() {
  return "small_below = 5\n" + kByCategory + measure_of("by-class", "by = \"nsir_class\"", "type = \"incident\"\n") +
         listing("details = [\"nsir_class\"]\nplace = [\"lsoa\", \"area\"]");
}

void set_class(std::vector<v1::Event>& events, std::size_t from, std::size_t to, const std::string& value) {
  for (std::size_t i = from; i < to; ++i) events[i].mutable_facts()->mutable_incident()->set_nsir_class(value);
}

// The figure withholds one environmental incident, and the twelve personal beside it. Rows that said which are personal
// would say that it is one.
TEST(RecordListTest, WithholdsInDetailsWhatAnotherFigureOfThemWithholds) {
  std::vector<v1::Event> events = listed_incidents("a", 41, "noise", "low-fell");
  append_all(events, listed_incidents("b", 72, "drugs", "low-fell"));
  set_class(events, 0, 40, "nuisance");
  set_class(events, 40, 41, "environmental");
  set_class(events, 41, 101, "nuisance");
  const Report report = report_on(events, by_class_and_category(), kQuarter);
  EXPECT_EQ(parts_of(line_of(report, "by-class")), "nuisance 100, environmental ?, personal ?");
  ASSERT_EQ(report.lists.front().rows.size(), 113u);
  for (const ListedRecord& row : report.lists.front().rows)
    EXPECT_EQ(row.details.back(), "withheld") << "60 of the drugs are nuisance: so 40 of the 41 are";
  // With enough of each in every category only the values that the figure withholds are.
  events.resize(40);
  append_all(events, listed_incidents("c", 8, "noise", "low-fell"));
  append_all(events, listed_incidents("d", 3, "noise", "low-fell"));
  set_class(events, 48, 51, "environmental");
  const RecordList list = listed_on(events, by_class_and_category());
  std::map<std::string, int> counts;
  for (const ListedRecord& row : list.rows) ++counts[row.details.back()];
  const std::map<std::string, int> expected = {{"nuisance", 40}, {"withheld", 11}};
  EXPECT_EQ(counts, expected);
}

TEST(RecordListTest, GivesNoPlaceInAnAreaThatAFigureWithholds) {
  std::vector<v1::Event> events = listed_incidents("a", 3, "noise", "high-fell");
  append_all(events, listed_incidents("b", 6, "noise", "mid-fell", "", "E01000001"));
  append_all(events, listed_incidents("c", 30, "noise", "low-fell", "", "E01000002"));
  append_all(events, listed_incidents("d", 12, "noise", ""));
  const std::string toml = "small_below = 5\n" + kByCategory +
                           measure_of("by-area", "by = \"area\"", "type = \"incident\"\n") +
                           listing("place = [\"lsoa\", \"area\"]");
  const Report report = report_on(events, toml, kQuarter);
  EXPECT_EQ(parts_of(line_of(report, "by-area")), "low-fell 30, not-supplied 12, high-fell ?, mid-fell ?");
  EXPECT_EQ(listed_rows(report.lists.front(), "E01000002", "noise"), 30u);
  EXPECT_EQ(report.lists.front().without_place(), 21u) << "six of Mid Fell would leave three";
}

// The whole of a figure that counts one area alone is withheld, and no part of it.
TEST(RecordListTest, WithholdsTheValueThatAFigureWhichIsWithheldCountsAlone) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "high-fell");
  append_all(events, listed_incidents("b", 3, "noise", "low-fell"));
  append_all(events, listed_incidents("c", 12, "noise", "mid-fell"));
  append_all(events, listed_incidents("d", 7, "noise", ""));
  const auto of = [](const std::string& id, const std::string& areas) {
    return measure_of(id, "", "type = \"incident\"\narea = [" + areas + "]\n");
  };
  const std::string toml = "small_below = 5\n" + kByCategory + of("high", "\"High Fell\"") + of("low", "\"Beck\"") +
                           of("mid", "\"mid-fell\"") + of("three", "\"Beck\", \"mid-fell\", \"High Fell\"") +
                           listing("place = [\"area\"]");
  const Report report = report_on(events, toml, kQuarter);
  EXPECT_TRUE(line_of(report, "high").figure.small) << "21, less 12 and 6, would be 3";
  EXPECT_FALSE(line_of(report, "three").figure.small);
  EXPECT_EQ(report.lists.front().without_place(), 16u);
}

TEST(RecordListTest, WithholdsTheRestThatTheFigureWithholds) {
  std::vector<v1::Event> events = listed_incidents("a", 9, "noise", "low-fell");
  append_all(events, listed_incidents("b", 7, "drugs", "low-fell"));
  append_all(events, listed_incidents("c", 2, "arson", "low-fell"));
  append_all(events, listed_incidents("d", 1, "litter", "low-fell"));
  const std::string toml = "small_below = 5\n" +
                           measure_of("by-category", "by = \"category\"\ntop = 2", "type = \"incident\"\n") +
                           listing("");
  EXPECT_EQ(parts_of(line_of(report_on(events, toml, kQuarter), "by-category")), "noise 9, drugs ?, other ?");
  const RecordList list = listed_on(events, toml);
  EXPECT_EQ(listed_rows(list, "", "withheld"), 10u);
  EXPECT_EQ(listed_rows(list, "", "other"), 0u);
  append_all(events, listed_incidents("e", 3, "litter", "low-fell"));
  EXPECT_EQ(listed_rows(listed_on(events, toml), "", "other"), 6u) << "six are no few";
}

// Their dates would count by month what the figures of the year withhold.
TEST(RecordListTest, HasNoRowsOfMoreThanAQuarter) {
  const std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  const std::string toml = "small_below = 5\n" + kByCategory + listing("");
  for (const char* period : {"2020-21", "2020", "2020-04-01..2020-07-02"}) {
    const Report report = report_on(events, toml, period);
    EXPECT_TRUE(report.lists.front().too_long && report.lists.front().rows.empty()) << period;
    EXPECT_TRUE(boost::json::parse(to_json(report)).at("lists").at(0).at("rows").is_null());
    EXPECT_NE(to_markdown(report, reporting_partnership()).find("not written, the period is longer than a quarter"),
              std::string::npos);
  }
  for (const char* period : {kQuarter, "2020-m05", "2020-05-01..2020-05-03"})
    EXPECT_EQ(report_on(events, toml, period).lists.front().rows.size(), 6u) << period;
}

// May to July beside April to June: what the one withholds could be counted from the rows of the other.
TEST(RecordListTest, HasNoRowsOfDaysOfTwoQuarters) {
  const std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  const std::string toml = "small_below = 5\n" + kByCategory + listing("");
  for (const char* period : {"2020-05-01..2020-08-01", "2020-03-31..2020-05-03"}) {
    const Report report = report_on(events, toml, period);
    EXPECT_TRUE(report.lists.front().across_quarters && report.lists.front().rows.empty()) << period;
    EXPECT_TRUE(boost::json::parse(to_json(report)).at("lists").at(0).at("rows").is_null());
    EXPECT_NE(to_markdown(report, reporting_partnership()).find("has days of two quarters of the financial year"),
              std::string::npos);
    EXPECT_FALSE(is_told_by_a_quarters_lists(report)) << "its figures withhold nothing";
  }
}

TEST(RecordListTest, OfAQuarterTellsWhatAReportOfOtherQuartersWouldWithhold) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  append_all(events, two_of(listed_incident("l", "2020-05-03 09:00", "litter", "low-fell")));
  for (int i = 0; i < 6; ++i)  // of the quarter; not of the three months from May
    events.push_back(listed_incident("k" + std::to_string(i), "2020-04-03 09:00", "litter", "low-fell"));
  const std::string toml = "small_below = 5\n" + kByCategory + listing("");
  EXPECT_FALSE(is_told_by_a_quarters_lists(report_on(events, toml, kQuarter)));
  EXPECT_TRUE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-05-01..2020-08-01")));
  EXPECT_TRUE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-05-01..2020-10-01")));
  EXPECT_FALSE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-04-01..2020-10-01")));
}

// Of a month it withholds what the rows of the quarter count with their dates.
TEST(RecordListTest, OfAQuarterTellsWhatAReportOfAMonthWouldWithhold) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  const std::string toml = "small_below = 5\n" + kByCategory + listing("");
  for (int i = 0; i < 6; ++i)
    events.push_back(listed_incident("j" + std::to_string(i), "2020-06-02 09:00", "noise", "low-fell"));
  EXPECT_FALSE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-m05"))) << "six in each month";
  append_all(events, two_of(listed_incident("l", "2020-05-03 09:00", "litter", "low-fell")));
  for (int i = 0; i < 6; ++i)
    events.push_back(listed_incident("k" + std::to_string(i), "2020-06-03 09:00", "litter", "low-fell"));
  const Report quarter = report_on(events, toml, kQuarter);
  EXPECT_EQ(std::count_if(quarter.lists.front().rows.begin(), quarter.lists.front().rows.end(),
                          [](const ListedRecord& row) {
                            return row.date.starts_with("2020-05") && row.details.front() == "litter";
                          }),
            2);
  EXPECT_FALSE(is_told_by_a_quarters_lists(quarter));
  EXPECT_TRUE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-m05")));
  EXPECT_FALSE(is_told_by_a_quarters_lists(report_on(events, toml, "2020-m06")));
  EXPECT_FALSE(is_told_by_a_quarters_lists(report_on(events, "small_below = 5\n" + kByCategory, "2020-m05")))
      << "it has no lists";
  // Of the quarter as at its first of June: what one of the month says.
  EXPECT_TRUE(is_told_by_a_quarters_lists(report_on(events, toml, kQuarter, "2020-06-01")));
}

TEST(RecordListTest, StandsInTheReportsJsonAndIsToldOfInItsPages) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  const std::string toml = "small_below = 5\n" + kByCategory + listing("place = [\"area\"]");
  const Report report = report_on(events, toml, kQuarter);
  const boost::json::value whole = boost::json::parse(to_json(report));
  EXPECT_EQ(whole.at("lists").at(0).at("rows").as_array().size(), 6u);
  EXPECT_EQ(whole.at("lists").at(0).at("rows").at(0).at("place"), "low-fell");
  EXPECT_EQ(boost::json::parse(to_json(report, report.lists.front())).at("list").at("id"), "incidents");
  const std::string says = "Incidents (incidents): 6 records.";
  EXPECT_NE(to_markdown(report, reporting_partnership()).find(says), std::string::npos);
  EXPECT_NE(to_html(report, reporting_partnership()).find(says), std::string::npos);
  const std::vector<v1::Event> few(events.begin(), events.begin() + 3);
  EXPECT_NE(to_markdown(report_on(few, toml, kQuarter), reporting_partnership())
                .find("Incidents (incidents): withheld, as its figure is."),
            std::string::npos);
  EXPECT_FALSE(listed_on({}, toml).supplied);
  EXPECT_TRUE(boost::json::parse(to_json(report_on({}, toml, kQuarter))).at("lists").at(0).at("rows").is_null());
  EXPECT_FALSE(boost::json::parse(to_json(report_on(events, kByCategory, kQuarter))).as_object().contains("lists"));
}

TEST(RecordListTest, RefusesADefinitionThatMakesNoSense) {
  const auto refusal = [](const std::string& keys) {
    const Result<ReportDefinition> read = try_definition(kFew + kByCategory + keys);
    return read.ok() ? std::string() : read.status().message();
  };
  const std::string begin = "[[list]]\nid = \"incidents\"\ntitle = \"I\"\n";
  EXPECT_NE(refusal(begin + "of = \"nothing\"").find("key \"list.of\""), std::string::npos);
  EXPECT_NE(refusal(listing("details = [\"shoe_size\"]")).find("list.details"), std::string::npos);
  EXPECT_NE(refusal(listing("details = [\"category\"]")).find("list.details"), std::string::npos);
  EXPECT_NE(refusal(listing("place = [\"address\"]")).find("list.place"), std::string::npos);
  EXPECT_NE(refusal(listing("time = \"second\"")).find("list.time"), std::string::npos);
  EXPECT_NE(refusal(listing("") + listing("")).find("list.id"), std::string::npos);
  for (const char* detail : {"role", "sex", "source"})
    EXPECT_NE(refusal(listing("details = [\"" + std::string(detail) + "\"]")).find("list.details"), std::string::npos);
  EXPECT_EQ(refusal(listing("")), "");
}

TEST(RecordListTest, RefusesAMeasureOfWhichNoSafeListCanBeMade) {
  const auto refusal = [](const std::string& begin, const std::string& keys) {
    const Result<ReportDefinition> read =
        try_definition(begin + measure_of("by-category", keys, "type = \"incident\"\n") + listing(""));
    return read.ok() ? std::string() : read.status().message();
  };
  for (const char* keys : {"by = \"role\"", "by = \"sex\"", "by = \"source\"", "by = \"month\"",
                           "distinct_by = \"about\"", "of = \"events\"", "since = 2011-04-01", "small_below = 0"})
    EXPECT_NE(refusal(kFew, keys).find("key \"list.of\""), std::string::npos) << keys << refusal(kFew, keys);
  const std::string outcomes = measure_of("by-category", "by = \"outcomes\"", "type = \"review\"\n") + listing("");
  EXPECT_NE(try_definition(kFew + outcomes).status().message().find("key \"list.of\""), std::string::npos);
  EXPECT_NE(refusal("", "by = \"category\"").find("`small_below`"), std::string::npos);
  EXPECT_EQ(refusal(kFew, "by = \"category\""), "");
}

}  // namespace
}  // namespace moot
