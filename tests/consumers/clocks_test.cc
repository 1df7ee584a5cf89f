// Clocks that an event starts: deadlines, escalations, repeats, and the bands of scores.
#include "tests/consumers/clock_events.h"
#include "tests/consumers/clock_findings.h"

namespace moot {
namespace {

v1::Event camera(const std::string& id, const std::string& stage, const std::string& at) {
  return referral(id, stage, at, Who("victim"), "guardcam");
}

const std::string kCamera =
    "[clock.version.where]\ntype = \"referral.installed\"\nscheme = \"guardcam\"\n"
    "[clock.version.done]\ntype = [\"referral.removed\", \"referral.retained\"]\n";

TEST(DeadlineClock, OfACameraIsThreeMonthsAfterItWasPutInAlsoBeyondTheYearsEnd) {
  const RulePack pack = pack_of(clock_of("deadline", "months = 3\nwarn_days = 31\n" + kCamera));
  const v1::Event put_in = camera("c1", "installed", "2021-02-24T11:00");
  EXPECT_EQ(lines_on("2021-03-31", {put_in}, pack), Lines{"running 2021-05-24"});
  EXPECT_EQ(lines_on("2021-04-22", {put_in}, pack), Lines{"running 2021-05-24"});
  EXPECT_EQ(lines_on("2021-04-23", {put_in}, pack), Lines{"due 2021-05-24"});
  EXPECT_EQ(lines_on("2021-05-24", {put_in}, pack), Lines{"due 2021-05-24"}) << "the day itself is in time";
  EXPECT_EQ(lines_on("2021-05-25", {put_in}, pack), Lines{"overdue 2021-05-24"});
  EXPECT_EQ(lines_on("2021-02-24", {put_in}, pack), Lines{}) << "not yet put in at the start of that day";
}

TEST(DeadlineClock, EndsWithALaterStageOfTheRecordOrWithARecordThatNamesIt) {
  const RulePack by_record = pack_of(clock_of("deadline", "months = 3\n" + kCamera));
  const std::vector<v1::Event> stages = {as_version(camera("c1", "installed", "2021-02-24T11:00"), "c1", 1),
                                         as_version(camera("c1", "retained", "2021-05-20T11:00"), "c1", 2)};
  EXPECT_EQ(lines_on("2021-06-01", stages, by_record), Lines{"done 2021-05-24"});
  EXPECT_EQ(lines_on("2021-05-20", stages, by_record), Lines{"due 2021-05-24"}) << "what happens that day is not known";

  const RulePack by_link =
      pack_of(clock_of("deadline", "months = 3\njoined_by = \"link\"\nrel = \"caused-by\"\n" + kCamera));
  const v1::Event put_in = camera("c1", "installed", "2021-02-24T11:00");
  const v1::Event out = coming_of(camera("c2", "removed", "2021-05-26T11:00"), put_in);
  EXPECT_EQ(lines_on("2021-06-01", {put_in, out}, by_link), Lines{"done-late 2021-05-24"});
  EXPECT_EQ(lines_on("2021-06-01", {put_in, camera("c3", "removed", "2021-05-20T11:00")}, by_link),
            Lines{"overdue 2021-05-24"})
      << "another camera";
}

TEST(DeadlineClock, OfHoursCountsThemAcrossTheChangeOfTheClock) {
  const RulePack pack = pack_of(
      clock_of("deadline",
               "hours = 48\njoined_by = \"link\"\nrel = \"caused-by\"\n[clock.version.where]\ntype = \"order\"\n"
               "power = \"closure-notice\"\n[clock.version.done]\ntype = \"order\"\npower = \"closure-order\"\n"));
  // The clocks went forward in the night to 28 March 2021.
  const v1::Event notice = legal_order("n1", "issued", "2021-03-27T10:00", "closure-notice");
  const auto heard = [&](const std::string& at) {
    return lines_on("2021-04-10", {notice, coming_of(legal_order("o1", "issued", at, "closure-order"), notice)}, pack);
  };
  EXPECT_EQ(heard("2021-03-29T11:00"), Lines{"done 2021-03-29"});
  EXPECT_EQ(heard("2021-03-29T11:01"), Lines{"done-late 2021-03-29"});
}

// 2014 Act, section 80(4): Christmas Day is disregarded when the 48 hours are reckoned.
TEST(DeadlineClock, OfHoursStandsStillOnDaysThatAreNotCounted) {
  const RulePack pack =
      pack_of(clock_of("deadline",
                       "hours = 48\nnot_counted = [\"12-25\"]\njoined_by = \"link\"\nrel = \"caused-by\"\n"
                       "[clock.version.where]\ntype = \"order.issued\"\npower = \"closure-notice\"\n"
                       "[clock.version.done]\ntype = \"order\"\npower = \"closure-order\"\n"));
  const auto heard = [&](const std::string& served, const std::string& at) {
    const v1::Event notice = legal_order("n1", "issued", served, "closure-notice");
    return lines_on("2022-01-10", {notice, coming_of(legal_order("o1", "issued", at, "closure-order"), notice)}, pack);
  };
  EXPECT_EQ(heard("2021-12-24T12:00", "2021-12-27T12:00"), Lines{"done 2021-12-27"});
  EXPECT_EQ(heard("2021-12-24T12:00", "2021-12-27T12:01"), Lines{"done-late 2021-12-27"});
  EXPECT_EQ(heard("2021-12-25T09:00", "2021-12-28T00:00"), Lines{"done 2021-12-28"}) << "served on the day itself";
  EXPECT_EQ(heard("2021-12-23T12:00", "2021-12-26T12:00"), Lines{"done 2021-12-26"});
  EXPECT_EQ(heard("2021-12-26T12:00", "2021-12-28T12:01"), Lines{"done-late 2021-12-28"});
  for (const char* wrong : {"hours = 48\nnot_counted = [\"02-30\"]\n", "days = 2\nnot_counted = [\"12-25\"]\n"})
    EXPECT_FALSE(try_pack(clock_of("deadline", wrong + kCamera)).ok()) << wrong;
}

TEST(DeadlineClock, SaysWhereNoWorkingDayIsLeft) {
  const RulePack pack = pack_of(clock_of("deadline", "days = 9\n" + kCamera));
  const Findings found = findings_on("2021-02-26", {camera("c1", "installed", "2021-02-19T11:00")}, pack);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_NE(found.all[0].text.find("due 28 February 2021, in 2 days, none of them a working day"), std::string::npos)
      << found.all[0].text;
}

TEST(DeadlineClock, OfADateThatMeansNeverComesToAnEnd) {
  const RulePack pack =
      pack_of(clock_of("deadline",
                       "field = \"next_review\"\ndays = 14\nlapses_months = 3\njoined_by = \"person\"\n"
                       "[clock.version.where]\ntype = \"risk.assessed\"\nband = \"high\"\n"
                       "[clock.version.done]\ntype = \"risk.assessed\"\n"));
  v1::Event never = risk("r1", "2021-01-04", Who("subject"), "high", 33);
  never.mutable_facts()->mutable_risk()->set_next_review("9999-12-31");
  EXPECT_EQ(lines_on("2021-02-10", {never}, pack), Lines{"running 9999-12-31"});
}

TEST(DeadlineClock, GoesByTheAssessorsOwnDateAndByTheNextAssessmentOfThePerson) {
  const RulePack pack =
      pack_of(clock_of("deadline",
                       "field = \"next_review\"\ndays = 14\nlapses_months = 3\njoined_by = \"person\"\n"
                       "[clock.version.where]\ntype = \"risk.assessed\"\nband = \"high\"\n"
                       "[clock.version.done]\ntype = \"risk.assessed\"\n"));
  v1::Event first = risk("r1", "2021-01-04", Who("subject"), "high", 33);
  first.mutable_facts()->mutable_risk()->set_next_review("2021-02-01");
  const v1::Event second = risk("r2", "2021-02-02", Who("subject"), "high", 35);
  EXPECT_EQ(lines_on("2021-02-10", {first, second}, pack), (Lines{"done-late 2021-02-01", "due 2021-02-16"}));
  const v1::Event other = risk("r3", "2021-01-20", Who("subject", "", "Avery Other", "1970-01-02"), "medium");
  EXPECT_EQ(lines_on("2021-02-10", {first, other}, pack), Lines{"overdue 2021-02-01"}) << "somebody else's";
  EXPECT_EQ(lines_on("2021-04-30", {first}, pack), Lines{"overdue 2021-02-01"});
  EXPECT_EQ(lines_on("2021-05-01", {first}, pack), Lines{"lapsed 2021-02-01"});
}

TEST(DeadlineClock, OfWorkingDaysLeavesOutBankHolidays) {
  const std::filesystem::path holidays =
      std::filesystem::path(MOOT_SOURCE_DIR) / "deploy/rules/bank-holidays-england.toml";
  const RulePack pack = pack_of("bank_holidays = \"" + holidays.string() + "\"\n" +
                                clock_of("deadline",
                                         "working_days = 15\n[clock.version.where]\ntype = \"review.applied\"\n"
                                         "[clock.version.done]\ntype = \"review.threshold-decided\"\n"));
  const v1::Event applied = make_event("uk.csp.review.applied.v1", "north-homes", "a1", "2021-03-22T10:00");
  EXPECT_EQ(lines_on("2021-04-10", {applied}, pack), Lines{"due 2021-04-14"})
      << "Good Friday and Easter Monday between";
}

// Where the rule tells no longest time in all: an order of three years may be extended by three years.
// An end that is put right is not an extension; one that is extended again is measured from where it ended then.
TEST(Clock, SaysOfADayThatIsPastToWhereBankHolidaysAreNotKnown) {
  RulePack pack = pack_of(clock_of("deadline",
                                   "working_days = 3\nlapses_months = 3\njoined_by = \"record\"\n"
                                   "[clock.version.where]\ntype = \"review.applied\"\n"
                                   "[clock.version.done]\ntype = \"review.threshold-decided\"\n"));
  const Result<WorkingDays> few = WorkingDays::parse(
      "id = \"x\"\ntitle = \"X\"\nsource = \"s\"\nfrom = 2020-01-01\nto = 2021-01-01\n[[holiday]]\non = "
      "2020-12-25\nname = \"Winter\"\n",
      "x.toml");
  MOOT_CHECK_OK(few.status());
  pack.working_days = *few;
  const Findings found =
      findings_on("2021-04-13", {make_event("uk.csp.review.applied.v1", "north-homes", "r", "2021-03-30")}, pack);
  ASSERT_EQ(found.all.size(), 1u);
  EXPECT_NE(found.all[0].text.find("before the meeting (bank holidays not known)"), std::string::npos)
      << found.all[0].text;
}

const std::string kLadder = R"(rel = "caused-by"
[[clock.version.step]]
title = "warning"
next = "notice"
needed = true
[clock.version.step.where]
type = "order"
power = "cpw"
[[clock.version.step]]
title = "notice"
needed = true
[clock.version.step.where]
type = "order"
power = "cpn"
[[clock.version.step]]
title = "penalty"
next = "prosecution"
[clock.version.step.where]
type = "order.issued"
power = "fpn"
[clock.version.done]
type = "order.paid"
)";

TEST(EscalationClock, HasFourStepsAtMost) {
  const std::string step = "[[clock.version.step]]\ntitle = \"t\"\n[clock.version.step.where]\ntype = \"order\"\n";
  const auto pack = [&](int steps) {
    std::string keys = "rel = \"caused-by\"\n";
    for (int i = 0; i < steps; ++i) keys += step;
    return try_pack(clock_of("escalation", keys));
  };
  EXPECT_TRUE(pack(4).ok()) << pack(4).status().message();
  EXPECT_NE(pack(5).status().message().find("at most four steps"), std::string::npos);
}

TEST(EscalationClock, FollowsAWarningItsNoticeAndItsPenaltyAcrossTheYears) {
  const RulePack pack = pack_of(clock_of("escalation", kLadder));
  const v1::Event warning = legal_order("w", "issued", "2019-08-06", "cpw");
  const v1::Event notice = coming_of(legal_order("n", "issued", "2019-11-19", "cpn"), warning);
  const v1::Event penalty = coming_of(legal_order("f", "issued", "2020-06-02", "fpn"), notice);
  const v1::Event paid = coming_of(legal_order("p", "paid", "2020-06-09", "fpn"), penalty);
  const v1::Event alone = legal_order("w2", "issued", "2020-07-14", "cpw");
  const std::vector<v1::Event> all = {warning, notice, penalty, paid, alone};
  EXPECT_EQ(lines_on("2019-09-01", all, pack), Lines{"step-1 2019-08-06"});
  EXPECT_EQ(lines_on("2020-04-01", all, pack), Lines{"step-2 2019-11-19"});
  EXPECT_EQ(lines_on("2020-06-03", all, pack), Lines{"step-3 2020-06-02"});
  const Findings found = findings_on("2021-04-01", all, pack);
  EXPECT_EQ(found.lines, (Lines{"ended 2020-06-02", "step-1 2020-07-14"}));
  EXPECT_EQ(found.all[0].text,
            "Clock: warning on 6 August 2019, notice on 19 November 2019 then penalty on 2 June 2020, FPN paid on 9 "
            "June 2020.");
  EXPECT_EQ(found.all[1].text, "Clock: warning on 14 July 2020. Next lawful step: notice.");
}

TEST(EscalationClock, TellsAStepThatIsMissingBeforeAHigherOne) {
  const RulePack pack = pack_of(clock_of("escalation", kLadder));
  const v1::Event notice = legal_order("n", "issued", "2019-11-19", "cpn");
  const v1::Event penalty = coming_of(legal_order("f", "issued", "2020-06-02", "fpn"), notice);
  const Findings found = findings_on("2020-07-01", {notice, penalty}, pack);
  EXPECT_EQ(found.lines, Lines{"step-missing 2020-06-02"});
  EXPECT_NE(found.all[0].text.find("Not on record before it: warning."), std::string::npos) << found.all[0].text;
}

v1::Event abuse(const std::string& id, const std::string& at, const std::string& category = "domestic-abuse") {
  v1::Event event = incident("north-police", id, at);
  event.mutable_facts()->mutable_incident()->set_category(category);
  event.mutable_facts()->mutable_incident()->set_domestic_abuse(true);
  return event;
}

TEST(RepeatClock, IsWhatComesWithinTwelveMonthsByTheRuleOfThatDay) {
  const std::string rule =
      "months = 12\nroles = [\"victim\"]\n[clock.version.after]\ntype = \"referral.made\"\n"
      "scheme = \"marac\"\n[clock.version.where]\ntype = \"incident\"\ndomestic_abuse = true\n";
  const RulePack pack = pack_of("[[clock]]\nid = \"c\"\ntitle = \"Repeat\"\nkind = \"repeat\"\n" +
                                version_from("2010-01-01", rule + "category = \"violence\"\n", "2018-01-01") +
                                version_from("2018-01-01", rule));
  const auto made = [](const std::string& id, const std::string& at) {
    return referral(id, "made", at, Who("victim"), "marac");
  };
  EXPECT_EQ(lines_on("2020-06-01", {made("m1", "2019-06-03")}, pack), Lines{"watched 2020-06-03"});
  EXPECT_EQ(lines_on("2020-06-03", {made("m1", "2019-06-03")}, pack), Lines{"lapsed 2020-06-03"});
  EXPECT_EQ(lines_on("2020-06-01", {made("m1", "2019-06-03"), abuse("i1", "2020-05-20")}, pack),
            Lines{"repeat 2020-05-20"});
  EXPECT_EQ(lines_on("2020-07-01", {made("m1", "2019-06-03"), abuse("i1", "2020-06-03")}, pack),
            Lines{"lapsed 2020-06-03"})
      << "a day too late";
  EXPECT_EQ(
      lines_on("2020-06-30", {made("m1", "2019-06-03"), abuse("i1", "2020-05-20"), made("m2", "2020-05-28")}, pack),
      (Lines{"done 2020-05-20", "watched 2021-05-28"}));
  // Before 2018 it had to be what would be a crime.
  EXPECT_EQ(lines_on("2017-10-01", {made("m1", "2017-06-01"), abuse("i1", "2017-09-01")}, pack),
            Lines{"watched 2018-06-01"});
  EXPECT_EQ(lines_on("2017-10-01", {made("m1", "2017-06-01"), abuse("i1", "2017-09-01", "violence")}, pack),
            Lines{"repeat 2017-09-01"});
}

// The earlier is done with the later; both are told, and only the later asks for attention, whatever their ids.
TEST(RepeatClock, TellsTwoReferralsOfOneDayApart) {
  const RulePack pack = pack_of(
      clock_of("repeat",
               "months = 12\nwarn_days = 31\nroles = [\"victim\"]\n[clock.version.after]\ntype = \"referral.made\"\n"
               "scheme = \"marac\"\n[clock.version.where]\ntype = \"incident\"\ndomestic_abuse = true\n"));
  for (const char* later : {"m0", "m2"}) {
    const Findings found = findings_on("2022-02-15",
                                       {referral("m1", "made", "2021-03-01T09:00", Who("victim"), "marac"),
                                        referral(later, "made", "2021-03-01T10:00", Who("victim"), "marac")},
                                       pack);
    EXPECT_EQ(found.lines, (Lines{"done 2022-03-01", "watched 2022-03-01"})) << later;
    EXPECT_TRUE(found.all.size() == 2 && !found.all[0].open && found.all[1].open) << later;
  }
}

// Where records stand in a set that follows depends on which came first.
TEST(Clocks, SayTheSameOfASetThatFollowsItsCasebook) {
  const RulePack pack = pack_of(clock_of("escalation", kLadder));
  const auto step = [](const std::string& id, const std::string& power, const std::string& at,
                       const std::string& area) {
    v1::Event event = make_event("uk.csp.order.issued.v1", "north-police", id, at, {Who("subject", "r1")});
    event.mutable_facts()->mutable_order()->set_power(power);
    event.mutable_envelope()->set_area(area);
    return event;
  };
  const v1::Event warning = step("w", "cpw", "2020-01-06", "hill");
  Casebook living(test_secret());
  const Instant at = london("2031-01-01");
  living.apply(warning);
  living.apply(coming_of(step("n2", "cpn", "2020-03-03", "vale"), warning));
  living.cases_at(at, {});
  living.apply(coming_of(step("n1", "cpn", "2020-03-03", "hill"), warning));
  const Partnership partnership = test_partnership();
  const AreaNames areas(partnership.areas);
  const auto told = [&](const CaseSet& set) {
    Lines lines;
    for (const ClockFinding& finding : findings_of(
             ClockInput(set, partnership, areas, pack.working_days, *parse_date("2020-06-01")), *pack.find("c")))
      lines.push_back(told_of(finding));
    return lines;
  };
  const std::shared_ptr<const CaseSet> followed = living.cases_at(at, {});
  ASSERT_EQ(*followed->find_position("/north-police/records", "n1"), 2u) << "made anew, it would stand by its id";
  EXPECT_EQ(told(*followed), told(living.as_at(at)));
}

TEST(BandsClock, SetsTheRulesBandBesideTheRecordedOneAndRepairsNeither) {
  const RulePack pack = pack_of(clock_of(
      "bands",
      "band = [{ name = \"high\", from = 32 }, { name = \"medium\", from = 22 }, { name = \"standard\", from = 1 }]\n"
      "[clock.version.where]\ntype = \"risk.assessed\"\ntool = \"ram\"\n"));
  const auto lines = [&](const std::string& band, int score) {
    return lines_on("2021-04-13", {risk("r1", "2021-02-02", Who("subject"), band, score)}, pack);
  };
  EXPECT_EQ(lines("high", 32), Lines{"agrees 2021-02-02"});
  EXPECT_EQ(lines("high", 31), Lines{"band-differs 2021-02-02"});
  EXPECT_EQ(lines("", 22), Lines{"band-missing 2021-02-02"});
  EXPECT_EQ(lines("medium", 0), Lines{}) << "without a score there is nothing to compare";
  const auto with_nothing_found = [&](const std::string& band) {
    v1::Event assessed = risk("r1", "2021-02-02", Who("subject"), band);
    assessed.mutable_facts()->mutable_risk()->set_score(0);
    return lines_on("2021-04-13", {assessed}, pack);
  };
  EXPECT_EQ(with_nothing_found("high"), Lines{"band-differs 2021-02-02"}) << "0 is a score, and below every band";
  EXPECT_EQ(with_nothing_found("none"), Lines{"agrees 2021-02-02"}) << "the rule has no band of that name";
}

}  // namespace
}  // namespace moot
