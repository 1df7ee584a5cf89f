// Sections of clocks on an agenda, and figures of clocks in a report.
#include "consumers/agenda/agenda.h"
#include "tests/consumers/clock_findings.h"
#include "tests/consumers/report_events.h"

namespace moot {
namespace {

constexpr Date kOn{2021, 4, 13};

const std::string kReview =
    "[clock.version.where]\ntype = \"referral.installed\"\nscheme = \"guardcam\"\n"
    "[clock.version.done]\ntype = \"referral.removed\"\n";

RulePack cameras(const std::string& span = "months = 3\n") {
  return pack_of(clock_of("deadline", "warn_days = 31\n" + span + kReview));
}

v1::Agenda agenda_of(const std::vector<v1::Event>& events, const RulePack& pack, const std::string& keys = "",
                     const std::string& more = "") {
  const Board board = board_of(kTwoHours, section_of("clocks", "clocks = [\"c\"]\n" + keys) + more);
  Result<v1::Agenda> agenda = make_agenda(casebook_of(events), test_partnership(), test_policy(), board,
                                          {kOn, london("2021-04-13"), {}, "", &pack});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

v1::Event camera(const std::string& id, const std::string& at, const std::string& name = "Casey Exampleton") {
  return referral(id, "installed", at, Who("victim", "", name, "1980-02-29"), "guardcam");
}

TEST(ClockSection, ListsEachCaseOnceMostUrgentFirstWithItsRuleAndItsDay) {
  const RulePack pack = cameras();
  const v1::Agenda agenda =
      agenda_of({camera("near", "2021-01-16", "Near Invent"), camera("late", "2021-01-12", "Late Invent"),
                 camera("later", "2021-02-10", "Late Invent"), camera("far", "2021-04-01", "Far Invent")},
                pack);
  EXPECT_EQ(agenda.rules(), "jtm 2019-04-01; north-callers 2019-04-01; north 1");
  ASSERT_EQ(agenda.sections(0).items_size(), 2);
  const v1::AgendaItem& late = agenda.sections(0).items(0);
  EXPECT_EQ(late.name(), "Late Invent");
  EXPECT_EQ(late.state(), "overdue");
  EXPECT_EQ(late.due(), "2021-04-12");
  EXPECT_EQ(late.clock(), "c 2010-01-01");
  ASSERT_EQ(late.reasons_size(), 2);
  EXPECT_EQ(late.reasons(0).points(), 60);
  EXPECT_EQ(late.reasons(1).points(), 0) << "one lateness lifts a case once";
  EXPECT_EQ(late.reasons(0).text(),
            "Clock: overdue since 12 April 2021, 1 day before the meeting (Guardcam installed on 12 January 2021).");
  EXPECT_EQ(late.reasons(0).events_size(), 1);
  const v1::AgendaItem& near = agenda.sections(0).items(1);
  EXPECT_EQ(near.name(), "Near Invent");
  EXPECT_EQ(near.score(), 40);
  EXPECT_EQ(near.reasons(0).text(),
            "Clock: due 16 April 2021, in 3 working days (Guardcam installed on 16 January 2021).");
}

TEST(ClockSection, GivesItsPointsToTheCaseInOtherSectionsUnlessItIsNotScored) {
  const RulePack pack = cameras();
  const std::vector<v1::Event> events = {camera("late", "2021-01-12"), incident("north-police", "i1", "2021-03-01"),
                                         incident("north-police", "i2", "2021-03-10")};
  const auto repeat_victim = [&](const std::string& keys) {
    return agenda_of(events, pack, keys, section_of("repeat-victims")).sections(1).items(0);
  };
  const v1::AgendaItem scored = repeat_victim("");
  const v1::AgendaItem plain = repeat_victim("scored = false\n");
  EXPECT_EQ(scored.score(), plain.score() + 60);
  int sum = 0;
  for (const v1::ScoredReason& reason : scored.reasons()) sum += reason.points();
  EXPECT_EQ(sum, scored.score());
}

TEST(ClockSection, ListsTheStatesItIsAskedForAndNotLongAgo) {
  const RulePack pack =
      pack_of(clock_of("expiry", "months = 3\nwarn_days = 10\n[clock.version.where]\ntype = \"order\"\n"));
  const auto ended = [](const std::string& id, const std::string& starts, const std::string& ends) {
    v1::Event event = make_event("uk.csp.order.issued.v1", "north-police", id, starts);
    event.mutable_facts()->mutable_order()->set_power("closure-order");
    event.mutable_facts()->mutable_order()->set_starts(starts);
    event.mutable_facts()->mutable_order()->set_ends(ends);
    return event;
  };
  const std::vector<v1::Event> events = {ended("o1", "2021-01-04", "2021-04-01"),
                                         ended("o2", "2020-01-04", "2020-04-01"),
                                         ended("o3", "2021-04-04", "2021-07-01")};
  EXPECT_EQ(agenda_of(events, pack).sections(0).items_size(), 0);
  const v1::Agenda agenda = agenda_of(events, pack, "states = [\"expired\"]\nmonths = 3\n");
  ASSERT_EQ(agenda.sections(0).items_size(), 1);
  EXPECT_EQ(agenda.sections(0).items(0).title(), "Closure Order o1");
  EXPECT_EQ(agenda.sections(0).items(0).kind(), "record");
}

TEST(ClockSection, IsRefusedWithoutARulePackAndSaysWhichClockAPackDoesNotHave) {
  const Board board = board_of(kTwoHours, section_of("clocks", "clocks = [\"c\"]\n"));
  const Status refused = make_agenda(casebook_of({}), test_partnership(), test_policy(), board, {kOn, {}}).status();
  EXPECT_EQ(refused.code(), Code::kDefinition);
  EXPECT_NE(refused.message().find("no rule pack says what they are"), std::string::npos) << refused.message();
  const RulePack pack = cameras();
  const Board other = board_of(kTwoHours, section_of("clocks", "clocks = [\"c\", \"pspo\"]\n"));
  const Result<v1::Agenda> agenda =
      make_agenda(casebook_of({}), test_partnership(), test_policy(), other, {kOn, {}, {}, "", &pack});
  ASSERT_TRUE(agenda.ok());
  ASSERT_GT(agenda->sections(0).notes_size(), 0);
  EXPECT_EQ(agenda->sections(0).notes(0), "The rules in use, North, have no clock pspo.");
  EXPECT_FALSE(Board::parse("id = \"b\"\ntitle = \"B\"\n[[version]]\nvalid_from = 2019-04-01\n" +
                                section_of("clocks", "clocks = [\"c\"]\nstates = [\"late\"]\n"),
                            "b.toml")
                   .ok());
}

// An empty section would read as if nothing were due.
TEST(ClockSection, SaysThatThereIsNoRuleForADayBeforeTheFirstVersionOrAfterTheLast) {
  const auto pack = [](const std::string& from, const std::string& to) {
    return pack_of("[[clock]]\nid = \"c\"\ntitle = \"Camera review\"\nkind = \"deadline\"\n" +
                   version_from(from, "months = 3\n" + kReview, to));
  };
  const auto note = [](const RulePack& rules) {
    const v1::Agenda agenda = agenda_of({camera("c", "2021-01-12")}, rules);
    return agenda.sections(0).notes_size() == 0 ? std::string() : agenda.sections(0).notes(0);
  };
  EXPECT_EQ(note(pack("2021-04-13", "")), "No section of this board lists anything on this date.");
  EXPECT_EQ(note(pack("2021-04-14", "")),
            "Not worked out for this meeting: “Camera review” has no rule before 14 April 2021, where "
            "its first version begins.");
  EXPECT_EQ(note(pack("2020-04-01", "2021-04-13")),
            "Not worked out for this meeting: “Camera review” has no rule from 13 April 2021 on, "
            "where its last version ends.");
}

const std::string kMeasure = "kind = \"clock\"\nclock = \"c\"\n";

Report report_with(const std::vector<v1::Event>& events, const RulePack& pack, const std::string& measures,
                   const std::string& period = "2020-21", const std::string& as_at = "2030-01-01") {
  const Casebook casebook = casebook_of(events);
  const Partnership partnership = reporting_partnership();
  const ClockSource clocks{casebook, partnership, pack};
  return make_report(book_of(events), partnership, definition_of(measures), *parse_period(period), london(as_at),
                     {nullptr, &clocks});
}

// What is due in March has neither lapsed nor been missed in February, whatever period is asked for.
TEST(ClockMeasure, OfAPeriodThatIsNotOverTellsNothingOfDaysToCome) {
  const RulePack pack = cameras("months = 3\nlapses_months = 2\n");
  const std::vector<v1::Event> events = {camera("in", "2020-12-01")};
  const std::string due = measure_of("due", kMeasure + "by = \"state\"\n"),
                    late = measure_of("late", kMeasure + "states = [\"overdue\"]\nwhen = \"at-the-end\"\n");
  const auto on = [&](const std::string& as_at, const std::string& period) {
    const Report report = report_with(events, pack, due + late, period, as_at);
    return parts_of(line_of(report, "due")) + "; late " +
           std::to_string(std::lround(line_of(report, "late").figure.value.value_or(-1)));
  };
  for (const char* period : {"2020-21", "2020-21-q4"}) {
    EXPECT_EQ(on("2021-01-10", period), "running 1; late 0") << period;
    EXPECT_EQ(on("2021-03-05", period), "overdue 1; late 1") << period;
  }
  EXPECT_EQ(on("2021-06-01", "2020-21"), "overdue 1; late 1");
  // What was done that day is known.
  const v1::Event kept = referral("out", "removed", "2021-03-05T09:00", Who("victim"), "guardcam");
  v1::Event done = kept;
  done.mutable_envelope()->set_record("in");
  done.mutable_envelope()->set_revision(2);
  const Report report = report_with({events[0], done}, pack, due, "2020-21", "2021-03-05T14:00");
  EXPECT_EQ(parts_of(line_of(report, "due")), "done-late 1");
  // What happened after the period is none of it, also on a report of the day after.
  v1::Event after = done;
  *after.mutable_envelope()->mutable_time() = to_proto(london("2021-04-01T09:00"));
  for (const char* as_at : {"2021-04-01", "2021-04-01T14:00", "2021-05-01"})
    EXPECT_EQ(parts_of(line_of(report_with({events[0], after}, pack, due, "2020-21", as_at), "due")), "overdue 1")
        << as_at;
}

// A camera put in at the end of a year has its review in the next: it counts there, and nowhere twice.
TEST(ClockMeasure, PutsAReviewIntoThePeriodInWhichItFallsDue) {
  const RulePack pack = cameras();
  const std::vector<v1::Event> events = {camera("in", "2020-12-30"), camera("beyond", "2021-01-02"),
                                         camera("year-before", "2019-12-30")};
  const std::string due = measure_of("due", kMeasure + "by = \"state\"\n");
  const auto value = [&](const std::string& period) {
    return line_of(report_with(events, pack, due, period), "due").figure.value;
  };
  EXPECT_EQ(value("2020-21"), 1);
  EXPECT_EQ(value("2021-22"), 1);
  EXPECT_EQ(value("2019-20"), 1);
  EXPECT_EQ(parts_of(line_of(report_with(events, pack, due), "due")), "overdue 1");
  EXPECT_EQ(report_with(events, pack, due).rules, "r 1; north 1");
  const std::string open = measure_of("open", kMeasure + "states = [\"overdue\"]\nwhen = \"at-the-end\"\n");
  EXPECT_EQ(line_of(report_with(events, pack, open), "open").figure.value, 2) << "the year before's is overdue still";
  EXPECT_EQ(line_of(report_with(events, cameras("months = 4\n"), due), "due").figure.value, 1)
      << "by four months the camera of 30 December is of the next year";
}

// 0 would say that nothing was due.
TEST(ClockMeasure, IsNotSuppliedOfAPeriodWithoutARuleAndSaysWhere) {
  const std::vector<v1::Event> events = {camera("old", "2019-05-01"), camera("c", "2020-12-30")};
  const RulePack later = pack_of("[[clock]]\nid = \"c\"\ntitle = \"Camera review\"\nkind = \"deadline\"\n" +
                                 version_from("2020-12-01", "months = 3\n" + kReview));
  const std::string due = measure_of("due", kMeasure);
  const auto flags = [&](const std::string& period) {
    std::string text;
    for (const ReportFlag& flag : report_with(events, later, due, period).flags) text += flag.id + ": " + flag.text;
    return text;
  };
  const std::string says =
      "due-rules: Of “due”: “Camera review” has no rule before 1 December 2020, where its first version begins.";
  EXPECT_EQ(line_of(report_with(events, later, due, "2019-20"), "due").figure.value, std::nullopt);
  EXPECT_EQ(flags("2019-20"), says);
  EXPECT_EQ(line_of(report_with(events, later, due), "due").figure.value, std::nullopt) << "of four months of twelve";
  EXPECT_EQ(flags("2020-21"), says);
  const std::string open = measure_of("due", kMeasure + "when = \"at-the-end\"\n");
  EXPECT_TRUE(line_of(report_with(events, later, open), "due").figure.value.has_value()) << "the rule of its end";
  EXPECT_EQ(line_of(report_with(events, later, open, "2019-20"), "due").figure.value, std::nullopt);
  EXPECT_EQ(line_of(report_with(events, later, due, "2020-21-q4"), "due").figure.value, 1);
  EXPECT_EQ(flags("2021-22"), "");
  const std::string other = measure_of("due", "kind = \"clock\"\nclock = \"pspo\"\n");
  const Report report = report_with(events, later, other);
  ASSERT_EQ(report.flags.size(), 1u);
  EXPECT_EQ(report.flags[0].text, "Of “due”: the rules in use, North, have no clock pspo.");
}

TEST(ClockMeasure, IsNotSuppliedWithoutWhatItLooksAt) {
  const std::string due = measure_of("due", kMeasure);
  EXPECT_EQ(line_of(report_with({incident("north-police", "i", "2020-05-01")}, cameras(), due), "due").figure.value,
            std::nullopt);
  EXPECT_EQ(line_of(report_with({referral("r", "made", "2020-05-01", Who("victim"), "other")}, cameras(), due), "due")
                .figure.value,
            0);
  EXPECT_EQ(line_of(report_on({camera("c", "2020-05-01")}, due), "due").figure.value, std::nullopt) << "no rule pack";
  EXPECT_FALSE(try_definition(measure_of("m", "kind = \"clock\"\n")).ok());
  EXPECT_FALSE(try_definition(measure_of("m", kMeasure + "states = [\"late\"]\n")).ok());
  EXPECT_FALSE(try_definition(measure_of("m", kMeasure + "by = \"agency\"\n")).ok());
}

}  // namespace
}  // namespace moot
