// What a report does not print: small numbers and what they could be had back from, and what is in a compartment.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "consumers/document/report_text.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

std::optional<double> value(const Report& report, const std::string& id) { return line_of(report, id).figure.value; }

v1::Event camera(const std::string& id, const std::string& day) {
  return referral(id, "installed", day, Who{"victim"}, "guardcam");
}

TEST(ReportWithholding, WithholdsSmallNumbersAndWhatTheyCouldBeHadBackFrom) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 3; ++i) events.push_back(in_area(camera("l" + std::to_string(i), "2020-05-01"), "low-fell"));
  for (int i = 0; i < 9; ++i) events.push_back(in_area(camera("h" + std::to_string(i), "2020-05-01"), "high-fell"));
  const std::string where = "type = \"referral\"\n";
  const Report report =
      report_on(events, "small_below = 5\n" + measure_of("all", "by = \"area\"", where) +
                            measure_of("low", "", where + "area = \"low-fell\"") +
                            measure_of("share", "kind = \"share\"\nnumerator = \"low\"\ndenominator = \"all\""));
  EXPECT_EQ(value(report, "all"), 12);
  EXPECT_EQ(parts_of(line_of(report, "all")), "high-fell ?, low-fell ?") << "12 less 9 would be 3";
  const std::string md = to_markdown(report, reporting_partnership());
  EXPECT_NE(md.find("Low Fell and Beck: withheld"), std::string::npos) << md;
  EXPECT_TRUE(line_of(report, "low").figure.small);
  EXPECT_TRUE(line_of(report, "share").figure.small);
  EXPECT_NE(to_json(report).find("\"value\": 12"), std::string::npos);
  for (const char* hidden : {" 3", " 9", "25", "\"3", ",3", ",9"})
    EXPECT_EQ(to_csv(report).find(hidden), std::string::npos) << hidden << " in " << to_csv(report);
  const boost::json::array measures = boost::json::parse(to_json(report)).at("measures").as_array();
  EXPECT_EQ(measures[0].at("breakdown").at(0).at("withheld"), true) << "null alone is not supplied";
  for (const std::size_t small : {1u, 2u}) {
    EXPECT_TRUE(measures[small].at("value").is_null());
    EXPECT_TRUE(measures[small].at("numerator").is_null());
  }
  for (const std::string& text :
       {to_markdown(report, reporting_partnership()), to_html(report, reporting_partnership())})
    EXPECT_EQ(text.find("25 per cent"), std::string::npos) << text;
}

// What nobody supplied is no small number, and neither is what would be worked out of it; the other stays withheld.
TEST(ReportWithholding, SaysNotSuppliedOfWhatWasNot) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 3; ++i) events.push_back(camera("l" + std::to_string(i), "2020-05-01"));
  const Report report =
      report_on(events, "small_below = 5\n" + measure_of("low", "", "type = \"referral\"\n") +
                            measure_of("absent", "kind = \"supplied\"") +
                            measure_of("share", "kind = \"share\"\nnumerator = \"low\"\ndenominator = \"absent\"") +
                            measure_of("total", "kind = \"total\"\nparts = [\"low\", \"absent\"]"));
  ASSERT_TRUE(line_of(report, "low").figure.small);
  const Figure& share = line_of(report, "share").figure;
  EXPECT_FALSE(share.small);
  EXPECT_FALSE(share.value || share.numerator) << "it would be the small one";
  const Figure& total = line_of(report, "total").figure;
  ASSERT_EQ(total.parts.size(), 2u);
  for (const FigurePart& part : total.parts) EXPECT_EQ(part.small, part.key == "low") << part.key;
}

TEST(ReportWithholding, WithholdsNoSmallShareOfLargeNumbersAndSaysWhatIsWithheld) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 200; ++i) events.push_back(in_area(camera("h" + std::to_string(i), "2020-05-01"), "high-fell"));
  for (int i = 0; i < 6; ++i) events.push_back(in_area(camera("l" + std::to_string(i), "2020-05-01"), "low-fell"));
  const std::string where = "type = \"referral\"\n";
  const Report report =
      report_on(events, "small_below = 5\n" + measure_of("all", "", where) +
                            measure_of("low", "", where + "area = \"low-fell\"") +
                            measure_of("share", "kind = \"share\"\nnumerator = \"low\"\ndenominator = \"all\"") +
                            measure_of("one", "by = \"area\"", where + "area = \"low-fell\""));
  EXPECT_FALSE(line_of(report, "share").figure.small) << "3 per cent of 206 are 6";
  EXPECT_EQ(value(report, "share"), 3);
  events.resize(203);
  const Report fewer =
      report_on(events, "small_below = 5\n" + measure_of("one", "by = \"area\"", where + "area = \"low-fell\""));
  ASSERT_EQ(line_of(fewer, "one").figure.parts.size(), 1u);
  EXPECT_TRUE(line_of(fewer, "one").figure.parts[0].small) << "withheld, and not \"not supplied\"";
}

