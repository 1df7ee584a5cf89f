// What a report tells of withheld numbers by the period it is compared with, and by checks of bounds.
#include <gtest/gtest.h>

#include "consumers/document/report_text.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

const std::string kInstalledReferrals = "type = \"referral\"\n";

void add_installed(std::vector<v1::Event>& events, const std::string& area, const std::string& day, int count) {
  for (int i = 0; i < count; ++i)
    events.push_back(
        in_area(referral(area + day + std::to_string(i), "installed", day, Who{"victim"}, "guardcam"), area));
}

const std::string kCompared = "compare = \"year-before\"\n";

// The year before had 16, of which 3 in High Fell.
std::vector<v1::Event> two_years_of_three_areas() {
  std::vector<v1::Event> events;
  add_installed(events, "low-fell", "2019-05-01", 6);
  add_installed(events, "mid-fell", "2019-05-01", 7);
  add_installed(events, "high-fell", "2019-05-01", 3);
  for (const char* area : {"low-fell", "mid-fell", "high-fell"}) add_installed(events, area, "2020-05-01", 20);
  return events;
}

std::string beside_all_and_high(const std::string& more) {
  const auto of = [](const std::string& areas) { return kInstalledReferrals + "area = [" + areas + "]"; };
  return "small_below = 5\n" + measure_of("all", kCompared, kInstalledReferrals) +
         measure_of("high", kCompared, of("\"high-fell\"")) + measure_of("low", "", of("\"low-fell\"")) +
         measure_of("mid", "", of("\"mid-fell\"")) + measure_of("others", "", of("\"low-fell\", \"mid-fell\"")) +
         measure_of("worked-out", kCompared + more);
}

// 16, less the 81 per cent of them that are elsewhere, would be 3.
TEST(ReportBounds, AShareOfTheYearBeforeGivesNothingBack) {
  for (const char* kind : {"share", "ratio"}) {
    const Report report = report_on(
        two_years_of_three_areas(),
        beside_all_and_high("kind = \"" + std::string(kind) + "\"\nnumerator = \"others\"\ndenominator = \"all\""));
    EXPECT_TRUE(line_of(report, "high").comparator->figure.small) << "3";
    EXPECT_TRUE(line_of(report, "worked-out").comparator->figure.small) << kind;
    EXPECT_EQ(to_markdown(report, reporting_partnership()).find("81 per cent"), std::string::npos);
    EXPECT_FALSE(line_of(report, "worked-out").figure.small) << "40 of 60 tell nothing";
  }
}

TEST(ReportBounds, ATotalOfTheYearBeforeGivesNothingBack) {
  const Report report =
      report_on(two_years_of_three_areas(), beside_all_and_high("kind = \"total\"\nparts = [\"low\", \"mid\"]"));
  EXPECT_TRUE(line_of(report, "high").comparator->figure.small);
  const bool all = line_of(report, "all").comparator->figure.small;
  EXPECT_TRUE(all || line_of(report, "worked-out").comparator->figure.small) << "16 less 13 would be 3";
}

std::string said_of_bound(const std::vector<v1::Event>& events, const std::string& check) {
  const std::string toml = "small_below = 5\n" + measure_of("low", "", kInstalledReferrals + "area = \"low-fell\"") +
                           measure_of("high", "", kInstalledReferrals + "area = \"high-fell\"") +
                           measure_of("both", "kind = \"total\"\nparts = [\"low\", \"high\"]") +
                           "[[check]]\nid = \"bound\"\n" + check;
  for (const ReportFlag& flag : report_on(events, toml).flags)
    if (flag.id == "bound") return flag.text;
  return "";
}

const std::string kBoundNotTold = "Whether this holds is not told: it would give back a number that is withheld.";

// That no flag stands there says that it holds.
TEST(ReportBounds, ABoundThatWouldTellAWithheldNumberIsNotTold) {
  const auto few = [](int low, int high) {
    std::vector<v1::Event> events;
    add_installed(events, "low-fell", "2020-05-01", low);
    add_installed(events, "high-fell", "2020-05-01", high);
    return events;
  };
  const std::string at_most_one = "kind = \"at-most\"\nleft = [\"high\"]\nexpected = 1\n";
  EXPECT_EQ(said_of_bound(few(9, 1), at_most_one), kBoundNotTold);
  EXPECT_EQ(said_of_bound(few(9, 3), at_most_one), kBoundNotTold) << "or else what is not told would tell";
  const std::string at_most_two = "kind = \"at-most\"\nleft = [\"high\"]\nexpected = 2\n";
  EXPECT_EQ(said_of_bound(few(9, 2), at_most_two), "");
  EXPECT_EQ(said_of_bound(few(9, 3), at_most_two), "Does not add up; the figures are withheld.");
  EXPECT_EQ(said_of_bound(few(9, 30), at_most_one), "“high”: 30 cannot be: at most 1.") << "nothing is withheld";
  const std::string total = "kind = \"at-most\"\nleft = [\"both\"]\nexpected = 10\n";
  EXPECT_EQ(said_of_bound(few(9, 1), total), kBoundNotTold) << "9 and 1";
  const std::string funnel = "kind = \"funnel\"\nmeasures = [\"high\", \"low\"]\n";
  EXPECT_EQ(said_of_bound(few(2, 3), funnel), "") << "1 to 4 in, and no more out";
  EXPECT_EQ(said_of_bound(few(9, 3), funnel), "More came out than went in; the figures are withheld.")
      << "whatever it is";
}

