// A report's definition and periods: what is refused, and how it is told; and its cross-checks.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "consumers/document/odt.h"
#include "consumers/document/report_text.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

const std::string kA = measure_of("a", "kind = \"supplied\"");
const std::string kThree = kA + measure_of("b", "kind = \"supplied\"") + measure_of("c", "kind = \"supplied\"");

std::vector<v1::Event> figures(double a, double b, double c) {
  return {figure_event("1", "a", a), figure_event("2", "b", b), figure_event("3", "c", c)};
}

std::string check_of(const std::string& keys) { return "[[check]]\nid = \"k\"\n" + keys + "\n"; }

std::vector<std::string> flags_of(const std::vector<v1::Event>& events, const std::string& toml) {
  std::vector<std::string> texts;
  for (const ReportFlag& flag : report_on(events, toml).flags) texts.push_back(flag.text);
  return texts;
}

TEST(Period, ReadsYearsQuartersMonthsAndDays) {
  const auto days = [](const char* text) {
    const Result<Period> period = parse_period(text);
    return period.ok() ? to_iso(period->from) + " " + to_iso(period->to) : "refused";
  };
  EXPECT_EQ(days("2020-21"), "2020-04-01 2021-04-01");
  EXPECT_EQ(days("1999-00"), "1999-04-01 2000-04-01");
  EXPECT_EQ(days("2010-11"), "2010-04-01 2011-04-01") << "not November";
  EXPECT_EQ(days("2010-m11"), "2010-11-01 2010-12-01");
  EXPECT_EQ(days("2020-21-q1"), "2020-04-01 2020-07-01");
  EXPECT_EQ(days("2020-21 Q4"), "2021-01-01 2021-04-01");
  EXPECT_EQ(days("2020-09"), "2020-09-01 2020-10-01");
  EXPECT_EQ(days("2020"), "2020-01-01 2021-01-01");
  EXPECT_EQ(days("2020-07-01..2021-04-01"), "2020-07-01 2021-04-01");
  for (const char* wrong :
       {"", "20", "2020-22", "2020-21-q5", "2020-13", "2020-m13", "2021-04-01..2020-04-01", "2020-04-01..2020-04-01",
        "2020-02-30..2020-04-01", "2020-21-q", "twenty", "2020/21", "9999", "9999-00", "0000"})
    EXPECT_EQ(days(wrong), "refused") << wrong;
}

TEST(Period, IsNamedAsItIsReadAndKnowsTheOneBefore) {
  for (const char* name : {"2020-21", "2020-21 Q1", "2020-21 Q4", "2020-m09", "2020", "2020-07-02..2021-04-01"})
    EXPECT_EQ(name_of(*parse_period(name)), name);
  EXPECT_EQ(name_of(before(*parse_period("2020-21 Q1"))), "2019-20 Q4");
  EXPECT_EQ(name_of(before(*parse_period("2020-m01"))), "2019-m12");
  EXPECT_EQ(name_of(before(*parse_period("2020-01-11..2020-01-21"))), "2020-01-01..2020-01-11");
  EXPECT_EQ(to_words(*parse_period("2020-21")), "1 April 2020 to 31 March 2021");
}

TEST(Period, IsInWordsWhatAPersonWouldSay) {
  const auto words = [](const char* text) { return in_words(*parse_period(text)); };
  EXPECT_EQ(words("2020-21"), "2020-21");
  EXPECT_EQ(words("2020-21-q1"), "2020-21 Q1");
  EXPECT_EQ(words("2020-09"), "September 2020");
  EXPECT_EQ(words("2020-05-01..2020-08-01"), "1 May 2020 to 31 July 2020");
  EXPECT_EQ(words("2020-05-01..2020-05-02"), "1 May 2020");
}

TEST(Period, IsOfWholeQuartersOrWithinOne) {
  const auto whole = [](const char* text) { return is_of_whole_quarters(*parse_period(text)); };
  const auto within = [](const char* text) { return is_within_a_quarter(*parse_period(text)); };
  for (const char* text : {"2020-21", "2020-21-q1", "2020-21-q4", "2020", "2020-07-01..2021-04-01"})
    EXPECT_TRUE(whole(text)) << text;
  for (const char* text : {"2020-05-01..2020-08-01", "2020-04-02..2020-07-02", "2020-05", "2020-04-01..2020-06-30"})
    EXPECT_FALSE(whole(text)) << text;
  for (const char* text : {"2020-21-q4", "2021-03", "2020-04-01..2020-04-02", "2020-12-31..2021-01-01"})
    EXPECT_TRUE(within(text)) << text;
  for (const char* text : {"2020-21", "2020-05-01..2020-08-01", "2020-12-31..2021-01-02"})
    EXPECT_FALSE(within(text)) << text;
}