// From the whole and the parts that are printed nobody may tell a small one.
TEST(ReportWithholding, WithholdsSoManyPartsThatNoneCanBeHadBack) {
  const auto parts = [](const std::vector<std::pair<std::string, int>>& counts, const std::string& more = "") {
    std::vector<v1::Event> events;
    for (const auto& [area, count] : counts)
      for (int i = 0; i < count; ++i) events.push_back(in_area(camera(area + std::to_string(i), "2020-05-01"), area));
    const Report report =
        report_on(events, "small_below = 5\n" + measure_of("m", "by = \"area\"\n" + more, "type = \"referral\""));
    const ReportLine& line = line_of(report, "m");
    return parts_of(line) + (line.flags.empty() ? "" : "; " + line.flags.front());
  };
  EXPECT_EQ(parts({{"a", 10}, {"b", 3}, {"c", 2}}), "a 10, b ?, c ?") << "5 is 3 and 2, 4 and 1";
  EXPECT_EQ(parts({{"a", 10}, {"b", 1}, {"c", 1}, {"d", 7}}), "a 10, b ?, c ?, d ?") << "2 would be 1 and 1";
  EXPECT_EQ(parts({{"a", 10}, {"b", 4}, {"c", 4}, {"d", 7}}), "a 10, b ?, c ?, d ?") << "8 would be 4 and 4";
  EXPECT_EQ(parts({{"a", 10}, {"b", 2}}, "order = [\"a\", \"b\", \"z\"]"), "a ?, b ?, z 0") << "nothing hides behind 0";
  EXPECT_EQ(parts({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}), "; m-parts-small") << "5 would be five of 1";
  EXPECT_EQ(parts({{"c", 3}, {"b", 6}, {"a", 3}, {"z", 9}}), "z 9, b 6, a ?, c ?") << "by key, not by size";
}

// Two measures of one report over the same records.
TEST(ReportWithholding, WithholdsWhatAnotherMeasureWouldGiveBack) {
  std::vector<v1::Event> events;
  const auto add = [&](const std::string& area, int count) {
    for (int i = 0; i < count; ++i) events.push_back(in_area(camera(area + std::to_string(i), "2020-05-01"), area));
  };
  for (const auto& [area, count] : {std::pair("a", 40), {"b", 30}, {"c", 6}, {"d", 3}}) add(area, count);
  const std::string where = "type = \"referral\"\n";
  const std::string all = "small_below = 5\n" + measure_of("all", "by = \"area\"", where);
  EXPECT_EQ(parts_of(line_of(report_on(events, all), "all")), "a 40, b 30, c ?, d ?");
  // Beside it stand c alone, and c and d together: 9 less 6.
  const Report report = report_on(events, all + measure_of("c", "", where + "area = \"c\"") +
                                              measure_of("local", "by = \"area\"", where + "area = [\"c\", \"d\"]"));
  EXPECT_EQ(parts_of(line_of(report, "all")), "a 40, b 30, c ?, d ?");
  EXPECT_EQ(value(report, "all"), 79);
  EXPECT_TRUE(line_of(report, "c").figure.small) << "9 less 6 would be 3";
  EXPECT_FALSE(line_of(report, "local").figure.small);
  EXPECT_EQ(parts_of(line_of(report, "local")), "c ?, d ?");
  ASSERT_FALSE(report.flags.empty());
  EXPECT_EQ(report.flags.back().id, "withheld");
  EXPECT_NE(report.flags.back().text.find("look before both are handed out"), std::string::npos);
  EXPECT_TRUE(report_on(events, measure_of("all", "by = \"area\"", where)).flags.empty()) << "nothing is withheld";
}

