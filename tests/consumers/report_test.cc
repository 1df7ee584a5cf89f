// What measures come to: counting, sums, stocks, shares, and the traps of a year's figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <random>

#include "consumers/document/report_text.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

const std::string kIncidents = measure_of("incidents", "", "type = \"incident\"");
const std::string kOneMatter = measure_of("incidents", "distinct_by = \"about\"", "type = \"incident\"");
const std::string kCameras =
    measure_of("cameras", "compare = \"year-before\"", "type = \"referral.installed\"\nscheme = \"guardcam\"");

std::optional<double> value(const Report& report, const std::string& id) { return line_of(report, id).figure.value; }

v1::Event camera(const std::string& id, const std::string& day) {
  return referral(id, "installed", day, Who{"victim"}, "guardcam");
}

TEST(Report, CountsByLocalDaysSoThatHalfPastMidnightInSummerIsOfTheNewYear) {
  const v1::Event call = incident("fell-police", "i1", "2020-04-01T00:30");
  EXPECT_EQ(to_rfc3339(time_of(call)), "2020-03-31T23:30:00Z");
  EXPECT_EQ(value(report_on({call}, kIncidents), "incidents"), 1);
  EXPECT_EQ(value(report_on({call}, kIncidents, "2019-20"), "incidents"), std::nullopt);
  EXPECT_EQ(value(report_on({call}, kIncidents, "2020-04"), "incidents"), 1);
  EXPECT_EQ(value(report_on({call}, kIncidents, "2020-21-q1"), "incidents"), 1);
  EXPECT_EQ(value(report_on({call}, kIncidents, "2020-04-01..2020-04-02"), "incidents"), 1);
}

TEST(Report, CountsAnIncidentToldToThreeAgenciesOnce) {
  const v1::Event police = incident("fell-police", "p1", "2020-05-01T10:00");
  const std::vector<v1::Event> told = {police, linked_to(incident("fell-council", "c1", "2020-05-02"), "about", police),
                                       linked_to(incident("fell-homes", "h1", "2020-05-03"), "about", police),
                                       incident("fell-homes", "h2", "2020-05-04")};
  EXPECT_EQ(value(report_on(told, kIncidents), "incidents"), 4);
  EXPECT_EQ(value(report_on(told, kOneMatter), "incidents"), 2);
  // Two that name a third which was never supplied are one too.
  EXPECT_EQ(value(report_on({told[1], told[2]}, kOneMatter), "incidents"), 1);
  // One told on both sides of the year's end is of the year in which it was first told.
  const std::vector<v1::Event> across = {incident("fell-police", "p1", "2020-03-31T10:00"), told[1], told[3]};
  EXPECT_EQ(value(report_on(across, kOneMatter), "incidents"), 1);
  EXPECT_EQ(value(report_on(across, kOneMatter, "2019-20"), "incidents"), 1);
}

TEST(Report, CountsTwoApplicationsInOneDisputeAsTwoAndTheirReviewAsOne) {
  const auto step = [](const std::string& record, std::uint64_t revision, const std::string& stage) {
    v1::Event event = make_event("uk.csp.review." + stage + ".v1", "fell-council",
                                 record + "/" + std::to_string(revision), "2020-09-01");
    return version_of(event, record, revision);
  };
  std::vector<v1::Event> events = {step("r1", 1, "applied"),  step("r1", 2, "held"), step("r1", 3, "closed"),
                                   step("r2", 1, "applied"),  step("r2", 2, "held"), step("r3", 1, "applied"),
                                   step("r3", 2, "withdrawn")};
  for (std::size_t i : {3u, 4u}) events[i] = linked_to(events[i], "same-dispute", events[0]);
  const std::string toml =
      measure_of("applied", "of = \"events\"", "type = \"review.applied\"") +
      measure_of("held", "of = \"events\"\ndistinct_by = \"same-dispute\"", "type = \"review.held\"") +
      measure_of("closed", "of = \"events\"", "type = \"review.closed\"") +
      measure_of("now-applied", "", "type = \"review.applied\"") +
      measure_of("open", "kind = \"stock\"", "type = [\"review.applied\", \"review.held\"]");
  const Report report = report_on(events, toml);
  EXPECT_EQ(value(report, "applied"), 2) << "the third was made by mistake and withdrawn";
  EXPECT_EQ(value(report, "held"), 1);
  EXPECT_EQ(value(report, "closed"), 1);
  EXPECT_EQ(value(report, "now-applied"), 0) << "both have gone on since";
  EXPECT_EQ(value(report, "open"), 1);
}