TEST(Period, OfAnotherYearHasTheSameDays) {
  const auto before = [](const char* text) { return name_of(plus_years(*parse_period(text), -1)); };
  EXPECT_EQ(before("2024-02-01..2024-02-29"), "2023-m02") << "1 to 28 February";
  EXPECT_EQ(before("2024-02"), "2023-m02");
  EXPECT_EQ(before("2024-02-29..2024-03-01"), "2023-02-28..2023-03-01");
  EXPECT_EQ(before("2023-07-15..2024-02-03"), "2022-07-15..2023-02-03");
  EXPECT_EQ(name_of(plus_years(*parse_period("2023-02"), 1)), "2024-m02");
}

TEST(ReportDefinition, TellsAMistakeByFileLineAndKey) {
  const auto tells = [](const std::string& toml, const std::string& words) {
    const Result<ReportDefinition> read = try_definition(toml);
    ASSERT_FALSE(read.ok()) << toml;
    EXPECT_EQ(read.status().code(), Code::kDefinition);
    EXPECT_NE(read.status().message().find(words), std::string::npos) << read.status().message();
  };
  const std::string incidents = "type = \"incident\"";
  tells(measure_of("a", "knd = \"count\"", incidents), "r.toml, line 7, key \"measure.knd\"");
  tells(measure_of("a", "kind = \"mean\""), "expected one of count");
  tells(measure_of("a", "order = [\"x\"]", incidents), "key \"measure.order\": expected only beside `by`");
  tells(measure_of("a", "kind = \"stock\"\nat = 2020-05-01\ncompare = \"year-before\"", incidents),
        "key \"measure.compare\": expected only without `at`");
  tells(measure_of("a", "top = 3", incidents), "key \"measure.top\": expected only beside `by`");
  tells(kThree + check_of("kind = \"equal\"\nleft = [\"a\"]\nright = [\"b\"]\ntext = \"{left} and {rest}\""),
        "{rest} is not filled in for a check of this kind; expected {left}, {right} or {difference}");
  tells(measure_of("a", "", "type = \"incidnt\""), "measure.where.type");
  tells(measure_of("a", "", incidents + "\nscheme = \"x\""), "measure.where.scheme");  // an incident has none
  tells(measure_of("a", "by = \"scheme\"", incidents), "measure.by");
  tells(measure_of("a", "kind = \"sum\"\nfield = \"category\"", incidents), "measure.field");
  tells(measure_of("a", "kind = \"share\"\nnumerator = \"x\"\ndenominator = \"y\""), "measure.numerator");
  tells(measure_of("a", ""), "measure.where");
  tells(kA + kA, "expected another id");
  tells("", "at least one [[measure]]");
  tells(kA + check_of("kind = \"equal\"\nleft = [\"a\"]\nright = [\"z\"]"), "check.right");
  tells(kA + check_of("kind = \"equal\"\nleft = [\"a\"]"), "check.right");
}

TEST(Check, SetsOneSumAgainstAnother) {
  const std::string equal = kThree + check_of("kind = \"equal\"\nleft = [\"a\"]\nright = [\"b\", \"c\"]");
  EXPECT_TRUE(flags_of(figures(5, 3, 2), equal).empty());
  EXPECT_EQ(flags_of(figures(6, 3, 2), equal),
            std::vector<std::string>{"“a”: 6, where 5 (“b” and “c”) was to be expected."});
  const std::string most = kThree + check_of(
                                        "kind = \"at-most\"\nleft = [\"a\"]\nright = [\"b\"]\nless = [\"c\"]\n"
                                        "text = \"{left} cannot be more than {right}\"");
  EXPECT_TRUE(flags_of(figures(4, 6, 2), most).empty());
  EXPECT_EQ(flags_of(figures(7, 6, 2), most), std::vector<std::string>{"7 cannot be more than 4"});
  EXPECT_EQ(line_of(report_on(figures(7, 6, 2), most), "a").flags, std::vector<std::string>{"k"});
  EXPECT_EQ(line_of(report_on(figures(7, 6, 2), most), "a").figure.value, 7) << "a flag repairs nothing";
  EXPECT_EQ(flags_of({figure_event("1", "a", 7), figure_event("2", "b", 6)}, most),
            std::vector<std::string>{"Cannot be checked: “c” is not supplied."});
}