// A check that holds says so by raising no flag.
TEST(ReportWithholding, WithholdsWhatACheckThatHoldsWouldGiveBack) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 12; ++i) events.push_back(incident("fell-police", "i" + std::to_string(i), "2020-05-01"));
  for (int i = 0; i < 9; ++i) events.push_back(camera("c" + std::to_string(i), "2020-05-01"));
  for (int i = 0; i < 3; ++i) events.push_back(order("o" + std::to_string(i), "issued", "2020-05-01", "cpw"));
  const std::string toml = "small_below = 5\n" + measure_of("all", "", "type = \"incident\"") +
                           measure_of("cameras", "", "type = \"referral\"") +
                           measure_of("orders", "", "type = \"order\"");
  const std::string check =
      "[[check]]\nid = \"k\"\nkind = \"equal\"\nleft = [\"all\"]\nright = [\"cameras\", \"orders\"]\n";
  EXPECT_FALSE(line_of(report_on(events, toml), "cameras").figure.small);
  const Report report = report_on(events, toml + check);
  EXPECT_TRUE(line_of(report, "orders").figure.small);
  EXPECT_TRUE(line_of(report, "cameras").figure.small) << "12 less 9 would be 3";
  EXPECT_EQ(value(report, "all"), 12);
  EXPECT_NE(to_json(report).find("\"withheld\": true"), std::string::npos);
  events.pop_back();
  EXPECT_FALSE(line_of(report_on(events, toml + check), "cameras").figure.small) << "it does not hold";
}

// Four quarters and their year.
TEST(ReportWithholding, OfAYearGivesNothingBackThatAQuarterWithheld) {
  std::vector<v1::Event> events;
  const auto add = [&](const std::string& day, int count) {
    for (int i = 0; i < count; ++i) events.push_back(camera(day + "-" + std::to_string(i), day));
  };
  for (const auto& [day, count] :
       {std::pair("2020-05-01", 12), {"2020-08-01", 3}, {"2020-11-01", 9}, {"2021-02-01", 7}})
    add(day, count);
  const std::string toml = "small_below = 5\n" + measure_of("all", "by = \"scheme\"", "type = \"referral\"\n");
  EXPECT_EQ(value(report_on(events, toml, "2020-21-q1"), "all"), 12);
  EXPECT_TRUE(line_of(report_on(events, toml, "2020-21-q2"), "all").figure.small);
  const Report year = report_on(events, toml);
  EXPECT_TRUE(line_of(year, "all").figure.small) << "31 less 12, 9 and 7 would be 3";
  EXPECT_EQ(parts_of(line_of(year, "all")), "guardcam ?");
  EXPECT_NE(year.flags.back().text.find("also beside the counts of the same report of each quarter"),
            std::string::npos);
  // Two small quarters keep each other.
  events.resize(24 + 3);
  EXPECT_EQ(value(report_on(events, toml), "all"), 27) << "12, 9, and two that come to 6";
  // But not where they come to 2, or to 8.
  const auto of_year = [&](int second, int fourth) {
    events.clear();
    for (const auto& [day, count] :
         {std::pair("2020-05-01", 12), {"2020-08-01", second}, {"2020-11-01", 9}, {"2021-02-01", fourth}})
      add(day, count);
    return line_of(report_on(events, toml), "all").figure.small;
  };
  EXPECT_TRUE(of_year(1, 1)) << "23 less 21 would be 1 and 1";
  EXPECT_TRUE(of_year(4, 4)) << "29 less 21 would be 4 and 4";
  EXPECT_FALSE(of_year(4, 3));
}

// What a check says is said of counts; what is worked out from them waits until these are withheld.
const std::string kEqual = "[[check]]\nid = \"k\"\nkind = \"equal\"\n";

std::vector<v1::Event> twelve_nine_and_three() {
  std::vector<v1::Event> events;
  for (int i = 0; i < 12; ++i) events.push_back(incident("fell-police", "i" + std::to_string(i), "2020-05-01"));
  for (int i = 0; i < 9; ++i) events.push_back(camera("c" + std::to_string(i), "2020-05-01"));
  for (int i = 0; i < 3; ++i) events.push_back(order("o" + std::to_string(i), "issued", "2020-05-01", "cpw"));
  return events;
}

const std::string kTwelveNineAndThree = "small_below = 5\n" + measure_of("all", "", "type = \"incident\"") +
                                        measure_of("cameras", "", "type = \"referral\"") +
                                        measure_of("orders", "", "type = \"order\"");

TEST(ReportWithholding, WithholdsWhatIsWorkedOutFromWhatACheckWouldGiveBack) {
  const Report report = report_on(
      twelve_nine_and_three(),
      kTwelveNineAndThree + measure_of("share", "kind = \"share\"\nnumerator = \"cameras\"\ndenominator = \"all\"") +
          measure_of("published", "kind = \"supplied\"") + kEqual +
          "left = [\"all\"]\nright = [\"cameras\", \"orders\"]\n[[check]]\nid = \"s\"\nkind = \"equal\"\n"
          "left = [\"share\"]\nright = [\"published\"]\n");
  EXPECT_TRUE(line_of(report, "cameras").figure.small);
  EXPECT_TRUE(line_of(report, "share").figure.small) << "75 per cent of 12 are 9";
  EXPECT_EQ(to_markdown(report, reporting_partnership()).find("75 per cent"), std::string::npos);
}