TEST(Report, CountsEveryStageThatARecordHasGoneThroughInItsOwnTime) {
  const std::vector<v1::Event> events = {version_of(order("o/1", "issued", "2019-11-19", "pspo"), "o", 1),
                                         version_of(order("o/2", "extended", "2020-06-01", "pspo"), "o", 2),
                                         version_of(order("o/3", "breached", "2020-09-01", "pspo"), "o", 3)};
  const std::string toml = measure_of("steps", "of = \"events\"\nby = \"stage\"", "type = \"order\"");
  EXPECT_EQ(value(report_on(events, toml), "steps"), 2);
  EXPECT_EQ(parts_of(line_of(report_on(events, toml), "steps")), "breached 1, extended 1");
  EXPECT_EQ(value(report_on(events, toml, "2019-20"), "steps"), 1);
  // Taken back by mistake, and put back.
  std::vector<v1::Event> put_back = events;
  put_back.push_back(version_of(order("o/4", "withdrawn", "2020-10-01", "pspo"), "o", 4));
  EXPECT_EQ(value(report_on(put_back, toml), "steps"), std::nullopt) << "nothing of it was";
  put_back.push_back(version_of(order("o/5", "breached", "2020-09-01", "pspo"), "o", 5));
  EXPECT_EQ(parts_of(line_of(report_on(put_back, toml), "steps")), "breached 1, extended 1");
}

