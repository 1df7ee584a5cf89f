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

// The year before had 12, of which 3 in High Fell: 12, less three quarters of them, would be 3.
TEST(ReportBounds, AShareOfTheYearBeforeGivesNothingBack) {
  std::vector<v1::Event> events;
  add_installed(events, "low-fell", "2019-05-01", 9);
  add_installed(events, "high-fell", "2019-05-01", 3);
  add_installed(events, "low-fell", "2020-05-01", 20);
  add_installed(events, "high-fell", "2020-05-01", 30);
  const std::string compared = "compare = \"year-before\"\n";
  const auto toml = [&](const std::string& kind) {
    return "small_below = 5\n" + measure_of("all", compared, kInstalledReferrals) +
           measure_of("high", compared, kInstalledReferrals + "area = \"high-fell\"") +
           measure_of("low", "", kInstalledReferrals + "area = \"low-fell\"") +
           measure_of("worked-out", compared + "kind = \"" + kind + "\"\nnumerator = \"low\"\ndenominator = \"all\"");
  };
  for (const char* kind : {"share", "ratio"}) {
    const Report report = report_on(events, toml(kind));
    EXPECT_TRUE(line_of(report, "high").comparator->figure.small) << "3";
    const bool all = line_of(report, "all").comparator->figure.small;
    const bool worked_out = line_of(report, "worked-out").comparator->figure.small;
    EXPECT_TRUE(all || worked_out) << kind;
    EXPECT_TRUE(worked_out) << "it is a share of what is withheld, or withheld itself";
    EXPECT_EQ(to_markdown(report, reporting_partnership()).find("75 per cent"), std::string::npos);
    EXPECT_FALSE(line_of(report, "worked-out").figure.small) << "20 of 50 tell nothing";
  }
}

TEST(ReportBounds, ATotalOfTheYearBeforeGivesNothingBack) {
  std::vector<v1::Event> events;
  add_installed(events, "low-fell", "2019-05-01", 9);
  add_installed(events, "high-fell", "2019-05-01", 3);
  add_installed(events, "low-fell", "2020-05-01", 20);
  add_installed(events, "high-fell", "2020-05-01", 30);
  const std::string compared = "compare = \"year-before\"\n";
  const Report report =
      report_on(events, "small_below = 5\n" + measure_of("low", compared, kInstalledReferrals + "area = \"low-fell\"") +
                            measure_of("high", compared, kInstalledReferrals + "area = \"high-fell\"") +
                            measure_of("both", compared + "kind = \"total\"\nparts = [\"low\", \"high\"]"));
  EXPECT_TRUE(line_of(report, "high").comparator->figure.small);
  EXPECT_TRUE(line_of(report, "both").comparator->figure.small) << "12 less 9 would be 3";
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

}  // namespace
}  // namespace moot