TEST(ReportWithholding, WithholdsWhatACheckOfATotalOrOfANumberWouldGiveBack) {
  const Report total =
      report_on(twelve_nine_and_three(), kTwelveNineAndThree +
                                             measure_of("both", "kind = \"total\"\nparts = [\"cameras\", \"orders\"]") +
                                             kEqual + "left = [\"all\"]\nright = [\"both\"]\n");
  EXPECT_TRUE(line_of(total, "cameras").figure.small) << "12 less 9 would be 3";
  const Report expected = report_on(twelve_nine_and_three(),
                                    kTwelveNineAndThree + kEqual + "left = [\"cameras\", \"orders\"]\nexpected = 12\n");
  EXPECT_TRUE(line_of(expected, "cameras").figure.small);
  const Report other = report_on(twelve_nine_and_three(),
                                 kTwelveNineAndThree + kEqual + "left = [\"cameras\", \"orders\"]\nexpected = 13\n");
  EXPECT_FALSE(line_of(other, "cameras").figure.small) << "it does not hold";
}

// Where a record may count in several parts they need not come to the whole.
TEST(ReportWithholding, SaysNoWithheldWholeInACheckOfParts) {
  Figure withheld;
  withheld.value = 4;
  withheld.small = true;
  withheld.parts = {{"a", 6}, {"b", 7}};
  Check check;
  check.kind = CheckKind::kParts;
  check.measures = {"m"};
  check.text = "{left} of {right}";
  const FigureOf figure_of = [&](const std::string&) { return CheckedFigure{withheld, "M"}; };
  EXPECT_EQ(failed(check, figure_of, *parse_period("2020-21")),
            "The parts do not add up to the whole, which is withheld.");
  withheld.small = false;
  EXPECT_EQ(failed(check, figure_of, *parse_period("2020-21")), "13 of 4");
}

TEST(ReportWithholding, PrintsTheNameOfTheLargestAloneBesideASmallPart) {
  std::vector<v1::Event> events;
  const auto add = [&](const std::string& area, int count) {
    for (int i = 0; i < count; ++i) events.push_back(in_area(camera(area + std::to_string(i), "2020-05-01"), area));
  };
  add("high-fell", 50);
  const std::string most = "kind = \"largest\"\nby = \"area\"\ncompare = \"year-before\"";
  const std::string toml = "small_below = 5\n" + measure_of("most", most, "type = \"referral\"") +
                           "[[check]]\nid = \"b\"\nkind = \"base\"\nmeasures = [\"most\"]\n";
  EXPECT_NE(to_markdown(report_on(events, toml), reporting_partnership()).find("(50 of 50)"), std::string::npos);
  add("low-fell", 3);
  const Report report = report_on(events, toml);
  const std::string md = to_markdown(report, reporting_partnership());
  EXPECT_EQ(md.find(" of 53"), std::string::npos) << md;
  EXPECT_EQ(to_csv(report).find("53"), std::string::npos);
  EXPECT_EQ(to_json(report).find("53"), std::string::npos);
  EXPECT_EQ(line_of(report, "most").figure.label, "high-fell");
  ASSERT_EQ(report.flags.size(), 1u) << "how many it is of is withheld, and not missing";
  EXPECT_EQ(report.flags[0].id, "withheld");
  // Beside the whole of all 53 the part of 50 would give the 3 back.
  const Report beside = report_on(events, toml + measure_of("all", "", "type = \"referral\""));
  EXPECT_EQ(parts_of(line_of(beside, "most")), "high-fell ?, low-fell ?");
}

TEST(ReportWithholding, SaysWhatItCannotKeep) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 12; ++i) events.push_back(in_area(camera("h" + std::to_string(i), "2020-05-01"), "high-fell"));
  for (int i = 0; i < 3; ++i) events.push_back(in_area(camera("l" + std::to_string(i), "2020-05-01"), "low-fell"));
  const std::string where = "type = \"referral\"\n";
  const Report report = report_on(events, "small_below = 5\n" + measure_of("low", "", where + "area = \"low-fell\"") +
                                              measure_of("all", "small_below = 0", where) +
                                              measure_of("high", "small_below = 0", where + "area = \"high-fell\""));
  std::string said;
  for (const ReportFlag& flag : report.flags)
    if (flag.id.starts_with("withheld-")) said += flag.id + ": " + flag.text + "\n";
  EXPECT_EQ(
      said,
      "withheld-1: What is withheld of “low” of 2020-21 Q1 can be worked out from “all” of 2020-21 Q1 and “high” of "
      "2020-21 Q1, which cannot be withheld.\n"
      "withheld-2: What is withheld of “low” of 2020-21 can be worked out from “all” of 2020-21 Q1 and “high” of "
      "2020-21 Q1, which cannot be withheld.\n");
  EXPECT_FALSE(try_definition(measure_of("m", "", where) + "[[check]]\nid = \"withheld\"\nkind = \"base\"\n" +
                              "measures = [\"m\"]\n")
                   .ok());
}