// A partnership that shows a record's later steps as versions of it, and not as rows of their own, has the same year.
TEST(Report, OfAPartnershipCountsWhatWasDoneThatYearWhateverBecameOfIt) {
  const auto later = [](v1::Event first, v1::Event then, const std::string& record) {
    return std::vector{version_of(std::move(first), record, 1), version_of(std::move(then), record, 2)};
  };
  std::vector<v1::Event> events;
  for (const std::vector<v1::Event>& record :
       {later(camera("c1", "2020-05-01"), referral("c2", "removed", "2020-09-01", Who{"victim"}, "guardcam"), "c"),
        later(order("f1", "issued", "2020-06-01", "cpn"), order("f2", "breached", "2021-02-01", "cpn"), "f"),
        later(referral("s1", "made", "2020-07-01", Who{"victim"}, "sanctuary"),
              referral("s2", "completed", "2021-05-01", Who{"victim"}, "sanctuary"), "s")})
    events.insert(events.end(), record.begin(), record.end());
  for (const char* name : {"annual", "quarterly"}) {
    std::ifstream in(std::string(MOOT_SOURCE_DIR "/deploy/south-and-vale/reports/") + name + ".toml");
    const std::string toml((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    const Result<ReportDefinition> definition = ReportDefinition::parse(toml, name);
    ASSERT_TRUE(definition.ok()) << definition.status().message();
    const bool annual = std::string(name) == "annual";
    const Report report = make_report(book_of(events), reporting_partnership(), *definition, *parse_period("2020-21"),
                                      london("2021-06-30"));
    EXPECT_EQ(value(report, annual ? "G09" : "guardcams"), 1) << "put in, whether or not it is still there";
    EXPECT_EQ(value(report, annual ? "G07-notices" : "powers"), 1) << "issued, though breached since";
    EXPECT_EQ(value(report, annual ? "G20" : "referrals"), 1) << "made, though dealt with after the year";
  }
}

// A year made again later, and beside the next one, has what the year left behind.
TEST(Report, CountsARecordAsItStoodAtThePeriodsEndWhateverCameAfter) {
  const auto closure = [](const std::string& stage, std::uint64_t revision, const std::string& day) {
    return version_of(
        make_event("uk.csp.closure." + stage + ".v1", "fell-council", "k/" + std::to_string(revision), day), "k",
        revision);
  };
  const std::string toml = measure_of("resolved", "compare = \"year-before\"", "type = \"closure.resolved\"") +
                           measure_of("ongoing", "compare = \"year-before\"", "type = \"closure.ongoing\"");
  const std::vector<v1::Event> moved_on = {closure("ongoing", 1, "2021-03-31"), closure("resolved", 2, "2021-05-10")};
  EXPECT_EQ(value(report_on(moved_on, toml, "2020-21"), "ongoing"), 1);
  EXPECT_EQ(value(report_on(moved_on, toml, "2020-21"), "resolved"), 0);
  const Report next = report_on(moved_on, toml, "2021-22");
  EXPECT_EQ(value(next, "resolved"), 1);
  EXPECT_EQ(value(next, "ongoing"), 0);
  EXPECT_EQ(line_of(next, "ongoing").comparator->figure.value, 1) << "as the report of that year has it";
  // Within one year only the last of it counts.
  const std::vector<v1::Event> within = {closure("ongoing", 1, "2020-09-01"), closure("resolved", 2, "2021-01-10")};
  EXPECT_EQ(value(report_on(within, toml), "ongoing"), 0);
  EXPECT_EQ(value(report_on(within, toml), "resolved"), 1);
  // A date that was put right is no moving on: it was never of the year.
  const std::vector<v1::Event> put_right = {closure("ongoing", 1, "2021-03-31"), closure("ongoing", 2, "2021-04-13"),
                                            closure("resolved", 3, "2021-05-10")};
  EXPECT_EQ(value(report_on(put_right, toml), "ongoing"), 0) << "supplied, and none of it";
}

TEST(Report, FindsThePenaltyOfThisYearThatANoticeOfTheYearBeforeLedTo) {
  const v1::Event notice = order("n1", "issued", "2019-11-19", "cpn");
  const v1::Event later_notice = order("n2", "issued", "2020-05-01", "cpn");
  const std::string toml = measure_of("fpn", "", "type = \"order.issued\"\npower = \"fpn\"") +
                           "[measure.linked]\nto = \"caused-by\"\nwhen = \"before-the-period\"\n"
                           "[measure.linked.where]\ntype = \"order\"\npower = \"cpn\"\n";
  const std::vector<v1::Event> events = {
      notice, later_notice, linked_to(order("f1", "issued", "2020-06-02", "fpn"), "caused-by", notice),
      linked_to(order("f2", "issued", "2020-06-03", "fpn"), "caused-by", later_notice),
      order("f3", "issued", "2020-06-04", "fpn")};
  EXPECT_EQ(value(report_on(events, toml), "fpn"), 1);
}

TEST(Report, TakesWhatWasKnownByItsInstantAndTheLateEventOnlyAfterIt) {
  v1::Event late = camera("c2", "2021-03-30");
  late.mutable_envelope()->set_backfill(true);
  *late.mutable_envelope()->mutable_known_time() = to_proto(london("2021-04-19"));
  const std::vector<v1::Event> events = {camera("c1", "2020-06-01"), late};
  EXPECT_EQ(value(report_on(events, kCameras, "2020-21", "2021-04-01"), "cameras"), 1);
  EXPECT_EQ(value(report_on(events, kCameras, "2020-21", "2021-05-01"), "cameras"), 2);
  const RecordBook book = book_of(events);
  EXPECT_EQ(default_as_at(book, *parse_period("2020-21")), london("2021-03-30")) << "the last recorded instant";
  EXPECT_EQ(default_as_at(book, *parse_period("2019-20")), london("2020-04-01")) << "the end of the period";
}

TEST(Report, CountsTheCorrectedRecordAndNotTheOneTakenBack) {
  const auto version = [](const std::string& record, std::uint64_t revision, const std::string& stage,
                          const std::string& category) {
    v1::Event event = make_event("uk.csp.incident." + stage + ".v1", "fell-homes",
                                 record + "/" + std::to_string(revision), "2020-07-01");
    event.mutable_facts()->mutable_incident()->set_category(category);
    return version_of(event, record, revision);
  };
  const std::string toml = measure_of("noise", "", "type = \"incident\"\ncategory = \"noise\"") +
                           measure_of("drugs", "", "type = \"incident\"\ncategory = \"drugs\"");
  // The second version before the first, one of them twice.
  const Report report = report_on(
      {version("a", 2, "updated", "drugs"), version("a", 1, "reported", "noise"), version("a", 2, "updated", "drugs"),
       version("b", 1, "reported", "noise"), version("b", 2, "withdrawn", "noise")},
      toml);
  EXPECT_EQ(value(report, "noise"), 0);
  EXPECT_EQ(value(report, "drugs"), 1);
}

TEST(Report, TellsApartWhereCallersLiveAlsoWhereThatIsNotKnownAndFindsAnAreaByItsAlias) {
  const std::string toml = measure_of("calls", "by = \"area\"", "type = \"contact\"") +
                           measure_of("local", "", "type = \"contact\"\narea = [\"Beck\"]");
  const std::vector<v1::Event> calls = {in_area(call("1", "2020-05-01"), "low-fell"),
                                        in_area(call("2", "2020-05-01"), "beck"),
                                        in_area(call("3", "2020-05-01"), "over-the-border"), call("4", "2020-05-01")};
  const Report report = report_on(calls, toml);
  EXPECT_EQ(parts_of(line_of(report, "calls")), "low-fell 2, not-supplied 1, over-the-border 1");
  EXPECT_EQ(value(report, "local"), 2);
}

TEST(Report, CountsACaseWithThreeOutcomesOnceForEachAndOnceAltogether) {
  v1::Event three = make_event("uk.csp.closure.resolved.v1", "fell-council", "1", "2020-05-01");
  for (const char* outcome : {"a", "b", "c"}) three.mutable_facts()->mutable_closure()->add_outcomes(outcome);
  v1::Event one = make_event("uk.csp.closure.resolved.v1", "fell-council", "2", "2020-05-01");
  one.mutable_facts()->mutable_closure()->add_outcomes("b");
  const v1::Event none = make_event("uk.csp.closure.resolved.v1", "fell-council", "3", "2020-05-01");
  const Report report = report_on({three, one, none}, measure_of("closed", "by = \"outcomes\"", "type = \"closure\""));
  EXPECT_EQ(value(report, "closed"), 3);
  EXPECT_EQ(parts_of(line_of(report, "closed")), "b 2, a 1, c 1");
}

TEST(Report, RoundsSharesToWholePerCentHalfUp) {
  EXPECT_EQ(rounded_quotient(312, 1892, 100, 0), 16);  // 16.49
  EXPECT_EQ(rounded_quotient(406, 1757, 100, 0), 23);  // 23.11
  EXPECT_EQ(rounded_quotient(85, 232, 100, 0), 37);    // 36.64
  EXPECT_EQ(rounded_quotient(1, 8, 100, 0), 13);       // 12.5
  EXPECT_EQ(rounded_quotient(1, 200, 100, 0), 1);      // 0.5
  EXPECT_EQ(rounded_quotient(-15, 35, 100, 0), -43);   // -42.86
  EXPECT_EQ(rounded_quotient(-1, 200, 100, 0), 0);     // -0.5
  EXPECT_EQ(rounded_quotient(-167, 1000, 100, 1), -16.7);
  EXPECT_EQ(rounded_quotient(985, 11, 1, 2), 89.55);
}

TEST(Report, ComparesWithTheYearBeforeAndSaysNothingOfAnEmptyOne) {
  const Report report = report_on({camera("1", "2019-05-01"), camera("2", "2019-06-01"), camera("3", "2020-05-01"),
                                   camera("4", "2020-06-01"), camera("5", "2020-07-01")},
                                  kCameras);
  const ComparedFigure& then = *line_of(report, "cameras").comparator;
  EXPECT_EQ(name_of(then.period), "2019-20");
  EXPECT_EQ(then.figure.value, 2);
  EXPECT_EQ(then.change_percent, 50);
  const Report alone = report_on({camera("3", "2020-05-01")}, kCameras);
  EXPECT_EQ(line_of(alone, "cameras").comparator->figure.value, std::nullopt) << "not supplied is not 0";
  EXPECT_EQ(line_of(alone, "cameras").comparator->change_percent, std::nullopt);
}

TEST(Report, TellsAFigureThatIsZeroFromOneThatIsNotSupplied) {
  const std::string toml = measure_of("cpn", "", "type = \"order.issued\"\npower = \"cpn\"");
  EXPECT_EQ(value(report_on({order("1", "issued", "2020-05-01", "cpw")}, toml), "cpn"), 0);
  EXPECT_EQ(value(report_on({camera("1", "2020-05-01")}, toml), "cpn"), std::nullopt);
  const std::string narrow = toml + "[measure.supplied_where]\ntype = \"order\"\npower = [\"cpn\", \"fpn\"]\n";
  EXPECT_EQ(value(report_on({order("1", "issued", "2020-05-01", "cpw")}, narrow), "cpn"), std::nullopt);
}

TEST(Report, LeavesUnknownOutOfTheLargestBand) {
  std::vector<v1::Event> calls;
  for (const char* band : {"25-34", "35-49", "35-49", "not-said", "not-said", "not-said"}) {
    calls.push_back(call(std::to_string(calls.size()), "2020-05-01"));
    calls.back().mutable_facts()->mutable_contact()->set_age_band(band);
  }
  calls.push_back(call("none", "2020-05-01"));
  const std::string toml =
      measure_of("band", "kind = \"largest\"\nby = \"age_band\"\nunknown = [\"not-said\"]", "type = \"contact\"");
  const Report report = report_on(calls, toml);
  const Figure& figure = line_of(report, "band").figure;
  EXPECT_EQ(figure.label, "35-49");
  EXPECT_EQ(figure.numerator, 2);
  EXPECT_EQ(figure.denominator, 3);
}

TEST(Report, TakesAStockAtItsOwnDay) {
  const auto change = [](const std::string& record, std::uint64_t revision, const std::string& stage,
                         const std::string& day) {
    return version_of(
        make_event("uk.csp.register." + stage + ".v1", "fell-council", record + "/" + std::to_string(revision), day),
        record, revision);
  };
  const std::vector<v1::Event> places = {change("a", 1, "joined", "2019-01-01"), change("a", 2, "left", "2020-03-24"),
                                         change("b", 1, "joined", "2019-01-01"),
                                         change("c", 1, "joined", "2020-06-01")};
  const std::string where = "type = \"register.joined\"";
  const Report report = report_on(places, measure_of("then", "kind = \"stock\"\nat = 2020-03-23", where) +
                                              measure_of("end", "kind = \"stock\"", where));
  EXPECT_EQ(value(report, "then"), 2);
  EXPECT_EQ(line_of(report, "then").figure.as_at, "2020-03-23");
  EXPECT_EQ(value(report, "end"), 2);
  EXPECT_EQ(line_of(report, "end").figure.as_at, "2021-03-31");
  // What had been taken back by that day, and came back later, was not there.
  const std::vector<v1::Event> gone = {change("b", 1, "joined", "2019-01-01"), change("d", 1, "joined", "2019-01-01"),
                                       change("d", 2, "withdrawn", "2020-02-01"),
                                       change("d", 3, "joined", "2020-06-01")};
  const std::string any = "type = \"register\"";
  const Report back = report_on(
      gone, measure_of("then", "kind = \"stock\"\nat = 2020-03-23", any) + measure_of("end", "kind = \"stock\"", any));
  EXPECT_EQ(value(back, "then"), 1);
  EXPECT_EQ(value(back, "end"), 2);
  // Nothing is counted on a day that is still to come.
  const std::string both =
      measure_of("then", "kind = \"stock\"\nat = 2020-03-23", where) + measure_of("end", "kind = \"stock\"", where);
  EXPECT_EQ(line_of(report_on(places, both, "2020-21", "2020-07-01"), "end").figure.as_at, "2020-06-30");
  EXPECT_EQ(value(report_on(places, both, "2019-20", "2020-03-24"), "then"), 2);
  EXPECT_EQ(value(report_on(places, both, "2019-20", "2020-03-23"), "then"), std::nullopt);
  const Report none = report_on({}, both);
  EXPECT_EQ(line_of(none, "end").figure.as_at, "") << "what is not supplied is of no day";
}

TEST(Report, TakesASuppliedFigureAsItIsAndSaysWhereTwoDiffer) {
  v1::Event grant = figure_event("g", "grant", 106846.5);
  grant.mutable_facts()->mutable_measure()->set_starts("2020-04-01");
  grant.mutable_facts()->mutable_measure()->set_ends("2021-04-01");
  v1::Event other_year = figure_event("g2", "grant", 1);
  other_year.mutable_facts()->mutable_measure()->set_starts("2021-04-01");
  other_year.mutable_facts()->mutable_measure()->set_ends("2022-04-01");
  const std::string toml = measure_of("g", "kind = \"supplied\"\nmeasure = \"grant\"");
  EXPECT_EQ(value(report_on({grant, other_year}, toml), "g"), 106846.5);
  v1::Event none = figure_event("n", "grant", 0);
  none.mutable_facts()->mutable_measure()->clear_value();
  EXPECT_EQ(value(report_on({none}, toml), "g"), std::nullopt);
  const Report twice =
      report_on({figure_event("1", "grant", 5, "2020-06-01"), figure_event("2", "grant", 6, "2020-07-01")}, toml);
  EXPECT_EQ(value(twice, "g"), 6);
  EXPECT_EQ(twice.flags.front().id, "g-contradicted");
}

TEST(Report, SaysOfHowManyItIsNotSupplied) {
  const v1::Event someone = incident("fell-police", "p1", "2020-05-01");
  const Report report = report_on({someone}, measure_of("i", "by = \"sex\"", "type = \"incident\""));
  EXPECT_EQ(parts_of(line_of(report, "i")), "not-supplied 1");
}

TEST(Report, ReadsAsAPersonWritesIt) {
  std::vector<v1::Event> events = {camera("1", "2020-05-01"), camera("2", "2020-04-09"), camera("3", "2020-05-03"),
                                   camera("0", "2019-05-01")};
  for (v1::Event& event : events) event.mutable_facts()->mutable_referral()->set_cost_pence(2630);
  const Report report = report_on(
      events,
      measure_of("n", "by = \"month\"", "type = \"referral\"") +
          measure_of("c", "kind = \"sum\"\nby = \"month\"\nfield = \"cost_pence\"\ndivide_by = 100\nunit = \"pounds\"",
                     "type = \"referral\"") +
          measure_of("d", "kind = \"change\"\nmeasure = \"n\"\ncompare = \"year-before\""));
  const std::string md = to_markdown(report, reporting_partnership());
  for (const char* words :
       {"April 2020 1, May 2020 2", "£78.90", "April 2020 £26.30, May 2020 £52.60", "200 per cent (from 1 to 3)"})
    EXPECT_NE(md.find(words), std::string::npos) << words << " in " << md;
  // From the earlier to the later, whichever the report is of.
  const Report before = report_on(events,
                                  measure_of("n", "", "type = \"referral\"") +
                                      measure_of("d", "kind = \"change\"\nmeasure = \"n\"\ncompare = \"year-after\""),
                                  "2019-20");
  EXPECT_EQ(value(before, "d"), 200);
}

TEST(Report, FlagsWhatWasSuppliedAsAPartOfNone) {
  v1::Event figure = figure_event("f1", "staff", 7);
  figure.mutable_facts()->mutable_measure()->set_denominator(0);
  const Report report = report_on({figure}, measure_of("staff", "kind = \"supplied\""));
  EXPECT_EQ(line_of(report, "staff").flags, std::vector<std::string>{"staff-denominator"});
}

TEST(Report, HasNoFigureForAPartOfNone) {
  const std::string toml = measure_of("a", "", "type = \"referral.declined\"") +
                           measure_of("s", "kind = \"share\"\nnumerator = \"a\"\ndenominator = \"a\"");
  const Report report = report_on({camera("1", "2020-05-01")}, toml);
  EXPECT_EQ(value(report, "s"), std::nullopt);
  EXPECT_EQ(line_of(report, "s").flags, std::vector<std::string>{"s-denominator"});
}

TEST(Report, IsTheSameBytesInWhateverOrderTheEventsCame) {
  std::mt19937 random(20201);
  std::vector<v1::Event> events;
  for (int i = 0; i < 60; ++i) {
    const std::string id = std::to_string(i);
    events.push_back(in_area(incident("fell-police", id, "2020-05-01"), i % 3 == 0 ? "beck" : "high-fell"));
    if (i % 4 == 1) events.back() = linked_to(events.back(), "about", events[static_cast<std::size_t>(i) - 1]);
    const auto revision = static_cast<std::uint64_t>(i);
    if (i % 5 == 0) events.push_back(version_of(incident("fell-police", "v" + id, "2020-06-01"), "rec", revision));
  }
  const std::string toml = measure_of("incidents", "distinct_by = \"about\"\nby = \"area\"", "type = \"incident\"");
  const std::string first = to_json(report_on(events, toml));
  for (int turn = 0; turn < 20; ++turn) {
    std::shuffle(events.begin(), events.end(), random);
    EXPECT_EQ(to_json(report_on(events, toml)), first);
  }
}

}  // namespace
}  // namespace moot
