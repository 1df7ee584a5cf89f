// Rule packs: dated versions that neither overlap nor leave a day without a rule, and mistakes told by their line.
#include "consumers/rules/rule_pack.h"

#include "tests/consumers/clock_findings.h"

namespace moot {
namespace {

const std::string kCount = "count = 3\nwithin_months = 6\n[clock.version.where]\ntype = \"incident\"\n";
const std::string kHead = "[[clock]]\nid = \"c\"\ntitle = \"C\"\nkind = \"threshold\"\n";

void expect_refused(const std::string& clocks, const std::string& says) {
  const Status status = try_pack(clocks).status();
  EXPECT_EQ(status.code(), Code::kDefinition) << clocks;
  EXPECT_NE(status.message().find("north.toml, line "), std::string::npos) << status.message();
  EXPECT_NE(status.message().find(says), std::string::npos) << status.message();
}

TEST(RulePack, HasVersionsThatFollowOneAnother) {
  const std::string first = version_from("2010-01-01", kCount, "2020-01-01"),
                    second = version_from("2020-01-01", kCount);
  EXPECT_TRUE(try_pack(kHead + first + second).ok());
  EXPECT_TRUE(try_pack(kHead + second + first).ok()) << "in whatever order";
}

TEST(RulePack, RefusesVersionsThatOverlapOrLeaveDaysWithoutARule) {
  const std::string first = version_from("2010-01-01", kCount, "2020-01-01");
  // Line 17 is the valid_from of the second version.
  expect_refused(kHead + first + version_from("2019-06-01", kCount),
                 "line 17, key \"clock.version.valid_from\": begins while the version from 1 January 2010 still holds");
  expect_refused(kHead + first + version_from("2020-01-02", kCount),
                 "line 17, key \"clock.version.valid_from\": leaves days without a version: the version from 1 January "
                 "2010 ends on 1 January 2020");
  expect_refused(kHead + version_from("2010-01-01", kCount) + version_from("2020-01-01", kCount),
                 "give that one a valid_to");
  expect_refused(kHead + first + first, "begins while");
  expect_refused(kHead, "at least one [[version]]");
}

TEST(RulePack, RefusesWhatItDoesNotKnow) {
  expect_refused("[[clock]]\nid = \"c\"\ntitle = \"C\"\nkind = \"countdown\"\n" + version_from("2010-01-01", ""),
                 "key \"clock.kind\": expected one of deadline, expiry, escalation, threshold, repeat and bands");
  expect_refused(clock_of("threshold", "warn_days = 3\n" + kCount), "\"clock.version.warn_days\": is not a key");
  expect_refused(clock_of("threshold",
                          "count = 3\nwithin_months = 6\n[clock.version.where]\ntype = \"incident\"\n"
                          "severity = \"high\"\n"),
                 "\"clock.version.where.severity\": is not a key this file has; is it misspelt?");
  expect_refused(clock_of("threshold", kCount) + clock_of("threshold", kCount), "expected another id");
  expect_refused(clock_of("expiry", "[clock.version.where]\ntype = \"order\"\n"), "the longest time");
  expect_refused(clock_of("deadline", "months = 3\n[clock.version.where]\ntype = \"order\"\n"),
                 "\"clock.version.done\"");
  expect_refused(clock_of("bands",
                          "band = [{ name = \"high\", from = 5 }, { name = \"low\", from = 9 }]\n"
                          "[clock.version.where]\ntype = \"risk\"\n"),
                 "highest band first");
  expect_refused(clock_of("escalation", "rel = \"caused-by\"\n"), "at least two");
  const Status nowhere = try_pack("bank_holidays = \"nowhere.toml\"\n" + clock_of("threshold", kCount)).status();
  EXPECT_NE(nowhere.message().find("nowhere.toml: cannot be read"), std::string::npos) << nowhere.message();
}

TEST(RulePack, GoesByTheVersionOfTheDayOnWhichAClockBegan) {
  const std::string where =
      "[clock.version.where]\ntype = \"referral.installed\"\n"
      "[clock.version.done]\ntype = \"referral.removed\"\n";
  const RulePack pack = pack_of("[[clock]]\nid = \"c\"\ntitle = \"C\"\nkind = \"deadline\"\n" +
                                version_from("2010-01-01", "months = 3\n" + where, "2020-07-01") +
                                version_from("2020-07-01", "months = 1\n" + where));
  const std::vector<v1::Event> events = {referral("r1", "installed", "2020-06-30", Who("victim"), "camera"),
                                         referral("r2", "installed", "2020-07-01", Who("victim"), "camera")};
  EXPECT_EQ(lines_on("2020-07-15", events, pack), (Lines{"due 2020-08-01", "running 2020-09-30"}));
}

}  // namespace
}  // namespace moot