// Parts of the year before, which a chart prints beside those of the year.
TEST(ReportWithholding, WithholdsWhatTheOtherBarsOfAChartWouldGiveBack) {
  std::vector<v1::Event> events;
  const auto add = [&](const std::string& day, const std::string& area, int count) {
    for (int i = 0; i < count; ++i) events.push_back(in_area(camera(day + area + std::to_string(i), day), area));
  };
  add("2019-05-01", "a", 30);
  add("2019-05-01", "b", 20);
  add("2019-05-01", "c", 3);
  add("2019-05-01", "d", 2);
  add("2020-05-01", "a", 30);
  add("2020-05-01", "b", 20);
  const std::string where = "type = \"referral\"\n";
  const std::string toml = "small_below = 5\n" +
                           measure_of("all", "by = \"area\"\ncompare = \"year-before\"\nchart = true", where) +
                           measure_of("three", "compare = \"year-before\"", where + "area = [\"a\", \"b\", \"c\"]");
  const Report report = report_on(events, toml);
  std::string parts;
  for (const FigurePart& part : line_of(report, "all").comparator->figure.parts)
    parts += part.key + (part.value ? " " + std::to_string(std::lround(*part.value)) : " ?") + ", ";
  const bool three = line_of(report, "three").comparator->figure.small;
  EXPECT_TRUE(three || parts.find("b 20") == std::string::npos) << "53 less 30 and 20 would be 3: " << parts;
}

// A whole that is withheld has no bar, whose length would tell it.
TEST(ReportWithholding, DrawsNoBarOfWhatIsWithheld) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 3; ++i) events.push_back(camera("n" + std::to_string(i), "2020-05-01"));
  for (int i = 0; i < 8; ++i) events.push_back(camera("t" + std::to_string(i), "2019-05-01"));
  const auto bars = [&](const std::string& period) {
    const std::string page =
        to_html(report_on(events,
                          "small_below = 5\n" +
                              measure_of("m", "chart = true\ncompare = \"year-before\"", "type = \"referral\""),
                          period),
                reporting_partnership());
    int count = 0;
    for (std::size_t at = page.find("<rect"); at != std::string::npos; at = page.find("<rect", at + 1)) ++count;
    return count;
  };
  EXPECT_EQ(bars("2020-21"), 1) << "8 alone";
  for (int i = 0; i < 5; ++i) events.push_back(camera("m" + std::to_string(i), "2020-05-01"));
  EXPECT_EQ(bars("2020-21"), 2);
  events.erase(events.begin() + 3, events.begin() + 10);
  EXPECT_EQ(bars("2020-21"), 1) << "1 is withheld of the year before";
}

TEST(ReportWithholding, LeavesOutWhatIsInACompartmentButWhereItIsNamed) {
  v1::Event closed = camera("c1", "2020-05-01");
  closed.mutable_envelope()->set_compartment("channel");
  v1::Event figure = figure_event("f1", "secret", 7);
  figure.mutable_envelope()->set_compartment("channel");
  const std::string where = "type = \"referral\"\n";
  const std::string toml = measure_of("open", "by = \"scheme\"", where) +
                           measure_of("closed", "", where + "compartment = \"channel\"") +
                           measure_of("stock", "kind = \"stock\"", where) + measure_of("secret", "kind = \"supplied\"");
  const Report report = report_on({closed, camera("c2", "2020-05-02"), figure}, toml);
  EXPECT_EQ(value(report, "open"), 1);
  EXPECT_EQ(value(report, "closed"), 1);
  EXPECT_EQ(value(report, "stock"), 1);
  EXPECT_EQ(value(report, "secret"), std::nullopt);
  EXPECT_EQ(value(report_on({closed}, toml), "open"), std::nullopt) << "not that there is one, either";
  EXPECT_EQ(value(report_on({camera("c2", "2020-05-02")}, toml), "closed"), std::nullopt)
      << "what is in the open does not say that nothing is in the compartment";
}

}  // namespace
}  // namespace moot