TEST(Check, SeesMoreComeOutOfAFunnelThanWentIn) {
  const std::string funnel = kThree + check_of("kind = \"funnel\"\nmeasures = [\"a\", \"b\", \"c\"]");
  EXPECT_TRUE(flags_of(figures(9, 9, 2), funnel).empty());
  EXPECT_EQ(flags_of(figures(9, 8, 10), funnel), std::vector<std::string>{"“c” is 10, more than “b”, 8."});
}

TEST(Check, SeesADateThatIsNotThePeriods) {
  const auto at_day = [](const std::string& day) {
    v1::Event event = figure_event("1", "a", 30);
    event.mutable_facts()->mutable_measure()->set_as_at(day);
    return event;
  };
  const std::string inside = kA + check_of("kind = \"as-at-inside\"\nmeasures = [\"a\"]");
  const std::string end = kA + check_of("kind = \"as-at-end\"\nmeasures = [\"a\"]");
  EXPECT_TRUE(flags_of({at_day("2020-04-01")}, inside).empty());
  EXPECT_EQ(flags_of({at_day("2020-03-23")}, inside),
            std::vector<std::string>{"“a” is as at 23 March 2020, outside the period."});
  EXPECT_EQ(flags_of({at_day("2021-04-01")}, inside).size(), 1u);
  EXPECT_EQ(flags_of({at_day("2020-04-01")}, end).size(), 1u);
  const std::string where = kA + check_of("kind = \"as-at-end\"\nmeasures = [\"a\"]\ntext = \"{as_at}, {where}\"");
  EXPECT_EQ(flags_of({at_day("2020-04-01")}, where).at(0), "1 April 2020, the first day of the period");
  EXPECT_EQ(flags_of({at_day("2020-03-23")}, where).at(0), "23 March 2020, before the period began");
  EXPECT_EQ(flags_of({at_day("2020-06-01")}, where).at(0), "1 June 2020, within the period");
  EXPECT_EQ(flags_of({at_day("2021-04-02")}, where).at(0), "2 April 2021, after the period ended");
  EXPECT_TRUE(flags_of({at_day("2021-03-31")}, end).empty());
  EXPECT_TRUE(flags_of({at_day("2021-04-01")}, end).empty());
  EXPECT_EQ(flags_of({figure_event("1", "a", 30)}, end).size(), 1u) << "no day at all";
}

TEST(Check, SeesFiguresOfDifferentPopulationsAndKeysThatMayNotBe) {
  const std::string two = measure_of("a", "kind = \"supplied\"\npopulation = \"county\"") +
                          measure_of("b", "kind = \"supplied\"\npopulation = \"county-and-beyond\"") +
                          check_of("kind = \"population\"\nmeasures = [\"a\", \"b\"]");
  EXPECT_EQ(flags_of(figures(1, 2, 3), two).at(0),
            "“a” and “b” are of different populations: County and County and Beyond.");
  v1::Event by_police = order("1", "issued", "2020-05-01", "closure-order");
  by_police.mutable_facts()->mutable_order()->set_issuer("police");
  v1::Event by_court = order("2", "issued", "2020-05-01", "closure-order");
  by_court.mutable_facts()->mutable_order()->set_issuer("court");
  const std::string issuers = measure_of("orders", "by = \"issuer\"", "type = \"order\"") +
                              check_of("kind = \"values\"\nmeasures = [\"orders\"]\nallowed = [\"court\"]");
  EXPECT_TRUE(flags_of({by_court}, issuers).empty());
  EXPECT_EQ(flags_of({by_court, by_police}, issuers), std::vector<std::string>{"“orders”: 1 by police."});
  EXPECT_EQ(flags_of({by_court, by_police}, "small_below = 5\n" + issuers).at(0),
            "“orders”: some by police; how many is withheld.");
}

// What has no value is printed of no population.
TEST(Check, SetsNoFigureThatIsNotSuppliedBesideAnother) {
  const std::string two = measure_of("a", "kind = \"supplied\"\npopulation = \"county\"") +
                          measure_of("b", "kind = \"supplied\"\npopulation = \"county-and-beyond\"");
  const std::string both = two + check_of("kind = \"population\"\nmeasures = [\"a\", \"b\"]");
  EXPECT_EQ(flags_of(figures(1, 2, 3), both).size(), 1u);
  EXPECT_TRUE(flags_of({figure_event("1", "a", 1)}, both).empty());
  EXPECT_TRUE(flags_of({}, both).empty());
  // Of one alone: that nobody says of whom it is.
  const std::string one = kA + check_of("kind = \"population\"\nmeasures = [\"a\"]");
  EXPECT_EQ(flags_of({figure_event("1", "a", 1)}, one),
            std::vector<std::string>{"“a” is of a population that is not supplied."});
  EXPECT_TRUE(flags_of({}, one).empty());
  v1::Event of_whom = figure_event("1", "a", 1);
  of_whom.mutable_facts()->mutable_measure()->set_population("county");
  EXPECT_TRUE(flags_of({of_whom}, one).empty());
}

