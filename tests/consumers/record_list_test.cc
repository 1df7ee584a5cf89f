// Lists of records: what each row says, and that nobody and no small number can be told from it.
#include <gtest/gtest.h>

#include <boost/json.hpp>

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

RecordList listed_on(const std::vector<v1::Event>& events, const std::string& toml) {
  const Report report = report_on(events, toml);
  EXPECT_EQ(report.lists.size(), 1u);
  return report.lists.front();
}

std::size_t listed_rows(const RecordList& list, const std::string& place, const std::string& category) {
  return static_cast<std::size_t>(std::count_if(list.rows.begin(), list.rows.end(), [&](const ListedRecord& row) {
    return row.place == place && row.details.front() == category;
  }));
}

TEST(RecordListTest, HasARowForEachRecordWithItsDayHourPlaceAndCodesAndNothingElse) {
  v1::Event day = listed_incident("secret-2", "2020-05-02", "noise", "Beck");
  day.mutable_envelope()->set_time_precision(v1::DAY);
  v1::Event month = listed_incident("secret-3", "2020-06-01", "noise");
  month.mutable_envelope()->set_time_precision(v1::MONTH);
  const RecordList list = listed_on(
      {listed_incident("secret-1", "2020-05-01 21:40", "noise", "Beck", "ox14 3hx", "E01028650"), day, month,
       listed_incident("next-year", "2021-04-01", "noise")},
      kByCategory + listing("details = [\"nsir_class\"]\nplace = [\"lsoa\", \"outward-postcode\", \"area\"]"));
  EXPECT_EQ(to_csv(list),
            "date,time,place_level,place,category,nsir_class\r\n"
            "2020-05-01,21:00 to 21:59,lsoa,E01028650,noise,personal\r\n"
            "2020-05-02,,area,low-fell,noise,personal\r\n"
            "2020-06,,,,noise,personal\r\n");
}

TEST(RecordListTest, PrintsOfAPostcodeTheOutwardPartAlone) {
  const std::vector<v1::Event> events = {listed_incident("a", "2020-05-01 21:40", "noise", "", "OX14 3HX"),
                                         listed_incident("b", "2020-05-01 21:40", "noise", "", "a house in Didcot")};
  const RecordList list = listed_on(events, kByCategory + listing("place = [\"outward-postcode\"]\ntime = \"minute\""));
  EXPECT_EQ(to_csv(list),
            "date,time,place_level,place,category\r\n2020-05-01,21:40,,,noise\r\n"
            "2020-05-01,21:40,outward-postcode,OX14,noise\r\n");
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
  const Report report = report_on(events, toml);
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
  for (std::size_t i = 0; i < 2; ++i) events[i].mutable_facts()->mutable_incident()->set_nsir_class("nuisance");
  const RecordList list = listed_on(events, "small_below = 5\n" + kByCategory + listing("details = [\"nsir_class\"]"));
  for (const ListedRecord& row : list.rows)
    EXPECT_EQ(row.details.back(), row.details.front() == "noise" ? "withheld" : "personal");
}

TEST(RecordListTest, StandsInTheReportsJsonAndIsToldOfInItsPages) {
  std::vector<v1::Event> events = listed_incidents("a", 6, "noise", "low-fell");
  const std::string toml = "small_below = 5\n" + kByCategory + listing("place = [\"area\"]");
  const Report report = report_on(events, toml);
  const boost::json::value whole = boost::json::parse(to_json(report));
  EXPECT_EQ(whole.at("lists").at(0).at("rows").as_array().size(), 6u);
  EXPECT_EQ(whole.at("lists").at(0).at("rows").at(0).at("place"), "low-fell");
  EXPECT_EQ(boost::json::parse(to_json(report, report.lists.front())).at("list").at("id"), "incidents");
  const std::string says = "Incidents (incidents): 6 records.";
  EXPECT_NE(to_markdown(report, reporting_partnership()).find(says), std::string::npos);
  EXPECT_NE(to_html(report, reporting_partnership()).find(says), std::string::npos);
  EXPECT_FALSE(listed_on({}, toml).supplied);
  EXPECT_TRUE(boost::json::parse(to_json(report_on({}, toml))).at("lists").at(0).at("rows").is_null());
  EXPECT_FALSE(boost::json::parse(to_json(report_on(events, kByCategory))).as_object().contains("lists"));
}

TEST(RecordListTest, RefusesADefinitionThatMakesNoSense) {
  const auto refusal = [](const std::string& keys) {
    const Result<ReportDefinition> read = try_definition(kByCategory + keys);
    return read.ok() ? std::string() : read.status().message();
  };
  const std::string begin = "[[list]]\nid = \"incidents\"\ntitle = \"I\"\n";
  EXPECT_NE(refusal(begin + "of = \"nothing\"").find("key \"list.of\""), std::string::npos);
  EXPECT_NE(refusal(listing("details = [\"shoe_size\"]")).find("list.details"), std::string::npos);
  EXPECT_NE(refusal(listing("details = [\"category\"]")).find("list.details"), std::string::npos);
  EXPECT_NE(refusal(listing("place = [\"address\"]")).find("list.place"), std::string::npos);
  EXPECT_NE(refusal(listing("time = \"second\"")).find("list.time"), std::string::npos);
  EXPECT_NE(refusal(listing("") + listing("")).find("list.id"), std::string::npos);
  EXPECT_EQ(refusal(listing("")), "");
}

}  // namespace
}  // namespace moot
