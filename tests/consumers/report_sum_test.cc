// Sums: of what records say, and what is told of those that do not.
#include <gtest/gtest.h>

#include "tests/consumers/report_events.h"

namespace moot {
namespace {

std::optional<double> value(const Report& report, const std::string& id) { return line_of(report, id).figure.value; }

std::string flag_text(const Report& report, const std::string& id) {
  for (const ReportFlag& flag : report.flags)
    if (flag.id == id) return flag.text;
  return "";
}

TEST(ReportSum, SumsPenceToPoundsAndDividesThemByWhatTheyWereSpentOn) {
  std::vector<v1::Event> works;
  for (int i = 0; i < 3; ++i) {
    works.push_back(referral("w" + std::to_string(i), "completed", "2020-05-01", Who{"victim"}, "works"));
    works.back().mutable_facts()->mutable_referral()->set_cost_pence(33333);
  }
  const std::string where = "type = \"referral.completed\"\nscheme = \"works\"";
  const Report report =
      report_on(works, measure_of("homes", "", where) +
                           measure_of("cost", "kind = \"sum\"\nfield = \"cost_pence\"\ndivide_by = 100", where) +
                           measure_of("each",
                                      "kind = \"ratio\"\nnumerator = \"cost\"\ndenominator = \"homes\"\n"
                                      "decimals = 2"));
  EXPECT_EQ(value(report, "cost"), 999.99);
  EXPECT_EQ(value(report, "each"), 333.33);
}

// A record without a cost did not cost nothing.
TEST(ReportSum, AddsUpWhatRecordsSayAndTellsOfThoseThatDoNot) {
  std::vector<v1::Event> works;
  for (const char* id : {"known", "free", "unsaid"})
    works.push_back(referral(id, "completed", "2020-05-01", Who{"victim"}, "works"));
  works[0].mutable_facts()->mutable_referral()->set_cost_pence(5000);
  works[1].mutable_facts()->mutable_referral()->set_cost_pence(0);
  works[0].mutable_envelope()->set_area("low-fell");
  works[1].mutable_envelope()->set_area("high-fell");
  const std::string where = "type = \"referral.completed\"";
  const std::string toml =
      measure_of("homes", "", where) +
      measure_of("cost", "kind = \"sum\"\nfield = \"cost_pence\"\ndivide_by = 100\nby = \"area\"", where) +
      measure_of("each", "kind = \"ratio\"\nnumerator = \"cost\"\ndenominator = \"homes\"");
  const Report some = report_on(works, toml);
  EXPECT_EQ(value(some, "cost"), 50);
  EXPECT_EQ(parts_of(line_of(some, "cost")), "low-fell 50, high-fell 0, not-supplied ?");
  EXPECT_EQ(flag_text(some, "cost-unsaid"), "“cost” adds up 2 of 3 records; the other does not say how much.");
  EXPECT_EQ(line_of(some, "cost").flags, std::vector<std::string>{"cost-unsaid"});
  EXPECT_EQ(flag_text(some, "each-unsaid"), "“each” rests on a sum that leaves out records which do not say how much.");
  EXPECT_TRUE(line_of(some, "homes").flags.empty());

  const Report none = report_on({works[2]}, toml);
  EXPECT_EQ(value(none, "cost"), std::nullopt);
  EXPECT_EQ(value(none, "each"), std::nullopt);
  EXPECT_EQ(flag_text(none, "cost-unsaid"),
            "“cost” is not supplied: none of the records that it adds up says how much.");
  EXPECT_EQ(value(report_on({works[0]}, toml, "2019-20"), "cost"), std::nullopt) << "nobody told of that year";
  const v1::Event other_stage = referral("o", "made", "2020-05-01", Who{"victim"}, "works");
  EXPECT_EQ(value(report_on({other_stage}, toml), "cost"), 0) << "nothing was done, and that is known";
}

TEST(ReportSum, TellsOfAnIncompleteSumThatItComparesWith) {
  std::vector<v1::Event> works;
  for (const char* day : {"2019-05-01", "2019-06-01", "2020-05-01"})
    works.push_back(referral(day, "completed", day, Who{"victim"}, "works"));
  works[0].mutable_facts()->mutable_referral()->set_cost_pence(50);
  works[2].mutable_facts()->mutable_referral()->set_cost_pence(100);
  const Report report =
      report_on(works, measure_of("cost", "kind = \"sum\"\nfield = \"cost_pence\"\ncompare = \"year-before\"",
                                  "type = \"referral.completed\"") +
                           measure_of("up", "kind = \"change\"\nmeasure = \"cost\"\ncompare = \"year-before\""));
  EXPECT_EQ(value(report, "up"), 100);
  EXPECT_EQ(flag_text(report, "cost-unsaid"),
            "“cost” is compared with a sum that leaves out records which do not say how much.");
  EXPECT_EQ(flag_text(report, "up-unsaid"), "“up” rests on a sum that leaves out records which do not say how much.");
}

TEST(ReportSum, TakesTheAmountOfRecordsThatAreOneFromTheFirstThatSaysIt) {
  std::vector<v1::Event> works;
  for (const char* id : {"a", "b"}) works.push_back(referral(id, "completed", "2020-05-01", Who{"victim"}, "works"));
  works[1].mutable_facts()->mutable_referral()->set_cost_pence(5000);
  v1::Link& about = *works[1].mutable_envelope()->add_links();
  about.set_rel("about");
  about.set_source(works[0].envelope().source());
  about.set_id(works[0].envelope().id());
  const Report report = report_on(works, measure_of("cost",
                                                    "kind = \"sum\"\nfield = \"cost_pence\"\ndistinct_by = "
                                                    "\"about\"",
                                                    "type = \"referral.completed\""));
  EXPECT_EQ(value(report, "cost"), 5000);
  EXPECT_EQ(flag_text(report, "cost-unsaid"), "");
}

// That some say it and some do not would tell that there are two, where how many there are is withheld.
TEST(ReportSum, DoesNotCountThoseThatDoNotSayItWhereSmallNumbersAreWithheld) {
  std::vector<v1::Event> works;
  for (const char* id : {"known", "unsaid"})
    works.push_back(referral(id, "completed", "2020-05-01", Who{"victim"}, "works"));
  works[0].mutable_facts()->mutable_referral()->set_cost_pence(5000);
  const std::string where = "type = \"referral.completed\"";
  const std::string toml = measure_of("homes", "small_below = 5", where) +
                           measure_of("cost", "kind = \"sum\"\nfield = \"cost_pence\"", where);
  const Report report = report_on(works, toml);
  const std::string told =
      "“cost” adds up the records that say how much; whether others do not is not told, as small numbers are withheld.";
  EXPECT_EQ(flag_text(report, "cost-unsaid"), told);
  works.pop_back();
  EXPECT_EQ(flag_text(report_on(works, toml), "cost-unsaid"), told) << "the same where all say it";
}

}  // namespace
}  // namespace moot