TEST(Check, SeesAFigureThatWasSuppliedTwice) {
  const std::string once = kA + check_of("kind = \"once\"\nmeasures = [\"a\"]\ntext = \"{found}, {left} times\"");
  EXPECT_TRUE(flags_of({figure_event("1", "a", 7)}, once).empty());
  EXPECT_EQ(flags_of({figure_event("1", "a", 7), figure_event("2", "a", 7)}, once),
            std::vector<std::string>{"“a”, 2 times"});
}

// An assumption is printed beside the figures that rest on it, and not without them.
TEST(Check, StatesSomethingOfWhatIsPrintedAlone) {
  const std::string two = kThree + check_of("kind = \"stated\"\nmeasures = [\"a\", \"b\"]\ntext = \"{left} of them\"");
  EXPECT_EQ(flags_of(figures(5, 8, 3), two), std::vector<std::string>{"5 of them"});
  EXPECT_TRUE(flags_of({figure_event("1", "a", 5)}, two).empty());
  EXPECT_TRUE(flags_of({}, two).empty());
  EXPECT_EQ(flags_of(figures(3, 8, 3), "small_below = 5\n" + two).at(0), "(withheld) of them");
  // What is printed of the year after is printed too.
  const std::string target = measure_of("a", "kind = \"supplied\"\ncompare = \"year-after\"") +
                             check_of("kind = \"stated\"\nmeasures = [\"a\"]\ntext = \"{left}\"");
  v1::Event next = figure_event("1", "a", 10);
  next.mutable_facts()->mutable_measure()->set_starts("2021-04-01");
  next.mutable_facts()->mutable_measure()->set_ends("2022-04-01");
  EXPECT_EQ(flags_of({next}, target), std::vector<std::string>{"10"});
  EXPECT_TRUE(flags_of({}, target).empty());
}

// Thirty of the cameras, or thirty beside the cameras: the records know.
TEST(Check, TellsWhetherWhatOneCountsIsAmongWhatAnotherCounts) {
  const std::string toml = measure_of("part", "", "type = \"order.issued\"\npower = [\"cpw\", \"cpn\"]") +
                           measure_of("whole", "", "type = \"order.issued\"\npower = [\"cpn\", \"fpn\"]") +
                           check_of(
                               "kind = \"among\"\nmeasures = [\"part\", \"whole\"]\n"
                               "text = \"Of {left} and {right} {found}\"");
  const v1::Event cpn = order("1", "issued", "2020-05-01", "cpn"), fpn = order("2", "issued", "2020-05-02", "fpn"),
                  cpw = order("3", "issued", "2020-05-03", "cpw");
  EXPECT_EQ(flags_of({cpn, fpn}, toml), std::vector<std::string>{"Of 1 and 2 all of them are"});
  EXPECT_EQ(flags_of({cpn, fpn, cpw}, toml), std::vector<std::string>{"Of 2 and 2 1 of them is not"});
  EXPECT_EQ(flags_of({fpn, cpw}, toml), std::vector<std::string>{"Of 1 and 1 none of them is"});
  EXPECT_TRUE(flags_of({}, toml).empty());
  EXPECT_EQ(flags_of({cpn, fpn}, "small_below = 5\n" + toml).at(0),
            "Whether some are among others is not told: they are withheld.");
  EXPECT_FALSE(try_definition(kA + check_of("kind = \"among\"\nmeasures = [\"a\"]")).ok());
  EXPECT_FALSE(try_definition(kThree + check_of("kind = \"among\"\nmeasures = [\"a\", \"b\"]")).ok())
      << "what is supplied as a figure has no records";
}

// "Not below 10 per cent" of what is to be low.
TEST(Check, SeesATargetForTheYearAfterThatIsNotWhatItMayBe) {
  const std::string target = measure_of("a", "kind = \"supplied\"\ncompare = \"year-after\"") +
                             check_of("kind = \"values\"\nmeasures = [\"a\"]\nallowed = [\"not-above\"]");
  const auto supplied = [](const std::string& key) {
    v1::Event event = figure_event("1", "a", 10);
    v1::Measure& measure = *event.mutable_facts()->mutable_measure();
    measure.set_starts("2021-04-01");
    measure.set_ends("2022-04-01");
    measure.set_key(key);
    return event;
  };
  EXPECT_EQ(flags_of({supplied("not-below")}, target), std::vector<std::string>{"“a”: 10 by not below."});
  EXPECT_TRUE(flags_of({supplied("not-above")}, target).empty());
}