std::string flag_of(const Report& report, const std::string& id) {
  for (const ReportFlag& flag : report.flags)
    if (flag.id == id) return flag.text;
  return "";
}

std::vector<v1::Event> of_low_and_high(int low, int high) {
  std::vector<v1::Event> events;
  add_installed(events, "low-fell", "2020-05-01", low);
  add_installed(events, "high-fell", "2020-05-01", high);
  return events;
}

const std::string kLowAndHigh = "small_below = 5\n" + measure_of("all", "", kInstalledReferrals) +
                                measure_of("low", "", kInstalledReferrals + "area = \"low-fell\"") +
                                measure_of("high", "", kInstalledReferrals + "area = \"high-fell\"");

std::string at_most(const std::string& id, const std::string& left, int bound) {
  return "[[check]]\nid = \"" + id + "\"\nkind = \"at-most\"\nleft = [\"" + left +
         "\"]\nexpected = " + std::to_string(bound) + "\n";
}

// At most 5, and more than 3; or neither 4.
TEST(ReportBounds, SeveralChecksThatBoundOneWithheldNumberAreNotTold) {
  const std::string alone = "small_below = 10\n" + measure_of("high", "", kInstalledReferrals + "area = \"high-fell\"");
  const std::vector<v1::Event> events = of_low_and_high(0, 5);
  const std::string three = at_most("three", "high", 3), five = at_most("five", "high", 5);
  const std::string same = "[[check]]\nid = \"same\"\nkind = \"equal\"\nleft = [\"high\"]\nexpected = 4\n";
  EXPECT_EQ(flag_of(report_on(events, alone + five), "five"), "");
  EXPECT_EQ(flag_of(report_on(events, alone + three), "three"), "Does not add up; the figures are withheld.");
  const Report two = report_on(events, alone + three + five);
  EXPECT_EQ(flag_of(two, "three"), kBoundNotTold);
  EXPECT_EQ(flag_of(two, "five"), kBoundNotTold);
  EXPECT_EQ(flag_of(report_on(events, alone + five + same), "same"), kBoundNotTold);
  const Report many = report_on(of_low_and_high(0, 12), alone + three + five);
  EXPECT_EQ(flag_of(many, "five"), "“high”: 12 cannot be: at most 5.") << "nothing is withheld";
}

// What is withheld beside a small number is no number from 1 to 4, and what a share is of two is none either.
TEST(ReportBounds, ABoundOfWhatIsWithheldAndNotSmallIsNotTold) {
  const Report beside = report_on(of_low_and_high(6, 3), kLowAndHigh + at_most("bound", "low", 50));
  ASSERT_TRUE(line_of(beside, "high").figure.small);
  ASSERT_TRUE(line_of(beside, "low").figure.small || line_of(beside, "all").figure.small);
  const std::string larger = line_of(beside, "low").figure.small ? "low" : "all";
  EXPECT_EQ(flag_of(report_on(of_low_and_high(6, 3), kLowAndHigh + at_most("bound", larger, 50)), "bound"),
            kBoundNotTold);
  const std::string share =
      measure_of("share", "kind = \"share\"\nnumerator = \"high\"\ndenominator = \"all\"\nsmall_below = 0");
  EXPECT_EQ(flag_of(report_on(of_low_and_high(90, 3), kLowAndHigh + share + at_most("bound", "share", 3)), "bound"),
            kBoundNotTold);
}

// One incident that is not among the others is as few in a sentence as in a figure.
TEST(ReportBounds, HowManyAreAmongOthersIsNotToldWhereTheyAreFew) {
  const std::string among = "[[check]]\nid = \"among\"\nkind = \"among\"\nmeasures = [\"all\", \"low\"]\n";
  const auto said = [&](int low, int high) {
    const std::string toml = "small_below = 5\n" + measure_of("all", "", kInstalledReferrals) +
                             measure_of("low", "", kInstalledReferrals + "area = \"low-fell\"");
    return flag_of(report_on(of_low_and_high(low, high), toml + among), "among");
  };
  EXPECT_EQ(said(9, 6), "“all” and “low”: 6 of them are not among these.");
  EXPECT_EQ(said(9, 0), "“all” and “low”: all of them are among these.");
  EXPECT_EQ(said(9, 3), kBoundNotTold);
}

// Nine are not among the others; six of these are of Mid Fell, and three would be left.
TEST(ReportBounds, HowManyAreAmongOthersGivesNothingBack) {
  std::vector<v1::Event> events = of_low_and_high(20, 3);
  add_installed(events, "mid-fell", "2020-05-01", 6);
  add_installed(events, "top-fell", "2020-05-01", 8);
  const auto of = [](const std::string& id, const std::string& areas) {
    return measure_of(id, "", kInstalledReferrals + "area = [" + areas + "]");
  };
  const std::string toml = "small_below = 5\n" + of("some", "\"low-fell\", \"high-fell\", \"mid-fell\"") +
                           of("others", "\"low-fell\", \"top-fell\"") + of("mid", "\"mid-fell\"") +
                           of("high", "\"high-fell\"");
  EXPECT_FALSE(line_of(report_on(events, toml), "mid").figure.small) << "nothing is said of them";
  const Report report =
      report_on(events, toml + "[[check]]\nid = \"among\"\nkind = \"among\"\nmeasures = [\"some\", \"others\"]\n");
  EXPECT_EQ(flag_of(report, "among"), "“some” and “others”: 9 of them are not among these.");
  EXPECT_TRUE(line_of(report, "mid").figure.small);
}

}  // namespace
}  // namespace moot