TEST(Check, SaysWhichPartsOfATableAreNotSupplied) {
  v1::Event part = figure_event("p", "a", 4);
  part.mutable_facts()->mutable_measure()->set_key("left");
  const std::string toml = kA + check_of("kind = \"supplied\"\nmeasures = [\"a\"]\nkeys = [\"left\", \"right-hand\"]");
  EXPECT_EQ(flags_of({part}, toml), std::vector<std::string>{"Not supplied: right hand."});
}

TEST(ReportDocument, HasTheJsonThatTheDesignPromises) {
  const std::string toml = kThree + measure_of("share", "kind = \"share\"\nnumerator = \"a\"\ndenominator = \"b\"") +
                           measure_of("none", "kind = \"supplied\"\ncompare = \"year-before\"") +
                           check_of("kind = \"equal\"\nleft = [\"a\"]\nright = [\"b\"]");
  const Report report = report_on(figures(1, 8, 83.1), toml);
  const boost::json::object json = boost::json::parse(to_json(report)).as_object();
  EXPECT_EQ(json.at("report"), "r");
  EXPECT_EQ(json.at("rules"), "r 1");
  EXPECT_EQ(json.at("period").at("from"), "2020-04-01");
  EXPECT_EQ(json.at("period").at("to"), "2021-04-01");
  EXPECT_EQ(json.at("as_at"), "2030-01-01T00:00:00+00:00");
  const boost::json::array& measures = json.at("measures").as_array();
  EXPECT_EQ(measures[0].at("value"), 1);
  EXPECT_TRUE(measures[0].at("comparator").is_null());
  EXPECT_EQ(measures[0].at("flags").as_array(), boost::json::array{"k"});
  EXPECT_NE(to_json(report).find("\"value\": 83.1,"), std::string::npos);
  EXPECT_EQ(measures[3].at("value"), 13);
  EXPECT_EQ(measures[3].at("unit"), "per cent");
  EXPECT_EQ(measures[3].at("numerator"), 1);
  EXPECT_EQ(measures[3].at("denominator"), 8);
  EXPECT_TRUE(measures[4].at("value").is_null());
  EXPECT_EQ(measures[4].at("comparator").at("period"), "2019-20");
  EXPECT_TRUE(measures[4].at("comparator").at("change_percent").is_null());
  EXPECT_EQ(json.at("flags").as_array().size(), 1u);
}

// A section may be officers' words alone, as a case study is: without figures it has no table.
TEST(ReportDocument, HasOfficersOwnWordsAsParagraphsAndNoTableOfNothing) {
  const std::string study =
      "[[section]]\nid = \"study\"\ntitle = \"A street\"\ntext = \"\"\"\nIt began\nwith <noise>.\n\n  It "
      "ended.\n\"\"\"\n";
  const Report report = report_on({}, study + measure_of("a", "kind = \"supplied\""));
  const std::string html = to_html(report, reporting_partnership()), md = to_markdown(report, reporting_partnership());
  EXPECT_NE(html.find("<h2>A street</h2>\n<p>It began with &lt;noise&gt;.</p>\n<p>It ended.</p>\n"), std::string::npos);
  EXPECT_EQ(html.find("<caption>A street"), std::string::npos);
  EXPECT_NE(html.find("<caption>"), std::string::npos) << "the figures have theirs";
  EXPECT_NE(md.find("It began with \\<noise\\>.\n\nIt ended.\n\n"), std::string::npos) << md;
}

TEST(ReportDocument, SaysNotSuppliedAndEscapesWhatItPrints) {
  Partnership partnership = reporting_partnership();
  partnership.name = "<Fell> & *Side*";
  const Report report = report_on({}, measure_of("=a", "kind = \"supplied\"\nmeasure = \"a\""));
  const std::string html = to_html(report, partnership), md = to_markdown(report, partnership);
  EXPECT_NE(html.find("&lt;Fell&gt; &amp;"), std::string::npos);
  EXPECT_FALSE(to_odt(html).empty()) << "the page is well-formed, so that it can be an office document too";
  EXPECT_NE(md.find("\\*Side\\*"), std::string::npos);
  EXPECT_NE(to_csv(report).find("'=a,'=a,,not supplied,"), std::string::npos) << to_csv(report);
  for (const std::string& text : {html, md}) EXPECT_NE(text.find("not supplied"), std::string::npos);
}

}  // namespace
}  // namespace moot
